"""What is done for editors in the background."""

from datetime import timedelta

from django.core.mail import send_mail
from django.db import models
from django.tasks import task
from django.utils import timezone

from articles.models import Notice
from articles.notices import words_of

TAKEN_FOR = timedelta(minutes=5)


@task
def send_notices() -> int:
    """Send every e-mail that is still to be sent; return how many went.

    Doing it again sends none twice: a notice is taken by one worker, and goes
    when it is sent. What could not be sent stays for the next time.
    """
    now = timezone.now()
    free = models.Q(taken_until=None) | models.Q(taken_until__lt=now)
    sent = 0
    for pk in Notice.objects.filter(free).order_by("pk").values_list("pk", flat=True):
        # One statement, so that of two workers one takes it. The network is asked outside of it.
        if Notice.objects.filter(free, pk=pk).update(taken_until=now + TAKEN_FOR):
            _send(
                Notice.objects.select_related("article", "request", "remark", "recipient").get(
                    pk=pk
                )
            )
            sent += 1
    return sent


def _send(notice: Notice) -> None:
    subject, text = words_of(notice)
    send_mail(subject, text, None, [notice.recipient.email])
    notice.delete()
