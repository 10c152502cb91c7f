"""Comments of Isso: its SQLite file, only read. Their texts are Markdown already."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from comments.importing.incoming import (
    LONGEST_RAW,
    Incoming,
    IncomingComment,
    IncomingThread,
    UnreadableFile,
)
from comments.models import Comment

STATES = {
    1: Comment.State.APPROVED,
    2: Comment.State.PENDING,
    # Deleted by its writer or a moderator; only its place is kept, for the replies.
    4: Comment.State.REMOVED,
}
COMMENTS = f"""
    SELECT c.id, c.tid, c.parent, p.created AS parent_created, c.created, c.modified, c.mode,
           substr(c.text, 1, {LONGEST_RAW + 1}) AS text, substr(c.author, 1, 1000) AS author,
           substr(c.email, 1, 1000) AS email, c.likes, c.dislikes
    FROM comments c LEFT JOIN comments p ON p.id = c.parent
    ORDER BY c.id
"""  # noqa: S608  (a number of ours)


def read(path: Path) -> Iterator[Incoming]:
    """Yield the threads and the comments of an Isso database. Raises ``UnreadableFile``."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as file:
            file.row_factory = sqlite3.Row
            file.text_factory = lambda text: text.decode("utf-8", "replace")
            # The file may come from anywhere: nothing that it defines is run.
            file.execute("PRAGMA trusted_schema = OFF")
            file.execute("PRAGMA cell_size_check = ON")
            for row in file.execute("SELECT id, uri, title FROM threads"):
                yield IncomingThread(str(row["id"]), [str(row["uri"])], str(row["title"] or ""))
            for row in file.execute(COMMENTS):
                yield _comment(row)
    except sqlite3.Error as error:
        raise UnreadableFile(
            _("This is no database of Isso that can be read: %(what)s.") % {"what": error}
        ) from error


def _comment(row: sqlite3.Row) -> IncomingComment:
    comment = IncomingComment(
        key=_key(row["id"], row["created"]),
        thread=str(row["tid"]),
        where=_("comment %(number)s") % {"number": row["id"]},
        state=STATES.get(row["mode"], Comment.State.PENDING),
        name=str(row["author"] or ""),
        body=str(row["text"] or ""),
        email=str(row["email"] or ""),
        at=_moment(row["created"]),
        parent=_key(row["parent"], row["parent_created"]) if row["parent"] else "",
        details={"helpful": _count(row["likes"]), "unhelpful": _count(row["dislikes"])},
    )
    if changed := _moment(row["modified"]):
        comment.details["edited_at"] = changed.isoformat()
    if row["mode"] not in STATES:
        comment.refusal = _("its state “%(state)s” is not known") % {"state": row["mode"]}
    return comment


def _key(number: Any, created: Any) -> str:
    """Return the key of a comment. Numbers begin anew in each database; moments do not."""
    return f"isso:{number}:{created}"


def _moment(seconds: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(seconds), UTC) if seconds else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _count(votes: Any) -> int:
    return votes if isinstance(votes, int) and 0 <= votes < 1_000_000_000 else 0
