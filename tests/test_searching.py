"""The search for readers: one list of what is live, with marks, filters, pages and suggestions."""

import re
from datetime import date
from io import StringIO
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.db import connection

from articles.models import PublishedPassage
from publishing.full_text.postgres import has_trigrams
from tests import build
from tests.test_full_text import HOSTILE

pytestmark = pytest.mark.django_db


@pytest.fixture
def relations():
    article = build.article("relations", title="Relations", summary="Consuls and envoys.")
    article.topics.set([build.topic(name="Diplomacy", slug="diplomacy")])
    article.written_by.set(
        [build.person(name="Ada Envoy", slug="ada", credentials="Historian", bio="Of *consuls*.")]
    )
    build.fact(article, characteristic="Embassy", value="In Moscow.")
    build.section(article, heading="Recognition", body="Consuls came back. The embassy opened.")
    build.event(article, title="Recognition of 1933", date="1933-11-16", actors=["Soviet Union"])
    build.question(article, question="Was the embassy closed?", answer="For sixteen years.")
    build.published(article)
    return article


@pytest.fixture
def commission():
    article = build.article("commission", title="Commission", summary="Working groups.")
    article.topics.set([build.topic(name="Commissions", slug="commissions")])
    build.question(article, question="What became of it?", answer="It was frozen by consuls.")
    build.published(article)
    return article


def text(client, query: str) -> str:
    response = client.get(f"/search/?{query}")
    assert response.status_code == 200
    return response.content.decode()


def results(page: str) -> list[tuple[str, str]]:
    """Return (kind, title) of the results on a page, in order."""
    found = re.findall(
        r'<li class="result">\s*<h2><a href="[^"]*">(.*?)</a>.*?result-kind">(\w+)<',
        page,
        re.DOTALL,
    )
    return [(kind, re.sub(r"<[^>]+>", "", title)) for title, kind in found]


def suggested(client, typed: str) -> list[str]:
    return client.get("/search/suggestions.json", {"q": typed}).json()[1]


# What is found


def test_everything_is_found_in_one_list(client, relations):
    assert set(results(text(client, "q=embassy"))) == {
        ("Explainer", "Relations"),
        ("Section", "Recognition"),
        ("Answer", "Was the embassy closed?"),
    }
    assert results(text(client, "q=historian")) == [("Person", "Ada Envoy")]
    assert results(text(client, "q=16+november+1933")) == [("Event", "Recognition of 1933")]
    assert results(text(client, "q=soviet")) == [("Event", "Recognition of 1933")]


def test_each_result_leads_to_its_place(client, relations):
    page = text(client, "q=embassy")

    assert 'href="/articles/relations/"' in page
    assert 'href="/articles/relations/#faq-was-the-embassy-closed"' in page
    assert 'href="/people/ada/"' in text(client, "q=ada")
    for address, anchor in re.findall(r'<h2><a href="([^"#]*)#([^"]*)"', page):
        assert f'id="{anchor}"' in client.get(address).content.decode()


def test_the_title_comes_before_the_text(client, relations, commission):
    build.section(commission, heading="Later", body="Relations, relations and more relations.")
    build.published(commission)

    assert results(text(client, "q=relations"))[0] == ("Explainer", "Relations")


def test_somebody_whom_many_publications_name_is_found_once(client, relations, commission):
    commission.written_by.set(relations.written_by.all())
    build.published(commission)

    assert results(text(client, "q=ada")) == [("Person", "Ada Envoy")]
    assert results(text(client, "q=ada&topic=diplomacy")) == [("Person", "Ada Envoy")]


def test_words_found_are_marked_and_nothing_else_is_markup(client, db):
    article = build.article(title="A <b>bold</b> title & more")
    build.section(article, heading="Harmless", body="`<script>alert(1)</script>` bolder than bold.")
    build.published(article)

    page = text(client, "q=bold")
    assert "A &lt;b&gt;<mark>bold</mark>&lt;/b&gt; title &amp; more" in page
    assert "<script>alert" not in page
    assert "<mark>bold</mark>." in page


def test_what_was_typed_is_only_ever_text(client, relations):
    page = text(client, "q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in page


# Filters and pages


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=consuls", {"Relations", "Recognition", "Ada Envoy", "What became of it?"}),
        ("q=consuls&type=answer", {"What became of it?"}),
        ("q=consuls&type=person", {"Ada Envoy"}),
        ("q=consuls&topic=commissions", {"What became of it?"}),
        ("q=consuls&since=2999-01-01", set()),
        ("q=consuls&until=2000-01-01", set()),
        ("q=consuls&since=2000-01-01&type=section", {"Recognition"}),
    ],
)
def test_results_are_filtered(client, relations, commission, query, found):
    assert {title for _kind, title in results(text(client, query))} == found


