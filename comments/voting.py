"""Votes: one for each reader and comment, which may be changed and taken back.

A reader is known by a keyed hash of network and browser, so nobody needs an account, and who
votes under many names is stopped by what one network may do. Votes touch no page: counts are
right again with the next change of the discussion, and a busy vote costs no render.
"""

import math
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from comments.limits import TooMany
from comments.models import Comment, Vote
from comments.tasks import forget_networks_in_time
from publishing.readers import seconds_until_room

WITHIN = timedelta(minutes=10)
MOST_VOTES = 60
"""Votes that one network may cast within ``WITHIN``."""
MOST_ON_ONE_COMMENT = 5
"""Votes of one network on one comment: a household, or a few desks of an office."""
Z_95 = 1.959964
"""Standard deviations that hold 95 % of a normal distribution, both sides together."""


class NotShown(Exception):
    """Readers do not see the comment, so nobody can vote on it or report it."""


class EnoughFromHere(Exception):
    """A network has voted on this comment as often as one may."""


@transaction.atomic
def vote(
    comment: Comment,
    *,
    voter: str,
    is_helpful: bool | None,
    network: str = "",
    at: datetime | None = None,
) -> Comment:
    """Cast, change or, with None, take back a vote; return the comment with its counts.

    ``voter`` comes from ``publishing.readers.browser_of``. The same vote again changes nothing.
    Raises ``NotShown``, ``TooMany`` and ``EnoughFromHere``.
    """
    at = at or timezone.now()
    found = Comment.objects.select_for_update(of=("self",)).approved().filter(pk=comment.pk).first()
    if found is None:
        raise NotShown
    earlier = Vote.objects.filter(comment=found, voter=voter).first()
    was = earlier.is_helpful if earlier else None
    if is_helpful == was:
        return found
    if earlier is None:
        _require_room(found, network, at)
        Vote.objects.create(
            comment=found, voter=voter, network=network, is_helpful=is_helpful, cast_at=at
        )
    elif is_helpful is None:
        earlier.delete()
    else:
        earlier.is_helpful = is_helpful
        earlier.save(update_fields=["is_helpful"])
    found.helpful += (is_helpful is True) - (was is True)
    found.unhelpful += (is_helpful is False) - (was is False)
    found.score = wilson_lower_bound(found.helpful, found.unhelpful)
    found.save(update_fields=["helpful", "unhelpful", "score"])
    forget_networks_in_time()
    return found


def vote_of(comment: Comment, voter: str) -> bool | None:
    """Return whether a reader found a comment helpful, or None if they have not said."""
    return (
        Vote.objects.filter(comment=comment, voter=voter)
        .values_list("is_helpful", flat=True)
        .first()
    )


def wilson_lower_bound(helpful: int, unhelpful: int) -> float:
    """Return the lower bound of the share of helpful votes, from 0 to 1: 95 % confidence.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of
    the American Statistical Association 22 (1927), 209–212. Few votes give a low bound however
    good they are: one of one gives 0.21, nine of ten 0.60, ninety of a hundred 0.83.
    """
    count = helpful + unhelpful
    if not count:
        return 0.0
    share, square = helpful / count, Z_95 * Z_95
    spread = Z_95 * math.sqrt((share * (1 - share) + square / (4 * count)) / count)
    return max(0.0, (share + square / (2 * count) - spread) / (1 + square / count))


def _require_room(comment: Comment, network: str, at: datetime) -> None:
    if not network:
        return
    cast = Vote.objects.filter(network=network)
    if cast.filter(comment=comment).count() >= MOST_ON_ONE_COMMENT:
        raise EnoughFromHere
    seconds = seconds_until_room(cast, most=MOST_VOTES, within=WITHIN, at=at, moment="cast_at")
    if seconds:
        raise TooMany(seconds)
