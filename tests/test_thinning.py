"""Old revisions of drafts go by one rule; what anybody published, reviewed or named never does."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.deeds import cancel, schedule
from articles.draft_links import make_link
from articles.four_eyes import is_own_edit
from articles.models import AuditEntry, Revision
from articles.naming import name_revision
from articles.recording import record
from articles.republishing import republish
from articles.reviewing import record_review
from articles.thinning import thin, thin_all
from tests import build

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)  # a Sunday
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article():
    return build.article()


def save_at(clock, article, *moments) -> list[int]:
    """Record a change of the article at each moment; return the revisions' numbers."""
    numbers = []
    for moment in moments:
        clock.move_to(moment)
        article.title = f"As of {moment.isoformat()}"
        article.save()
        numbers.append(record(article, by=None).number)
    clock.move_to(NOW)
    return numbers


def numbers(article) -> list[int]:
    return list(article.revisions.order_by("number").values_list("number", flat=True))


def test_of_the_last_fourteen_days_all_stay(article, clock):
    made = save_at(clock, article, NOW - 13 * DAY, NOW - 13 * DAY + HOUR, NOW - HOUR)
    assert thin(article) == 0
    assert numbers(article) == made


def test_then_the_last_of_each_day(article, clock):
    day = NOW - 30 * DAY
    made = save_at(clock, article, day - 2 * HOUR, day - HOUR, day, day + DAY, NOW)

    assert thin(article) == 2
    assert numbers(article) == made[2:]


def test_after_ninety_days_the_last_of_each_week(article, clock):
    monday = datetime(2026, 6, 1, 9, tzinfo=UTC)
    made = save_at(clock, article, monday, monday + 3 * DAY, monday + 6 * DAY, monday + 7 * DAY)
    made += save_at(clock, article, NOW)

    assert thin(article) == 2
    assert numbers(article) == made[2:]


def test_days_are_those_of_the_newsroom(article, clock, settings):
    settings.TIME_ZONE = "Pacific/Auckland"
    noon_utc = datetime(2026, 10, 20, 10, 30, tzinfo=UTC)  # half past eleven at night there
    made = save_at(clock, article, noon_utc, noon_utc + HOUR, NOW)

    assert thin(article) == 0
    assert numbers(article) == made


def test_the_latest_stays_however_old_it_is(article, clock):
    made = save_at(clock, article, NOW - 400 * DAY)
    assert thin(article) == 0
    assert numbers(article) == made


def test_what_was_published_scheduled_cancelled_reviewed_or_named_stays(article, clock):
    day = NOW - 200 * DAY
    clock.move_to(day)
    published = build.published(article).revision
    kept = [published.number]
    for deed in ("schedule", "review", "name"):
        (number,) = save_at(clock, article, day + (len(kept)) * HOUR)
        kept.append(number)
        revision = article.revisions.get(number=number)
        if deed == "schedule":
            cancel(
                schedule(revision, goes_live_at=NOW + DAY, by=None, change_note="Soon."), by=None
            )
        elif deed == "review":
            clock.move_to(day + 3 * HOUR)
            record_review(
                revision,
                person=build.person(),
                reviewed_on=day.date(),
                checked="All of it.",
                by=None,
            )
        else:
            name_revision(revision, "Before the letter", by=None)
    (gone, last_of_the_week) = save_at(clock, article, day + 5 * HOUR, day + 6 * HOUR)
    (latest,) = save_at(clock, article, NOW)

    assert thin(article) == 1
    assert numbers(article) == [*kept, last_of_the_week, latest]
    assert gone not in numbers(article)


def test_what_a_republication_showed_stays_and_is_nobodys_draft(article, clock):
    day = NOW - 200 * DAY
    clock.move_to(day)
    topic = article.topics.get()
    live = build.published(article)
    (draft,) = save_at(clock, article, day + HOUR)
    topic.name = "Renamed"
    topic.save()
    clock.move_to(day + 2 * HOUR)
    made = republish(live, topic, by=None, change_note="Renamed.").revision
    assert made.is_from_live

    assert thin(article) == 0
    assert article.latest_revision.number == draft
    assert made.number in numbers(article)


def test_numbers_are_never_given_again(article, clock):
    day = NOW - 30 * DAY
    made = save_at(clock, article, day, day + HOUR, day + 2 * HOUR)
    thin(article)

    (later,) = save_at(clock, article, NOW)

    assert numbers(article) == [made[-1], later]
    assert later == made[-1] + 1


def test_it_is_done_once_and_written_down_without_words(article, clock):
    day = NOW - 30 * DAY
    save_at(clock, article, day, day + HOUR, day + 2 * HOUR)

    said = [StringIO(), StringIO()]
    for out in said:
        call_command("thin_revisions", stdout=out)

    assert said[0].getvalue() == "2 revisions went.\n"
    assert said[1].getvalue() == "There is nothing to thin out.\n"
    entry = AuditEntry.objects.get(deed=AuditEntry.Deed.THINNED)
    assert (entry.article_uid, entry.user_name, entry.details) == (article.uid, "", {"removed": 2})


def test_it_reads_no_content_and_asks_as_often_for_many_as_for_few(article, clock):
    day = NOW - 30 * DAY
    save_at(clock, article, *(day + number * timedelta(minutes=1) for number in range(3)), NOW)
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert thin_all() == 2
    save_at(clock, article, *(day + number * timedelta(minutes=1) for number in range(40)), NOW)
    with CaptureQueriesContext(connection) as many:
        assert thin_all() == 40

    assert len(many) == len(few)
    assert not any('"content"' in query["sql"] for query in many)
    assert Revision.objects.count() == 3


def test_who_edited_last_is_still_known_where_the_system_recorded_since(article, clock):
    day = NOW - 30 * DAY
    clock.move_to(day)
    author = build.author()
    edited = record(article, by=author)
    (later,) = save_at(clock, article, day + HOUR)

    assert thin(article) == 0
    assert numbers(article) == [edited.number, later]
    assert is_own_edit(article.latest_revision, author)


def test_what_a_draft_link_leads_to_stays(article, clock):
    day = NOW - 30 * DAY
    clock.move_to(day)
    linked = record(article, by=None)
    make_link(linked, by=build.editor(), note="For the ministry")
    save_at(clock, article, day + HOUR, day + 2 * HOUR, NOW)

    assert thin(article) == 1
    assert linked.number in numbers(article)
