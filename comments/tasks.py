"""What is done for readers in the background."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.tasks import task
from django.utils import timezone

from comments.models import Comment, Feedback, Suggestion

KEPT_FOR = timedelta(days=30)


@task
def forget_networks() -> int:
    """Forget from which network came what is older than ``KEPT_FOR``; return of how many rows.

    Doing it twice does no harm.
    """
    return sum(rows.update(network="", fingerprint=None) for rows in _due(timezone.now()))


def forget_networks_in_time() -> None:
    """Have old networks forgotten in the background, if there are any, once this is committed."""
    # Robust: the reader's comment is stored, whatever becomes of the task.
    transaction.on_commit(_enqueue_if_due, robust=True)


def _enqueue_if_due() -> None:
    if any(rows.exists() for rows in _due(timezone.now())):
        forget_networks.enqueue()


def _due(now: datetime) -> list[models.QuerySet]:
    return [
        model.objects.exclude(network="").filter(**{f"{moment}__lt": now - KEPT_FOR})
        for model, moment in (
            (Comment, "created_at"),
            (Feedback, "created_at"),
            (Suggestion, "made_at"),
        )
    ]
