"""The page as it stood: at a day, as a version, after an address changed."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from articles.addressing import change_slug
from articles.deeds import publish, schedule, withdraw
from articles.recording import record
from tests import build

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    """An article whose first version is of the 10th, its second of the 15th."""
    clock.move_to(NOON - 12 * DAY)
    article = build.article("severed", title="First title")
    build.published(article)
    clock.move_to(NOON - 7 * DAY)
    article.title = "Second title"
    article.save()
    publish(record(article, by=None), by=None, change_note="A better title.")
    clock.move_to(NOON)
    return article


@pytest.mark.parametrize(
    ("day", "version"),
    [
        ("2026-11-10", 1),
        ("2026-11-14", 1),
        ("2026-11-15", 2),
        ("2026-11-22", 2),
    ],
)
def test_a_day_leads_to_the_version_of_its_end(client, article, day, version):
    response = client.get(f"/articles/severed/at/{day}/")

    assert response.status_code == 302
    assert response["Location"] == f"/articles/severed/history/{version}/"


def test_days_are_those_that_pages_name_in_the_sites_own_zone(client, clock, settings):
    settings.TIME_ZONE = "America/New_York"
    evening = datetime(2026, 11, 11, 3, tzinfo=UTC)  # the 10th, at ten, in New York
    clock.move_to(evening)
    build.published_article("late")
    clock.move_to(evening + timedelta(hours=1))

    assert "10 Nov 2026" in client.get("/articles/late/").text
    assert client.get("/articles/late/at/2026-11-10/").status_code == 302
    assert client.get("/articles/late/at/2026-11-09/").status_code == 404
    assert client.get("/articles/late/at/2026-11-11/").status_code == 404  # not begun there


@pytest.mark.parametrize("day", ["2026-11-09", "2026-11-23", "2027-01-01", "2026-02-30", "today"])
def test_a_day_before_the_first_version_and_the_future_are_not_found(client, article, day):
    assert client.get(f"/articles/severed/at/{day}/").status_code == 404


def test_an_old_version_is_whole_and_says_that_it_is_old(client, article):
    page = client.get("/articles/severed/history/1/").content.decode()

    assert "First title" in page
    assert "You are reading version 1" in page
    assert "Version 2 is the latest" in page
    assert 'content="noindex"' in page


def test_an_old_version_has_no_forms(client, article):
    page = client.get("/articles/severed/history/1/").content.decode()
    main = page.partition("<main")[2].partition("</main>")[0]

    assert "<form" not in main


def test_the_latest_version_says_that_it_is_the_latest(client, article):
    page = client.get("/articles/severed/history/2/").content.decode()

    assert "It is the latest." in page


def test_history_lists_the_versions_that_have_begun_the_latest_first(client, article, clock):
    article.title = "Third title"
    article.save()
    schedule(record(article, by=None), goes_live_at=NOON + DAY, by=None, change_note="Not yet.")
    page = client.get("/articles/severed/history/").content.decode()
    assert page.index("A better title.") < page.index("First published.")
    assert "Not yet." not in page

    clock.move_to(NOON + DAY)
    assert "Not yet." in client.get("/articles/severed/history/").content.decode()


def test_changes_are_shown_word_by_word(client, article):
    page = client.get("/articles/severed/history/2/changes/").content.decode()

    assert re.search(r"<del>First ?</del><ins>Second ?</ins> ?title", page)


def test_the_first_version_has_nothing_to_be_compared_with(client, article):
    page = client.get("/articles/severed/history/1/changes/").content.decode()

    assert "nothing before it" in page


def test_a_version_that_does_not_exist_is_not_found(client, article):
    for number in (0, 3):
        assert client.get(f"/articles/severed/history/{number}/").status_code == 404
        assert client.get(f"/articles/severed/history/{number}/changes/").status_code == 404


def test_withdrawal_hides_all_of_it(client, article):
    withdraw(article, by=None)

    for address in ("", "history/", "history/1/", "history/2/changes/", "at/2026-11-15/"):
        assert client.get(f"/articles/severed/{address}").status_code == 404
    assert client.get("/articles/severed.json").status_code == 404


def test_withdrawal_that_keeps_history_keeps_only_that(client, article):
    withdraw(article, by=None, keep_history=True)

    assert client.get("/articles/severed/").status_code == 404
    assert client.get("/articles/severed/history/1/").status_code == 200
    assert "withdrawn" in client.get("/articles/severed/history/").content.decode()
    assert client.get("/articles/severed/at/2026-11-15/").status_code == 302


def test_the_publication_as_data_is_its_document_and_its_place_in_the_chain(client, article):
    data = client.get("/articles/severed.json").json()

    assert data["document"]["article"]["title"] == "Second title"
    assert data["publication"]["number"] == 2
    assert data["publication"]["digest"] == article.latest_revision.digest


@pytest.mark.parametrize("rest", ["/", "/history/", "/history/1/", "/history/2/changes/", ".json"])
def test_an_old_address_leads_to_the_present_one(client, article, rest):
    change_slug(article, "interrupted", by=None)

    response = client.get(f"/articles/severed{rest}")

    assert response.status_code == 301
    assert response["Location"] == f"/articles/interrupted{rest}"
    assert client.get(response["Location"]).status_code == 200
