"""Feeds of comments: of an article, of a thread, of the site; read as strictly as programs may."""

import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import time_machine

from articles.addressing import change_slug
from articles.deeds import withdraw
from comments import moderating
from comments.models import Comment
from comments.reading import IN_A_FEED
from tests import build
from tests.threads import many

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SITE = "http://testserver"
OF_ARTICLE = "/articles/open/comments.atom"
OF_SITE = "/feeds/comments.atom"
ATOM = "{http://www.w3.org/2005/Atom}"
ANSWERS = "{http://purl.org/syndication/thread/1.0}in-reply-to"
# RFC 3339, as RFC 4287 asks.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
ONCE_IN_A_FEED = ("id", "title", "updated", "author")
ONCE_IN_AN_ENTRY = ("id", "title", "updated", "published", "author", "content")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    return build.published_article("open", title="Was it ever “severed” & why?")


def read(client, address: str) -> ElementTree.Element:
    """Return a feed, having looked at everything that RFC 4287 asks of it."""
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert response["Cache-Control"] == "public, no-cache"
    assert response.content.startswith(b"<?xml")
    feed = ElementTree.fromstring(response.content)
    assert feed.tag == f"{ATOM}feed"
    require_once(feed, ONCE_IN_A_FEED)
    (own,) = [link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own.get("href") == f"{SITE}{address}" == feed.findtext(f"{ATOM}id")
    entries = feed.findall(f"{ATOM}entry")
    for entry in entries:
        require_once(entry, ONCE_IN_AN_ENTRY)
        assert entry.find(f"{ATOM}content").get("type") == "html"
    keys = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(keys) == len(set(keys))
    for link in feed.iter(f"{ATOM}link"):
        assert urlsplit(link.get("href")).scheme == "http"
    for name in ("updated", "published"):
        for moment in feed.iter(f"{ATOM}{name}"):
            assert MOMENT.fullmatch(moment.text)
    return feed


def require_once(element: ElementTree.Element, names: tuple[str, ...]) -> None:
    for name in names:
        assert len(element.findall(f"{ATOM}{name}")) == 1, name
    assert element.find(f"{ATOM}author").findtext(f"{ATOM}name")


def keys(feed: ElementTree.Element) -> list[int]:
    found = (entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry"))
    return [int(key.rstrip("/").rpartition("/")[2]) for key in found]


def test_the_feed_of_an_article_has_its_newest_comments(client, article):
    root = build.comment(article, name="Anna & <b>", body="One < two\n\nThree")
    reply = build.comment(article, parent=root)
    build.comment(article, state="pending")
    build.comment(build.published_article("other"))

    feed = read(client, OF_ARTICLE)

    assert keys(feed) == [reply.pk, root.pk]
    assert feed.findtext(f"{ATOM}title") == "Comments on “Was it ever “severed” & why?”"
    answer, question = feed.findall(f"{ATOM}entry")
    assert question.findtext(f"{ATOM}author/{ATOM}name") == "Anna & <b>"
    assert question.findtext(f"{ATOM}content") == "<p>One &lt; two</p>\n<p>Three</p>"
    assert question.find(ANSWERS).get("ref") == f"{SITE}/articles/open/"
    assert answer.find(ANSWERS).get("ref") == f"{SITE}/comments/{root.pk}/"


def test_the_feed_of_a_thread_has_that_thread_alone(client, article):
    root = build.comment(article)
    reply = build.comment(article, parent=root)
    deep = build.comment(article, parent=reply)
    build.comment(article)

    assert keys(read(client, f"/comments/{root.pk}.atom")) == [deep.pk, reply.pk, root.pk]
    for below in (reply, deep):
        response = client.get(f"/comments/{below.pk}.atom")
        assert (response.status_code, response["Location"]) == (301, f"/comments/{root.pk}.atom")


def test_the_feed_of_a_thread_outlives_its_first_comment(client, article):
    root = build.comment(article, name="Hidden", body="Hidden")
    reply = build.comment(article, parent=root)
    moderating.reject([root], by=None)

    feed = read(client, f"/comments/{root.pk}.atom")

    assert keys(feed) == [reply.pk]
    assert "Hidden" not in ElementTree.tostring(feed, encoding="unicode")
    moderating.reject([reply], by=None)
    assert client.get(f"/comments/{root.pk}.atom").status_code == 404


def test_the_feed_of_the_site_has_what_is_live(client, article):
    other = build.published_article("other", title="Another")
    first, second = build.comment(article), build.comment(other, name="Boris")
    feed = read(client, OF_SITE)
    assert keys(feed) == [second.pk, first.pk]
    assert feed.findtext(f"{ATOM}entry/{ATOM}title") == "Boris on “Another”"

    withdraw(other, by=None)

    assert keys(read(client, OF_SITE)) == [first.pk]


def test_the_feed_of_the_site_is_named_after_the_site(client, article, settings):
    settings.SITE_NAME = "The Record"

    assert read(client, OF_SITE).findtext(f"{ATOM}title") == "Comments – The Record"


def test_feeds_are_valid_without_a_comment(client, article):
    assert keys(read(client, OF_ARTICLE)) == []
    assert keys(read(client, OF_SITE)) == []


def test_feeds_end_with_the_newest(client, article):
    root, *others = many(article, IN_A_FEED + 10)
    made = [root, *others]
    newest = [comment.pk for comment in reversed(made)][:IN_A_FEED]

    assert keys(read(client, OF_ARTICLE)) == newest
    assert keys(read(client, OF_SITE)) == newest
    replies = many(article, IN_A_FEED + 1, below=root)
    found = keys(read(client, f"/comments/{root.pk}.atom"))
    assert found == [comment.pk for comment in reversed(replies)][:IN_A_FEED]


def test_a_feed_is_asked_for_again_in_vain_until_something_changes(client, article):
    root = build.comment(article)
    addresses = (OF_ARTICLE, f"/comments/{root.pk}.atom", OF_SITE)
    for address in addresses:
        before = client.get(address)
        assert before["ETag"]
        again = client.get(address, headers={"If-None-Match": before["ETag"]})
        assert again.status_code == 304

        reply = build.comment(article, parent=root)
        after = client.get(address, headers={"If-None-Match": before["ETag"]})
        assert after.status_code == 200
        moderating.reject([reply], by=None)
        assert client.get(address).content == before.content


def test_a_comment_taken_down_is_in_no_feed_at_once(client, article):
    comment = build.comment(article, body="Taken down")
    addresses = (OF_ARTICLE, f"/comments/{comment.pk}.atom", OF_SITE)
    for address in addresses:
        assert "Taken down" in client.get(address).text

    moderating.mark_as_spam([comment], by=None)

    assert [client.get(address).status_code for address in addresses] == [200, 404, 200]
    for address in addresses:
        assert "Taken down" not in client.get(address).text


def test_pages_name_their_feeds(client, article):
    comment = build.comment(article)
    reply = build.comment(article, parent=comment)
    for address, feed in (
        ("/articles/open/", OF_ARTICLE),
        ("/articles/open/comments/", OF_ARTICLE),
        (f"/comments/{comment.pk}/", f"/comments/{comment.pk}.atom"),
        (f"/comments/{reply.pk}/", f"/comments/{comment.pk}.atom"),
        ("/", OF_SITE),
    ):
        link = f'<link rel="alternate" type="application/atom+xml" href="{feed}"'
        assert link in client.get(address).text, address


def test_what_xml_cannot_hold_does_not_break_a_feed(client, article):
    comment = build.comment(article)
    Comment.objects.filter(pk=comment.pk).update(
        name="An\x08na\ufffe ]]>", body_html="<p>\x0b]]>&lt;!--</p>"
    )

    entry = read(client, OF_ARTICLE).find(f"{ATOM}entry")

    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "An\ufffdna\ufffd ]]>"
    assert entry.findtext(f"{ATOM}content") == "<p>\ufffd]]>&lt;!--</p>"


# JSON Feed


def test_each_feed_of_comments_is_a_json_feed_as_well(client, article):
    root = build.comment(article, name="Anna", body="One < two")
    reply = build.comment(article, parent=root)
    for atom, page in (
        (OF_ARTICLE, "/articles/open/comments/"),
        (f"/comments/{root.pk}.atom", f"/comments/{root.pk}/"),
        (OF_SITE, "/articles/"),
    ):
        address = atom.replace(".atom", ".json")
        response = client.get(address)
        assert response["Content-Type"] == "application/feed+json; charset=utf-8"
        data = json.loads(response.content)
        assert data["version"] == "https://jsonfeed.org/version/1.1"
        assert data["title"] == read(client, atom).findtext(f"{ATOM}title")
        assert (data["feed_url"], data["home_page_url"]) == (f"{SITE}{address}", f"{SITE}{page}")
        answer, question = data["items"]
        assert answer["url"] == answer["id"] == f"{SITE}/comments/{reply.pk}/"
        assert question["authors"] == [{"name": "Anna"}]
        assert question["content_html"] == "<p>One &lt; two</p>"
        assert question["date_published"] == "2026-11-22T12:00:00+00:00"


def test_the_json_feed_of_a_reply_is_that_of_its_thread(client, article):
    root = build.comment(article)
    reply = build.comment(article, parent=root)

    response = client.get(f"/comments/{reply.pk}.json")

    assert (response.status_code, response["Location"]) == (301, f"/comments/{root.pk}.json")


def test_links_in_a_json_feed_lead_to_the_site_from_elsewhere(client, article):
    comment = build.comment(article)
    html = '<p><a href="/articles/open/">This</a></p>'
    Comment.objects.filter(pk=comment.pk).update(body_html=html)

    (item,) = client.get(OF_ARTICLE.replace(".atom", ".json")).json()["items"]

    assert f'href="{SITE}/articles/open/"' in item["content_html"]


def test_pages_name_their_json_feeds(client, article):
    comment = build.comment(article)
    for address, feed in (
        ("/articles/open/comments/", "/articles/open/comments.json"),
        (f"/comments/{comment.pk}/", f"/comments/{comment.pk}.json"),
        ("/", "/feeds/comments.json"),
    ):
        link = f'<link rel="alternate" type="application/feed+json" href="{feed}"'
        assert link in client.get(address).text, address


def test_a_feed_follows_its_article_to_a_new_address(client, article):
    change_slug(article, "moved", by=None)

    response = client.get(OF_ARTICLE)

    assert (response.status_code, response["Location"]) == (301, "/articles/moved/comments.atom")


def test_what_is_not_published_has_no_feed(client, article):
    build.article("draft")
    comment = build.comment(article)
    for address in ("/articles/draft/comments.atom", "/articles/nowhere/comments.atom"):
        assert client.get(address).status_code == 404
    for number in ("0", "999999", "9" * 19, "9" * 40):
        assert client.get(f"/comments/{number}.atom").status_code == 404

    withdraw(article, by=None)

    assert client.get(f"/comments/{comment.pk}.atom").status_code == 404
    assert client.get(OF_ARTICLE).status_code == 404


def test_an_edited_comment_says_when(client, article, clock):
    comment = build.comment(article)
    Comment.objects.filter(pk=comment.pk).update(edited_at=NOON + timedelta(minutes=3))

    entry = read(client, OF_ARTICLE).find(f"{ATOM}entry")

    assert entry.findtext(f"{ATOM}published") == "2026-11-22T12:00:00+00:00"
    assert entry.findtext(f"{ATOM}updated") == "2026-11-22T12:03:00+00:00"
