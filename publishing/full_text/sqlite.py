"""Full text search by SQLite's FTS5: one table of words, one of letters, kept by triggers.

Both are "external content" tables: they hold no text of their own.
"""

from collections.abc import Iterable, Mapping

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from publishing.full_text.asking import Asked
from publishing.full_text.language import tokenizer
from publishing.full_text.words import FIRST, LAST, Marked

# A word in the title counts as much as ten in the text.
TITLE, TEXT = 10.0, 1.0
WORDS_SHOWN = 36


class SqliteFullText:
    def __init__(self, table: str) -> None:
        self.table = table
        self.words, self.letters = f"{table}_words", f"{table}_letters"

    def ensure(self) -> bool:
        """Make what is missing or of another language; triggers go when a migration moves rows."""
        wanted = self._statements()
        with connection.cursor() as cursor, transaction.atomic():
            names = ", ".join(["%s"] * len(wanted))
            cursor.execute(
                f"SELECT name, sql FROM sqlite_master WHERE name IN ({names})",
                list(wanted),
            )
            there = dict(cursor.fetchall())
            if there == wanted:
                return False
            for name in there:
                kind = "TABLE" if name in (self.words, self.letters) else "TRIGGER"
                cursor.execute(f'DROP {kind} "{name}"')
            for statement in wanted.values():
                cursor.execute(statement)
            self.rebuild()
        return True

    def rebuild(self) -> None:
        self._tell("rebuild")

    def forget_removed(self) -> None:
        """Merge the index's segments: until then an older one names words of rows that are gone."""
        self._tell("optimize")

    def matching(self, asked: Asked) -> RawSQL:
        select = f'SELECT rowid FROM "{self.words}" WHERE "{self.words}" MATCH %s'
        return RawSQL(select, [_match(asked)])

    def ranked(self, rows: QuerySet, asked: Asked) -> QuerySet:
        # bm25 is the less the better.
        rank = f'bm25("{self.words}", {TITLE}, {TEXT}) * "{self.table}"."weight"'
        found = self._joined(rows, self.words, _match(asked)).extra(select={"rank": rank})
        return found.extra(order_by=["rank", "pk"])

    def marked(self, ids: Iterable[int], asked: Asked) -> Mapping[int, Marked]:
        ids = list(ids)
        if not ids:
            return {}
        places = ", ".join(["%s"] * len(ids))
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT rowid, highlight("{self.words}", 0, %s, %s), '
                f'snippet("{self.words}", 1, %s, %s, %s, {WORDS_SHOWN}) FROM "{self.words}" '
                f'WHERE "{self.words}" MATCH %s AND rowid IN ({places})',
                [FIRST, LAST, FIRST, LAST, "…", _match(asked), *ids],
            )
            return {pk: Marked(title, text) for pk, title, text in cursor.fetchall()}

    def beginning_with(self, rows: QuerySet, words: Iterable[str]) -> QuerySet:
        # At the very beginning, or after a space, which is a letter to this table.
        each = [f'(^"{word}" OR " {word}")' for word in words if len(word) > 1]
        return self._joined(rows, self.letters, " AND ".join(each)) if each else rows.none()

    def resembling(self, rows: QuerySet, words: Iterable[str]) -> QuerySet:
        parts = {word[at : at + 3] for word in words for at in range(len(word) - 2)}
        if not parts:
            return rows.none()
        match = " OR ".join(f'"{part}"' for part in sorted(parts))
        return self._joined(rows, self.letters, match).extra(
            select={"rank": f'bm25("{self.letters}")'}, order_by=["rank", "pk"]
        )

    def _joined(self, rows: QuerySet, index: str, match: str) -> QuerySet:
        return rows.extra(
            tables=[index],
            where=[f'"{index}".rowid = "{self.table}"."id"', f'"{index}" MATCH %s'],
            params=[match],
        )

    def _tell(self, command: str) -> None:
        with connection.cursor() as cursor:
            for index in (self.words, self.letters):
                cursor.execute(f'INSERT INTO "{index}"("{index}") VALUES (%s)', [command])

    def _statements(self) -> dict[str, str]:
        """Return what there has to be, by name, as SQLite remembers it."""
        table, words, letters = self.table, self.words, self.letters
        content = f'content="{table}", content_rowid="id"'
        add = (
            f'INSERT INTO "{words}"(rowid, title, text) VALUES (new.id, new.title, new.text); '
            f'INSERT INTO "{letters}"(rowid, title) VALUES (new.id, new.title);'
        )
        remove = (
            f'INSERT INTO "{words}"("{words}", rowid, title, text) '
            "VALUES ('delete', old.id, old.title, old.text); "
            f'INSERT INTO "{letters}"("{letters}", rowid, title) '
            "VALUES ('delete', old.id, old.title);"
        )
        return {
            words: f'CREATE VIRTUAL TABLE "{words}" USING fts5('
            f'title, text, {content}, tokenize="{tokenizer()}")',
            letters: f'CREATE VIRTUAL TABLE "{letters}" USING fts5('
            f'title, {content}, tokenize="trigram")',
            f"{words}_added": f'CREATE TRIGGER "{words}_added" AFTER INSERT ON "{table}" '
            f"BEGIN {add} END",
            f"{words}_removed": f'CREATE TRIGGER "{words}_removed" AFTER DELETE ON "{table}" '
            f"BEGIN {remove} END",
            f"{words}_changed": f'CREATE TRIGGER "{words}_changed" '
            f'AFTER UPDATE OF title, text ON "{table}" BEGIN {remove} {add} END',
        }


def _match(asked: Asked) -> str:
    """Return FTS5's expression: every term a string in quotation marks, which is never syntax."""
    return " AND ".join(f'"{" ".join(term.words)}"' for term in asked.terms)
