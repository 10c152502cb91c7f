"""Mailing: the outbox, from which readers are sent what concerns them, and nothing twice.

``queue`` leaves a mail in the transaction of what it is about; ``send_due`` sends what is due, in
the background. A mail is begun in a transaction of its own before the mail server is asked. If
the server says no, or cannot be reached, it is asked again later. If a worker dies, or the line
breaks, while the server is being told, the mail may have gone: it is not sent again.
"""

import logging
import smtplib
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

from django.core import mail as post_office
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from comments import announcing, composing
from comments.models import Announcement, Comment, OutgoingMail, Reader
from comments.tasks import KEPT_FOR, send_mail_in_time

Kind, State = OutgoingMail.Kind, Comment.State

ASKED_FOR = (Kind.CONFIRM, Kind.MY_DATA)
"""Mail that goes to whoever's address is typed into a form, which may be somebody else's."""
MOST_ASKED_FOR = 3
"""Of each of these kinds, to one address in a day; one, if its owner wants no mail."""
MOST_BY_NETWORK = 5
"""Of both kinds, for one sender's network in an hour."""
UNANSWERED_FOR = timedelta(hours=1)
"""No second confirmation is sent while one younger than this has not been answered."""
MOST_A_DAY = 20
"""Of all other kinds, to one reader; the rest waits, and goes in the next digest."""
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
# After a refusal by the server: five minutes, ten, and so on to twelve hours; three days in all.
PAUSES = [
    *(timedelta(minutes=5 * 2**times) for times in range(8)),
    *[timedelta(hours=12)] * 4,
]
MOST_AT_ONCE = 200
"""Mails in one run of the task, so that other tasks have their turn."""
MAY_HAVE_GONE_AFTER = timedelta(minutes=15)
"""Mail that was begun so long ago and is not noted as sent may have gone."""

logger = logging.getLogger(__name__)


@transaction.atomic
def queue(
    kind: Kind | str,
    reader: Reader,
    *,
    key: str,
    details: Mapping[str, Any],
    due_at: datetime | None = None,
    network: str = "",
    at: datetime | None = None,
) -> OutgoingMail | None:
    """Leave a mail in the outbox, once per ``key``; return it, None if there is none to send.

    ``details`` hold what its words are made of (see ``comments.composing``): keys of rows, never
    words of a reader. ``network`` is the sender's, for mail that somebody asked for in a form.
    There is none to send if the key was used before, the reader wants no mail, has not proved the
    address that it would go to, or if too much was asked for; whoever asks is not told which.
    """
    at = at or timezone.now()
    # Held, so that two who ask at the same moment do not both fit.
    reader = Reader.objects.select_for_update(no_key=True).filter(pk=reader.pk).first()
    if reader is None or not reader.email or not _may_get(Kind(kind), reader, network, at):
        return None
    mail, is_new = OutgoingMail.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "reader": reader,
            "details": dict(details),
            "network": network,
            "made_at": at,
            "due_at": due_at or at,
        },
    )
    if not is_new:
        return None
    send_mail_in_time(mail.due_at)
    return mail


def take_back(keys: list[str]) -> int:
    """Take mail with these keys out of the outbox, as far as it was not begun; return how much."""
    return OutgoingMail.objects.filter(key__in=keys, begun_at__isnull=True).delete()[0]


def has_room(network: str, at: datetime) -> bool:
    """May somebody in this network have one more mail sent to an address that they type?"""
    asked_for = OutgoingMail.objects.filter(kind__in=ASKED_FOR, made_at__gt=at - AN_HOUR)
    return not network or asked_for.filter(network=network).count() < MOST_BY_NETWORK


def _may_get(kind: Kind, reader: Reader, network: str, at: datetime) -> bool:
    if kind not in ASKED_FOR:
        return bool(reader.confirmed_at) and reader.wants_no_mail_since is None
    if reader.wants_no_mail_since and kind == Kind.CONFIRM:
        return False
    if not has_room(network, at):
        return False
    to_reader = OutgoingMail.objects.filter(reader=reader, kind=kind)
    most = 1 if reader.wants_no_mail_since else MOST_ASKED_FOR
    if to_reader.filter(made_at__gt=at - A_DAY).count() >= most:
        return False
    unanswered = to_reader.filter(made_at__gt=at - UNANSWERED_FOR, answered_at__isnull=True)
    return kind != Kind.CONFIRM or not unanswered.exists()


# What became of a comment


