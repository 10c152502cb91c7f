"""Tell editors by e-mail which of their articles are due for review."""

from typing import Any

from django.core.management.base import BaseCommand

from articles.reminding import remind_of_reviews


class Command(BaseCommand):
    """Run every day by ``deploy/serve.py``; running it more often does no harm."""

    help = "Tell editors by e-mail which articles are due for review, once for each due day."

    def handle(self, *args: Any, **options: Any) -> None:
        count = remind_of_reviews()
        self.stdout.write(f"Reminded of {count} article{'' if count == 1 else 's'}.")
