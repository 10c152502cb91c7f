"""What the drawing of the timeline asks for: the days of all events, and names by pages."""

import json

import pytest

from articles.deeds import withdraw
from publishing.dates import parse_date
from tests import build

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


def test_a_list_of_one_page_asks_for_nothing_more(client, events):
    assert "data-all=" not in client.get("/timeline/").content.decode()
