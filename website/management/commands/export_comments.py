"""The command that writes all comments into one JSON file."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from comments.exporting import export_comments
from comments.models import Comment
from publishing.progress import Progress
from website.management.naming import article_at


class Command(BaseCommand):
    help = (
        "Write all comments, whatever their state, into one JSON file, with votes as counts, "
        "decisions, reports and suggestions; import_comments --format json reads it back. E-mail "
        "addresses, and who follows what, are in it with --with-addresses only."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--article", help="the slug of the one article to export")
        parser.add_argument("--with-addresses", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        article = article_at(options["article"])
        comments = Comment.objects.filter(article=article) if article else Comment.objects
        path: Path = options["file"]
        # Beside it first: a file that is there is whole, and an old one stays until then.
        unfinished = path.with_name(f"{path.name}.unfinished")
        try:
            with (
                open(os.open(unfinished, _FRESH, 0o600), "w", encoding="utf-8") as file,
                Progress("Exporting comments", comments.count()) as progress,
            ):
                count = export_comments(
                    file,
                    article=article,
                    with_addresses=options["with_addresses"],
                    progress=progress.advance,
                )
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except OSError as error:
            raise CommandError(f"The file cannot be written: {error}.") from error
        finally:
            unfinished.unlink(missing_ok=True)
        self.stdout.write(f"Comments written to {path}: {count:,}.")


# For nobody but its owner to read: there may be addresses in it, and there are rejected comments.
_FRESH = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
