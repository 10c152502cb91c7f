"""The reader's page, element by element: the thirteen rows that an explainer needs."""

import itertools
import json
import re
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest
import time_machine

from articles.deeds import publish
from articles.recording import record
from tests import build
from website.joined_files import JOINED, LATER_STYLES

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    article = build.article(
        "severed",
        title="Severed Diplomacy",
        question="Was it ever severed?",
        short_answer="Interrupted, never severed.",
        summary="From 1917 to 1933 there was no contact.",
    )
    article.facts.all().delete()
    article.sections.all().delete()
    build.source(key="guide", title="A guide by country", kind="secondary")
    article.written_by.set(
        [build.person(name="Eurasia desk", slug="eurasia", credentials="Editors")]
    )
    build.fact(article, characteristic="Established", value="14 July 1809.[@guide]")
    build.fact(article, characteristic="Established", value="5 November 1809.")
    build.fact(article, characteristic="Ambassador", value="Darchiev.", as_of=date(2025, 4, 10))
    build.section(
        article,
        heading="What stopped",
        anchor="1917",
        body="Contact.[@guide, p. 3: barred]",
        image=build.image(alt="A sealed door", caption="The door", credit="On Record"),
    )
    build.section(article, heading="What went on", body="Trade went on.")
    build.event(article, date="1809/1917", state="In force", state_shape="force", title="In force")
    build.event(article, date="1917/1933", state="Interrupted", state_shape="break", title="Gap")
    build.event(article, date="1917-12-06", title="Contact is barred", text="By order.[@guide]")
    build.event(article, date="1920~", title="Relief", anchor="relief")
    build.question(
        article, question="Is a vacancy a break?", answer="No.[@guide]", anchor="vacancy"
    )
    article.seealsos.create(url="https://elsewhere.example/", label="A guide elsewhere")
    return article  # fmt: skip


@pytest.fixture
def page(client, article):
    build.published(article)
    return html(client)


