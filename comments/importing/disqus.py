"""Comments of Disqus: its XML export, in which threads and posts stand side by side."""

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from comments.importing.incoming import Incoming, IncomingComment, IncomingThread, moment
from comments.importing.safe_xml import Record, read_records
from comments.importing.texts import text_of
from comments.models import Comment

THREAD, POST = "disqus/thread", "disqus/post"
WANTED = {
    THREAD: {"@id", "id", "link", "title"},
    POST: {
        *("@id", "message", "createdAt", "isDeleted", "isSpam", "isApproved"),
        *("author/name", "author/username", "author/email", "thread/@id", "parent/@id"),
    },
}


def read(path: Path) -> Iterator[Incoming]:
    """Yield the threads and the posts of a Disqus export."""
    for record in read_records(path, WANTED):
        if record.path == THREAD:
            addresses = [one for one in (record["link"], record["id"], record["@id"]) if one]
            yield IncomingThread(record["@id"], addresses, record["title"])
        else:
            yield _post(record)


def _post(record: Record) -> IncomingComment:
    number = record["@id"]
    parent = record["parent/@id"]
    return IncomingComment(
        key=f"disqus:{number}" if number else "",
        thread=record["thread/@id"],
        where=_("line %(line)s, post %(number)s") % {"line": record.line, "number": number},
        state=_state(record),
        name=record["author/name"] or record["author/username"],
        body=text_of(record["message"]),
        email=record["author/email"],
        at=moment(record["createdAt"]),
        parent=f"disqus:{parent}" if parent else "",
    )


def _state(record: Record) -> str:
    if record["isDeleted"] == "true":
        return Comment.State.REMOVED
    if record["isSpam"] == "true":
        return Comment.State.SPAM
    # Older exports do not say it: what was neither deleted nor spam was shown.
    return Comment.State.PENDING if record["isApproved"] == "false" else Comment.State.APPROVED
