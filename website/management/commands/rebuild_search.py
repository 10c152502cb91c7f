"""The command that writes anew what the search finds."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from articles.documents import upgraded_document
from articles.models import Publication, PublishedPassage
from articles.passages import index, live_or_coming, without_passages, write_passages


class Command(BaseCommand):
    help = (
        "Write anew what the search finds: the passages of all publications that readers see or "
        "will, and the database's index of them. The search keeps up by itself; this is for the "
        "day on which it did not, and after LANGUAGE_CODE was changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--missing",
            action="store_true",
            help="Only what has no passages yet, and the index if its language is another.",
        )

    def handle(self, *args: Any, missing: bool, **options: Any) -> None:
        now = timezone.now()
        index().ensure()
        wanted = without_passages(now) if missing else live_or_coming(now)
        count = 0
        for publication in wanted.iterator(chunk_size=50):
            _write(publication)
            count += 1
        if not missing:
            PublishedPassage.objects.exclude(publication__in=live_or_coming(now)).delete()
            index().rebuild()
        done = f"The search finds {count} more publications."
        self.stdout.write(done if count else "The search is up to date.")


@transaction.atomic
def _write(publication: Publication) -> None:
    """Write the passages of one publication, unless it was taken back in the meantime."""
    locked = Publication.objects.select_for_update(of=("self",)).select_related(
        "article", "revision"
    )
    if found := locked.filter(pk=publication.pk, is_hidden=False).first():
        write_passages(found, upgraded_document(found.revision.document))
