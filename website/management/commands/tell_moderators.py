"""Tell moderators by e-mail that comments wait."""

from typing import Any

from django.core.management.base import BaseCommand

from comments.digesting import tell_moderators


class Command(BaseCommand):
    """Run every hour by ``deploy/serve.py``; running it more often does no harm."""

    help = "Tell moderators by e-mail that comments wait: one e-mail for any number, once an hour."

    def handle(self, *args: Any, **options: Any) -> None:
        count = tell_moderators()
        self.stdout.write(f"Told {count} moderator{'' if count == 1 else 's'}.")
