"""What the desk says about comments: why they wait, who decided what and when, what was done."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comments.admin.showing import moment
from comments.models import Comment, Transition
from comments.moderating import NO_BREACH, PINNED, UNPINNED, name_of
from comments.standing import COUNTED_TO, Received
from comments.undoing import UNDO

State = Comment.State

# Phases of the pipeline, and what else the log gives as a reason.
REASONS = {
    "length": gettext_lazy("It is very long or very short."),
    "closed": gettext_lazy("The discussion was closed."),
    "repeat": gettext_lazy("The same words came before."),
    "banned": gettext_lazy("Its writer is banned."),
    "staff": gettext_lazy("It is the newsroom’s own."),
    "words": gettext_lazy("It has a word on the site’s list."),
    "links": gettext_lazy("It has more links than the rules allow."),
    "history": gettext_lazy("Something by the same writer was refused lately."),
    "spam": gettext_lazy("It looks like spam."),
    "newcomer": gettext_lazy("Its writer is new here."),
    "passed": gettext_lazy("No rule held it."),
    "writer": gettext_lazy("Its writer changed it."),
    "reports": gettext_lazy("Readers reported it."),
    "confirmed": gettext_lazy("Its writer’s address was confirmed."),
    "imported": gettext_lazy("It was imported."),
    "moderator": "",
    UNDO: gettext_lazy("A decision was taken back."),
    NO_BREACH: gettext_lazy("Reported, and no breach of the rules."),
    PINNED: gettext_lazy("Pinned."),
    UNPINNED: gettext_lazy("Unpinned."),
}


def in_words(reason: str) -> str:
    """Return what the log gives as a reason, in words; a moderator's own words as they are."""
    return str(REASONS.get(reason, reason))


def ago(at: datetime, now: datetime | None = None) -> str:
    """Return how long ago a moment was: “a minute ago”, and after a day the moment itself."""
    minutes = ((now or timezone.now()) - at) // timedelta(minutes=1)
    if minutes < 1:
        return _("just now")
    if minutes == 1:
        return _("a minute ago")
    if minutes < 60:
        return ngettext("%d minute ago", "%d minutes ago", minutes) % minutes
    hours = minutes // 60
    if hours < 24:
        return ngettext("an hour ago", "%(count)d hours ago", hours) % {"count": hours}
    return _("on %s") % moment(at)


# What somebody else did


def what_was_done(row: Transition, to: AbstractBaseUser | None = None) -> str:
    """Return who did what to a comment and when: “Approved by Rosa a minute ago.”

    ``to`` is who is told, and is “you”.
    """
    is_own = bool(row.by and to and row.by_id == to.pk)
    who = _("you") if is_own else name_of(row.by) if row.by else ""
    given = {"who": who, "when": ago(row.at)}
    if row.reason in _DEEDS:
        return _DEEDS[row.reason]() % given
    if row.by:
        return _BY_SOMEBODY[State(row.after)]() % given
    if row.reason == "writer" and row.after == State.REMOVED:
        return _("Deleted by its writer %(when)s.") % given
    if row.reason == "writer":
        return _("Changed by its writer %(when)s. Read it again.") % given
    return _("%(state)s %(when)s. %(why)s") % {
        **given,
        "state": State(row.after).label,
        "why": in_words(row.reason),
    }


_DEEDS = {
    UNDO: lambda: _("Its last decision was taken back by %(who)s %(when)s."),
    NO_BREACH: lambda: _("Its reports were settled by %(who)s %(when)s: no breach."),
    PINNED: lambda: _("Pinned by %(who)s %(when)s."),
    UNPINNED: lambda: _("Unpinned by %(who)s %(when)s."),
}
_BY_SOMEBODY = {
    State.PENDING: lambda: _("Put back to waiting by %(who)s %(when)s."),
    State.APPROVED: lambda: _("Approved by %(who)s %(when)s."),
    State.REJECTED: lambda: _("Rejected by %(who)s %(when)s."),
    State.SPAM: lambda: _("Put aside as spam by %(who)s %(when)s."),
    State.REMOVED: lambda: _("Removed by %(who)s %(when)s."),
}


def changed_since(
    comment: Comment, row: Transition | None, to: AbstractBaseUser | None = None
) -> str:
    """Return why a decision about a comment did not count: what happened to it since it was seen.

    ``row`` is the last of its log, ``to`` who is told.
    """
    if row and not (comment.edited_at and comment.edited_at > row.at):
        return what_was_done(row, to)
    if comment.edited_at:
        return _("Changed by its writer %s. Read it again.") % ago(comment.edited_at)
    return _("It is not as you saw it any more. Read it again.")


# What was done


def approved(count: int) -> str:
    return ngettext("%d comment approved.", "%d comments approved.", count) % count


def rejected(count: int) -> str:
    return ngettext("%d comment rejected.", "%d comments rejected.", count) % count


def put_aside(count: int) -> str:
    return (
        ngettext("%d comment put aside as spam.", "%d comments put aside as spam.", count) % count
    )


def removed(count: int) -> str:
    return ngettext("%d comment removed.", "%d comments removed.", count) % count


def kept(count: int) -> str:
    return (
        ngettext(
            "Reports of %d comment settled: no breach.",
            "Reports of %d comments settled: no breach.",
            count,
        )
        % count
    )


def taken_back(count: int) -> str:
    return ngettext("%d decision taken back.", "%d decisions taken back.", count) % count


DONE: dict[str, Callable[[int], str]] = {
    State.APPROVED.value: approved,
    State.REJECTED.value: rejected,
    State.SPAM.value: put_aside,
    State.REMOVED.value: removed,
    NO_BREACH: kept,
    UNDO: taken_back,
}


def deed_in_words(row: Transition, count: str, name: str) -> str:
    """Return a deed that can be taken back: “Approved: Ada, 10:32”."""
    what = _("No breach") if row.reason == NO_BREACH else State(row.after).label
    about = name if count == "1" else _("%s comments") % count
    return _("%(what)s: %(about)s, %(when)s") % {"what": what, "about": about, "when": ago(row.at)}


# Who wrote it


def received_in_words(received: Received) -> str:
    """Return how others by the same writer were received: “12 approved, 3 refused”."""
    if not (received.approved or received.refused):
        return _("nothing decided before")
    return _("%(approved)s approved, %(refused)s refused") % {
        "approved": _up_to(received.approved),
        "refused": _up_to(received.refused),
    }


def _up_to(count: int) -> str:
    return f"{COUNTED_TO}+" if count >= COUNTED_TO else str(count)


def waiting_in_words(count: int, most: int, waits: Callable[[int], str]) -> str:
    """Return a count that may have stopped at ``most``."""
    return waits(count) if count < most else _("more than %s") % f"{most - 1:,}"


def name_for(comment: Comment) -> str:
    """Return the name of a comment's writer, or what stands in its place."""
    return comment.name or _("Deleted")


def short_name_of(user: AbstractBaseUser | None) -> str:
    """Return the name of somebody of the newsroom, or who acts without one."""
    return name_of(user) if user else _("The system")
