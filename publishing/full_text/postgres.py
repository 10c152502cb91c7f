"""Full text search by PostgreSQL: a generated column of words, and trigrams where they can be had.

The column is no field of the model, as the other database has none: it is
added beside the fields, and every write keeps it.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from publishing.full_text.asking import Asked
from publishing.full_text.language import configuration
from publishing.full_text.words import FIRST, LAST, Marked

# What words in the text and in the title count: the weights of D, C, B and A.
WEIGHTS = "{0.1, 0.1, 0.1, 1.0}"
# Divided by one and the logarithm of the length.
NORMALISED = 1
LEAST_ALIKE = 0.35
HEADLINE = f"StartSel={FIRST}, StopSel={LAST}"


class PostgresFullText:
    def __init__(self, table: str) -> None:
        self.table = table
        self.words, self.letters = f"{table}_words", f"{table}_letters"

    def ensure(self) -> bool:
        """Make the column anew if it is missing or of another language, and its indexes."""
        with connection.cursor() as cursor, transaction.atomic():
            is_right = self._language(cursor) == configuration()
            if not is_right:
                self._make_words(cursor)
            self._ensure_letters(cursor)
        return not is_right

    def rebuild(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f'REINDEX INDEX "{self.words}"')

    def forget_removed(self) -> None:
        """Nothing to do: what is removed is gone with the row, as from any other table."""

    def matching(self, asked: Asked) -> RawSQL:
        query, params = _query(asked)
        return RawSQL(f'SELECT id FROM "{self.table}" WHERE words @@ {query}', params)

    def ranked(self, rows: QuerySet, asked: Asked) -> QuerySet:
        query, params = _query(asked)
        rank = (
            f"ts_rank('{WEIGHTS}', \"{self.table}\".words, {query}, {NORMALISED}) "
            f'* "{self.table}"."weight"'
        )
        found = rows.extra(where=[f'"{self.table}".words @@ {query}'], params=params)
        return found.extra(select={"rank": rank}, select_params=params, order_by=["-rank", "pk"])

    def marked(self, ids: Iterable[int], asked: Asked) -> Mapping[int, Marked]:
        ids = list(ids)
        if not ids:
            return {}
        query, params = _query(asked)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, ts_headline('{configuration()}', title, {query}, %s), "
                f"ts_headline('{configuration()}', text, {query}, %s), text "
                f'FROM "{self.table}" WHERE id = ANY(%s)',
                [
                    *params, f"{HEADLINE}, HighlightAll=true",
                    *params, f"{HEADLINE}, MaxWords=40, MinWords=25",
                    ids,
                ],
            )  # fmt: skip
            return {
                pk: Marked(title, _with_dots(passage, text))
                for pk, title, passage, text in cursor.fetchall()
            }

    def beginning_with(self, rows: QuerySet, words: Iterable[str]) -> QuerySet:
        words = [word for word in words if len(word) > 1]
        for word in words:
            rows = rows.filter(title__iregex=rf"\m{word}")
        return rows if words else rows.none()

    def resembling(self, rows: QuerySet, words: Iterable[str]) -> QuerySet:
        words = list(words)
        if not (words and has_trigrams()):
            return rows.none()
        alike = [f'word_similarity(%s, "{self.table}"."title")' for _word in words]
        nearest = f"greatest({', '.join(alike)})"
        found = rows.extra(where=[f"{nearest} > {LEAST_ALIKE}"], params=words)
        return found.extra(select={"rank": nearest}, select_params=words, order_by=["-rank", "pk"])

    def _language(self, cursor: Any) -> str | None:
        cursor.execute(
            "SELECT col_description(attrelid, attnum) FROM pg_attribute "
            "WHERE attrelid = to_regclass(%s) AND attname = 'words' AND NOT attisdropped",
            [f'"{self.table}"'],
        )
        row = cursor.fetchone()
        return row[0] if row else None

    def _make_words(self, cursor: Any) -> None:
        cursor.execute(f'ALTER TABLE "{self.table}" DROP COLUMN IF EXISTS words')
        cursor.execute(
            f'ALTER TABLE "{self.table}" ADD COLUMN words tsvector GENERATED ALWAYS AS ('
            f"setweight(to_tsvector('{configuration()}', title), 'A') || "
            f"setweight(to_tsvector('{configuration()}', text), 'B')) STORED"
        )
        cursor.execute(f'CREATE INDEX "{self.words}" ON "{self.table}" USING gin (words)')
        # What the column is made for: ``_language`` reads it.
        cursor.execute(f"COMMENT ON COLUMN \"{self.table}\".words IS '{configuration()}'")

    def _ensure_letters(self, cursor: Any) -> None:
        """Ask for pg_trgm, which a database's owner may add; without it no spelling is forgiven."""
        cursor.execute("SELECT to_regclass(%s)", [f'"{self.letters}"'])
        if cursor.fetchone()[0]:
            return
        try:
            with transaction.atomic():
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except DatabaseError:
            return
        has_trigrams.cache_clear()
        cursor.execute(
            f'CREATE INDEX IF NOT EXISTS "{self.letters}" ON "{self.table}" '
            "USING gin (title gin_trgm_ops)"
        )


def _query(asked: Asked) -> tuple[str, list[str]]:
    """Return the query as SQL and its parameters. Words become a query without being syntax."""
    each = [f"phraseto_tsquery('{configuration()}', %s)"] * len(asked.terms)
    return f"({' && '.join(each)})", [term.text for term in asked.terms]


@cache
def has_trigrams() -> bool:
    """Are there trigrams? Asked once in a process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        return cursor.fetchone() is not None


def _with_dots(passage: str, text: str) -> str:
    """Return a passage with dots where the text goes on, as the other database gives it."""
    plain = passage.replace(FIRST, "").replace(LAST, "")
    before = "" if text.startswith(plain[:40]) else "…"
    after = "" if text.rstrip().endswith(plain[-40:].rstrip()) else "…"
    return f"{before}{passage}{after}"
