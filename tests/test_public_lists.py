"""Front page, explainers, timeline, questions, people, topics: what is live, and its filters."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.deeds import schedule, withdraw
from articles.recording import record
from tests import build

pytestmark = pytest.mark.django_db


def text(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def relations():
    article = build.article("relations", title="Relations", summary="Consuls and envoys.")
    article.topics.set([build.topic(name="Diplomacy", slug="diplomacy")])
    article.written_by.set([build.person(name="Eurasia desk", slug="eurasia-desk")])
    build.event(article, title="Contact is barred", date="1917-12-06", kind="Interruption",
                actors=["United States"])  # fmt: skip
    build.event(article, title="Recognition", date="1933-11-16", kind="Relations",
                actors=["United States", "Soviet Union"])  # fmt: skip
    build.event(article, title="Talks go on", date="2025-02-18/..", kind="Talks", text="Irritants.")
    build.question(article, question="Was it severed?", answer="Interrupted.")
    build.published(article)
    return article


@pytest.fixture
def commission():
    article = build.article("commission", title="Commission", summary="Working groups.")
    article.topics.set([build.topic(name="Commissions", slug="commissions")])
    build.event(article, title="Announced", date="2009-07-06", kind="Agreement", actors=["Russia"])
    build.question(article, question="What became of it?", answer="It was frozen.")
    build.published(article)
    return article


def test_an_empty_site_says_so(client, db):
    assert "Nothing is published yet" in text(client, "/")
    assert "Nothing is published yet" in text(client, "/articles/")
    assert "No events yet" in text(client, "/timeline/")
    assert "No questions yet" in text(client, "/faq/")


def test_the_front_page_shows_the_newest_and_the_rest(client, relations, commission):
    page = text(client, "/")

    assert page.index("Commission") < page.index("Relations")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Relations", "Commission"}),
        ("q=envoys", {"Relations"}),
        ("q=working+groups", {"Commission"}),
        ("q=envoys+groups", set()),
        ("topic=diplomacy", {"Relations"}),
        ("topic=diplomacy&q=groups", set()),
        ("since=2000-01-01", {"Relations", "Commission"}),
        ("since=2999-01-01", set()),
    ],
)
def test_explainers_are_filtered(client, relations, commission, query, found):
    page = text(client, f"/articles/?{query}")

    shown = {title for title in ("Relations", "Commission") if f">{title}</a>" in page}
    assert shown == found


def test_a_filter_that_cannot_be_read_says_so_and_shows_the_rest(client, relations):
    page = text(client, "/articles/?since=yesterday")

    assert "error" in page
    assert ">Relations</a>" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Contact is barred", "Recognition", "Talks go on", "Announced"}),
        ("from=1917&to=1933", {"Contact is barred", "Recognition"}),
        ("from=1918", {"Recognition", "Talks go on", "Announced"}),
        ("from=2026", {"Talks go on"}),
        ("to=1917", {"Contact is barred"}),
        ("kind=Talks", {"Talks go on"}),
        ("actor=Soviet+Union", {"Recognition"}),
        ("topic=commissions", {"Announced"}),
        ("article=commission", {"Announced"}),
        ("q=irritants", {"Talks go on"}),
        ("actor=United+States&from=1933", {"Recognition"}),
        ("kind=Talks&article=commission", set()),
    ],
)
def test_events_are_filtered(client, relations, commission, query, found):
    page = text(client, f"/timeline/?{query}")

    titles = ("Contact is barred", "Recognition", "Talks go on", "Announced")
    assert {title for title in titles if f">{title}</h2>" in page} == found


def test_events_are_in_order_and_lead_to_their_place(client, relations, commission):
    page = text(client, "/timeline/")

    places = [
        page.index(f">{title}</h2>") for title in ("Contact is barred", "Recognition", "Announced")
    ]
    assert places == sorted(places)
    assert 'href="/articles/relations/#event-contact-is-barred"' in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Was it severed?", "What became of it?"}),
        ("q=frozen", {"What became of it?"}),
        ("topic=diplomacy", {"Was it severed?"}),
        ("topic=diplomacy&q=frozen", set()),
    ],
)
def test_questions_are_filtered(client, relations, commission, query, found):
    page = text(client, f"/faq/?{query}")

    assert {q for q in ("Was it severed?", "What became of it?") if f">{q}</h2>" in page} == found


def test_no_results_say_what_to_loosen(client, relations):
    page = text(client, "/timeline/?q=nothing-of-the-kind")

    assert "No event fits all of that" in page
    assert 'href="/timeline/">' in page


def test_an_unknown_choice_is_refused_in_words(client, relations):
    assert "error" in text(client, "/timeline/?kind=Nonsense")


def test_lists_are_paged_and_keep_their_filters(client, db):
    for _ in range(21):
        build.published_article()

    page = text(client, "/articles/?q=summary")

    assert 'href="?q=summary&amp;page=2"' in page
    assert "21 explainers" in page


def test_a_persons_page_exists_while_a_live_publication_names_them(client, relations):
    page = text(client, "/people/eurasia-desk/")
    assert "Eurasia desk" in page
    assert ">Relations</a>" in page

    withdraw(relations, by=None)
    assert client.get("/people/eurasia-desk/").status_code == 404


def test_a_topics_page_shows_its_explainers_questions_and_events(client, relations, commission):
    page = text(client, "/topics/diplomacy/")

    assert ">Relations</a>" in page
    assert ">Commission</a>" not in page
    assert "Was it severed?" in page
    assert "3 events on this topic" in page


def test_somebody_only_a_scheduled_publication_names_has_no_page(client, db):
    article = build.article()
    article.written_by.set([build.person(slug="waiting-desk")])
    schedule(
        record(article, by=None),
        goes_live_at=timezone.now() + timedelta(hours=1),
        by=None,
        change_note="Later.",
    )

    assert client.get("/people/waiting-desk/").status_code == 404


def test_a_list_shows_a_publication_once_whatever_its_topics(client, relations):
    relations.topics.add(build.topic(name="Envoys", slug="envoys"))
    build.published(relations)

    assert text(client, "/articles/").count(">Relations</a>") == 1


def test_health_is_answered(client, db):
    response = client.get("/healthz")

    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]
