"""What is done for readers in the background."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.tasks import task
from django.utils import timezone

from comments.models import Comment, Feedback, Report, Vote

KEPT_FOR = timedelta(days=30)


@task
def forget_networks() -> int:
    """Forget from which network came what is older than ``KEPT_FOR``; return of how many rows.

    Doing it twice does no harm.
    """
    return sum(rows.update(network="", **also) for rows, also in _due(timezone.now()))


def forget_networks_in_time() -> None:
    """Have old networks forgotten in the background, if there are any, once this is committed."""
    # Robust: the reader's comment is stored, whatever becomes of the task.
    transaction.on_commit(_enqueue_if_due, robust=True)


_asked_at: datetime | None = None


def _enqueue_if_due() -> None:
    """Ask whether anything is due, in each process once an hour at most: it costs queries."""
    global _asked_at
    now = timezone.now()
    if _asked_at and timedelta() < now - _asked_at < timedelta(hours=1):
        return
    _asked_at = now
    if any(rows.exists() for rows, _also in _due(timezone.now())):
        forget_networks.enqueue()


def _due(now: datetime) -> list[tuple[models.QuerySet, dict[str, None]]]:
    """Return the rows whose network is to be forgotten, and what else of each goes with it."""
    return [
        (model.objects.exclude(network="").filter(**{f"{moment}__lt": now - KEPT_FOR}), also)
        for model, moment, also in (
            (Comment, "created_at", {"fingerprint": None}),
            (Feedback, "created_at", {"fingerprint": None}),
            # What was voted and reported stays counted; nobody knows by whom.
            (Vote, "cast_at", {"voter": None}),
            (Report, "made_at", {"fingerprint": None}),
        )
    ]
