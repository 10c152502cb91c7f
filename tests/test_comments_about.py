"""Comments about a part of an article: named beside the comment, counted beside the part."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils.html import escape

from articles.deeds import publish
from articles.draft_links import make_link
from articles.recording import record
from comments import moderating
from comments.counting import recount
from comments.models import Comment, Discussion
from comments.reading import ABOUT_A_PAGE, counts_of
from tests import build
from tests.threads import ids, links, many

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAGE = "/articles/open/"
THREAD = "/articles/open/comments/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    article = build.article("open")
    build.fact(article, characteristic="Consul <1803>", anchor="consul")
    build.section(article, heading="What stopped", anchor="stopped")
    build.event(
        article,
        title="In force",
        state="In force",
        state_shape="force",
        anchor="force",
        date="1809/1917",
    )
    build.event(article, title="Barred", anchor="barred")
    build.question(article, question="Is it over?", anchor="over")
    build.published(article)
    return article  # fmt: skip


ANCHORS = ("fact-consul", "stopped", "event-force", "event-barred", "faq-over")


def beside(page: str) -> dict[str, str]:
    """Return what stands beside the rows of a page: by the address, the words."""
    rows = re.findall(r'<p class="row-links">(.*?)</p>', page)
    found = re.findall(r'<a href="([^"]+/comments/[^"]+)"[^>]*>([^<]+)<', " ".join(rows))
    return dict(found)


def test_every_fact_section_event_and_answer_leads_to_what_is_said_about_it(client, article):
    for anchor in ANCHORS[1:]:
        build.comment(article, about=anchor)
    build.comment(article, about=ANCHORS[1])

    found = beside(client.get(PAGE).text)

    words = {anchor: found[f"{THREAD}?about={anchor}"] for anchor in ANCHORS}
    assert words == {
        "fact-consul": "Comment on this",
        "stopped": "2 comments about this",
        "event-force": "1 comment about this",
        "event-barred": "1 comment about this",
        "faq-over": "1 comment about this",
    }
    for anchor in ANCHORS:
        assert client.get(f"{THREAD}?about={anchor}").status_code == 200


def test_only_comments_that_are_shown_count(client, article):
    for state in ("pending", "rejected", "spam"):
        build.comment(article, state=state, about="stopped")
    assert beside(client.get(PAGE).text)[f"{THREAD}?about=stopped"] == "Comment on this"

    gone = build.comment(article, about="stopped")
    build.comment(article, parent=gone)
    moderating.reject([gone], by=None)

    assert beside(client.get(PAGE).text)[f"{THREAD}?about=stopped"] == "Comment on this"


def test_a_count_changes_at_once_and_the_article_is_not_rendered_again(
    client, article, monkeypatch
):
    waiting = build.comment(article, about="stopped", state="pending")
    client.get(PAGE)
    monkeypatch.setattr(
        "articles.page.ArticlePage.render", lambda page: pytest.fail("The body was rendered.")
    )

    moderating.approve([waiting], by=None)

    assert beside(client.get(PAGE).text)[f"{THREAD}?about=stopped"] == "1 comment about this"


def test_once_closed_only_what_was_said_is_led_to(client, article, clock):
    build.comment(article, about="stopped")
    article.comments_open = False
    article.save()
    clock.shift(timedelta(minutes=1))
    publish(record(article, by=None), by=None, change_note="Closed.")

    assert list(beside(client.get(PAGE).text)) == [f"{THREAD}?about=stopped"]
    page = client.get(f"{THREAD}?about=stopped").text
    assert len(ids(page)) == 1
    assert "comment-form" not in page


def test_past_versions_drafts_and_previews_show_no_counts(client, article, clock):
    build.comment(article, about="stopped")
    clock.shift(timedelta(minutes=1))
    publish(record(article, by=None), by=None, change_note="Again.")
    article.title = "Not published yet"
    article.save()
    link = make_link(record(article, by=None), by=None)
    editor = build.editor()

    pages = [client.get(f"/articles/open/history/{number}/").text for number in (1, 2)]
    pages.append(client.get(f"/draft/{link.signed}/").text)
    client.force_login(editor)
    pages.append(client.get(f"/admin/articles/article/{article.pk}/preview/").text)

    for page in pages:
        assert "What stopped" in page
        assert "row-links" not in page
        assert "about this" not in page
        assert "\x00" not in page


def test_the_page_about_a_part_lists_what_is_said_and_has_the_form_for_more(client, article):
    first = build.comment(article, about="fact-consul", body="The first")
    build.comment(article, about="stopped", body="About another")
    answer = build.comment(article, parent=first, body="An answer")
    second = build.comment(article, about="fact-consul", parent=answer, body="The second")

    page = client.get(f"{THREAD}?about=fact-consul").text

    assert ids(page) == [second.pk, first.pk]
    assert f"<h1>Comments about “{escape('Consul <1803>')}”</h1>" in page
    assert links(page) == {"2 replies": f"/comments/{first.pk}/"}
    assert 'name="about" value="fact-consul"' in page
    assert f'href="{PAGE}#fact-consul"' in page


def test_the_page_about_a_part_is_read_on_without_losing_anything(client, article):
    made = many(article, 2 * ABOUT_A_PAGE + 1, about="stopped")
    found, address = [], f"{THREAD}?about=stopped"
    while address:
        text = client.get(address).text
        found += ids(text)
        address = links(text).get("Older comments")

    assert found == [comment.pk for comment in reversed(made)]
    for after in ("x", "-1", "9" * 40, "٣"):
        wrong = {"about": "stopped", "after": after}
        assert client.get(THREAD, wrong).status_code == 404


def test_a_part_that_nobody_spoke_about_has_the_form_and_is_found_by_no_search_engine(
    client, article
):
    page = client.get(f"{THREAD}?about=stopped").text

    assert "<h1>Comment on “What stopped”</h1>" in page
    assert "noindex" in page


def test_names_and_anchors_that_try_to_be_html_stay_words(client, article):
    attack = '"><script>alert(1)</script>'
    build.comment(article, name=attack, body=attack, about=attack)
    build.comment(article, name=attack, about="fact-consul")

    for address in (PAGE, THREAD, f"{THREAD}?about=fact-consul"):
        page = client.get(address).text
        assert "<script>alert" not in page
        assert "&quot;&gt;&lt;script&gt;" in page
    page = client.get(THREAD, {"about": attack}).text
    assert "<script>alert" not in page
    assert client.get(THREAD, {"about": "x" * 10_000}).status_code == 200


def test_counts_stay_right_whatever_becomes_of_the_comments(article):
    comments = [build.comment(article, about="stopped") for _ in range(3)]
    other = build.comment(article, about="fact-consul")
    for do in (
        lambda: moderating.reject(comments[:2], by=None),
        lambda: moderating.approve([*comments, other], by=None),
        lambda: moderating.mark_as_spam([*comments, other], by=None),
        lambda: moderating.approve([comments[0]], by=None),
    ):
        do()
        approved = Comment.objects.approved().exclude(about="").values_list("about", flat=True)
        assert counts_of(article.pk).about == Counter(approved)
        assert recount(article.pk) == 0

    Discussion.objects.update(about={"nowhere": 7})
    assert recount(article.pk) == 1
    assert counts_of(article.pk).about == {"stopped": 1}
