"""The command that forgets what is kept of readers for a while only; run daily."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from comments import mailing
from comments.readers import forget_unproved_follows, forget_unproved_readers
from comments.tasks import forget_networks, send_mail_in_time


class Command(BaseCommand):
    help = (
        "Forget addresses that nobody confirmed, mail that was sent, and networks, each after "
        "thirty days. Doing it again does no harm."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        mails = mailing.forget(now)
        follows = forget_unproved_follows(now)
        addresses = forget_unproved_readers(now)
        networks = forget_networks.call()
        # What a machine left in the outbox when it was switched off at the wrong moment.
        if due_at := mailing.next_due():
            send_mail_in_time(due_at)
        self.stdout.write(
            f"Forgot {addresses} addresses, {follows} follows, {mails} mails, {networks} networks."
        )
