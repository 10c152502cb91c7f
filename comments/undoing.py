"""Undoing: a moderator takes back what they decided last, as long as nobody changed it since.

What was decided about several comments at once has one moment, and is taken back as one.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from comments.models import Comment, Report, Transition
from comments.moderating import PINNED, UNPINNED, Decision, pin
from comments.states import lock, move, write_down

UNDO = "undo"
# Rows of the log that are looked at for what can be taken back.
LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class Deed:
    """What a moderator decided in one go: the last row of the log about it, and how many.

    ``has_more`` if it was about more than were looked at.
    """

    last: Transition
    count: int
    has_more: bool = False


def last_deeds(by: AbstractBaseUser, most: int) -> list[Deed]:
    """Return what somebody decided last and can still take back, the newest first; one query."""
    rows = list(_open_to_undo().filter(by=by).select_related("comment")[:LOOKED_AT])
    grouped: dict[datetime, list[Transition]] = {}
    for row in rows:
        grouped.setdefault(row.at, []).append(row)
    deeds = [
        Deed(found[0], len(found), len(rows) == LOOKED_AT and found[-1] is rows[-1])
        for found in grouped.values()
    ]
    return deeds[:most]


def last_deed_about(comment: Comment, by: AbstractBaseUser) -> Transition | None:
    """Return what somebody decided about a comment, if it was the last and can be taken back."""
    return _open_to_undo().filter(by=by, comment=comment).first()


@transaction.atomic
def undo(
    decided: Transition, *, by: AbstractBaseUser, is_alone: bool = False, at: datetime | None = None
) -> Decision:
    """Take back a decision of one's own, and with it all that was decided in the same go.

    With ``is_alone`` only what it says of its comment. What somebody changed since stays as it
    is, and is told as ``already``. Nothing is done about another's decision. A pin that went with
    the decision is set again while there is room above the others.
    """
    at, decision = at or timezone.now(), Decision()
    if decided.by_id != by.pk:
        return decision
    rows = Transition.objects.filter(by=by, at=decided.at)
    rows = rows.filter(pk=decided.pk) if is_alone else rows.filter(after=decided.after)
    keys = list(rows.order_by().values_list("comment", flat=True))
    locked = lock(Comment(pk=key) for key in keys)
    found = _open_to_undo().filter(pk__in=rows.values("pk"))
    open_rows = {row.comment_id: row for row in found}
    for comment in locked:
        is_open = _is_as_left(comment, open_rows.get(comment.pk))
        (decision.done if is_open else decision.already).append(comment)
    _open_reports_again(decision.done, decided, at=at, by=by)
    _restore(decision.done, open_rows, by=by, at=at)
    _pin_again(decision.done, open_rows, by=by)
    return decision


def _open_to_undo() -> QuerySet[Transition]:
    """Decisions that are the last of their comments, with a state before; the newest first."""
    later = Transition.objects.filter(comment=OuterRef("comment"), pk__gt=OuterRef("pk"))
    is_last = ~Exists(later.exclude(reason__in=[PINNED, UNPINNED]))
    decisions = Transition.objects.filter(is_last).exclude(before="").order_by("-pk")
    return decisions.exclude(after=Comment.State.REMOVED).exclude(
        reason__in=[UNDO, PINNED, UNPINNED]
    )


def _is_as_left(comment: Comment, row: Transition | None) -> bool:
    """Is a comment as the decision left it, its words included?"""
    if row is None or comment.state != row.after:
        return False
    return not (comment.edited_at and comment.edited_at > row.at)


def _restore(
    comments: Iterable[Comment],
    rows: dict[int, Transition],
    *,
    by: AbstractBaseUser,
    at: datetime,
) -> None:
    by_state: dict[str, list[Comment]] = {}
    for comment in comments:
        by_state.setdefault(rows[comment.pk].before, []).append(comment)
    for state, group in by_state.items():
        write_down([one for one in group if one.state == state], by=by, reason=UNDO, at=at)
        move(group, Comment.State(state), by=by, reason=UNDO, at=at)


def _pin_again(
    comments: Iterable[Comment], rows: dict[int, Transition], *, by: AbstractBaseUser
) -> None:
    """Pin what was pinned when it was decided about: until then its pin was the last change."""
    shown = [one for one in comments if one.state == Comment.State.APPROVED and not one.parent_id]
    log: dict[int, list[str]] = {}
    is_change = Q(reason__in=[PINNED, UNPINNED]) | ~Q(before=F("after"))
    earlier = Transition.objects.filter(is_change, comment__in=shown).order_by("pk")
    for key, row, reason in earlier.values_list("comment", "pk", "reason"):
        if row < rows[key].pk:
            log.setdefault(key, []).append(reason)
    for comment in shown:
        if log.get(comment.pk, [""])[-1] == PINNED:
            with suppress(ValidationError):
                pin(comment, by=by)


def _open_reports_again(
    comments: list[Comment], decided: Transition, *, by: AbstractBaseUser, at: datetime
) -> None:
    """Open the reports again that the decision settled."""
    settled = Report.objects.filter(comment__in=comments, settled_at=decided.at, settled_by=by)
    counts: dict[int, int] = {}
    for key in settled.order_by().values_list("comment", flat=True):
        counts[key] = counts.get(key, 0) + 1
    settled.update(settled_at=None, settled_by=None)
    for comment in comments:
        if count := counts.get(comment.pk):
            comment.open_reports += count
            Comment.objects.filter(pk=comment.pk).update(open_reports=F("open_reports") + count)
