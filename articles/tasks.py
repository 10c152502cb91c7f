"""What is done for editors in the background."""

import logging
from datetime import datetime, timedelta

from django.core.mail import send_mail
from django.db import models
from django.tasks import TaskResultStatus, task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.models import Notice
from articles.notices import words_of

TAKEN_FOR = timedelta(minutes=5)
TRIED_AGAIN_AFTER = timedelta(minutes=10)
GIVEN_UP_AFTER = timedelta(days=3)
logger = logging.getLogger(__name__)


@task
def send_notices() -> int:
    """Send every e-mail that is still to be sent; return how many went.

    Doing it again sends none twice: a notice is taken by one worker, and goes
    when it is sent. What could not be sent is tried again a little later, for
    three days; one that fails holds up no other.
    """
    now = timezone.now()
    Notice.objects.filter(made_at__lt=now - GIVEN_UP_AFTER).delete()
    free = models.Q(taken_until=None) | models.Q(taken_until__lt=now)
    sent, failures = 0, []
    for pk in list(Notice.objects.filter(free).order_by("pk").values_list("pk", flat=True)):
        # One statement, so that of two workers one takes it. The network is asked outside of it.
        if not Notice.objects.filter(free, pk=pk).update(taken_until=now + TAKEN_FOR):
            continue
        try:
            _send(pk)
        except OSError as error:  # of the network and of SMTP alike
            logger.warning("An e-mail could not be sent: %s", error)
            failures.append(error)
        else:
            sent += 1
    _try_again_later(now)
    if failures:
        raise failures[0]
    return sent


def _try_again_later(now: datetime) -> None:
    """Come back for what is left, unless that waits already: also of a worker that was killed."""
    waiting = DBTaskResult.objects.filter(
        task_path=send_notices.module_path, status=TaskResultStatus.READY, run_after__gt=now
    )
    if Notice.objects.exists() and not waiting.exists():
        send_notices.using(run_after=now + TRIED_AGAIN_AFTER).enqueue()


def _send(pk: int) -> None:
    people = Notice.objects.select_related("article", "request", "remark", "recipient")
    notice = people.get(pk=pk)
    subject, text = words_of(notice)
    send_mail(subject, text, None, [notice.recipient.email])
    notice.delete()
