"""Events: dates as people write them, bounds derived whichever form wrote them, and their order."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from articles.recording import record
from publishing.dates import day_number
from tests import build
from timeline.models import Event

pytestmark = pytest.mark.django_db


def written(date: str) -> Event:
    event = build.event(build.article(), date="")
    event.date = date
    event.full_clean()
    event.save()
    return Event.objects.get(pk=event.pk)


@pytest.mark.parametrize(
    ("typed", "stored", "words"),
    [
        ("6 December 1917", "1917-12-06", "6 December 1917"),
        ("Feb 2022", "2022-02", "February 2022"),
        ("1941–1945", "1941/1945", "1941 to 1945"),
        ("c. 1917", "1917~", "about 1917"),
        ("from 2022", "2022/..", "from 2022"),
    ],
)
def test_a_date_is_typed_as_people_write_it(typed, stored, words):
    event = written(typed)

    assert (event.date, event.date_in_words) == (stored, words)


def test_bounds_follow_the_date():
    event = written("Feb 2022")

    assert (event.lower, event.upper) == (day_number(2022, 2, 1), day_number(2022, 2, 28))


def test_a_date_that_could_be_two_is_asked_about():
    with pytest.raises(ValidationError) as refused:
        written("4/5/2022")

    assert "date" in refused.value.message_dict


def test_a_stored_date_may_be_saved_again_even_if_typed_anew_it_could_be_two():
    event = build.event(build.article(), date="2021-23")

    event.full_clean()
    event.save()

    assert event.date_in_words == "autumn 2021"


def test_a_period_needs_a_name_and_a_shape():
    article = build.article()

    with pytest.raises(IntegrityError), transaction.atomic():
        build.event(article, state="In force", state_shape="")
    with pytest.raises(ValidationError, match="give both"):
        Event(article=article, title="In force", state="In force").full_clean()


def test_events_are_in_order_whatever_their_precision():
    article = build.article()
    dates = ["1917-12-06", "1917", "-0044", "1917-12", "../1803", "1933-11-16", "1917/1933"]
    for date in dates:
        build.event(article, title=date, date=date)

    in_database = [event.title for event in article.events.all()]
    rows = record(article, by=None).document["parts"]["timeline"]["rows"]

    in_order = ["../1803", "-0044", "1917/1933", "1917", "1917-12", "1917-12-06", "1933-11-16"]
    assert [row["title"] for row in rows] == in_order
    assert in_database == in_order


def test_an_event_without_a_date_stands_in_the_way_of_publishing_and_not_of_saving():
    article = build.article()
    build.event(article, title="Some day", date="")

    with pytest.raises(ValidationError, match="“Some day” has no date"):
        build.published(article)


def test_a_day_of_the_old_calendar_goes_into_the_note_and_todays_into_the_date():
    event = written("25 October 1917 O.S.")

    assert (event.date, event.calendar_note) == ("1917-11-07", "25 October 1917, Old Style")


def test_a_note_on_the_calendar_that_somebody_wrote_stays():
    event = build.event(build.article(), date="", calendar_note="October, by the old count")
    event.date = "25 October 1917 O.S."
    event.full_clean()

    assert event.calendar_note == "October, by the old count"
