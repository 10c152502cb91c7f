"""What a discussion keeps true of itself, whatever is done with its comments in whatever order."""

from collections import Counter

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comments import states
from comments.counting import recount
from comments.models import DEEPEST, STEP, Comment, Discussion, Transition, keys_of
from publishing.stamps import comments_stamp, tokens
from tests import build

State = Comment.State
STATES = st.sampled_from(list(State))
# Which of the comments there are so far; taken modulo their number.
SOME = st.integers(0, 1_000)
POST = st.tuples(st.just("post"), st.none() | SOME, STATES)
MOVE = st.tuples(st.just("move"), st.lists(SOME, min_size=1, max_size=6), STATES)
DELETE = st.tuples(st.just("delete"), SOME, st.just(State.REMOVED))
DEEDS = st.lists(POST | MOVE | DELETE, max_size=25)

FORGOTTEN = {"name": "", "body": "", "body_html": "", "reader": None}


def do(article, made, deed):
    """Do one of the deeds above with the comments ``made`` so far."""
    what, which, state = deed
    if what == "post":
        parent = made[which % len(made)] if made and which is not None else None
        words = {} if state != State.REMOVED else {"name": "", "body": ""}
        made.append(build.comment(article, state, parent=parent, **words))
        return
    numbers = [which] if what == "delete" else which
    chosen = [made[number % len(made)] for number in numbers if made]
    with transaction.atomic():
        locked = states.lock(chosen)
        if state != State.REMOVED:
            locked = [comment for comment in locked if comment.state != State.REMOVED]
        also = FORGOTTEN if state == State.REMOVED else {}
        states.move(locked, state, reason="test", also=also)


def assert_whole(article):
    """Everything that a discussion says about itself is what one finds by looking at each row."""
    rows = {row.pk: row for row in Comment.objects.filter(article=article)}
    shown = [row for row in rows.values() if row.state == State.APPROVED]
    below = Counter(key for row in shown for key in keys_of(row.path)[:-1])
    for row in rows.values():
        assert row.path[-STEP:] == f"{row.pk:0{STEP}}"
        above = rows[row.parent_id].path if row.parent_id else ""
        assert row.path[:-STEP] == above[: (DEEPEST - 1) * STEP]
        assert row.depth < DEEPEST
        assert row.replies_shown == below[row.pk]
        assert row.has_place == (row.state == State.APPROVED or below[row.pk] > 0)
        assert (row.decided_at is not None) == (row.state != State.PENDING)
        last = row.transitions.last()
        assert last.after == row.state
    counted = Discussion.objects.filter(article=article).values_list("shown", flat=True).first()
    assert (counted or 0) == len(shown)
    assert_read_in_order(article)


def assert_read_in_order(article):
    """A thread shows each comment once, behind whatever it stands below, the older first."""
    seen = []
    for row in Comment.objects.filter(article=article).shown().in_thread():
        assert set(row.stands_below) <= set(seen)
        seen.append(row.pk)
    assert len(seen) == len(set(seen))


@pytest.mark.django_db
class TestWhateverIsDone:
    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(deeds=DEEDS)
    def test_paths_counts_and_order_stay_right_and_a_recount_finds_nothing(self, article, deeds):
        with transaction.atomic():
            made = []
            for deed in deeds:
                do(article, made, deed)
                assert_whole(article)
            assert recount(article.pk) == 0
            transaction.set_rollback(True)

    @pytest.fixture
    def article(self):
        return build.published_article("open")

    def test_objects_that_were_moved_say_what_is_stored(self, article):
        top = build.comment(article, "pending")
        reply = build.comment(article, "pending", parent=top)
        with transaction.atomic():
            moved = states.move(states.lock([reply, top]), State.APPROVED)
        for one in moved:
            stored = Comment.objects.get(pk=one.pk)
            for field in ("state", "replies_shown", "has_place", "decided_at", "path"):
                assert getattr(one, field) == getattr(stored, field), field

    def test_a_reply_to_the_deepest_stands_beside_it(self, article):
        parent = None
        for _ in range(DEEPEST + 3):
            parent = build.comment(article, parent=parent)
        assert_whole(article)
        assert parent.depth == DEEPEST - 1
        assert Comment.objects.get(parent=None).replies_shown == DEEPEST + 2

    def test_a_comment_with_a_key_of_its_own_has_its_place_too(self, article):
        build.comment(article, pk=70)
        build.comment(article)
        assert_whole(article)

    def test_a_place_that_turns_into_another_kind_of_gap_is_drawn_again(self, article):
        """Its writer deletes what a moderator had turned down and others had answered."""
        top = build.comment(article)
        build.comment(article, parent=top)
        with transaction.atomic():
            states.move(states.lock([top]), State.REJECTED)
        key = comments_stamp(article.uid)
        before = tokens([key])
        with transaction.atomic():
            states.move(states.lock([top]), State.REMOVED, also=FORGOTTEN)
        assert tokens([key]) != before

    def test_moving_to_where_it_is_writes_nothing(self, article):
        comment = build.comment(article)
        before = Transition.objects.count(), tokens([comments_stamp(article.uid)])
        with transaction.atomic():
            assert states.move(states.lock([comment]), State.APPROVED) == []
        assert (Transition.objects.count(), tokens([comments_stamp(article.uid)])) == before


@pytest.mark.django_db
class TestWhatItCosts:
    """Statements: accepting a comment is what a busy site does most."""

    @pytest.fixture
    def article(self):
        made = build.published_article("open")
        build.comment(made)
        return made

    def statements(self, article, state, parent=None):
        live = article.publications.get()
        comment = Comment(
            article=article, publication=live, parent=parent, name="Anna", body="Words",
            body_html="<p>Words</p>", state=state, created_at=timezone.now(),
        )  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            states.insert(comment, at=timezone.now())
        return [query["sql"].split()[0] for query in asked]

    def test_one_that_waits_is_stored_by_one_statement_and_its_log_by_another(self, article):
        assert self.statements(article, State.PENDING) == ["INSERT", "INSERT"]

    def test_one_that_is_shown_locks_counts_and_touches_besides(self, article):
        lock, row, log, count, followers, touch = self.statements(article, State.APPROVED)
        assert (lock, row, log) == ("SELECT", "INSERT", "INSERT")
        assert (count, followers, touch) == ("UPDATE", "SELECT", "INSERT")

    def test_a_reply_that_is_shown_counts_for_all_above_it_at_once(self, article):
        parent = None
        for _ in range(5):
            parent = build.comment(article, parent=parent)
        assert len(self.statements(article, State.APPROVED, parent)) == 7

    def test_deciding_about_many_takes_no_more_than_about_one(self, article):
        def asked(count):
            waiting = [build.comment(article, "pending") for _ in range(count)]
            with CaptureQueriesContext(connection) as queries, transaction.atomic():
                states.move(states.lock(waiting), State.APPROVED)
            return len(queries)

        assert asked(1) == asked(60)
