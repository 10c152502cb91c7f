"""The spool: what a file holds, put in order on the disk before anything is stored.

A temporary SQLite database, so that a file of any size takes little memory. In it replies find
what they answer wherever that stands in the file, and comments get the order in which they are
stored: by date, none before what it answers.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from comments.importing.incoming import IncomingComment, IncomingOther, IncomingThread

SCHEMA = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA temp_store = FILE;
    PRAGMA cache_size = -32000;
    CREATE TABLE threads (
        key TEXT PRIMARY KEY, addresses TEXT, title TEXT, article INTEGER, refusal TEXT DEFAULT ''
    );
    CREATE TABLE comments (
        number INTEGER PRIMARY KEY, key TEXT UNIQUE, thread TEXT, place TEXT, parent TEXT,
        moment TEXT, refusal TEXT, notes TEXT, data TEXT, outer_parent TEXT DEFAULT ''
    );
    CREATE TABLE others (number INTEGER PRIMARY KEY, kind TEXT, place TEXT, data TEXT);
    CREATE TABLE ordered (position INTEGER PRIMARY KEY, number INTEGER);
"""
INDEXES = """
    CREATE INDEX comments_parent ON comments (parent) WHERE parent <> '';
    CREATE INDEX comments_thread ON comments (thread);
"""
# Generations of refused comments through which a reply may be lifted to one that is taken.
MOST_LIFTS = 500


