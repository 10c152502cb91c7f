"""The command that loads the demonstration."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from website.demonstrating import load_demonstration
from website.demonstration_files import Malformed


class Command(BaseCommand):
    help = (
        "Load the demonstration's explainers and publish them. What is published already is left "
        "as it is, so the command may be given again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        first = get_user_model().objects.filter(is_superuser=True).order_by("pk").first()
        try:
            loaded = load_demonstration(by=first)
        except Malformed as error:
            raise CommandError(str(error)) from error
        for article in loaded:
            did = "Published" if article.is_new else "Already there"
            address = reverse("articles:article", args=[article.slug])
            self.stdout.write(f"{did}: {article.title} ({address})")
