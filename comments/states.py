"""States of comments: the one place where a comment changes its state, and all that follows.

A change moves counts: how many comments an article shows, and how many stand approved below
each comment. They are kept by delta, in the same transaction, under one lock for each article,
so that two moderators can neither miscount nor wait for each other in a circle.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from comments.models import Comment, Discussion, Transition, place_below
from publishing.stamps import comments_stamp, touch

State = Comment.State


def insert(comment: Comment, *, at: datetime, by: AbstractBaseUser | None = None) -> None:
    """Store a new comment in the state that it has, at its place in the thread.

    Call it in a transaction. ``comment.held_by`` says why it has that state.
    """
    state, comment.state = comment.state, State.PENDING
    above = comment.parent.path if comment.parent_id else ""
    comment.path = ""
    comment.save(force_insert=True)
    comment.path = place_below(above, comment.pk)
    comment.save(update_fields=["path"])
    if state == State.PENDING:
        _write_down([(comment, "")], by=by, reason=comment.held_by, at=at)
    else:
        lock_discussions([comment.article_id])
        comment.state = ""
        move([comment], state, by=by, reason=comment.held_by, at=at)


def lock(comments: Iterable[Comment]) -> list[Comment]:
    """Return the comments as they are now, held with their articles' counts, in order of id.

    Call it in a transaction, before anything else in it is locked.
    """
    keys = {comment.pk for comment in comments}
    lock_discussions(
        Comment.objects.filter(pk__in=keys).order_by().values_list("article", flat=True).distinct()
    )
    found = Comment.objects.select_for_update(of=("self",)).select_related("article")
    return list(found.filter(pk__in=keys).order_by("pk"))


def lock_discussions(article_ids: Iterable[int]) -> None:
    """Hold the counts of articles, always in the same order, until the transaction ends."""
    wanted = sorted(set(article_ids))
    Discussion.objects.bulk_create(
        [Discussion(article_id=pk) for pk in wanted], ignore_conflicts=True
    )
    rows = Discussion.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
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
    before = [(comment, comment.state) for comment in moved]
    is_decided = to != State.PENDING
    for comment in moved:
        comment.state = to
        comment.decided_at, comment.decided_by = (at, by) if is_decided else (None, None)
        if to != State.APPROVED:
            comment.pinned_at = None
        for field, value in (also or {}).items():
            setattr(comment, field, value)
        comment.has_place = to == State.APPROVED or comment.replies_shown > 0
    Comment.objects.filter(pk__in=[comment.pk for comment in moved]).update(
        state=to,
        decided_at=at if is_decided else None,
        decided_by=by if is_decided else None,
        has_place=_has_place(to),
        **({} if to == State.APPROVED else {"pinned_at": None}),
        **(also or {}),
    )
    _write_down(before, by=by, reason=reason, at=at)
    _count(before, to)
    changed = {c.article_id for c, was in before if State.APPROVED in (was, to)}
    touch(*{comments_stamp(c.article.uid) for c in moved if c.article_id in changed})
    return moved


def write_down(
    comments: Iterable[Comment], *, by: AbstractBaseUser | None, reason: str, at: datetime
) -> None:
    """Log a deed that leaves the comments' state as it is: reports settled, pinned."""
    _write_down([(comment, comment.state) for comment in comments], by=by, reason=reason, at=at)


def _count(before: list[tuple[Comment, str]], to: State) -> None:
    """Add what became visible, or take away what did not stay so, from all that counts it."""
    below: Counter[int] = Counter()
    shown: Counter[int] = Counter()
    for comment, was in before:
        delta = (to == State.APPROVED) - (was == State.APPROVED)
        shown[comment.article_id] += delta
        for key in comment.stands_below:
            below[key] += delta
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


def _has_place(state: State) -> bool | Case:
    if state == State.APPROVED:
        return True
    return Case(When(replies_shown__gt=0, then=Value(True)), default=Value(False))


def _by_delta(counted: Counter[int]) -> dict[int, list[int]]:
    grouped: dict[int, list[int]] = defaultdict(list)
    for key, delta in counted.items():
        if delta:
            grouped[delta].append(key)
    return grouped


def _write_down(
    before: list[tuple[Comment, str]], *, by: AbstractBaseUser | None, reason: str, at: datetime
) -> None:
    Transition.objects.bulk_create(
        Transition(
            comment=comment, before=was, after=comment.state, at=at, by=by, reason=reason[:200]
        )
        for comment, was in before
    )
