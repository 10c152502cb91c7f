"""Undoing: one's own last decisions, as long as nobody has changed anything since."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from comments import moderating, writing
from comments.models import Comment, Discussion, Report, Transition
from comments.undoing import last_deed_about, last_deeds, undo
from publishing.stamps import comments_stamp, tokens
from tests import build

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    return build.published_article("open")


@pytest.fixture
def rosa():
    return build.editor("rosa")


def states():
    return list(Comment.objects.order_by("pk").values_list("state", flat=True))


def last(by):
    return last_deeds(by, 5)[0].last


@pytest.mark.parametrize("before", ["pending", "approved", "rejected", "spam"])
@pytest.mark.parametrize("deed", [moderating.approve, moderating.reject, moderating.mark_as_spam])
def test_a_decision_is_taken_back_to_the_state_before_it_and_logged(
    article, rosa, clock, before, deed
):
    comment = build.comment(article, state=before)
    clock.shift(MINUTE)
    if not deed([comment], by=rosa).done:
        return
    clock.shift(MINUTE)

    assert undo(last(rosa), by=rosa).done == [comment]

    comment.refresh_from_db()
    assert comment.state == before
    row = Transition.objects.filter(comment=comment).last()
    assert (row.after, row.reason, row.by) == (before, "undo", rosa)
    assert Discussion.objects.get().shown == (before == "approved")


def test_taking_back_what_readers_saw_changes_the_page(article, rosa):
    comment = build.comment(article, state="pending")
    moderating.approve([comment], by=rosa)
    before = tokens([comments_stamp(article.uid)])

    undo(last(rosa), by=rosa)

    assert tokens([comments_stamp(article.uid)]) != before


def test_what_was_decided_at_once_is_taken_back_as_one(article, rosa, clock):
    several = [build.comment(article, state="pending") for _ in range(3)]
    alone = build.comment(article, state="pending")
    moderating.reject(several, by=rosa)
    clock.shift(MINUTE)
    moderating.approve([alone], by=rosa)

    assert [deed.count for deed in last_deeds(rosa, 5)] == [1, 3]
    undo(last_deeds(rosa, 5)[1].last, by=rosa)

    assert states() == ["pending"] * 3 + ["approved"]
    assert [deed.count for deed in last_deeds(rosa, 5)] == [1]


def test_one_of_several_can_be_taken_back_alone(article, rosa):
    several = [build.comment(article, state="pending") for _ in range(3)]
    moderating.reject(several, by=rosa)

    undo(last_deed_about(several[1], rosa), by=rosa, is_alone=True)

    assert states() == ["rejected", "pending", "rejected"]


def test_what_another_moderator_decided_since_stays(article, rosa, clock):
    comments = [build.comment(article, state="pending") for _ in range(2)]
    moderating.reject(comments, by=rosa)
    mine = last(rosa)
    clock.shift(MINUTE)
    moderating.approve(comments[:1], by=build.editor())

    decision = undo(mine, by=rosa)

    assert (decision.done, decision.already) == (comments[1:], comments[:1])
    assert states() == ["approved", "pending"]


def test_what_its_writer_changed_since_stays(article, rosa, clock):
    comment = build.comment(article, state="pending", created_at=NOON)
    moderating.approve([comment], by=rosa)
    mine = last(rosa)
    clock.shift(MINUTE)
    writing.mend(comment, name="Ada", email="", body="Other words")

    assert undo(mine, by=rosa).already == [comment]
    assert last_deeds(rosa, 5) == []


def test_nobody_takes_back_what_another_decided(article, rosa):
    comment = build.comment(article, state="pending")
    moderating.reject([comment], by=rosa)

    assert undo(last(rosa), by=build.editor()) == moderating.Decision()
    assert states() == ["rejected"]


def test_a_decision_is_taken_back_once_and_undoing_is_not_undone(article, rosa):
    comment = build.comment(article, state="pending")
    moderating.reject([comment], by=rosa)
    mine = last(rosa)
    undo(mine, by=rosa)

    assert undo(mine, by=rosa).done == []
    assert last_deeds(rosa, 5) == []
    assert states() == ["pending"]


def test_reports_that_a_decision_settled_are_open_again(article, rosa):
    comment = build.comment(article)
    older = Report.objects.create(
        comment=comment, category="spam", made_at=NOON, settled_at=NOON - MINUTE
    )
    Report.objects.create(comment=comment, category="hate", made_at=NOON)
    Comment.objects.update(open_reports=1)
    for deed in (moderating.reject, moderating.keep):
        deed([Comment.objects.get()], by=rosa)
        assert Comment.objects.get().open_reports == 0

        undo(last(rosa), by=rosa)

        assert Comment.objects.get().open_reports == 1
        assert Report.objects.filter(settled_at=None).count() == 1
    older.refresh_from_db()
    assert older.settled_at
    assert states() == ["approved"]


def test_pinning_in_between_is_no_hindrance(article, rosa, clock):
    comment = build.comment(article, state="pending")
    moderating.approve([comment], by=rosa)
    clock.shift(MINUTE)
    moderating.pin(comment, by=rosa)

    assert undo(last(rosa), by=rosa).done == [comment]
    comment.refresh_from_db()
    assert (comment.state, comment.pinned_at) == ("pending", None)


@pytest.mark.parametrize("deed", [moderating.reject, moderating.mark_as_spam])
def test_a_pin_that_the_decision_took_is_set_again(article, rosa, clock, deed):
    pinned, never, unpinned = (build.comment(article) for _ in range(3))
    moderating.pin(pinned, by=rosa)
    moderating.pin(unpinned, by=rosa)
    moderating.unpin(unpinned, by=rosa)
    Report.objects.create(comment=pinned, category="spam", made_at=NOON)
    Comment.objects.filter(pk=pinned.pk).update(open_reports=1)
    moderating.keep([pinned], by=rosa)
    clock.shift(MINUTE)
    deed([pinned, never, unpinned], by=rosa)

    undo(last(rosa), by=rosa)

    assert states() == ["approved"] * 3
    assert list(Comment.objects.filter(pinned_at__isnull=False)) == [pinned]
    assert not undo(Transition.objects.filter(reason="pinned").first(), by=rosa).done


def test_a_pin_of_long_before_is_not_set_again(article, rosa, clock):
    comment = build.comment(article)
    moderating.pin(comment, by=rosa)
    moderating.reject([comment], by=rosa)
    clock.shift(MINUTE)
    moderating.approve([comment], by=rosa)
    clock.shift(MINUTE)
    moderating.mark_as_spam([comment], by=rosa)

    undo(last(rosa), by=rosa)

    comment.refresh_from_db()
    assert (comment.state, comment.pinned_at) == ("approved", None)


def test_where_others_were_pinned_meanwhile_it_comes_back_without_its_pin(article, rosa, clock):
    first, *others = (build.comment(article) for _ in range(moderating.MOST_PINNED + 1))
    moderating.pin(first, by=rosa)
    clock.shift(MINUTE)
    moderating.reject([first], by=rosa)
    for other in others:
        moderating.pin(other, by=rosa)

    assert undo(last(rosa), by=rosa).done == [first]

    assert states() == ["approved"] * (moderating.MOST_PINNED + 1)
    assert set(Comment.objects.filter(pinned_at__isnull=False)) == set(others)


def test_removed_words_and_answers_of_the_newsroom_are_not_offered(article, rosa):
    comment = build.comment(article)
    moderating.answer(comment, body="Yes.", by=rosa)
    moderating.remove_words(comment, by=rosa)

    assert last_deeds(rosa, 5) == []
