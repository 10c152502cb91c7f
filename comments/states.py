"""States of comments: the one place where a comment changes its state, and all that follows.

A change moves counts: how many comments an article shows, and how many stand approved below
each comment. They are kept by delta, in the same transaction, under one lock for each article,
so that two moderators can neither miscount nor wait for each other in a circle. Whoever locks
anything else of a discussion takes that lock first.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from articles.models import Article
from comments import learning, mailing
from comments.models import STEP, Comment, Discussion, Transition, place_below
from publishing.compiled_queries import CompiledInsert
from publishing.stamps import COMMENTS, comments_stamp, touch

State = Comment.State


def insert(comment: Comment, *, at: datetime, by: AbstractBaseUser | None = None) -> None:
    """Store a new comment in the state that it has, at its place in the thread.

    Call it in a transaction. ``comment.held_by`` says why it has that state.
    """
    if comment.state == State.APPROVED:
        # Before the row: that holds a key on the comment it answers, which a moderator locks last.
        lock_discussions([comment.article_id])
    _decide(comment, comment.state, by=by, at=at)
    _insert_in_place(comment, comment.parent.path if comment.parent_id else "")
    if comment.state == State.PENDING:
        _write_down([(comment, "")], by=by, reason=comment.held_by, at=at)
    else:
        _follow_up([(comment, "")], comment.state, by=by, reason=comment.held_by, at=at)


def insert_many(
    comments: Sequence[Comment],
    transitions: Iterable[Transition],
    *,
    beside: Callable[[], None] = lambda: None,
) -> None:
    """Store many new comments, decided elsewhere, with their log; counts and pages follow.

    ``beside`` writes what else belongs to them, before pages are told.

    Call it in a transaction that holds ``lock_discussions`` of their articles. Each comment has
    its key, its path and whatever belongs to its state, but for the counts; what it answers is
    among them or stored. Nobody is told anything and nothing is learned: see comments.importing.
    """
    _place([(comment, "") for comment in comments])
    Comment.objects.bulk_create(comments)
    Transition.objects.bulk_create(transitions)
    shown = [comment for comment in comments if comment.state == State.APPROVED]
    own = {comment.pk for comment in comments}
    _count([(comment, "") for comment in shown], State.APPROVED, counted_already=own)
    beside()
    _tell_pages(comment.article for comment in shown)


def next_keys(count: int) -> list[int]:
    """Return the keys that the next comments are to have, in order.

    Call it in a transaction that stores them: SQLite gives them to nobody else until it ends, as
    it holds the only write lock; PostgreSQL gives them to nobody else ever.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [_TABLE, count],
            )
            return sorted(key for (key,) in cursor)
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [_TABLE])
        (last,) = cursor.fetchone() or (0,)
        return list(range(last + 1, last + 1 + count))


def lock(comments: Iterable[Comment]) -> list[Comment]:
    """Return the comments as they are now, held with their articles' counts, in order of id.

    Call it in a transaction, before anything else in it is locked.
    """
    keys = {comment.pk for comment in comments}
    lock_discussions(
        Comment.objects.filter(pk__in=keys).order_by().values_list("article", flat=True).distinct()
    )
    # No key of a comment ever changes, so whoever posts a reply meanwhile need not wait.
    found = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("article")
    return list(found.filter(pk__in=keys).order_by("pk"))


def lock_discussions(article_ids: Iterable[int]) -> None:
    """Hold the counts of articles, always in the same order, until the transaction ends."""
    wanted = sorted(set(article_ids))
    rows = Discussion.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    held = set(rows.values_list("pk", flat=True))
    if missing := [pk for pk in wanted if pk not in held]:
        Discussion.objects.bulk_create(
            [Discussion(article_id=pk) for pk in missing], ignore_conflicts=True
        )
        list(rows.values_list("pk"))


def move(
    comments: Iterable[Comment],
    to: State,
    *,
    by: AbstractBaseUser | None = None,
    reason: str = "",
    at: datetime | None = None,
    also: Mapping[str, Any] | None = None,
) -> list[Comment]:
    """Give comments another state; return those that had a different one.

    ``comments`` come from ``lock``; only state, decision and pin are written of them, and the
    fields in ``also``. Counts, places and the log of transitions follow, and pages are told.
    """
    at = at or timezone.now()
    moved = [comment for comment in comments if comment.state != to]
    if not moved:
        return []
    before = [(comment, comment.state) for comment in moved]
    for comment in moved:
        _decide(comment, to, by=by, at=at)
        for field, value in (also or {}).items():
            setattr(comment, field, value)
    Comment.objects.filter(pk__in=[comment.pk for comment in moved]).update(
        state=to,
        decided_at=moved[0].decided_at,
        decided_by=moved[0].decided_by,
        has_place=_has_place(to),
        **({} if to == State.APPROVED else {"pinned_at": None}),
        **(also or {}),
    )
    _follow_up(before, to, by=by, reason=reason, at=at)
    return moved


def _decide(comment: Comment, to: str, *, by: AbstractBaseUser | None, at: datetime) -> None:
    """Set on the object all that a state brings along."""
    comment.state = to
    is_decided = to != State.PENDING
    comment.decided_at, comment.decided_by = (at, by) if is_decided else (None, None)
    if to != State.APPROVED:
        comment.pinned_at = None
    comment.has_place = to == State.APPROVED or comment.replies_shown > 0