def test_each_kind_says_how_much_there_is_of_it(client, relations, commission):
    page = text(client, "q=consuls&type=answer")

    assert re.findall(r'<a href="([^"]*)"[^>]*>(\w+) <span class="count">(\d+)', page) == [
        ("?q=consuls", "Everything", "4"),
        ("?q=consuls&amp;type=article", "Explainers", "1"),
        ("?q=consuls&amp;type=section", "Sections", "1"),
        ("?q=consuls&amp;type=answer", "Answers", "1"),
        ("?q=consuls&amp;type=person", "People", "1"),
    ]


def test_results_come_in_pages_that_keep_the_words(client, db):
    article = build.article()
    for _ in range(25):
        build.event(article, title="A treaty", text="Signed.")
    build.published(article)

    page = text(client, "q=treaty")
    assert len(results(page)) == 20
    assert "25 results, page 1 of 2" in page
    assert 'href="?q=treaty&amp;page=2"' in page
    assert len(results(text(client, "q=treaty&page=2"))) == 5
    assert len(results(text(client, "q=treaty&page=999"))) == 5


def test_the_title_says_the_words_and_how_much_was_found(client, relations):
    assert "<title>“embassy”: 3 found – On Record</title>" in text(client, "q=embassy")
    assert "<title>“zebra”: 0 found – On Record</title>" in text(client, "q=zebra")
    assert "<title>Search – On Record</title>" in text(client, "")


def test_nothing_found_says_what_to_loosen(client, relations):
    page = text(client, "q=embassy&type=person&since=2020-01-01")
    assert "Nothing fits all of that" in page
    assert '<a href="#id_type">What</a>' in page
    assert '<a href="#id_since">Updated since</a>' in page
    assert 'href="/search/?q=embassy"' in page
    assert "Use fewer words" in text(client, "q=zebra")


def test_what_cannot_be_read_is_said_and_left_out(client, relations):
    page = text(client, "q=embassy&since=yesterday&type=nonsense")
    assert "was not understood" in page
    assert len(results(page)) == 3


def test_words_without_letters_are_answered_in_words(client, relations):
    assert "There is no word in that" in text(client, "q=***")


def test_more_than_two_hundred_letters_are_refused_in_words(client, relations):
    page = text(client, f"q={'embassy+' * 100}")
    assert "at most 200 characters" in page
    assert results(page) == []


def test_no_query_is_an_error(client, relations):
    for typed in HOSTILE:
        # As it arrives: a letter that no encoding has is a question mark by then.
        q = typed.encode(errors="replace").decode()
        asked = [
            ("/search/", {"q": q, "page": q}),
            ("/search/", {"q": "embassy", "type": q, "topic": q}),
            ("/search/suggestions.json", {"q": q}),
            ("/faq/", {"q": q}),
        ]
        for address, query in asked:
            assert client.get(address, query).status_code == 200, (address, typed[:40])


# Spelling


def test_spelling_is_forgiven_where_nothing_holds_the_words(client, relations):
    page = text(client, "q=recogntion+embasy")

    assert "Nothing holds “recogntion embasy”." in page
    assert "This is what holds “recognition embassy”." in page
    assert ("Section", "Recognition") in results(page)
    assert "<title>“recognition embassy”: 1 found" in page


def test_a_word_that_is_held_is_never_corrected(client, relations):
    assert "This is what holds" not in text(client, "q=embassies")


