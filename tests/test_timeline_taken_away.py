"""What is taken away of the timeline: each form says what the date says, and no more."""

import csv
import io
import json
import re

import pytest

from tests import build
from timeline.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def events():
    article = build.article("relations", title="Relations")
    for title, date, more in (
        ("Ides", "-0043-03-15", {}),
        ("Barred", "1917-12-06", {"kind": "Break", "actors": ["United States", "Russia"]}),
        ("War", "1941/1945", {}),
        ("Ten days", "1945-02-04/1945-02-11", {"text": "Yalta; with, commas\\ and “quotes”."}),
        ("Twenties", "202X", {}),
        ("About", "1917-12-06~", {}),
        ("Talks", "2025-02-18/..", {}),
        ("Until", "../1933", {"calendar_note": "3 November, Old Style"}),
    ):
        build.event(article, title=title, date=date, **more)
    build.published(article)
    return article


def body(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    return response.content.decode()


def by_title(rows: list[dict], name: str = "title") -> dict[str, dict]:
    return {row[name]: row for row in rows}


def test_data_say_the_date_in_three_ways(client, events):
    data = by_title(json.loads(body(client, "/timeline.json"))["events"])

    assert data["Ides"]["date"] == "-0043-03-15"
    assert data["Ides"]["earliest_day"] == "-0043-03-15"
    assert data["Ides"]["date_in_words"] == "15 March 44 BC"
    assert (data["War"]["earliest_day"], data["War"]["latest_day"]) == ("1941-01-01", "1945-12-31")
    assert (data["Talks"]["latest_day"], data["Talks"]["precision"]) == (None, "interval")
    assert data["Until"]["calendar_note"] == "3 November, Old Style"
    assert data["Barred"]["actors"] == ["United States", "Russia"]
    assert data["Barred"]["article_url"].startswith("http://testserver/articles/relations/#event-")
    assert client.get(data["Barred"]["url"]).status_code == 200


def test_a_table_has_a_row_for_each_event_in_order(client, events):
    response = client.get("/timeline.csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))

    assert response["Content-Disposition"] == 'attachment; filename="timeline.csv"'
    assert [row["title"] for row in rows][:2] == ["Until", "Ides"]
    assert by_title(rows)["Barred"]["actors"] == "United States; Russia"


@pytest.mark.parametrize("title", ["=1+1", "@SUM(A1)", "+1", "-x", "\tx"])
def test_no_cell_is_a_formula(client, title):
    article = build.article()
    build.event(article, title=title)
    build.published(article)

    [row] = csv.DictReader(io.StringIO(body(client, "/timeline.csv")))

    assert row["title"] == f"'{title}"


def unfolded(calendar: str) -> dict[str, dict[str, str]]:
    assert max(len(line.encode()) for line in calendar.split("\r\n")) <= 75
    entries = re.findall(
        r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", calendar.replace("\r\n ", ""), re.DOTALL
    )
    rows = [dict(line.split(":", 1) for line in entry.split("\r\n") if line) for entry in entries]
    return by_title(rows, "SUMMARY")


def test_a_calendar_holds_only_events_whose_day_is_known(client, events):
    calendar = body(client, "/timeline.ics")
    entries = unfolded(calendar)

    assert set(entries) == {"Barred", "Ten days", "Talks"}
    assert "5 events are left out" in calendar.replace("\r\n ", "")


def test_a_calendar_ends_on_the_day_after_the_last_and_not_where_it_is_open(client, events):
    entries = unfolded(body(client, "/timeline.ics"))

    assert entries["Barred"]["DTSTART;VALUE=DATE"] == "19171206"
    assert entries["Barred"]["DTEND;VALUE=DATE"] == "19171207"
    assert entries["Ten days"]["DTEND;VALUE=DATE"] == "19450212"
    assert "DTEND;VALUE=DATE" not in entries["Talks"]
    assert "from 18 February 2025" in entries["Talks"]["DESCRIPTION"]
    assert entries["Barred"]["UID"] == str(Event.objects.get(title="Barred").uid)


def test_a_calendar_escapes_what_would_break_its_lines(client, events):
    entries = unfolded(body(client, "/timeline.ics"))

    assert r"Yalta\; with\, commas" in entries["Ten days"]["DESCRIPTION"]


def test_timelinejs_gets_the_pieces_that_a_date_names_and_its_words(client, events):
    data = json.loads(body(client, "/timeline.timelinejs.json"))
    slides = {slide["text"]["headline"]: slide for slide in data["events"]}

    assert slides["Barred"]["start_date"] == {"year": 1917, "month": 12, "day": 6}
    assert slides["Ides"]["start_date"]["year"] == -44
    assert slides["War"]["start_date"] == {"year": 1941}
    assert slides["War"]["end_date"] == {"year": 1945}
    assert slides["Twenties"]["start_date"] == {"year": 2020}
    assert slides["Twenties"]["display_date"] == "the 2020s"
    assert "end_date" not in slides["Talks"]
    assert slides["Barred"]["group"] == "Break"
    assert len(slides) == 8


def test_timelinejs_gets_no_markup_that_somebody_typed(client):
    article = build.article(title="<b>Bold</b>")
    build.event(article, title="<img src=x onerror=alert(1)>", text="1 < 2")
    build.published(article)

    [slide] = json.loads(body(client, "/timeline.timelinejs.json"))["events"]

    assert "<img" not in slide["text"]["headline"]
    assert "<b>" not in slide["text"]["text"]


@pytest.mark.parametrize("form", ["json", "csv", "ics", "timelinejs.json"])
def test_each_form_obeys_the_filters_and_an_empty_site(client, events, form):
    assert "Barred" in body(client, f"/timeline.{form}?kind=Break")
    assert "Ten days" not in body(client, f"/timeline.{form}?kind=Break")
    assert "Barred" not in body(client, f"/timeline.{form}?q=nothing-of-the-kind")
