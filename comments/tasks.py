"""What is done for readers in the background."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.tasks import TaskResultStatus, task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from comments.models import Comment, Feedback, Report, Suggestion, Vote

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


@task
def send_mail() -> int:
    """Send readers the mail that is due; return how many went. Doing it again sends none twice."""
    # Here, as both ask for this task.
    from comments import announcing, mailing

    now = timezone.now()
    announcing.announce(now)
    sent = mailing.send_due(now)
    if next_at := mailing.next_due():
        _send_mail_at(next_at)
    return sent


def send_mail_in_time(due_at: datetime) -> None:
    """Have mail that is due at ``due_at`` sent then, once this is committed."""
    # Robust: what the mail is about is done, whatever becomes of it.
    transaction.on_commit(lambda: _send_mail_at(due_at), robust=True)


def _send_mail_at(due_at: datetime) -> None:
    """Queue the task for a moment, unless it is queued for one that is no later."""
    due_at = max(due_at, timezone.now())
    waiting = DBTaskResult.objects.filter(
        task_path=send_mail.module_path, status=TaskResultStatus.READY, run_after__lte=due_at
    )
    if not waiting.exists():
        send_mail.using(run_after=due_at).enqueue()


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
            (Suggestion, "made_at", {"fingerprint": None}),
            # What was voted and reported stays counted; nobody knows by whom.
            (Vote, "cast_at", {"voter": None}),
            (Report, "made_at", {"fingerprint": None}),
        )
    ]
