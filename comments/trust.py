"""Trust: whose comments need no reading first.

A reader is trusted whose address is proved, of whom ``trusted_after`` comments were approved, and
none was refused within ``trusted_within_days``. Only comments count of which it is proved that
they are theirs (``Comment.confirmed_at``), for and against: anybody can type an address, and would
otherwise spend the trust of whoever has it, or spoil it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from comments.models import Comment, Reader
from comments.rules import Rules

State = Comment.State
REFUSED = (State.REJECTED, State.SPAM)

LATEST = 200
"""Of a reader's comments, at most so many are looked at, the newest."""


class Said(NamedTuple):
    """What is known of one comment that came under a reader's address."""

    state: str
    decided_at: datetime | None
    confirmed_at: datetime | None
    created_at: datetime
    article_id: int

    def was_refused_since(self, moment: datetime) -> bool:
        """Was it refused after the moment? One of which nobody knows when counts, too."""
        return self.state in REFUSED and (self.decided_at is None or self.decided_at > moment)


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
    if any(one.was_refused_since(since) for one in proved):
        return False
    return sum(one.state == State.APPROVED for one in proved) >= rules.trusted_after
