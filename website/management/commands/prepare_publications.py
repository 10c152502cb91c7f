"""The command that makes the HTML of publications again after an upgrade."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from articles.documents import prepare, upgraded_document
from articles.models import Publication
from articles.public_rows import write_public_rows
from publishing.build import build


class Command(BaseCommand):
    help = (
        "Prepare again every publication that another build prepared. Pages are right without it; "
        "with it their first reader does not wait."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        old = Publication.objects.exclude(prepared_by=build()).filter(cancelled_at__isnull=True)
        count = 0
        for publication in old.select_related("revision").iterator(chunk_size=50):
            _prepare(publication)
            count += 1
        self.stdout.write(f"Prepared {count} publications." if count else "All is prepared.")


@transaction.atomic
def _prepare(publication: Publication) -> None:
    """Make the HTML of the page and of the public rows, which lists show."""
    document = upgraded_document(publication.revision.document)
    publication.prepared = prepare(document, at=publication.goes_live_at)
    publication.prepared_by = build()
    publication.save(update_fields=["prepared", "prepared_by"])
    write_public_rows(publication, document)
