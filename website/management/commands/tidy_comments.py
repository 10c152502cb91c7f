"""The command that tidies up what readers' comments leave behind."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from comments.tidying import tidy


class Command(BaseCommand):
    help = (
        "Forget from which networks comments came more than 30 days ago, whom ended bans were "
        "about, proofs of work that have expired, rare words that were learned long ago, mail "
        "that was sent, and addresses that nobody confirmed. Run it every night; run again, it "
        "finds nothing more to do."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        gone = tidy(timezone.now())
        self.stdout.write(
            f"Forgotten: {gone.networks} networks, {gone.bans} bans, {gone.work} proofs of work, "
            f"{gone.tokens} words, {gone.mails} mails, {gone.follows} follows, "
            f"{gone.addresses} addresses."
        )
