"""Full text search of one table: whatever the site's database has of its own for it.

The table has the columns ``id``, ``title``, ``text`` and ``weight``. SQLite
finds with two FTS5 tables beside it, PostgreSQL with one more column and its
own dictionaries; both keep up by themselves with every write, in the same
transaction. Nothing else in the site knows which of the two it is. What may
be seen is no concern of this package: callers hand in rows that may be.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from publishing.full_text.asking import Asked, read_asked
from publishing.full_text.postgres import PostgresFullText
from publishing.full_text.sqlite import SqliteFullText
from publishing.full_text.words import Marked, in_pieces

__all__ = ["Asked", "FullText", "Marked", "full_text", "in_pieces", "read_asked"]


class FullText(Protocol):
    """What both databases can do. ``rows`` are querysets of the table's model, not sliced."""

    def ensure(self) -> bool:
        """Bring the index into the site's language; False if it is there already."""

    def rebuild(self) -> None:
        """Write the index anew from the table."""

    def forget_removed(self) -> None:
        """Leave nothing in the index of rows that are gone."""

    def matching(self, asked: Asked) -> RawSQL:
        """Return the ids of all rows that hold what was asked, for ``pk__in``."""

    def ranked(self, rows: QuerySet, asked: Asked) -> QuerySet:
        """Return those of ``rows`` that hold what was asked, the best first."""

    def marked(self, ids: Iterable[int], asked: Asked) -> Mapping[int, "Marked"]:
        """Return title and best passage of rows that match, marked where; one query."""

    def beginning_with(self, rows: QuerySet, words: Iterable[str]) -> QuerySet:
        """Return those of ``rows`` in whose title words begin with each of ``words``."""

    def resembling(self, rows: QuerySet, words: Iterable[str]) -> QuerySet:
        """Return ``rows`` whose titles share letters with any of ``words``, the nearest first."""


_BY_VENDOR = {"sqlite": SqliteFullText, "postgresql": PostgresFullText}


def full_text(table: str) -> FullText:
    """Return the full text search of a table, by the database the site uses."""
    return _BY_VENDOR[connection.vendor](table)
