"""What the drawing of the timeline asks for: the days of all events, and names by pages."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from articles.deeds import schedule, withdraw
from publishing.dates import drawn_marks, parse_date
from tests import build
from tests.date_strategies import date_texts, unhurried
from timeline.marks import ClassesByForm
from timeline.models import PublishedEvent

pytestmark = pytest.mark.django_db

DATES = ["/-0043-03-15", "-0043-03-15", "1780/1783", "1917~", "1933-11-16", "2025-02-18/.."]


@pytest.fixture
def events():
    article = build.article("relations", title="Relations")
    for number, date in enumerate(DATES):
        build.event(
            article,
            title=f"Number {number}",
            date=date,
            kind=("Talks", "Treaty")[number % 2],
            actors=["Rome", "Russia, then the Union"][: number % 3],
        )
    build.published(article)
    return article


def asked(client, address: str) -> dict:
    response = client.get(address)
    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex"
    return json.loads(response.content)


def bounds(data: dict) -> list[tuple[int | None, int | None]]:
    """The days as the script reads them."""
    found, before = [], 0
    for step, last in zip(data["begin"], data["last"], strict=True):
        lower = None if step is None else before + step
        before = before if lower is None else lower
        found.append((lower, None if last is None else (lower or 0) + last))
    return found


def test_days_are_those_of_the_dates_in_order_before_the_year_1_too(client, events):
    data = asked(client, "/timeline.days.json")
    dates = [parse_date(date) for date in DATES]
    assert bounds(data) == [(date.lower, date.upper) for date in dates]


def test_marks_kinds_and_actors_are_named_once(client, events):
    data = asked(client, "/timeline.days.json")
    marks = [data["marks"][place] for place in data["mark"]]
    assert marks == [
        "is-span is-about-start",
        "is-point",
        "is-span",
        "is-span is-about",
        "is-point",
        "is-span is-open",
    ]
    assert [data["kinds"][place] for place in data["kind"]] == ["Talks", "Treaty"] * 3
    assert len(data["kinds"]) == len(data["names"]) == 2
    assert [data["names"][one] for one in data["actors"][2]] == ["Rome", "Russia, then the Union"]


@pytest.mark.parametrize("query", ["", "?actor=Rome", "?kind=Talks&from=1900", "?q=number"])
def test_days_say_what_the_events_show_whoever_is_filtered_by(client, query):
    for number in range(3):
        article = build.article(title=f"Relations {number}")
        build.event(
            article, date="1809/1917", title="In force", state="In force", state_shape="force"
        )
        build.event(article, date="1917-11/1933", title="Off", state="Off", state_shape="break")
        for place, date in enumerate((*DATES, "1917-11", "1933", "1917-11-07?")):
            kind = ("Talks", "", "Treaty")[place % 3]
            actors = ["Rome", "Asia", "Gaul"][:: (-1) ** place][: (number + place) % 4]
            build.event(article, title=f"Number {place}", date=date, kind=kind, actors=actors)
        build.published(article)

    data = asked(client, f"/timeline.days.json{query}")
    uids = [one["id"] for one in client.get(f"/timeline.json{query}").json()["events"]]
    events = [PublishedEvent.objects.get(uid=uid) for uid in uids]
    assert bounds(data) == [(one.lower, one.upper) for one in events]
    assert [data["kinds"][place] for place in data["kind"]] == [one.kind for one in events]
    acted = [[data["names"][name] for name in names] for names in data["actors"]]
    assert acted == [one.shown["actors"] for one in events]
    is_break = ["is-break" in data["marks"][place] for place in data["mark"]]
    assert is_break == [one.shown["is_break"] for one in events]
    assert any(is_break)


OF_ALL_DATES = ClassesByForm()


@given(date_texts, st.booleans())
@unhurried
def test_dates_of_one_form_are_drawn_alike(date, is_break):
    marks = [*drawn_marks(parse_date(date)), *(["break"] if is_break else [])]
    assert OF_ALL_DATES.of(date, is_break) == " ".join(f"is-{mark}" for mark in marks)


def test_filters_hold_and_what_is_not_live_is_in_neither(client, events):
    assert len(asked(client, "/timeline.days.json?kind=Treaty")["begin"]) == 3
    titles = [title for _id, _words, title in asked(client, "/timeline.names.json")["events"]]
    assert titles == [f"Number {number}" for number in range(6)]
    withdraw(events, by=None)
    assert asked(client, "/timeline.days.json")["begin"] == []
    assert asked(client, "/timeline.names.json")["events"] == []


def test_names_come_by_the_pages_of_the_list_in_its_order(client, events, monkeypatch):
    monkeypatch.setattr("timeline.views.EVENTS_A_PAGE", 4)
    [first, *_rest] = asked(client, "/timeline.names.json?page=2")["events"]
    page = client.get("/timeline/?page=2").content.decode()
    assert first[1:] == ["16 November 1933", "Number 4"]
    assert f'id="{first[0]}"' in page
    assert 'data-first="5" data-all="6" data-a-page="4"' in page


def test_list_days_and_names_say_of_which_version_they_are(client, events, monkeypatch):
    monkeypatch.setattr("timeline.views.EVENTS_A_PAGE", 4)

    def versions() -> set[str]:
        page = client.get("/timeline/?page=2").content.decode()
        [listed] = re.findall(r'data-version="(\w+)"', page)
        addresses = (
            "/timeline.days.json",
            "/timeline.names.json?page=1",
            "/timeline.names.json?page=2",
        )
        return {listed, *(asked(client, address)["version"] for address in addresses)}

    [before] = versions()
    build.event(events, title="Found since", date="1700")
    build.published(events)
    [after] = versions()
    assert before != after


def test_a_version_ends_when_something_scheduled_begins(client, events):
    build.event(events, title="To come", date="1700")
    begins = timezone.now() + timedelta(hours=1)
    schedule(build.revision(events), goes_live_at=begins, by=None, change_note="More.")
    scheduled = asked(client, "/timeline.days.json")
    with time_machine.travel(begins + timedelta(seconds=1), tick=False):
        begun = asked(client, "/timeline.days.json")
        named = asked(client, "/timeline.names.json")
    assert [len(one["begin"]) for one in (scheduled, begun)] == [6, 7]
    assert scheduled["version"] != begun["version"]
    assert named["version"] == begun["version"]


def test_a_list_of_one_page_asks_for_nothing_more(client, events):
    assert "data-all=" not in client.get("/timeline/").content.decode()
