"""What comes out of a file, whatever its format: threads, comments, and what goes with them."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from comments.forms import has_something_to_see
from comments.models import LONGEST_BODY, LONGEST_NAME, Comment

LONGEST_KEY = 200
LONGEST_ABOUT = 80
LONGEST_RAW = 100_000
"""Letters of one field that are read at all; no comment of 5,000 takes more, however marked up."""


# Unicode's control characters (Cc), but for tabs and the ends of lines, and halves of letters (Cs).
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class UnreadableFile(Exception):
    """The file is not what it was said to be; the message is the sentence for the operator."""


@dataclass(slots=True)
class IncomingThread:
    """A page of the other system, by all that may lead to an article here."""

    key: str
    addresses: list[str]
    title: str = ""


@dataclass(slots=True)
class IncomingComment:
    """A comment of the other system.

    ``where`` says where it stands in the file, ``refusal`` why it cannot be taken, if anything
    speaks against it; ``notes`` what was changed in it. ``details`` are values of the same names
    as the fields of ``Comment``, as JSON.
    """

    key: str
    thread: str
    where: str
    state: str = Comment.State.PENDING
    name: str = ""
    body: str = ""
    at: datetime | None = None
    email: str = ""
    parent: str = ""
    is_ours: bool = False
    """Words of our own export stay to the letter."""
    refusal: str = ""
    notes: list[str] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class IncomingOther:
    """A row of our own export that is no comment: ``kind`` is "suggestion" or "follow"."""

    kind: str
    where: str
    row: dict[str, Any]


Incoming = IncomingThread | IncomingComment | IncomingOther


def check(comment: IncomingComment, now: datetime) -> None:
    """Make a comment fit to be stored, and note what that took; or say why it cannot be taken."""
    if comment.refusal:
        return
    if comment.state == Comment.State.REMOVED:
        comment.name = comment.body = comment.email = ""
    else:
        _check_words(comment)
    _check_email(comment)
    if not comment.parent.isprintable():
        comment.parent = ""
    if not comment.key or len(comment.key) > LONGEST_KEY or not comment.key.isprintable():
        comment.refusal = _("it has no number of its own")
    elif comment.at is None:
        comment.refusal = _("it has no date that can be read")
    elif comment.at > now + timedelta(days=1):
        comment.refusal = _("its date lies in the future")
    elif comment.at.year < 1970:
        comment.refusal = _("its date lies before 1970")


def _check_words(comment: IncomingComment) -> None:
    name, body = comment.name, comment.body
    if _CONTROL.search(name + body):
        comment.notes.append(_("control characters left out"))
        name, body = _CONTROL.sub("", name), _CONTROL.sub("", body)
    if not comment.is_ours:
        name = " ".join(name.split())
        body = body.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not has_something_to_see(body):
        comment.refusal = _("it is empty")
    elif len(body) > LONGEST_BODY:
        comment.refusal = _("it is too long: %(count)s characters, where %(most)s fit") % {
            "count": f"{len(body):,}",
            "most": f"{LONGEST_BODY:,}",
        }
    if not has_something_to_see(name):
        name = _("Anonymous")
    if len(name) > LONGEST_NAME:
        name = f"{name[: LONGEST_NAME - 1]}…"
        comment.notes.append(_("name shortened"))
    comment.name, comment.body = name, body


def _check_email(comment: IncomingComment) -> None:
    comment.email = comment.email.strip()
    if not comment.email:
        return
    try:
        validate_email(comment.email)
    except ValidationError:
        comment.email = ""
        comment.notes.append(_("e-mail address left out, as it is none"))


def moment(text: str, pattern: str = "") -> datetime | None:
    """Return the moment that a text says, in UTC unless it says otherwise; None if it says none."""
    try:
        read = datetime.strptime(text.strip(), pattern) if pattern else datetime.fromisoformat(text)  # noqa: DTZ007
    except (ValueError, TypeError):
        return None
    try:
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