def html(client, address: str = "/articles/severed/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def block(page: str, name: str) -> str:
    """The HTML from the landmark's id to the next landmark's."""
    start = page.index(f'id="{name}"')
    ends = [
        page.index(f'id="{other}"')
        for other in ("facts", "contents", "sections", "see-also", "timeline", "faq", "sources",
                      "history", "share", "feedback", "comments")
        if f'id="{other}"' in page and page.index(f'id="{other}"') > start
    ]  # fmt: skip
    return page[start : min(ends, default=len(page))]


def test_1_title_question_answer_summary_and_the_band_stand_above_everything_else(page):
    opening = page[page.index("<h1>") : page.index('id="facts"')]

    places = [
        opening.index(words)
        for words in (
            "<h1>Severed Diplomacy</h1>",
            "Was it ever severed?",
            "Interrupted, never severed.</p>",
            "From 1917 to 1933 there was no contact.</p>",
            'role="img"',
        )
    ]
    assert places == sorted(places)
    assert "1917–1933" in opening


def test_2_key_facts_have_headers_dates_and_sources(page):
    facts = block(page, "facts")

    assert facts.count('scope="col"') == 3
    assert re.search(r'scope="rowgroup"[^>]*rowspan="2"[^>]*>Established<', facts)
    assert '<time datetime="2026-11-01">1 Nov 2026</time>' in facts
    assert 'href="#source-1"' in facts


def test_2_a_fact_past_its_date_says_so(page):
    facts = block(page, "facts")

    assert facts.count("Due for a check") == 1
    assert facts.index("Ambassador") < facts.index("Due for a check")


def test_2_a_fact_turns_stale_by_itself(client, page, clock, settings):
    clock.move_to(
        datetime(2026, 11, 1, 23, 59, tzinfo=UTC) + timedelta(days=settings.STALE_AFTER_DAYS)
    )
    assert block(html(client), "facts").count("Due for a check") == 1

    clock.shift(timedelta(minutes=2))
    assert block(html(client), "facts").count("Due for a check") == 3


def test_3_contents_link_to_every_section_and_block(page):
    contents = block(page, "contents")

    assert "What you’ll learn" in contents
    for anchor in ("1917", "what-went-on", "timeline", "faq", "sources", "comments"):
        assert f'href="#{anchor}"' in contents


def test_4_sections_have_headings_text_pictures_captions_and_credits(page, article):
    sections = block(page, "sections")

    assert '<h2 id="1917"><a class="heading-link" href="#1917">What stopped</a></h2>' in sections
    assert 'alt="A sealed door"' in sections
    assert 'width="40" height="30"' in sections
    assert "The door" in sections
    assert "On Record" in sections
    assert 'role="note"' in sections


def test_4_anchors_survive_republishing(client, page, article, clock):
    clock.shift(timedelta(hours=1))
    section = article.sections.get(heading="What went on")
    section.heading = "What continued"
    section.save()
    publish(record(article, by=None), by=None, change_note="A word.")

    assert (
        '<h2 id="what-went-on"><a class="heading-link" href="#what-went-on">What continued</a></h2>'
        in html(client)
    )


def test_5_see_also_leads_elsewhere_and_to_live_articles_of_ours(client, article):
    live, draft = (
        build.published_article("live", title="Live one"),
        build.article("draft", title="Draft one"),
    )
    article.seealsos.create(target=live)
    article.seealsos.create(target=draft)
    build.published(article)

    see_also = block(html(client), "see-also")

    assert '<a href="https://elsewhere.example/" rel="noopener">A guide elsewhere</a>' in see_also
    assert '<a href="/articles/live/">Live one</a>' in see_also
    assert "Draft one" not in see_also

    build.published(draft)
    assert "Draft one" in block(html(client), "see-also")


def test_6_the_timeline_is_an_ordered_list_with_honest_dates(page):
    timeline = block(page, "timeline")

    assert '<ol class="events">' in timeline
    assert '<time datetime="1917-12-06">6 December</time>' in timeline
    assert "c. 1920" in timeline
    assert "1 January" not in timeline


def test_6_the_rail_breaks_off_and_the_interruption_is_marked(page):
    timeline = block(page, "timeline")

    assert re.search(r'class="event rail-break [^"]*" id="event-contact-is-barred"', timeline)


def test_7_questions_open_by_their_own_link(page):
    faq = block(page, "faq")

    assert "Is a vacancy a break?" in faq
    assert 'id="faq-vacancy"' in faq
    assert 'href="#faq-vacancy"' in faq


def test_8_sources_are_cited_both_ways(page):
    sources = block(page, "sources")

    assert 'id="source-1"' in sources
    assert "A guide by country" in sources
    for anchor in ("fact-established", "1917", "event-contact-is-barred", "faq-vacancy"):
        assert f'href="#{anchor}"' in sources
        assert f'id="{anchor}"' in page


def test_9_bylines_dates_version_and_what_changed(client, page, article, clock):
    history = block(page, "history")
    assert '<a href="/people/eurasia/">Eurasia desk</a>' in history
    assert "Editors" in history
    assert "Version 1" in history
    assert "First published." in history

    clock.shift(timedelta(days=1))
    article.title = "Interrupted Diplomacy"
    article.save()
    publish(record(article, by=None), by=None, change_note="A truer title.")

    page = html(client)
    assert "updated" in page[: page.index('id="facts"')]
    assert "A truer title." in block(page, "history")
    assert "/articles/severed/history/2/changes/" in block(page, "history")


def test_9_reviewed_by_stands_only_where_a_review_was_recorded(client, article, clock):
    revision = record(article, by=None)
    article.reviews.create(
        digest=revision.digest,
        person=build.person(name="Sources desk", slug="sources-desk"),
        reviewed_on=date(2026, 11, 20),
        checked="Every date against its source.",
    )
    publish(revision, by=None, change_note="First.")
    assert "Every date against its source." in block(html(client), "history")

    clock.shift(timedelta(hours=1))
    article.title = "Edited since"
    article.save()
    publish(record(article, by=None), by=None, change_note="Edited.")
    assert "Reviewed by" not in html(client)


def test_10_share_is_plain_links_without_third_party_scripts(page):
    share = block(page, "share")

    assert "mailto:" in share
    assert "http%3A%2F%2Ftestserver%2Farticles%2Fsevered%2F" in share
    assert not re.search(r'<script[^>]+src="(?!/static/)', page)


def test_11_print_is_added_by_a_script_and_has_a_style_sheet(page):
    assert 'data-print-label="Print"' in block(page, "share")
    assert "css/print.css" in JOINED[LATER_STYLES]


def test_12_did_this_article_help_is_two_buttons_in_one_form(page):
    feedback = block(page, "feedback")

    assert feedback.count("<form") == 1
    assert re.findall(r'name="helped" value="(\w+)"', feedback) == ["yes", "no"]
    assert 'action="/articles/severed/feedback/"' in feedback


def test_13_comments_have_a_thread_and_a_form(page):
    comments = block(page, "comments")

    assert 'action="/articles/severed/comments/"' in comments
    for name in ("name", "email", "body"):
        assert f'name="{name}"' in comments


def test_every_part_and_panel_is_a_landmark_named_after_it(page):
    for name in ("facts", "contents", "sections", "see-also", "timeline", "faq", "sources",
                 "history", "share", "feedback", "comments"):  # fmt: skip
        assert re.search(rf'<(section|nav)[^>]* id="{name}"[^>]* aria-label', page), name


def test_every_id_stands_once_and_every_link_on_the_page_leads_somewhere(page):
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_two_drawings_of_one_title_have_two_ids(client, article):
    drawing = "```bars\ntitle: Told to leave\ncaption: Rounds.\n2016 | 35 | us\n```"
    for _ in range(2):
        build.section(article, body=drawing)
    build.published(article)

    page = html(client)

    ids = re.findall(r'\sid="(figure-[^"]+)"', page)
    assert len(ids) == len(set(ids)) >= 2


def test_headings_go_down_one_step_at_a_time(page):
    levels = [int(level) for level in re.findall(r"<h([1-6])[\s>]", page)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_the_structured_data_is_valid_json_and_tells_the_same(page):
    [text] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    breadcrumbs, web_page, article = json.loads(text)["@graph"]

    assert [one["name"] for one in breadcrumbs["itemListElement"]] == [
        "On Record",
        "Explainers",
        "Severed Diplomacy",
    ]
    assert web_page["@type"] == "WebPage"
    assert web_page["breadcrumb"] == {"@id": breadcrumbs["@id"]}
    assert article["headline"] == "Severed Diplomacy"
    assert article["author"] == [
        {
            "@type": "Organization",
            "name": "Eurasia desk",
            "url": "http://testserver/people/eurasia/",
        }
    ]
    assert set(article["citation"][0]) <= {"@type", "name", "url"}
    assert article["citation"][0]["name"] == "A guide by country"
    assert article["hasPart"]["mainEntity"][0]["acceptedAnswer"]["text"] == "No."
    assert article["temporalCoverage"] == "1809/1933"


def test_nothing_comes_from_another_host_and_nothing_is_inline(page):
    assert not re.search(
        r'<(?:img|script|link|iframe|source)[^>]+(?:src|href)="(?:https?:)?//',
        page.replace("http://testserver", ""),
    )
    assert " style=" not in page
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*(?:src=|ld\+json))", page)
    assert not re.search(r"\son\w+=", page)


def test_the_page_sets_no_cookie_and_asks_to_be_asked(client, page):
    response = client.get("/articles/severed/")

    assert not response.cookies
    assert response["Cache-Control"] == "public, no-cache"
    assert response["Referrer-Policy"] == "same-origin"
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "Cookie" not in response["Vary"]


def test_the_page_is_well_formed(page):
    class Checker(HTMLParser):
        void = {
            "meta",
            "link",
            "img",
            "br",
            "hr",
            "input",
            "path",
            "rect",
            "line",
            "circle",
            "col",
            "source",
        }

        def __init__(self):
            super().__init__()
            self.open = []

        def handle_starttag(self, tag, attributes):
            if tag not in self.void:
                self.open.append(tag)

        def handle_startendtag(self, tag, attributes):
            pass

        def handle_endtag(self, tag):
            if tag not in self.void:
                assert self.open.pop() == tag

    checker = Checker()
    checker.feed(page)
    assert checker.open == []
