"""Presence: who has an article open, since when, writing or idle.

A page says every few seconds that it is there (``arrive``), and when it goes
(``leave``). One's own second tab is told apart from a colleague.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article, Presence

TYPING = timedelta(seconds=30)
IDLE = timedelta(minutes=2)
FORGOTTEN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Here:
    """One line above a form: who has it open, in words; ``is_own`` for another tab of one's own."""

    name: str
    words: str
    is_own: bool = False


def arrive(
    article: Article,
    *,
    by: AbstractBaseUser,
    slot: str,
    page: str,
    idle: timedelta = timedelta(0),
) -> None:
    """Note that a page of ``by`` has a form of ``article`` open; ``idle`` since the last letter.

    One statement. What the page said before is brought up to date.
    """
    now = timezone.now()
    Presence.objects.bulk_create(
        [
            Presence(
                article=article,
                editor=by,
                slot=slot,
                page=page,
                opened_at=now,
                seen_at=now,
                active_at=now - max(idle, timedelta(0)),
            )
        ],
        update_conflicts=True,
        unique_fields=["page", "editor"],
        update_fields=["article", "slot", "seen_at", "active_at"],
    )


def leave(*, by: AbstractBaseUser, page: str) -> None:
    """Note that a page was closed, and forget those that fell silent long ago."""
    Presence.objects.filter(editor=by, page=page).delete()
    Presence.objects.filter(seen_at__lt=timezone.now() - FORGOTTEN).delete()


def others_here(
    article: Article, *, to: AbstractBaseUser, slot: str, page: str, of_article: bool
) -> list[Here]:
    """Return who else has it open, as ``to`` is told it. One query.

    The form of the article (``of_article``) tells of all that is open of it, the
    form of one row only of that row.
    """
    now = timezone.now()
    pages = article.presences.here(now).exclude(editor=to, page=page).select_related("editor")
    if not of_article:
        pages = pages.filter(slot=slot)
    people: dict[int, list[Presence]] = {}
    for one in pages.order_by("opened_at", "pk"):
        if one.editor_id != to.pk or one.slot == slot:
            people.setdefault(one.editor_id, []).append(one)
    return [_here(found, to, slot, now) for found in people.values()]


def open_elsewhere(to: AbstractBaseUser) -> dict[str, Subquery]:
    """Return annotations of articles: the first who has it open besides ``to``.

    ``opened_by`` is the user name, None if nobody has; with ``_first`` and ``_last``
    the rest of the name. They ride in the query of a list.
    """
    pages = Presence.objects.here().filter(article=OuterRef("pk")).exclude(editor=to)
    first = pages.order_by("opened_at", "pk")
    return {
        "opened_by": Subquery(first.values("editor__username")[:1]),
        "opened_by_first": Subquery(first.values("editor__first_name")[:1]),
        "opened_by_last": Subquery(first.values("editor__last_name")[:1]),
    }


def _here(pages: Sequence[Presence], to: AbstractBaseUser, slot: str, now: datetime) -> Here:
    """Say one person's pages in one line: open since the first, active as in the latest."""
    editor = pages[0].editor
    name = editor.get_full_name() or editor.get_username()
    if editor == to:
        return Here(name, _("You have this open in another tab."), is_own=True)
    since = _moment(min(one.opened_at for one in pages), now)
    words = _("%(name)s has this open since %(since)s, %(doing)s.")
    if all(one.slot != slot for one in pages):
        words = _("%(name)s has a part of this open since %(since)s, %(doing)s.")
    doing = _doing(now - max(one.active_at for one in pages))
    return Here(name, words % {"name": name, "since": since, "doing": doing})


def _doing(idle: timedelta) -> str:
    if idle < TYPING:
        return _("writing now")
    if idle < IDLE:
        return _("active")
    minutes = int(idle.total_seconds() // 60)
    if minutes < 60:
        return ngettext("idle for %d minute", "idle for %d minutes", minutes) % minutes
    return ngettext("idle for %d hour", "idle for %d hours", minutes // 60) % (minutes // 60)


def _moment(at: datetime, now: datetime) -> str:
    """Return the time, with its day if that is not today."""
    at, today = timezone.localtime(at), timezone.localtime(now).date()
    return date_format(at, "H:i" if at.date() == today else "j F, H:i")