def after_move(before: list[tuple[Comment, str]], to: State | str, *, at: datetime) -> None:
    """Have those told whom a change of state concerns: followers, and writers of what was decided.

    ``before`` are comments in their new state ``to``, each with the state it had. It belongs to
    the transaction of the change. What was to be told of a decision that is changed now is taken
    back.
    """
    decided = [comment for comment, was in before if was in (State.APPROVED, State.REJECTED)]
    if decided:
        take_back([_key_of_decision(comment) for comment in decided])
        announcing.take_back(decided)
    if to == State.APPROVED:
        announcing.to_announce([comment for comment, _was in before], at=at)
    if to in (State.APPROVED, State.REJECTED):
        _tell_writers([comment for comment, was in before if was], at=at)


def _tell_writers(comments: list[Comment], *, at: datetime) -> None:
    """Tell writers whose address is proved, once the decision cannot be taken back any more.

    Not of what the site decided by itself: that they saw when they posted or confirmed.
    """
    due_at = at + announcing.UNDO_WINDOW
    told = [
        OutgoingMail(
            key=_key_of_decision(comment),
            kind=Kind.DECIDED,
            reader_id=comment.reader_id,
            details={"article": comment.article_id, "comments": [comment.pk]},
            made_at=at,
            due_at=due_at,
        )
        for comment in comments
        if comment.reader_id and comment.confirmed_at and comment.decided_by_id
    ]
    if told:
        OutgoingMail.objects.bulk_create(told, ignore_conflicts=True)
        send_mail_in_time(due_at)


def _key_of_decision(comment: Comment) -> str:
    return f"decided:{comment.pk}"


# Sending


class Outcome(Enum):
    """What the mail server did with a mail."""

    ACCEPTED = auto()
    REFUSED = auto()
    REFUSED_FOR_GOOD = auto()
    UNKNOWN = auto()


def send_due(now: datetime) -> int:
    """Send what is due, at most ``MOST_AT_ONCE``; return how much the mail server accepted.

    Several workers may do so at once: each mail is begun by one of them.
    """
    forget(now)
    sent = 0
    server = post_office.mailers.default
    try:
        for pk in list(_due(now).values_list("pk", flat=True)[:MOST_AT_ONCE]):
            if begun := _begin_safely(pk, now):
                sent += _send(*begun, server, now)
    finally:
        _close(server)
    return sent


def next_due() -> datetime | None:
    """Return when there is something to do again: mail to send, or comments to announce."""
    due_at = _waiting().order_by("due_at").values_list("due_at", flat=True).first()
    return min(filter(None, [due_at, announcing.next_announcement()]), default=None)


def forget(now: datetime) -> int:
    """Delete what is older than ``KEPT_FOR``; return how many mails that were."""
    Announcement.objects.filter(told_at__lt=now - KEPT_FOR).delete()
    return OutgoingMail.objects.filter(made_at__lt=now - KEPT_FOR).delete()[0]


def _waiting() -> QuerySet:
    return OutgoingMail.objects.filter(begun_at__isnull=True, given_up_at__isnull=True)


def _due(now: datetime) -> QuerySet:
    return _waiting().filter(due_at__lte=now).order_by("due_at", "pk")


def _begin_safely(pk: int, now: datetime) -> tuple[OutgoingMail, EmailMessage] | None:
    """Begin a mail; one that cannot be composed is given up, and holds up no other."""
    try:
        return _begin(pk, now)
    except Exception:
        logger.exception("Mail %s to a reader could not be composed.", pk)
        OutgoingMail.objects.filter(pk=pk, begun_at__isnull=True).update(given_up_at=now)
        return None


@transaction.atomic
def _begin(pk: int, now: datetime) -> tuple[OutgoingMail, EmailMessage] | None:
    """Begin a mail, and compose it; None if there is nothing to send now.

    The reader is held meanwhile: two workers can neither begin one mail nor two digests at once.
    """
    found = _due(now).filter(pk=pk).values_list("reader", flat=True).first()
    if found is None:
        return None
    Reader.objects.select_for_update(no_key=True).filter(pk=found).first()
    mail = _due(now).select_for_update(of=("self",)).select_related("reader").filter(pk=pk).first()
    if mail is None or (mail.kind not in ASKED_FOR and _is_put_off(mail, now)):
        return None
    _fold(mail, now)
    message = composing.compose(mail)
    if message is None:
        mail.delete()
        return None
    mail.begun_at = now
    if mail.kind == Kind.DECIDED and not mail.failures:
        # A later decision about the same comment is told in a mail of its own.
        mail.key = f"{mail.key}:{mail.pk}"
    mail.save(update_fields=["key", "kind", "details", "begun_at"])
    return mail, message


