"""Trust: whose comments need no reading first.

A reader is trusted whose address is proved, of whom ``trusted_after`` comments were approved, and
none was refused within ``trusted_within_days``. Only comments count of which it is proved that
they are theirs (``Comment.confirmed_at``), for and against: anybody can type an address, and would
otherwise spend the trust of whoever has it, or spoil it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from comments.banning import is_banned
from comments.models import Comment, Reader
from comments.rules import Rules, rules_for
from comments.states import move

State = Comment.State
REFUSED = (State.REJECTED, State.SPAM)

LATEST = 200
"""Of a reader's comments, at most so many are looked at, the newest."""


class Said(NamedTuple):
    """What is known of one comment that came under a reader's address."""

    state: str
    created_at: datetime
    confirmed_at: datetime | None
    network: str
    article_id: int

    @property
    def is_refused(self) -> bool:
        return self.state in REFUSED


def said_by(reader: Reader) -> list[Said]:
    """Return the newest of what came under a reader's address, ``LATEST`` at most; one query."""
    rows = Comment.objects.filter(reader=reader).order_by("-pk")
    return [Said(*row) for row in rows.values_list(*Said._fields)[:LATEST]]


def is_trusted(
    reader: Reader | None, at: datetime, rules: Rules, said: Iterable[Said] | None = None
) -> bool:
    """Is the reader trusted at ``at``? One query, unless ``said`` is given.

    That a comment is theirs is asked for each comment besides: see the top of this module.
    """
    if reader is None or reader.confirmed_at is None or not rules.trusted_after:
        return False
    proved = [one for one in (said_by(reader) if said is None else said) if one.confirmed_at]
    since = at - timedelta(days=rules.trusted_within_days)
    if any(one.is_refused and one.created_at > since for one in proved):
        return False
    return sum(one.state == State.APPROVED for one in proved) >= rules.trusted_after


def release(comments: Iterable[Comment], *, at: datetime) -> list[Comment]:
    """Show comments that waited only because nobody knew that a trusted reader wrote them.

    Called when an address is confirmed, with locked comments whose ``confirmed_at`` is set.
    Returns those that are shown now.
    """
    waiting = [
        comment
        for comment in comments
        if comment.state == State.PENDING
        and comment.held_by == "newcomer"
        and comment.edited_at is None
        and comment.confirmed_at
        and comment.reader
        and not is_banned([comment.reader.address_hash, comment.network], at)
        and is_trusted(comment.reader, at, rules_for(comment.article_id))
    ]
    return move(waiting, State.APPROVED, reason="confirmed", at=at)
