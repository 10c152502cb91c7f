"""The editor's time zone: moments at the desk are said and read as the editor's own clock does."""

from datetime import UTC, datetime

import pytest
import time_machine

from articles.recording import record
from publishing.editing.zone import COOKIE, zone_named
from tests import build, desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

SUMMER = datetime(2027, 7, 1, 7, tzinfo=UTC)


@pytest.fixture
def noon():
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def article():
    made = build.article(comments_until=datetime(2027, 1, 2, 20, 30, tzinfo=UTC))
    build.published(made)
    return made


def client_in(zone: str):
    client = desk.client_of(build.editor(f"in-{zone.replace('/', '-').lower()[:20]}"))
    client.cookies[COOKIE] = zone
    return client


def scheduled(client, article, **typed) -> datetime:
    """Schedule the draft in the form and return when it goes live."""
    article.title += "!"
    article.save()
    record(article, by=None)
    form = desk.open_form(client, desk.address(article, "schedule"))
    form["change_note"] = "Soon."
    for name, value in typed.items():
        form[name] = value
    assert form.send().status_code == 302
    return article.publications.latest("goes_live_at").goes_live_at


def test_a_moment_is_read_in_the_editors_zone(article):
    assert scheduled(client_in("Europe/Berlin"), article, goes_live_at="2027-07-01T09:00") == SUMMER


def test_without_a_word_from_the_browser_it_is_the_sites(article):
    client = desk.client_of(build.editor())
    assert scheduled(client, article, goes_live_at="2027-07-01T07:00") == SUMMER


def test_what_was_typed_means_what_the_form_showed(article):
    """The browser may have moved, or told its zone, since the form was opened."""
    client = client_in("Asia/Tokyo")
    moment = scheduled(client, article, goes_live_at="2027-07-01T09:00", _zone="Europe/Berlin")
    assert moment == SUMMER


def test_the_form_and_what_waits_say_the_editors_clock(article):
    client = client_in("Europe/Berlin")
    form = desk.open_form(client, desk.address(article))
    assert form["comments_until"] == "2027-01-02T21:30"
    scheduled(client, article, goes_live_at="2027-07-01T09:00")
    assert "1 July 2027, 09:00 CEST" in client.get(desk.address(article)).content.decode()


def test_a_save_that_changes_nothing_in_another_zone_changes_nothing(article):
    form = desk.open_form(client_in("America/St_Johns"), desk.address(article))
    assert form.send().status_code == 302
    assert article.revisions.count() == 1


@pytest.mark.parametrize(
    "name", ["", "Middle/Earth", "../../etc/passwd", "/etc/passwd", "Europe", "x" * 65, "a\0b"]
)
def test_what_is_no_zone_is_the_sites(article, name):
    assert zone_named(name) is None
    client = desk.client_of(build.editor())
    client.cookies[COOKIE] = name.replace("\0", "")
    assert scheduled(client, article, goes_live_at="2027-07-01T07:00") == SUMMER


@pytest.mark.parametrize("typed", ["2027-13-01T09:00", "soon"])
def test_nonsense_is_refused_with_a_sentence_in_any_zone(article, typed):
    client = client_in("Europe/Berlin")
    form = desk.open_form(client, desk.address(article, "schedule"))
    form["goes_live_at"], form["change_note"], form["_zone"] = typed, "Soon.", "Asia/Tokyo"
    response = form.send()
    assert response.status_code == 200
    assert "Enter a valid date/time" in response.content.decode()


def test_readers_and_previews_see_the_sites_clock(article, client):
    client.cookies[COOKIE] = "Asia/Tokyo"
    page = client.get(f"/articles/{article.slug}/")
    assert "2 January 2027, 20:30 UTC" in page.content.decode()
    here = desk.client_of(build.editor()).get(desk.address(article, "preview")).content
    there = client_in("Asia/Tokyo").get(desk.address(article, "preview")).content
    assert there == here
