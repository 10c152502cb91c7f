"""The command that reads back what export_articles wrote."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, transaction

from articles.addressing import change_slug
from articles.documents import files_of
from articles.models import Article
from articles.restoring import Restored, import_document


class Command(BaseCommand):
    help = (
        "Read every JSON file of a folder that export_articles wrote into the working copies, as a "
        "new revision of each article that it changes; nothing is published. All of them are read, "
        "or none. Rows of the library that are there are left as they are. Copy the files of the "
        "pictures into the media folder as well."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        exported = read_folder(options["folder"])
        with transaction.atomic():
            # First all of them empty, so that they can point at each other.
            for one in exported:
                _said_of(one.path, lambda one=one: Article.objects.get_or_create(uid=one.uid))
            for one in exported:
                restored = _said_of(one.path, lambda one=one: import_article(one))
                self._tell(one, restored)
        pictures = set().union(*(files_of(one.document) for one in exported))
        missing = [name for name in pictures if not default_storage.exists(name)]
        if missing:
            self.stdout.write(f"{len(missing)} of {len(pictures)} pictures have no file yet.")

    def _tell(self, one: "Exported", restored: Restored) -> None:
        is_same = restored.revision.digest == one.digest
        said = "as it was exported" if is_same else "not quite as it was exported"
        self.stdout.write(f"{one.path.name}: revision {restored.revision.number}, {said}")
        for words, names in (
            ("made again in the library", restored.differences.recreated),
            ("the library says something else", restored.differences.differing),
            ("no longer there", restored.differences.gone),
        ):
            for name in names:
                self.stdout.write(f"  {words}: {name}")


@dataclass(frozen=True, slots=True)
class Exported:
    """What one file holds; the first of ``addresses`` is the present one."""

    path: Path
    addresses: list[str]
    digest: str
    document: dict[str, Any]

    @property
    def uid(self) -> str:
        return self.document["uid"]


def read_folder(folder: Path) -> list[Exported]:
    """Return what the files of a folder hold, by their names. Raises CommandError for a bad one."""
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise CommandError(f"There is no JSON file in {folder}.")
    return [_said_of(path, lambda path=path: _read_file(path)) for path in paths]


def import_article(one: Exported) -> Restored:
    """Write one article; give it its addresses unless it has some already."""
    restored = import_document(one.document, by=None)
    article = restored.revision.article
    if not article.addresses.exists():
        for slug in reversed(one.addresses):
            change_slug(article, slug, by=None)
    return restored


def _read_file(path: Path) -> Exported:
    data = json.loads(path.read_text(encoding="utf-8"))
    return Exported(path, list(data["addresses"]), data["digest"], dict(data["document"]))


def _said_of(path: Path, do: Any) -> Any:
    """Do something with a file, and say of which file it was if that fails."""
    try:
        return do()
    except ValidationError as error:
        raise CommandError(f"{path.name}: {' '.join(error.messages)}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise CommandError(f"{path.name}: it is not whole: {error!r}.") from error
    except (ValueError, DatabaseError) as error:
        raise CommandError(f"{path.name}: {error}") from error
