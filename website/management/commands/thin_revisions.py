"""The command that thins out old revisions of drafts."""

from typing import Any

from django.core.management.base import BaseCommand

from articles.thinning import thin_all


class Command(BaseCommand):
    help = (
        "Delete old revisions that were never published, scheduled, reviewed or named: all of the "
        "last 14 days stay, then the last of each day, after 90 days the last of each week. Run "
        "it every night; run again, it finds nothing more to do."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        gone = thin_all()
        self.stdout.write(f"{gone} revisions went." if gone else "There is nothing to thin out.")
