"""Deciding about comments: what is done, what was so already, and what readers see of it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.deeds import publish, withdraw
from articles.recording import record
from comments import moderating, writing
from comments.models import Comment
from comments.seen import Seen
from publishing.stamps import COMMENTS, comments_stamp, tokens
from tests import build

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    return build.published_article("open")


def states():
    return list(Comment.objects.order_by("pk").values_list("state", flat=True))


def stamp(article):
    return tokens([comments_stamp(article.uid)])


def test_several_comments_are_approved_at_once(article):
    editor = build.editor()
    waiting = [build.comment(article, state="pending") for _ in range(3)]

    decision = moderating.approve(waiting, by=editor)

    assert decision.done == waiting
    assert states() == ["approved"] * 3
    decided = Comment.objects.first()
    assert (decided.decided_by, decided.decided_at) == (editor, NOON)


def test_comments_of_several_articles_change_each_page_in_one_statement(
    article, django_assert_max_num_queries
):
    others = [build.published_article(f"other-{number}") for number in range(4)]
    articles = [article, *others]
    waiting = [build.comment(one, state="pending") for one in articles for _ in range(5)]
    before = [stamp(one) for one in articles]

    # A savepoint and its end; the articles and their counts, held, for the deed and for reports;
    # the rows, the audit log, the update, the transitions, the counts, the followers, what was
    # learned, the stamps.
    with django_assert_max_num_queries(18):
        moderating.approve(waiting, by=None)

    assert all(stamp(one) != old for one, old in zip(articles, before, strict=True))


def test_rows_are_held_in_one_order_so_that_two_editors_never_wait_in_a_circle(article):
    waiting = [build.comment(article, state="pending") for _ in range(3)]

    with CaptureQueriesContext(connection) as queries:
        moderating.approve(waiting[::-1], by=None)

    held = next(
        q["sql"]
        for q in queries.captured_queries
        if q["sql"].startswith("SELECT") and "body_html" in q["sql"]
    )
    assert re.search(r'ORDER BY ("comments_comment"."id"|1) ASC', held)


def test_the_stamps_are_raised_after_everything_else(article, monkeypatch):
    waiting = build.comment(article, state="pending")
    seen = []
    monkeypatch.setattr("comments.states.touch", lambda *keys: seen.append((keys, states())))

    moderating.approve([waiting], by=None)

    assert seen == [((COMMENTS, comments_stamp(article.uid)), ["approved"])]


def test_what_was_approved_already_is_told_apart_and_keeps_who_approved_it(article, clock):
    first, second = build.editor(), build.editor("second")
    waiting = build.comment(article, state="pending")
    moderating.approve([waiting], by=first)
    clock.shift(timedelta(minutes=1))

    decision = moderating.approve([waiting], by=second)

    assert (decision.done, decision.already) == ([], [waiting])
    waiting.refresh_from_db()
    assert (waiting.decided_by, waiting.decided_at) == (first, NOON)


def test_rejecting_what_nobody_saw_changes_no_page(article):
    waiting = [build.comment(article, state="pending") for _ in range(2)]
    before = stamp(article)

    moderating.reject(waiting[:1], by=None)
    moderating.mark_as_spam(waiting[1:], by=None)

    assert states() == ["rejected", "spam"]
    assert stamp(article) == before


@pytest.mark.parametrize("decide", [moderating.reject, moderating.mark_as_spam])
def test_taking_down_what_is_shown_changes_the_page(article, decide):
    shown = build.comment(article)
    before = stamp(article)

    decide([shown], by=None)

    assert stamp(article) != before


def test_a_decision_may_be_taken_back(article):
    comment = build.comment(article, state="pending")
    moderating.mark_as_spam([comment], by=None)

    moderating.approve([comment], by=None)

    assert states() == ["approved"]


def test_a_comment_changed_after_it_was_seen_is_not_approved_unseen(article, clock):
    comment = build.comment(article, state="pending", created_at=NOON)
    seen = {comment.pk: Seen.of(comment)}
    clock.shift(timedelta(seconds=20))
    mended = writing.mend(comment, name="Anna", email="", body="Something else entirely")

    decision = moderating.approve([comment], by=None, seen=seen)

    assert (decision.done, decision.mended) == ([], [comment])
    assert states() == ["pending"]
    assert moderating.approve([comment], by=None, seen={comment.pk: Seen.of(mended)}).done
    assert states() == ["approved"]


@pytest.mark.parametrize("seen_as", ["pending", "rejected", "spam"])
def test_a_decision_about_another_state_than_it_has_changes_nothing(article, seen_as):
    comment = build.comment(article)
    seen = {comment.pk: Seen(seen_as, 0, 0)}

    assert moderating.reject([comment], by=None, seen=seen).already == [comment]
    assert states() == ["approved"]


def test_all_of_a_writers_are_decided_in_batches_that_stand_alone(article, monkeypatch):
    monkeypatch.setattr(moderating, "BATCH", 2)
    waiting = [build.comment(article, state="pending") for _ in range(5)]
    keys = [comment.pk for comment in waiting]
    original, calls = moderating.move, []

    def killed_in_the_second(*args, **options):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return original(*args, **options)

    monkeypatch.setattr(moderating, "move", killed_in_the_second)
    with pytest.raises(KeyboardInterrupt):
        moderating.decide_all(keys, Comment.State.SPAM, by=build.editor(), seen_at=NOON)
    assert states() == ["spam", "spam", "pending", "pending", "pending"]

    monkeypatch.setattr(moderating, "move", original)
    decision = moderating.decide_all(keys, Comment.State.SPAM, by=None, seen_at=NOON)
    assert (len(decision.done), len(decision.already)) == (3, 2)
    assert states() == ["spam"] * 5


def test_a_comment_deleted_while_it_was_read_stays_deleted(article):
    comment = build.comment(article, state="pending", created_at=NOON)
    writing.delete(comment)

    for decide in (moderating.approve, moderating.reject, moderating.mark_as_spam):
        assert decide([comment], by=None).already == [comment]
    assert states() == ["removed"]


def test_deciding_about_nothing_does_nothing(article):
    assert moderating.approve([], by=None) == moderating.Decision()


# Answering


def test_an_answer_of_the_newsroom_is_shown_at_once_with_its_badge(client, article):
    editor = build.editor()
    editor.first_name, editor.last_name = "Eurasia", "desk"
    editor.save()
    comment = build.comment(article)

    answer = moderating.answer(comment, body="We will <b>say</b> so.", by=editor)

    assert answer.is_staff
    assert answer.parent == comment
    assert answer.path == f"{comment.path}{answer.pk:010}"
    page = client.get("/articles/open/").text
    assert '<b class="comment-name">Eurasia desk</b> <span class="badge">Staff</span>' in page
    assert "<p>We will &lt;b&gt;say&lt;/b&gt; so.</p>" in page


def test_an_answer_changes_the_page(article):
    comment = build.comment(article)
    before = stamp(article)

    moderating.answer(comment, body="Yes.", by=build.editor())

    assert stamp(article) != before


def test_an_answer_to_a_reply_stands_below_it(article):
    root = build.comment(article)
    reply = build.comment(article, parent=root)

    assert moderating.answer(reply, body="Yes.", by=build.editor()).parent == reply


@pytest.mark.parametrize("state", ["pending", "rejected", "spam"])
def test_what_readers_do_not_see_is_not_answered(article, state):
    comment = build.comment(article, state=state)

    with pytest.raises(ValidationError, match="Approve the comment before you answer it"):
        moderating.answer(comment, body="Yes.", by=build.editor())

    assert Comment.objects.count() == 1


def test_an_answer_belongs_to_the_version_that_readers_see(article, clock):
    comment = build.comment(article)
    clock.shift(timedelta(hours=1))
    article.title = "Anew"
    article.save()
    second = publish(record(article, by=None), by=None, change_note="Anew.")

    assert moderating.answer(comment, body="Yes.", by=build.editor()).publication == second


def test_a_closed_or_withdrawn_discussion_can_still_be_decided_about(article):
    comment = build.comment(article, state="pending")
    withdraw(article, by=None)

    assert moderating.approve([comment], by=None).done
    assert moderating.answer(comment, body="Yes.", by=build.editor())
