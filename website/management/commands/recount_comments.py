"""The command that counts comments anew, every night."""

from typing import Any

from django.core.management.base import BaseCommand

from comments.counting import recount_all
from comments.models import Discussion
from publishing.progress import Progress


class Command(BaseCommand):
    """Run every day by ``deploy/serve.py``; running it more often does no harm."""

    help = (
        "Count again what each article and each comment say of the comments they show, and mend "
        "what is wrong. Nothing should be: what was is in the log."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        shown = sum(Discussion.objects.values_list("shown", flat=True))
        with Progress("Counting comments", shown) as progress:
            found = recount_all(progress.advance)
        outcome = f"{found.mended:,} wrong, mended" if found.mended else "all right"
        self.stdout.write(
            f"Comments counted: {found.comments:,}; articles: {found.articles:,}; "
            f"counts: {outcome}."
        )
