"""Finding a version: by a day, between any two; and checking the chain without trusting us."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from articles.deeds import withdraw
from articles.models import Publication
from articles.redacting import redact
from tests import build

FIRST = datetime(2026, 2, 1, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIND = "/articles/telegram/history/find/"


@pytest.fixture
def article(db):
    with time_machine.travel(FIRST, tick=False) as clock:
        article = build.full_article("telegram", title="The first title")
        build.published(article, change_note="First.")
        for number in (2, 3):
            clock.shift(timedelta(days=30))
            article.title = f"Title {number}"
            article.save()
            build.published(article, change_note=f"Change {number}.")
        clock.move_to(NOW)
        yield article


# By a day


def test_a_day_leads_to_the_page_as_it_stood_then(client, article):
    answer = client.get(FIND, {"day": "2026-02-15"})
    assert answer.headers["Location"] == "/articles/telegram/at/2026-02-15/"
    assert "history/1/" in client.get(answer.headers["Location"]).headers["Location"]


def test_the_first_day_and_the_last_are_those_of_the_sites_zone(client, db, settings):
    settings.TIME_ZONE = "America/New_York"
    with time_machine.travel(datetime(2026, 11, 11, 3, tzinfo=UTC), tick=False) as clock:
        build.published_article("late")
        page = client.get("/articles/late/history/").text
        assert 'min="2026-11-10"' in page
        assert 'max="2026-11-10"' in page
        clock.shift(timedelta(hours=2))  # midnight there
        assert 'max="2026-11-11"' in client.get("/articles/late/history/").text
        answer = client.get("/articles/late/history/find/", {"day": "2026-11-09"})
        assert "The first version is of 10 November 2026." in answer.text


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("", "Choose a day."),
        ("yesterday", "Write a day as year, month and day"),
        ("2026-02-30", "Write a day as year, month and day"),
        ("2026-11-23", "That day has not come yet."),
        ("2026-01-31", "The first version is of 1 February 2026."),
    ],
)
def test_a_day_without_a_version_is_answered_with_a_sentence(client, article, day, sentence):
    answer = client.get(FIND, {"day": day})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count(sentence) == 2  # above the form, and at the field
    assert day in page
    assert 'name="robots" content="noindex"' in page


def test_a_day_on_which_the_article_had_ended_is_told_apart(client, article):
    Publication.objects.filter(number=3).update(
        ends_at=NOW - timedelta(days=5), expires_at=NOW - timedelta(days=5)
    )
    page = client.get(FIND, {"day": "2026-11-20"}).content.decode()
    assert "Nothing was published here on that day." in page


def test_the_history_offers_the_days_from_the_first_to_this_one(client, article):
    page = client.get("/articles/telegram/history/").content.decode()
    assert 'min="2026-02-01"' in page
    assert 'max="2026-11-22"' in page


def test_a_kept_history_knows_that_a_day_has_passed(client, article):
    client.get("/articles/telegram/history/")
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert 'max="2026-11-23"' in client.get("/articles/telegram/history/").content.decode()


# Between any two


def test_two_versions_lead_to_what_changed_between_them(client, article):
    answer = client.get(FIND, {"from": "1", "to": "3"})
    assert answer.headers["Location"] == "/articles/telegram/history/3/changes/?from=1"
    page = client.get(answer.headers["Location"]).content.decode()
    assert "against version 1" in page
    assert "<del>" in page


def test_the_later_one_is_read_as_the_new_one(client, article):
    answer = client.get(FIND, {"from": "3", "to": "1"})
    assert answer.headers["Location"].endswith("/history/3/changes/?from=1")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"from": "2", "to": "2"}, "Choose two different versions."),
        ({"from": "9", "to": "2"}, "Choose one of the versions."),
        ({"from": "x", "to": ""}, "Choose a version."),
    ],
)
def test_what_cannot_be_compared_is_said(client, article, asked, sentence):
    assert sentence in client.get(FIND, asked).content.decode()


@pytest.mark.parametrize("since", ["3", "4", "0", "x", "9" * 40])
def test_a_version_is_compared_with_an_earlier_one_only(client, article, since):
    address = f"/articles/telegram/history/3/changes/?from={since}"
    assert client.get(address).status_code == 404


def test_with_one_version_there_is_nothing_to_compare(client, db):
    build.published_article("alone")
    page = client.get("/articles/alone/history/").content.decode()
    assert "As it stood on" in page
    assert "since version" not in page


def test_a_draft_has_no_versions_to_find(client, db):
    build.full_article("draft")
    for address in ("find/?day=2026-02-01", "chain/", "1.json"):
        assert client.get(f"/articles/draft/history/{address}").status_code == 404


# The chain


def canonical(data: object) -> bytes:
    """As the page tells readers to write it; nothing of the site's own code."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def check(client) -> list[str]:
    """Follow the page's own words; return the seals, the oldest first."""
    before, seals = "", []
    for number in (1, 2, 3):
        data = client.get(f"/articles/telegram/history/{number}.json").json()
        sealed = data["sealed"]
        assert hashlib.sha256(canonical(data["document"])).hexdigest() == sealed["digest"]
        assert hashlib.sha256(canonical(sealed)).hexdigest() == data["publication"]["seal"]
        assert sealed["previous"] == before
        before = data["publication"]["seal"]
        seals.append(before)
    return seals


def test_whoever_follows_the_page_makes_the_same_seals(client, article):
    page = client.get("/articles/telegram/history/chain/").content.decode()
    for seal in check(client):
        assert seal in page


def test_whoever_follows_the_page_finds_a_changed_version(client, article):
    first = article.publications.get(number=1)
    content = first.revision.content.replace("The first title", "Another title")
    type(first.revision).objects.filter(pk=first.revision_id).update(content=content)
    with pytest.raises(AssertionError):
        check(client)


def test_a_redacted_version_says_so_where_it_is_checked(client, article):
    redact(article, passages=["The first title"], reason="A court.", by=None)
    page = client.get("/articles/telegram/history/chain/").content.decode()
    assert "Its digest cannot be made again" in page


def test_a_withdrawn_article_shows_neither_chain_nor_data(client, article):
    withdraw(article, by=None)
    for address in ("chain/", "1.json", "find/"):
        assert client.get(f"/articles/telegram/history/{address}").status_code == 404


def test_an_old_address_leads_on(client, article):
    build.change_slug(article, "cable", by=None)
    answer = client.get("/articles/telegram/history/chain/")
    assert answer.headers["Location"] == "/articles/cable/history/chain/"
