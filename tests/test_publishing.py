"""The deeds: publish, schedule, cancel, withdraw, expire; and the line of intervals they leave."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from articles.deeds import (
    NotReady,
    Scheduled,
    SomethingScheduled,
    cancel,
    expire,
    publish,
    schedule,
    withdraw,
)
from articles.models import Publication
from articles.recording import record
from tests import build

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def changed(article, title):
    article.title = title
    article.save()
    return record(article, by=None)


def titles(at):
    return sorted(Publication.objects.live(at).values_list("title", flat=True))


def test_a_publication_is_live_from_its_beginning(clock):
    build.published(build.article(title="Now"))

    assert titles(NOON - timedelta(microseconds=1)) == []
    assert titles(NOON) == ["Now"]


def test_the_next_publication_ends_the_one_before(clock):
    article = build.article(title="First")
    first = build.published(article)
    clock.move_to(NOON + HOUR)
    second = publish(changed(article, "Second"), by=None, change_note="Better.")

    first.refresh_from_db()
    assert first.ends_at == second.goes_live_at == NOON + HOUR
    assert titles(NOON + HOUR - timedelta(microseconds=1)) == ["First"]
    assert titles(NOON + HOUR) == ["Second"]
    assert (first.number, second.number) == (1, 2)


def test_a_scheduled_publication_begins_by_itself(clock):
    article = build.article(title="Later")
    schedule(record(article, by=None), goes_live_at=NOON + HOUR, by=None, change_note="First.")

    assert titles(NOON) == []
    assert titles(NOON + HOUR) == ["Later"]


def test_a_change_to_a_live_page_can_be_scheduled(clock):
    article = build.article(title="First")
    build.published(article)
    schedule(changed(article, "Second"), goes_live_at=NOON + HOUR, by=None, change_note="Later.")

    assert titles(NOON) == ["First"]
    assert titles(NOON + HOUR) == ["Second"]


def test_publishing_while_something_is_scheduled_asks(clock):
    article = build.article(title="First")
    waiting = schedule(
        record(article, by=None), goes_live_at=NOON + HOUR, by=None, change_note="First."
    )

    with pytest.raises(SomethingScheduled) as asked:
        publish(changed(article, "Now"), by=None, change_note="Now.")

    assert asked.value.scheduled == [waiting]
    assert titles(NOON) == []


def test_publishing_now_may_keep_what_is_scheduled(clock):
    article = build.article(title="Later")
    waiting = schedule(
        record(article, by=None), goes_live_at=NOON + HOUR, by=None, change_note="Later."
    )

    now = publish(changed(article, "Now"), by=None, change_note="Now.", scheduled=Scheduled.KEEP)

    waiting.refresh_from_db()
    assert (now.number, waiting.number) == (1, 2)
    assert waiting.previous_seal == now.seal
    assert (titles(NOON), titles(NOON + HOUR)) == (["Now"], ["Later"])


def test_publishing_now_may_cancel_what_is_scheduled(clock):
    article = build.article(title="Later")
    waiting = schedule(
        record(article, by=None), goes_live_at=NOON + HOUR, by=None, change_note="Later."
    )

    publish(changed(article, "Now"), by=None, change_note="Now.", scheduled=Scheduled.CANCEL)

    waiting.refresh_from_db()
    assert waiting.cancelled_at == NOON
    assert titles(NOON + HOUR) == ["Now"]


def test_what_is_cancelled_never_begins_and_frees_its_number(clock):
    article = build.article()
    waiting = schedule(
        record(article, by=None), goes_live_at=NOON + HOUR, by=None, change_note="Later."
    )
    cancel(waiting, by=None)
    later = schedule(
        record(article, by=None), goes_live_at=NOON + 2 * HOUR, by=None, change_note="Later."
    )

    waiting.refresh_from_db()
    assert waiting.number is None
    assert later.number == 1
    assert titles(NOON + HOUR) == []


def test_what_has_begun_cannot_be_cancelled(clock):
    publication = build.published(build.article())

    with pytest.raises(ValidationError, match="already begun"):
        cancel(publication, by=None)


def test_an_end_is_on_time_too(clock):
    build.published(build.article(title="Short"), expires_at=NOON + HOUR)

    assert titles(NOON + HOUR - timedelta(microseconds=1)) == ["Short"]
    assert titles(NOON + HOUR) == []


def test_an_end_may_be_moved_into_the_future_only(clock):
    publication = build.published(build.article(title="Short"))
    expire(publication, at=NOON + HOUR, by=None)
    assert titles(NOON + HOUR) == []

    with pytest.raises(ValidationError, match="in the future"):
        expire(publication, at=NOON - HOUR, by=None)

    clock.move_to(NOON + 2 * HOUR)
    with pytest.raises(ValidationError, match="already ended"):
        expire(publication, at=NOON + 3 * HOUR, by=None)


def test_withdrawal_hides_the_page_and_its_history(clock):
    article = build.article()
    build.published(article)
    clock.move_to(NOON + HOUR)
    withdraw(article, by=None)

    assert not Publication.objects.live().exists()
    assert not Publication.objects.published().exists()


def test_withdrawal_may_keep_history(clock):
    article = build.article()
    build.published(article)
    clock.move_to(NOON + HOUR)
    withdraw(article, by=None, keep_history=True)

    assert not Publication.objects.live().exists()
    assert Publication.objects.published().count() == 1


def test_withdrawal_cancels_what_was_scheduled(clock):
    article = build.article()
    build.published(article)
    schedule(changed(article, "New"), goes_live_at=NOON + HOUR, by=None, change_note="Later.")
    withdraw(article, by=None)

    assert titles(NOON + 2 * HOUR) == []


def test_what_was_hidden_stays_hidden_after_publishing_again(clock):
    article = build.article(title="Wrong")
    build.published(article)
    clock.move_to(NOON + HOUR)
    withdraw(article, by=None)
    clock.move_to(NOON + 2 * HOUR)
    again = publish(changed(article, "Right"), by=None, change_note="Again.")

    assert list(Publication.objects.published()) == [again]
    assert again.number == 2


def test_an_incomplete_article_is_not_published_and_says_what_is_missing():
    article = build.article(title="", summary="")
    article.facts.update(as_of=None)
    article.written_by.clear()

    with pytest.raises(NotReady) as refused:
        build.published(article)

    missing = {(problem.part, problem.field) for problem in refused.value.problems}
    assert missing == {
        ("article", "title"),
        ("article", "summary"),
        ("article", "written_by"),
        ("facts", "as_of"),
    }
    assert not Publication.objects.exists()


def test_a_citation_of_an_unknown_source_stands_in_the_way():
    article = build.article()
    section = build.section(article, body="So it is said.[@nobody-knows]")

    with pytest.raises(NotReady) as refused:
        build.published(article)

    [problem] = refused.value.problems
    assert (problem.part, problem.uid, problem.field) == ("sections", str(section.uid), "body")


def test_every_moment_in_the_past_is_refused(clock):
    revision = record(build.article(), by=None)

    with pytest.raises(ValidationError, match="in the future"):
        schedule(revision, goes_live_at=NOON - HOUR, by=None, change_note="Too late.")
    with pytest.raises(ValidationError, match="in the future"):
        publish(revision, by=None, change_note="First.", expires_at=NOON - HOUR)


def test_two_publications_do_not_begin_at_one_moment(clock):
    article = build.article()
    revision = record(article, by=None)
    schedule(revision, goes_live_at=NOON + HOUR, by=None, change_note="One.")

    with pytest.raises(ValidationError, match="that very moment"):
        schedule(revision, goes_live_at=NOON + HOUR, by=None, change_note="Two.")


def test_two_publishes_within_one_microsecond_follow_each_other(clock):
    article = build.article()
    first = build.published(article)
    second = publish(changed(article, "Second"), by=None, change_note="Second.")

    assert second.goes_live_at > first.goes_live_at
    assert second.number == 2


def test_the_database_itself_refuses_two_beginnings_at_one_moment(clock):
    publication = build.published(build.article())
    publication.pk = None
    publication.number = 7

    with pytest.raises(IntegrityError), transaction.atomic():
        publication.save()


def test_a_minor_change_does_not_move_the_day_of_the_update(clock):
    article = build.article()
    first = build.published(article)
    clock.move_to(NOON + HOUR)
    minor = publish(changed(article, "A comma"), by=None, change_note="A comma.", is_major=False)
    clock.move_to(NOON + 2 * HOUR)
    major = publish(changed(article, "A fact"), by=None, change_note="A fact.")

    assert minor.updated_at == first.goes_live_at
    assert major.updated_at == major.goes_live_at
    assert major.first_published_at == first.goes_live_at


def test_a_publication_keeps_what_the_library_said_when_it_was_published(clock):
    article = build.full_article()
    publication = build.published(article)
    person = article.written_by.get()
    person.name = "Another name"
    person.save()

    publication = Publication.objects.get(pk=publication.pk)
    assert publication.publishedpersons.get().name != "Another name"
    assert "Another name" not in publication.revision.content


def test_reviewed_by_shows_only_a_review_of_that_very_content(clock):
    article = build.article()
    reviewer = build.person(name="Sources desk")
    revision = record(article, by=None)
    article.reviews.create(
        digest=revision.digest, person=reviewer, reviewed_on=NOON.date(), checked="Every date."
    )
    reviewed = publish(revision, by=None, change_note="First.")
    clock.move_to(NOON + HOUR)
    edited = publish(changed(article, "Edited"), by=None, change_note="Edited.")

    assert [review["person"]["name"] for review in reviewed.reviews] == ["Sources desk"]
    assert edited.reviews == []
