"""How often one network may write.

Of comments the limit is exact: it is looked at while nobody else from the same network can write
(``hold``). Of feedback it is a limit, not a lock: two at the same instant may both fit.
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import connection

from comments.models import Feedback
from publishing.readers import seconds_until_room

WITHIN = timedelta(minutes=10)
MOST_COMMENTS = 5
MOST_FEEDBACK = 20

LOOKS_BACK = timedelta(days=7)
LOOKS_AT = 800
"""Comments: more than a network can have sent in the longest slow mode, a day."""


class TooMany(Exception):
    """A network has used up its room; there is some again after ``seconds``."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"There is room again in {seconds} seconds.")


class TooSoon(TooMany):
    """The discussion is in slow mode, and the last comment from there is not old enough."""


class Lately(NamedTuple):
    """What is known of one comment that came from a network lately."""

    created_at: datetime
    state: str
    article_id: int
    fingerprint: str | None


def hold(network: str) -> None:
    """Let nobody else from a network write a comment before this transaction ends.

    SQLite lets one write at a time anyway.
    """
    if connection.vendor == "postgresql" and network:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [network])


def lately_from(network: str, at: datetime) -> list[Lately]:
    """Return what came from a network within ``LOOKS_BACK``, the newest first; one query."""
    if not network:
        return []
    # Past the ORM, as nobody else writes meanwhile on SQLite. That the network is not empty is
    # said as the index says it: else SQLite would read every row.
    since = connection.ops.adapt_datetimefield_value(at - LOOKS_BACK)
    with connection.cursor() as cursor:
        cursor.execute(_LATELY, [network, since, LOOKS_AT])
        return [Lately(_as_moment(row[0]), *row[1:]) for row in cursor.fetchall()]


_LATELY = (
    "SELECT created_at, state, article_id, fingerprint FROM comments_comment "
    "WHERE network = %s AND NOT (network = '') AND created_at > %s "
    "ORDER BY created_at DESC LIMIT %s"
)


def _as_moment(stored: datetime) -> datetime:
    """Return a moment as it came from the database: from SQLite in UTC, without a word of it."""
    return stored if stored.tzinfo else stored.replace(tzinfo=UTC)


def require_room(
    lately: Sequence[Lately],
    *,
    article_id: int,
    slow_mode_seconds: int,
    last_here_at: datetime | None = None,
    at: datetime,
) -> None:
    """Raise ``TooMany`` after ``MOST_COMMENTS`` within ten minutes; ``TooSoon`` in slow mode.

    ``last_here_at`` is when the writer last wrote on the article, from whatever network.
    """
    recent = [one.created_at for one in lately if one.created_at > at - WITHIN]
    if len(recent) >= MOST_COMMENTS:
        raise TooMany(_seconds(recent[MOST_COMMENTS - 1] + WITHIN - at))
    here = [one.created_at for one in lately if one.article_id == article_id]
    last = max(filter(None, [*here, last_here_at]), default=None)
    # Of two at the same moment the later one may have looked at the clock first.
    if last and slow_mode_seconds and last + timedelta(seconds=slow_mode_seconds) > at:
        raise TooSoon(_seconds(last + timedelta(seconds=slow_mode_seconds) - at))


def require_room_for_feedback(network: str, at: datetime) -> None:
    """Raise ``TooMany`` if ``MOST_FEEDBACK`` came from the network lately."""
    rows = Feedback.objects.filter(network=network)
    if network and (seconds := seconds_until_room(rows, most=MOST_FEEDBACK, within=WITHIN, at=at)):
        raise TooMany(seconds)


def _seconds(left: timedelta) -> int:
    return max(1, math.ceil(left.total_seconds()))