def test_without_letters_to_look_up_spelling_is_not_forgiven(client, relations, request):
    """A database whose owner may not have trigrams finds what is spelled right, all the same."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP EXTENSION pg_trgm CASCADE")
        has_trigrams.cache_clear()
        request.addfinalizer(has_trigrams.cache_clear)
        assert "Nothing fits all of that" in text(client, "q=recogntion")
        assert suggested(client, "recog")
    assert len(results(text(client, "q=embassy"))) == 3


# Suggestions


def test_titles_are_suggested_that_begin_like_what_is_typed(client, relations):
    typed, titles, details, addresses = client.get("/search/suggestions.json?q=recog").json()

    assert typed == "recog"
    assert set(titles) == {"Recognition", "Recognition of 1933"}
    assert dict(zip(titles, details, strict=True))["Recognition"] == "Section, Relations"
    assert all(one.startswith("http://testserver/articles/relations/#") for one in addresses)


def test_words_inside_a_title_are_suggested_too_and_ends_of_words_are_not(client, relations):
    assert suggested(client, "193") == ["Recognition of 1933"]
    assert suggested(client, "embas clo") == ["Was the embassy closed?"]
    assert suggested(client, "ognition") == []
    assert suggested(client, "EMBASSY") == ["Was the embassy closed?"]
    assert suggested(client, "") == suggested(client, "*") == []


def test_explainers_are_suggested_first_and_a_few_at_the_most(client, db):
    article = build.article(title="Treaties of the north")
    for _ in range(20):
        build.event(article, title="Treaty signed", text="Signed.")
    build.published(article)

    titles = suggested(client, "treat")
    assert titles[0] == "Treaties of the north"
    assert len(titles) == 8


def test_suggestions_are_json_that_browsers_know(client, relations):
    response = client.get("/search/suggestions.json?q=a")
    assert response["Content-Type"] == "application/x-suggestions+json"


# The page itself


def test_the_search_is_not_indexed_sets_no_cookie_and_is_revalidated(client, relations):
    for address in ("/search/", "/search/?q=embassy", "/search/suggestions.json?q=em"):
        response = client.get(address)
        assert response.cookies == {}
        assert response["Cache-Control"] == "public, no-cache"
        assert client.get(address, HTTP_IF_NONE_MATCH=response["ETag"]).status_code == 304
    assert '<meta name="robots" content="noindex, follow">' in text(client, "q=embassy")


def test_only_reading_is_allowed(client, relations):
    assert client.post("/search/", {"q": "embassy"}).status_code == 405


def test_every_page_has_the_box_and_says_how_browsers_may_search(client, relations):
    for address in ("/", "/articles/relations/", "/faq/"):
        page = client.get(address).content.decode()
        assert 'action="/search/"' in page
        assert 'type="application/opensearchdescription+xml"' in page


def test_the_page_that_is_not_there_offers_the_search(client, db):
    page = client.get("/nowhere/").content.decode()
    assert 'id="search-here"' in page.partition("<main")[2]


def test_the_opensearch_description_names_page_and_suggestions(client, settings):
    settings.SITE_NAME = "Tom & Ada <on record>"
    response = client.get("/opensearch.xml")

    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    root = ElementTree.fromstring(response.content)
    assert len(root.find(f"{space}ShortName").text) <= 16
    assert {url.get("type"): url.get("template") for url in root.findall(f"{space}Url")} == {
        "text/html": "http://testserver/search/?q={searchTerms}",
        "application/x-suggestions+json": (
            "http://testserver/search/suggestions.json?q={searchTerms}"
        ),
        "application/opensearchdescription+xml": "http://testserver/opensearch.xml",
    }


# Questions


def test_questions_are_found_by_stems_and_marked(client, relations, commission):
    page = client.get("/faq/?q=embassies").content.decode()
    assert "Was the <mark>embassy</mark> closed?" in page
    assert "What became of it?" not in page

    page = client.get("/faq/?q=freeze+frozen").content.decode()
    assert "No question fits all of that" in page
    page = client.get("/faq/?q=frozen").content.decode()
    assert "It was <mark>frozen</mark> by consuls." in page


# The command


def test_what_was_published_before_there_was_a_search_is_found_after_an_upgrade(client, relations):
    PublishedPassage.objects.all().delete()
    assert results(text(client, "q=embassy")) == []

    told = StringIO()
    call_command("rebuild_search", missing=True, stdout=told)
    assert "1 more" in told.getvalue()
    assert len(results(text(client, "q=embassy"))) == 3

    told = StringIO()
    call_command("rebuild_search", missing=True, stdout=told)
    assert "up to date" in told.getvalue()


def test_rebuilding_mends_passages_that_are_wrong(client, relations):
    PublishedPassage.objects.update(title="Wrong", text="Wrong")

    call_command("rebuild_search", stdout=StringIO())

    assert results(text(client, "q=wrong")) == []
    assert len(results(text(client, "q=embassy"))) == 3


def test_rebuilding_writes_nothing_that_has_ended(relations):
    first = relations.publications.get()
    build.published(relations)

    call_command("rebuild_search", stdout=StringIO())

    assert not PublishedPassage.objects.filter(publication=first).exists()


def test_an_old_fact_is_found_with_its_explainer(client, relations):
    build.fact(relations, characteristic="Consulates", value="Eleven.", as_of=date(1914, 1, 1))
    build.published(relations)

    assert results(text(client, "q=eleven")) == [("Explainer", "Relations")]
