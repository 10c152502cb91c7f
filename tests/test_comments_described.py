"""What search engines read of comments: schema.org Comment, beside the words themselves."""

import json
import re
from datetime import UTC, datetime

import pytest
import time_machine

from comments import moderating, writing
from comments.models import Comment
from comments.reading import FIRST_REPLIES, ON_A_PAGE, THREADS_A_PAGE
from tests import build
from tests.threads import ids, links, many

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SITE = "http://testserver"
PAGE = "/articles/open/"
THREAD = "/articles/open/comments/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    return build.published_article("open")


def described(client, address: str) -> dict:
    """Return what a page says of its article to machines."""
    page = client.get(address).text
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    data = json.loads(script)
    (node,) = [one for one in data.get("@graph", [data]) if one["@type"] == "Article"]
    return node


def test_a_comment_is_described_with_text_writer_time_address_and_votes(client, article):
    comment = build.comment(
        article, name="Anna & <Boris>", body="One\n\n</script>", created_at=NOON
    )
    Comment.objects.filter(pk=comment.pk).update(helpful=3)

    for address in (PAGE, THREAD, f"/comments/{comment.pk}/"):
        node = described(client, address)
        assert node["@id"] == f"{SITE}{PAGE}#article"
        assert node["commentCount"] == 1
        assert node["comment"] == [
            {
                "@type": "Comment",
                "@id": f"{SITE}/comments/{comment.pk}/",
                "url": f"{SITE}/comments/{comment.pk}/",
                "text": "One\n\n</script>",
                "author": {"@type": "Person", "name": "Anna & <Boris>"},
                "datePublished": "2026-11-22T12:00:00+00:00",
                "upvoteCount": 3,
                "parentItem": {"@id": f"{SITE}{PAGE}#article"},
            }
        ]


def test_a_reply_names_what_it_answers_and_past_an_empty_place_what_is_above(client, article):
    root = build.comment(article)
    gone = build.comment(article, parent=root)
    reply = build.comment(article, parent=gone)
    moderating.reject([gone], by=None)

    shown = described(client, PAGE)["comment"]

    assert [one["url"] for one in shown] == [
        f"{SITE}/comments/{root.pk}/",
        f"{SITE}/comments/{reply.pk}/",
    ]
    assert shown[1]["parentItem"] == {"@id": f"{SITE}/comments/{root.pk}/"}


def test_an_article_without_comments_says_none(client, article):
    node = described(client, PAGE)

    assert (node["commentCount"], node["comment"]) == (0, [])


def test_what_is_described_changes_with_the_comments_and_not_with_the_body(
    client, article, monkeypatch
):
    waiting = build.comment(article, state="pending")
    client.get(PAGE)
    monkeypatch.setattr(
        "articles.page.ArticlePage.render", lambda page: pytest.fail("The body was rendered.")
    )

    moderating.approve([waiting], by=None)

    assert described(client, PAGE)["commentCount"] == 1


def test_a_change_is_dated(client, article, clock):
    comment = build.comment(article, created_at=NOON)
    clock.shift(60)
    writing.mend(comment, name="Anna", email="", body="Better", at=datetime.now(UTC))
    moderating.approve([comment], by=None)

    (one,) = described(client, PAGE)["comment"]

    assert one["dateModified"] == "2026-11-22T12:01:00+00:00"


def test_every_comment_is_in_a_page_that_links_lead_to_and_is_described_there(client, article):
    roots = many(article, THREADS_A_PAGE + 5)
    replies = many(article, ON_A_PAGE + FIRST_REPLIES + 1, below=roots[0])
    waiting, seen, found, told = [PAGE], set(), set(), set()
    while waiting:
        address = waiting.pop()
        seen.add(address)
        page = client.get(address).text
        assert "noindex" not in page
        found |= set(ids(page))
        told |= {one["url"] for one in described(client, address)["comment"]}
        assert described(client, address)["commentCount"] == len(roots) + len(replies)
        waiting += set(links(page).values()) - seen - {THREAD}

    expected = {comment.pk for comment in (*roots, *replies)}
    assert found == expected
    assert told == {f"{SITE}/comments/{pk}/" for pk in expected}


def test_past_versions_describe_no_comments(client, article):
    build.comment(article)

    assert "schema.org" not in client.get("/articles/open/history/1/").text