def _is_put_off(mail: OutgoingMail, now: datetime) -> bool:
    """Put a mail off if its reader got ``MOST_A_DAY`` within a day."""
    lately = OutgoingMail.objects.filter(reader=mail.reader_id, begun_at__gt=now - A_DAY)
    moments = lately.exclude(kind__in=ASKED_FOR).order_by("-begun_at")
    last = list(moments.values_list("begun_at", flat=True)[:MOST_A_DAY])
    if len(last) < MOST_A_DAY:
        return False
    mail.due_at = last[-1] + A_DAY + timedelta(seconds=1)
    mail.save(update_fields=["due_at"])
    return True


def _fold(mail: OutgoingMail, now: datetime) -> None:
    """Take into a mail all others that are due and tell the same reader of the same article."""
    if mail.kind not in composing.FOLDED:
        return
    kinds = (Kind.REPLY, Kind.NEW_COMMENTS) if mail.kind in composing.DIGESTS else (mail.kind,)
    others = _due(now).filter(reader=mail.reader_id, kind__in=kinds).exclude(pk=mail.pk)
    for other in others.select_for_update():
        if other.details.get("article") != mail.details["article"]:
            continue
        mail.details = composing.joined(mail.details, other.details)
        if other.kind == Kind.NEW_COMMENTS:
            mail.kind = Kind.NEW_COMMENTS
        other.delete()


def _send(
    mail: OutgoingMail, message: EmailMessage, server: BaseEmailBackend, now: datetime
) -> bool:
    """Hand a mail that was begun to the server, and note what came of it."""
    outcome = _hand_over(message, server)
    if outcome == Outcome.ACCEPTED:
        mail.sent_at = timezone.now()
    elif outcome != Outcome.UNKNOWN:
        _close(server)
        is_over = outcome == Outcome.REFUSED_FOR_GOOD or mail.failures >= len(PAUSES)
        mail.given_up_at = now if is_over else None
        mail.due_at = now if is_over else now + PAUSES[mail.failures]
        mail.begun_at = None
        mail.failures += 1
    else:
        _close(server)
    mail.save(update_fields=["sent_at", "begun_at", "due_at", "failures", "given_up_at"])
    return outcome == Outcome.ACCEPTED


def _hand_over(message: EmailMessage, server: BaseEmailBackend) -> Outcome:
    """Give a message to the mail server, outside any transaction."""
    try:
        server.open()
    except OSError as error:  # of the network and of SMTP alike
        logger.warning("The mail server could not be reached: %s", error)
        return Outcome.REFUSED
    try:
        server.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _words in error.recipients.values()]
        logger.warning("The mail server refused a reader's address: %s", codes)
        return Outcome.REFUSED_FOR_GOOD if min(codes, default=0) >= 500 else Outcome.REFUSED
    except smtplib.SMTPResponseException as error:
        logger.warning("The mail server refused a mail to a reader: %s", error.smtp_code)
        return Outcome.REFUSED
    except OSError as error:
        logger.warning("A mail to a reader may have gone, or not: %s", type(error).__name__)
        return Outcome.UNKNOWN
    except ValueError as error:  # an address that no mail server takes
        logger.warning("A mail to a reader cannot be sent: %s", type(error).__name__)
        return Outcome.REFUSED_FOR_GOOD
    return Outcome.ACCEPTED


def _close(server: BaseEmailBackend) -> None:
    try:
        server.close()
    except OSError as error:
        logger.info("The mail server ended the conversation: %s", error)


def states() -> dict[str, Q]:
    """Return what a mail in the outbox may be, each with the condition that finds it."""
    long_ago = timezone.now() - MAY_HAVE_GONE_AFTER
    is_begun = Q(begun_at__isnull=False, sent_at__isnull=True)
    return {
        "waiting": Q(begun_at__isnull=True, given_up_at__isnull=True),
        "going": is_begun & Q(begun_at__gt=long_ago),
        "sent": Q(sent_at__isnull=False),
        "may-have-gone": is_begun & Q(begun_at__lte=long_ago),
        "given-up": Q(given_up_at__isnull=False),
    }


def state_of(mail: OutgoingMail) -> str:
    """Return which of the names of ``states`` fits a mail."""
    if mail.sent_at:
        return "sent"
    if mail.given_up_at:
        return "given-up"
    if mail.begun_at is None:
        return "waiting"
    return "going" if mail.begun_at > timezone.now() - MAY_HAVE_GONE_AFTER else "may-have-gone"
