"""Confirming: a reader proves that the address they gave is theirs, by a button on a page.

The page's address goes to the mailbox and nowhere else. Opening it does nothing, as programs that
look through e-mail open every link; only the button does.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from comments import mailing
from comments.links import CONFIRM_WITHIN
from comments.models import Comment, Follow, OutgoingMail, Reader, Suggestion
from comments.rules import rules_for
from comments.states import lock, move
from comments.trust import is_trusted

MOST_SHOWN = 20
"""Comments, follows and suggestions that the page asks about; more at once are no reader's."""

Kind, State = OutgoingMail.Kind, Comment.State


@dataclass(frozen=True, slots=True)
class Asked:
    """What waits for a reader's word that it is theirs, the newest first."""

    comments: list[Comment] = field(default_factory=list)
    follows: list[Follow] = field(default_factory=list)
    suggestions: list[Suggestion] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.comments or self.follows or self.suggestions)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a reader confirmed: the comments as they stand now, and what they follow."""

    comments: list[Comment]
    follows: list[Follow]


def ask(
    reader: Reader,
    *,
    network: str,
    at: datetime,
    comment: Comment | None = None,
    follow: Follow | None = None,
    suggestion: Suggestion | None = None,
) -> OutgoingMail | None:
    """Leave the mail that asks whether a comment, a follow or a suggestion is this reader's.

    None if there is no room for one more: see ``mailing.queue``. What waits is then asked about
    on the page of the mail before, as long as that has not been answered.
    """
    details = {}
    if comment:
        details = {"article": comment.article_id, "comment": comment.pk}
    if follow:
        details |= {"article": follow.article_id, "follow": follow.pk}
    if suggestion:
        details |= {"article": suggestion.article_id, "suggestion": suggestion.pk}
    what = f"comment:{comment.pk}" if comment else f"{at.timestamp():.0f}"
    key = f"confirm:{reader.pk}:{what}"
    return mailing.queue(Kind.CONFIRM, reader, key=key, details=details, network=network, at=at)


def asked_by(mail: OutgoingMail, at: datetime) -> Asked:
    """Return all that came under the reader's address lately and waits for their word."""
    since = at - CONFIRM_WITHIN
    comments = _unconfirmed(mail).filter(created_at__gt=since).order_by("-pk")
    follows = Follow.objects.filter(
        reader=mail.reader_id, confirmed_at__isnull=True, made_at__gt=since
    )
    suggestions = _unconfirmed_suggestions(mail).filter(made_at__gt=since).order_by("-pk")
    return Asked(
        list(comments.select_related("publication", "article")[:MOST_SHOWN]),
        list(follows.select_related("article", "comment").order_by("-pk")[:MOST_SHOWN]),
        list(suggestions.select_related("publication")[:MOST_SHOWN]),
    )


def is_subject(mail: OutgoingMail, row: Comment | Follow | Suggestion) -> bool:
    """Is the row what the mail asked about, and not something that came besides?"""
    return mail.details.get(row._meta.model_name) == row.pk


@transaction.atomic
def confirm(
    mail: OutgoingMail,
    *,
    comments: Iterable[int],
    follows: Iterable[int],
    at: datetime,
    suggestions: Iterable[int] = (),
) -> Confirmed:
    """Note that the reader has the address, and that these rows are theirs.

    A comment that waits only because nobody knew whose it is, is judged again: it is shown if the
    reader is trusted. What is not theirs, or was confirmed before, is left as it is.
    """
    # Once more behind the lock: a comment may have been given another address just now.
    mine = [
        one
        for one in lock(_unconfirmed(mail).filter(pk__in=list(comments)))
        if one.reader_id == mail.reader_id and one.confirmed_at is None
    ]
    reader = Reader.objects.select_for_update(no_key=True).get(pk=mail.reader_id)
    if reader.confirmed_at is None:
        reader.confirmed_at = at
        reader.save(update_fields=["confirmed_at"])
    Comment.objects.filter(pk__in=[one.pk for one in mine]).update(confirmed_at=at)
    wanted = Follow.objects.filter(
        pk__in=list(follows), reader=reader, confirmed_at__isnull=True
    ).select_related("article")
    confirmed = list(wanted)
    wanted.update(confirmed_at=at)
    _unconfirmed_suggestions(mail).filter(pk__in=list(suggestions)).update(confirmed_at=at)
    _note_answer(mail, at)
    for one in mine:
        one.confirmed_at = at
    trusted = [
        one
        for one in mine
        if _waits_for_trust(one) and is_trusted(reader, at, rules_for(one.article_id))
    ]
    if trusted:
        move(trusted, State.APPROVED, reason="confirmed", at=at)
    return Confirmed(mine, confirmed)


@transaction.atomic
def disown(mail: OutgoingMail, *, at: datetime) -> None:
    """Take the reader's address from all that they were asked about: none of it is theirs.

    If nothing else is known of them they are forgotten, and the mail with them.
    """
    asked = asked_by(mail, at)
    comments = lock(asked.comments)
    Comment.objects.filter(
        pk__in=[one.pk for one in comments], reader=mail.reader_id, confirmed_at__isnull=True
    ).update(reader=None)
    Follow.objects.filter(
        pk__in=[one.pk for one in asked.follows], confirmed_at__isnull=True
    ).delete()
    _unconfirmed_suggestions(mail).filter(pk__in=[one.pk for one in asked.suggestions]).update(
        reader=None
    )
    _note_answer(mail, at)
    reader = Reader.objects.select_for_update().get(pk=mail.reader_id)
    is_known = reader.confirmed_at or reader.wants_no_mail_since
    if not (is_known or reader.comments.exists() or reader.suggestions.exists()):
        reader.delete()


def _unconfirmed(mail: OutgoingMail) -> QuerySet:
    theirs = Comment.objects.filter(reader=mail.reader_id, confirmed_at__isnull=True)
    return theirs.exclude(state__in=[State.REMOVED, State.SPAM])


def _unconfirmed_suggestions(mail: OutgoingMail) -> QuerySet:
    return Suggestion.objects.filter(reader=mail.reader_id, confirmed_at__isnull=True)


def _waits_for_trust(comment: Comment) -> bool:
    """Does it wait only as its writer was new? Not if anybody has decided about it since."""
    is_held = comment.state == State.PENDING and comment.held_by == "newcomer"
    return is_held and not comment.transitions.exclude(before="").exists()


def _note_answer(mail: OutgoingMail, at: datetime) -> None:
    OutgoingMail.objects.filter(pk=mail.pk, answered_at__isnull=True).update(answered_at=at)
