"""The command that writes every article as a file of plain text."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from articles.documents import files_of, read_document
from articles.models import Article
from publishing.canonical import digest


class Command(BaseCommand):
    help = (
        "Write the working copy of every article into a folder, one JSON file for each: its "
        "document, its digest and its addresses. import_articles reads them back. Revisions, "
        "publications, reviews, comments and accounts are not in it, and neither are the files of "
        "the pictures: copy the media folder too. This is no backup of the database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="made if it is not there")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        pictures: set[str] = set()
        articles = Article.objects.prefetch_related("addresses").order_by("pk")
        for article in articles:
            exported = export_of(article)
            pictures |= files_of(exported["document"])
            path = folder / f"{article.slug or article.uid}.json"
            text = json.dumps(exported, ensure_ascii=False, indent=1)
            path.write_text(text + "\n", encoding="utf-8")
        self.stdout.write(
            f"Wrote {len(articles)} articles into {folder}. They show {len(pictures)} pictures, "
            "whose files are in the media folder and not here."
        )


def export_of(article: Article) -> dict[str, Any]:
    """Return all that a file holds: ``{"addresses": […], "digest": "…", "document": {…}}``.

    The present address stands first, those that lead to it follow.
    """
    document = read_document(article)
    addresses = sorted(article.addresses.all(), key=lambda one: (not one.is_current, one.slug))
    return {
        "addresses": [address.slug for address in addresses],
        "digest": digest(document),
        "document": document,
    }
