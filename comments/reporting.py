"""Reports: readers say that a comment breaks the rules, and a moderator settles that.

A comment that several networks reported is hidden until somebody has looked. What the newsroom
wrote itself can be reported too, but no crowd can hide it.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from comments.limits import TooMany
from comments.models import Comment, Report
from comments.rules import rules_for
from comments.states import lock, move
from comments.tasks import forget_networks_in_time
from comments.voting import NotShown
from publishing.readers import seconds_until_room

WITHIN = timedelta(minutes=10)
MOST_REPORTS = 10
"""Reports that one network may make within ``WITHIN``."""


@transaction.atomic
def report(
    comment: Comment, *, category: str, text: str, network: str, at: datetime | None = None
) -> Report:
    """Keep a reader's report of a comment that is shown; hide it if it is one too many.

    The same network a second time is one report, to which words may be added if it had none.
    Raises ``NotShown``, and ``TooMany`` for too many.
    """
    at = at or timezone.now()
    fingerprint = _fingerprint(comment, network)
    found = lock([comment])
    if earlier := Report.objects.filter(fingerprint=fingerprint).first():
        return _with_words(earlier, text)
    if not found or found[0].state != Comment.State.APPROVED:
        raise NotShown
    (comment,) = found
    rows = Report.objects.filter(network=network)
    if seconds := seconds_until_room(
        rows, most=MOST_REPORTS, within=WITHIN, at=at, moment="made_at"
    ):
        raise TooMany(seconds)
    made = Report.objects.create(
        comment=comment,
        category=category,
        text=text,
        network=network,
        fingerprint=fingerprint,
        made_at=at,
    )
    comment.open_reports += 1
    comment.save(update_fields=["open_reports"])
    forget_networks_in_time()
    most = rules_for(comment.article_id).hidden_after_reports
    if most and comment.open_reports >= most and not comment.is_staff:
        move([comment], Comment.State.PENDING, reason="reports", at=at)
    return made


def settle(comment: Comment, *, by: AbstractBaseUser | None, at: datetime | None = None) -> int:
    """Close the open reports of a comment, as somebody has decided about it; return how many."""
    return settle_all([comment], by=by, at=at)


@transaction.atomic
def settle_all(
    comments: Iterable[Comment], *, by: AbstractBaseUser | None, at: datetime | None = None
) -> int:
    """Close the open reports of many comments; return how many there were.

    Those that are made meanwhile wait for the lock, and stay open.
    """
    comments = list(comments)
    reported = [one for one in lock(comments) if one.open_reports]
    for one in comments:
        one.open_reports = 0
    if not reported:
        return 0
    keys = [one.pk for one in reported]
    Comment.objects.filter(pk__in=keys).update(open_reports=0)
    rows = Report.objects.filter(comment__in=keys, settled_at__isnull=True)
    return rows.update(settled_at=at or timezone.now(), settled_by=by)


def _with_words(earlier: Report, text: str) -> Report:
    if text and not earlier.text and earlier.settled_at is None:
        earlier.text = text
        earlier.save(update_fields=["text"])
    return earlier


def _fingerprint(comment: Comment, network: str) -> str:
    return hashlib.sha256(f"{comment.pk}\0{network}".encode()).hexdigest()