class Spool:
    """What a file holds. ``keeps_order``: its own order stands, and not that of its dates."""

    def __init__(self, path: Path, *, keeps_order: bool = False) -> None:
        self.keeps_order = keeps_order
        self._file = sqlite3.connect(path, isolation_level=None)
        self._file.executescript(SCHEMA)
        self._file.execute("BEGIN")

    def close(self) -> None:
        self._file.close()

    # Filling it

    def add_thread(self, thread: IncomingThread) -> None:
        self._file.execute(
            "INSERT INTO threads (key, addresses, title) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (thread.key, json.dumps(thread.addresses), thread.title[:300]),
        )

    def add_comment(self, comment: IncomingComment) -> None:
        """Keep a comment that was checked; the second of one key is refused."""
        if not comment.refusal:
            rows = self._file.execute("SELECT place FROM comments WHERE key = ?", (comment.key,))
            if earlier := rows.fetchone():
                comment.refusal = _("it is in the file twice: see %(place)s") % {
                    "place": earlier[0]
                }
        data = asdict(comment)
        data["at"] = (
            comment.at.astimezone(UTC).isoformat(timespec="microseconds") if comment.at else ""
        )
        is_first = not comment.refusal or not self._has(comment.key)
        self._file.execute(
            "INSERT INTO comments (key, thread, place, parent, moment, refusal, notes, data)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (comment.key or None) if is_first else None,
                comment.thread,
                comment.where,
                comment.parent,
                "" if self.keeps_order else data["at"],
                comment.refusal,
                "; ".join(comment.notes),
                "" if comment.refusal else json.dumps(data),
            ),
        )

    def add_other(self, other: IncomingOther) -> None:
        self._file.execute(
            "INSERT INTO others (kind, place, data) VALUES (?, ?, ?)",
            (other.kind, other.where, json.dumps(other.row)),
        )

    def _has(self, key: str) -> bool:
        rows = self._file.execute("SELECT 1 FROM comments WHERE key = ?", (key,))
        return rows.fetchone() is not None

    # Putting it in order

    def threads(self) -> Iterator[IncomingThread]:
        for key, addresses, title in self._all("SELECT key, addresses, title FROM threads"):
            yield IncomingThread(key, json.loads(addresses), title)

    def match(self, key: str, article: int | None, refusal: str = "") -> None:
        """Say which article a thread belongs to, or why it belongs to none."""
        self._file.execute(
            "UPDATE threads SET article = ?, refusal = ? WHERE key = ?", (article, refusal, key)
        )

    def settle(self) -> None:
        """Refuse what has no article, find for every reply what it stands below, set the order."""
        self._file.executescript(INDEXES)
        self._refuse_without_article()
        self._lift_over_refused()
        self._part_from_other_articles()
        self._set_order()

    def _refuse_without_article(self) -> None:
        self._file.execute(
            "UPDATE comments SET refusal = ("
            "  SELECT refusal FROM threads WHERE threads.key = comments.thread)"
            " WHERE refusal = ''"
            "   AND thread IN (SELECT key FROM threads WHERE article IS NULL)"
        )
        self._file.execute(
            "UPDATE comments SET refusal = ?"
            " WHERE refusal = '' AND thread NOT IN (SELECT key FROM threads)",
            (_("its thread is not in the file"),),
        )

    def _lift_over_refused(self) -> None:
        """Let a reply to what is refused answer what that answered."""
        lift = (
            "UPDATE comments SET notes = ?1, parent = coalesce("
            "  (SELECT above.parent FROM comments above WHERE above.key = comments.parent), '')"
            " WHERE refusal = '' AND parent <> ''"
            "   AND parent IN (SELECT key FROM comments WHERE refusal <> '' AND key IS NOT NULL)"
        )
        note = _("what it answers is not taken, so it stands higher")
        for _generation in range(MOST_LIFTS):
            if not self._file.execute(lift, (note,)).rowcount:
                return
        self._file.execute(
            "UPDATE comments SET parent = '' WHERE refusal = '' AND parent IN"
            " (SELECT key FROM comments WHERE refusal <> '' AND key IS NOT NULL)"
        )

    def _part_from_other_articles(self) -> None:
        """Let what answers a comment on another article answer its own; keep what is elsewhere."""
        self._file.execute(
            "UPDATE comments SET parent = '', notes = ?"
            " WHERE refusal = '' AND parent <> '' AND EXISTS ("
            "  SELECT 1 FROM comments above JOIN threads its ON its.key = above.thread"
            "  JOIN threads own ON own.key = comments.thread"
            "  WHERE above.key = comments.parent AND its.article IS NOT own.article)",
            (_("what it answers is on another article"),),
        )
        self._file.execute(
            "UPDATE comments SET outer_parent = parent, parent = '' WHERE refusal = ''"
            " AND parent <> '' AND parent NOT IN (SELECT key FROM comments WHERE key IS NOT NULL)"
        )

    def _set_order(self) -> None:
        self._file.execute(
            "INSERT INTO ordered (position, number)"
            " WITH RECURSIVE tree (number, key, moment, first, level) AS ("
            "  SELECT number, key, moment, number, 0 FROM comments"
            "  WHERE refusal = '' AND parent = ''"
            "  UNION ALL"
            "  SELECT below.number, below.key, max(below.moment, tree.moment),"
            "   max(below.number, tree.first), tree.level + 1"
            "  FROM tree JOIN comments below ON below.parent = tree.key AND below.parent <> ''"
            "  WHERE below.refusal = '')"
            " SELECT row_number() OVER (ORDER BY moment, first, level, number), number FROM tree"
        )
        self._file.execute(
            "UPDATE comments SET refusal = ? WHERE refusal = ''"
            " AND number NOT IN (SELECT number FROM ordered)",
            (_("it answers itself, by way of others"),),
        )

    # Reading it

    def batches(self, size: int) -> Iterator[list[tuple[dict[str, Any], int, str, str]]]:
        """Yield what is to be stored, in order: data, article, parent here, parent elsewhere."""
        last = 0
        while rows := self._file.execute(
            "SELECT position, data, article, parent, outer_parent"
            " FROM ordered JOIN comments USING (number) JOIN threads ON threads.key = thread"
            " WHERE position > ? ORDER BY position LIMIT ?",
            (last, size),
        ).fetchall():
            yield [(json.loads(data), *places) for _position, data, *places in rows]
            last = rows[-1][0]

    def others(self, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        for place, data in self._all(
            "SELECT place, data FROM others WHERE kind = ? ORDER BY number", kind
        ):
            yield place, json.loads(data)

    def counts(self) -> tuple[int, int]:
        """Return how many comments were read, and how many of them are refused."""
        read = self._one("SELECT count(*) FROM comments")
        return read, self._one("SELECT count(*) FROM comments WHERE refusal <> ''")

    def refusals(self) -> Iterator[tuple[str, str]]:
        """Yield where each comment stands that is refused, and why."""
        return self._all("SELECT place, refusal FROM comments WHERE refusal <> '' ORDER BY number")

    def notes(self) -> Iterator[tuple[str, str]]:
        """Yield where each comment stands of which something was changed, and what."""
        return self._all(
            "SELECT place, notes FROM comments WHERE refusal = '' AND notes <> '' ORDER BY number"
        )

    def reasons(self) -> Iterator[tuple[str, int]]:
        """Yield every reason for a refusal with its number of comments, the commonest first."""
        return self._all(
            "SELECT refusal, count(*) FROM comments WHERE refusal <> ''"
            " GROUP BY refusal ORDER BY 2 DESC, 1"
        )

    def unmatched(self) -> Iterator[tuple[str, str, str, int]]:
        """Yield threads with comments and without an article: address, title, why, how many."""
        rows = self._all(
            "SELECT addresses, title, threads.refusal, count(*) FROM threads"
            " JOIN comments ON thread = threads.key WHERE article IS NULL"
            " GROUP BY threads.key ORDER BY 4 DESC, threads.rowid"
        )
        for addresses, title, refusal, count in rows:
            yield (json.loads(addresses) or [""])[0], title, refusal, count

    def _one(self, statement: str, *values: Any) -> Any:
        return self._file.execute(statement, values).fetchone()[0]

    def _all(self, statement: str, *values: Any) -> Iterator[Any]:
        yield from self._file.execute(statement, values)


def moment_of(data: dict[str, Any]) -> datetime:
    """Return when a comment that comes out of the spool was written."""
    return datetime.fromisoformat(data["at"])
