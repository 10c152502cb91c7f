"""What programs ask for: feeds, sitemaps, robots.txt, security.txt, readiness."""

import json
import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.db import DatabaseError

from articles.deeds import withdraw
from publishing.feeds import Entry, Feed, atom, json_feed
from tests import build
from website import views
from website.models import Page
from website.pages import save_page

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"


@pytest.fixture
def clock(db):
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    article = build.full_article("telegram", title="The telegram & <its> reader")
    article.topics.set([build.topic(name="Telegraphy", slug="of-the-telegram")])
    article.corrections.all().delete()
    build.correction(article, wrong="It came in May.")
    build.published(article, change_note="First.")
    return article


def entries(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")


def text(element, name):
    return element.find(f"{ATOM}{name}").text


# Feeds


def test_the_feed_of_explainers_names_each_with_its_answer(client, article):
    (entry,) = entries(client, "/feeds/articles.atom")
    assert text(entry, "title") == "The telegram & <its> reader"
    assert text(entry, "id") == f"urn:uuid:{article.uid}"
    assert entry.find(f"{ATOM}link").get("href") == "http://testserver/articles/telegram/"
    assert text(entry, "updated") == "2026-11-22T12:00:00+00:00"
    assert article.short_answer in text(entry, "summary")


def test_atom_has_all_that_the_standard_asks_for(client, article):
    feed = ElementTree.fromstring(client.get("/feeds/articles.atom").content)
    for name in ("id", "title", "updated", "author"):
        assert feed.find(f"{ATOM}{name}") is not None
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {
        "alternate": "http://testserver/articles/",
        "self": "http://testserver/feeds/articles.atom",
    }


def test_the_json_feed_says_the_same(client, article):
    answer = client.get("/feeds/articles.json")
    assert answer.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    data = json.loads(answer.content)
    (item,) = data["items"]
    assert data["version"] == "https://jsonfeed.org/version/1.1"
    assert (item["id"], item["title"]) == (f"urn:uuid:{article.uid}", article.title)
    assert item["date_modified"] == "2026-11-22T12:00:00+00:00"


def test_the_feed_of_corrections_says_what_was_wrong_and_links_to_it(client, article):
    (entry,) = entries(client, "/feeds/corrections.atom")
    assert "It came in May." in text(entry, "summary")
    href = entry.find(f"{ATOM}link").get("href")
    assert href.startswith("http://testserver/articles/telegram/#correction-")
    assert 'href="/' not in text(entry, "summary")


def test_corrections_are_told_in_a_json_feed_as_well(client, article):
    answer = client.get("/feeds/corrections.json")
    assert answer.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    data = json.loads(answer.content)
    (item,) = data["items"]
    (entry,) = entries(client, "/feeds/corrections.atom")
    assert data["home_page_url"] == "http://testserver/corrections/"
    assert data["feed_url"] == "http://testserver/feeds/corrections.json"
    assert (item["id"], item["content_html"]) == (text(entry, "id"), text(entry, "summary"))


@pytest.mark.parametrize("address", ["/feeds/articles.atom", "/feeds/corrections.atom"])
def test_an_empty_feed_is_whole_and_the_same_each_time(client, clock, address):
    first = client.get(address)
    clock.shift(timedelta(days=1))
    assert client.get(address).content == first.content
    assert ElementTree.fromstring(first.content).find(f"{ATOM}updated").text


def test_who_has_the_feed_is_told_that_nothing_changed(client, article, clock):
    etag = client.get("/feeds/articles.atom").headers["ETag"]
    assert client.get("/feeds/articles.atom", headers={"if-none-match": etag}).status_code == 304
    clock.shift(timedelta(minutes=1))
    article.title = "Another"
    article.save()
    build.published(article)
    assert client.get("/feeds/articles.atom", headers={"if-none-match": etag}).status_code == 200


def test_the_one_updated_last_comes_first(client, article, clock):
    clock.shift(timedelta(days=1))
    build.published_article("newer")
    first, second = entries(client, "/feeds/articles.atom")
    assert first.find(f"{ATOM}link").get("href").endswith("/newer/")
    assert text(second, "id") == f"urn:uuid:{article.uid}"


def test_a_text_that_xml_cannot_hold_breaks_no_feed():
    entry = Entry("urn:x", "A\x00\x0b\ufffeB", "https://x.example/", "<p>\x1f</p>", NOON, NOON)
    feed = Feed("Site", "https://x.example/", "https://x.example/feed", [entry])
    parsed = ElementTree.fromstring(atom(feed).content)
    assert parsed.find(f"{ATOM}entry/{ATOM}title").text == "A\ufffd\ufffd\ufffdB"
    assert json.loads(json_feed(feed).content)["items"][0]["title"] == entry.title


def test_pages_lead_to_the_feeds(client, article):
    page = client.get("/").content.decode()
    assert 'href="/feeds/articles.atom"' in page
    assert 'href="/feeds/articles.json"' in page
    page = client.get("/corrections/").content.decode()
    assert 'href="/feeds/corrections.atom"' in page
    assert 'href="/feeds/corrections.json"' in page


# Sitemaps


def addresses(client, path):
    root = ElementTree.fromstring(client.get(path).content)
    return [loc.text for loc in root.iter(f"{MAP}loc")]


def test_the_index_names_every_sitemap_and_each_answers(client, article):
    named = addresses(client, "/sitemap.xml")
    assert named == [
        "http://testserver/sitemap-lists.xml",
        "http://testserver/sitemap-articles-1.xml",
        "http://testserver/sitemap-events-1.xml",
    ]
    for address in named:
        assert client.get(address.removeprefix("http://testserver")).status_code == 200


def test_the_index_names_no_sitemap_that_is_empty(client, clock):
    lists = "http://testserver/sitemap-lists.xml"
    assert addresses(client, "/sitemap.xml") == [lists]
    build.published_article("without-events")
    named = addresses(client, "/sitemap.xml")
    assert named == [lists, "http://testserver/sitemap-articles-1.xml"]


def test_the_first_sitemap_of_a_kind_answers_though_it_is_empty(client, db):
    for kind in ("articles", "events"):
        assert addresses(client, f"/sitemap-{kind}-1.xml") == []


def test_explainers_are_listed_with_their_pictures(client, article):
    root = ElementTree.fromstring(client.get("/sitemap-articles-1.xml").content)
    (url,) = root.findall(f"{MAP}url")
    assert url.find(f"{MAP}loc").text == "http://testserver/articles/telegram/"
    assert url.find(f"{MAP}lastmod").text == "2026-11-22T12:00:00+00:00"
    picture = url.find(f"{IMAGE}image/{IMAGE}loc").text
    assert client.get(picture.removeprefix("http://testserver")).status_code == 200


def test_a_full_sitemap_leads_to_a_second_one(client, article, monkeypatch):
    build.published_article("second")
    monkeypatch.setattr("website.discovery.PAGES_A_SITEMAP", 1)
    assert "http://testserver/sitemap-articles-2.xml" in addresses(client, "/sitemap.xml")
    assert addresses(client, "/sitemap-articles-2.xml") == ["http://testserver/articles/second/"]
    assert client.get("/sitemap-articles-3.xml").status_code == 404


@pytest.mark.parametrize("name", ["articles", "events"])
@pytest.mark.parametrize("number", [0, 10**30])
def test_a_sitemap_that_cannot_be_is_not_found(client, db, name, number):
    assert client.get(f"/sitemap-{name}-{number}.xml").status_code == 404


def test_people_and_the_sites_own_pages_are_listed_and_drafts_of_them_are_not(client, article):
    save_page(Page(slug="imprint", title="Imprint", body="Words.", is_public=True), by=None)
    save_page(Page(slug="plans", title="Plans", body="Words.", is_public=False), by=None)

    listed = addresses(client, "/sitemap-lists.xml")

    assert {"http://testserver/people/", "http://testserver/imprint/"} <= set(listed)
    assert "http://testserver/plans/" not in listed


def test_every_address_of_the_lists_answers(client, article):
    for address in addresses(client, "/sitemap-lists.xml"):
        assert client.get(address.removeprefix("http://testserver")).status_code == 200, address


PUBLIC = [
    "/feeds/articles.atom",
    "/feeds/articles.json",
    "/feeds/corrections.atom",
    "/feeds/corrections.json",
    "/sitemap-lists.xml",
    "/sitemap-articles-1.xml",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_drafts_scheduled_and_withdrawn_articles_are_nowhere(client, article, address):
    assert "telegram" in client.get(address).content.decode()
    build.full_article("draft", title="A draft of the telegram")
    later = build.full_article("later", title="A later telegram")
    build.published(later, goes_live_at=NOON + timedelta(days=1))
    withdraw(article, by=None)
    found = client.get(address).content.decode()
    assert not re.search("telegram|draft|later", found)


# Robots, security, readiness


def test_robots_are_told_where_the_sitemap_is(client, db):
    answer = client.get("/robots.txt")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "Sitemap: http://testserver/sitemap.xml" in answer.content.decode()
    assert "Disallow: /admin/" in answer.content.decode()


def test_security_txt_says_whom_to_tell_and_does_not_run_out(client, clock, settings):
    settings.SECURITY_CONTACT = "mailto:desk@news.example"
    lines = client.get("/.well-known/security.txt").content.decode().splitlines()
    assert "Contact: mailto:desk@news.example" in lines
    assert "Expires: 2027-05-21T00:00:00Z" in lines
    clock.shift(timedelta(days=40))
    assert (
        "Expires: 2027-06-30T00:00:00Z" in client.get("/.well-known/security.txt").content.decode()
    )


def test_without_a_contact_there_is_no_security_txt(client, db):
    assert client.get("/.well-known/security.txt").status_code == 404


def test_ready_once_the_database_is_as_this_version_wants_it(client, db, monkeypatch):
    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr(views, "_is_behind", lambda: True)
    assert client.get("/readyz").json() == {"status": "waiting for migrations"}
    assert client.get("/readyz").status_code == 503


def test_not_ready_without_a_database(client, db, monkeypatch):
    def fail():
        raise DatabaseError

    monkeypatch.setattr(views, "_is_behind", fail)
    assert client.get("/readyz").status_code == 503