def _follow_up(
    before: list[tuple[Comment, str]],
    to: str,
    *,
    by: AbstractBaseUser | None,
    reason: str,
    at: datetime,
) -> None:
    """Do all that follows when comments, each with the state it had, are stored in another."""
    _write_down(before, by=by, reason=reason, at=at)
    _count(before, to)
    mailing.after_move(before, to, at=at)
    learning.after_move(before, to, by=by)
    _tell_pages(c.article for c, was in before if State.APPROVED in (was, to) or c.has_place)


def _tell_pages(articles: Iterable[Article]) -> None:
    if stamps := {comments_stamp(article.uid) for article in articles}:
        touch(COMMENTS, *stamps)


def write_down(
    comments: Iterable[Comment], *, by: AbstractBaseUser | None, reason: str, at: datetime
) -> None:
    """Log a deed that leaves the comments' state as it is: reports settled, pinned."""
    _write_down([(comment, comment.state) for comment in comments], by=by, reason=reason, at=at)


# Places


_TABLE = Comment._meta.db_table


def _insert_in_place(comment: Comment, above: str) -> None:
    """Insert a comment with its path, which holds its own key, in one statement."""
    if comment.pk:
        comment.path = place_below(above, comment.pk)
        comment.save(force_insert=True)
        return
    _INSERT.insert(comment, path=place_below(above, 0)[:-STEP])
    # Should a database ever number its rows otherwise, the place is still right.
    if comment.path != (path := place_below(above, comment.pk)):
        comment.path = path
        comment.save(update_fields=["path"])


def _path_of_the_next(vendor: str) -> str:
    """Return as SQL the path of the row that the same statement inserts; it takes what is above.

    Asking for the key first, or writing the path afterwards, is a statement more. PostgreSQL
    works out the columns of a row in their order, the key first; SQLite gives the next key to
    whoever holds its write lock.
    """
    if vendor == "postgresql":
        key = f"currval(pg_get_serial_sequence('{_TABLE}', 'id'))"
        return f"%s || lpad({key}::text, {STEP}, '0')"
    last = f"coalesce((SELECT seq FROM sqlite_sequence WHERE name = '{_TABLE}'), 0)"  # noqa: S608
    return f"%s || substr('{'0' * STEP}' || ({last} + 1), -{STEP})"


_INSERT = CompiledInsert(Comment, {"path": _path_of_the_next})
_INSERT_TRANSITION = CompiledInsert(Transition)


def _has_place(state: str) -> bool | Case:
    if state == State.APPROVED:
        return True
    return Case(When(replies_shown__gt=0, then=Value(True)), default=Value(False))


# Counts


def _count(
    before: list[tuple[Comment, str]],
    to: str,
    counted_already: Set[int] = frozenset(),
) -> None:
    """Add what became visible, or take away what did not stay so, from all that counts it."""
    below, shown = _deltas(before, to)
    for key in counted_already:
        below.pop(key, None)
    for delta, keys in _by_delta(below).items():
        rows = Comment.objects.filter(pk__in=keys)
        # One statement: the constraint on has_place holds for each row at every moment.
        rows.update(
            replies_shown=F("replies_shown") + delta,
            has_place=Case(
                When(Q(state=State.APPROVED) | Q(replies_shown__gt=-delta), then=Value(True)),
                default=Value(False),
            ),
        )
    for delta, keys in _by_delta(shown).items():
        Discussion.objects.filter(pk__in=keys).update(shown=F("shown") + delta)
    _count_about(before, to)
    for comment, _was in before:
        if delta := below[comment.pk]:
            comment.replies_shown += delta
            comment.has_place = comment.state == State.APPROVED or comment.replies_shown > 0


def _count_about(before: list[tuple[Comment, str]], to: str) -> None:
    """Add to what counts comments by what they are about; the rows are held since ``lock``."""
    changes: dict[int, Counter[str]] = defaultdict(Counter)
    for comment, was in before:
        delta = (to == State.APPROVED) - (was == State.APPROVED)
        if delta and comment.about:
            changes[comment.article_id][comment.about] += delta
    if not changes:
        return
    rows = list(Discussion.objects.filter(pk__in=changes))
    for row in rows:
        counted = Counter(row.about)
        counted.update(changes[row.pk])
        row.about = dict(+counted)
    Discussion.objects.bulk_update(rows, ["about"])


def _place(before: list[tuple[Comment, str]]) -> None:
    """Set on comments that are not stored yet what stands approved below them among themselves."""
    below, _shown = _deltas(
        [pair for pair in before if pair[0].state == State.APPROVED], "approved"
    )
    for comment, _was in before:
        comment.replies_shown = below[comment.pk]
        comment.has_place = comment.state == State.APPROVED or comment.replies_shown > 0


def _deltas(before: list[tuple[Comment, str]], to: str) -> tuple[Counter[int], Counter[int]]:
    """Return by how much the counts of comments and of articles change."""
    below: Counter[int] = Counter()
    shown: Counter[int] = Counter()
    for comment, was in before:
        if delta := (to == State.APPROVED) - (was == State.APPROVED):
            shown[comment.article_id] += delta
            for key in comment.stands_below:
                below[key] += delta
    return below, shown


def _by_delta(counted: Counter[int]) -> dict[int, list[int]]:
    grouped: dict[int, list[int]] = defaultdict(list)
    for key, delta in counted.items():
        if delta:
            grouped[delta].append(key)
    return grouped


def _write_down(
    before: list[tuple[Comment, str]], *, by: AbstractBaseUser | None, reason: str, at: datetime
) -> None:
    transitions = [
        Transition(
            comment=comment, before=was, after=comment.state, at=at, by=by, reason=reason[:200]
        )
        for comment, was in before
    ]
    if len(transitions) == 1:
        _INSERT_TRANSITION.insert(transitions[0])
    else:
        Transition.objects.bulk_create(transitions)
