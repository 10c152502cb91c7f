"""Comments of WordPress: its export, WXR, of whatever version."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from comments.importing.incoming import Incoming, IncomingComment, IncomingThread, moment
from comments.importing.safe_xml import Record, read_records
from comments.importing.texts import text_of
from comments.models import Comment

ITEM = "rss/channel/item"
COMMENT = f"{ITEM}/comment"
WANTED = {
    "rss/channel": {"link", "base_site_url", "base_blog_url"},
    ITEM: {"title", "link", "post_name", "post_id", "guid"},
    COMMENT: {
        *("comment_id", "comment_author", "comment_author_email", "comment_date_gmt"),
        *("comment_date", "comment_content", "comment_approved", "comment_type", "comment_parent"),
    },
}
STATES = {
    "1": Comment.State.APPROVED,
    "approve": Comment.State.APPROVED,
    "approved": Comment.State.APPROVED,
    "0": Comment.State.PENDING,
    "hold": Comment.State.PENDING,
    "unapproved": Comment.State.PENDING,
    "spam": Comment.State.SPAM,
    "trash": Comment.State.REJECTED,
    "post-trashed": Comment.State.REJECTED,
}
# What else WordPress keeps among its comments; "comment" is what it calls a reader's own.
NO_COMMENTS = {"pingback", "trackback"}
DATES = "%Y-%m-%d %H:%M:%S"


def read(path: Path) -> Iterator[Incoming]:
    """Yield the threads and the comments of a WXR file."""
    for record in read_records(path, WANTED):
        if record.path == ITEM:
            yield _thread(record)
        elif record.path == COMMENT:
            yield _comment(record)


def _thread(item: Record) -> IncomingThread:
    addresses = [item["link"], item["post_name"], item["guid"], item["post_id"]]
    return IncomingThread(_key(item), [one for one in addresses if one], item["title"])


def _key(item: Record) -> str:
    return f"item {item.line}"


def _comment(record: Record) -> IncomingComment:
    number = record["comment_id"].strip()
    site = _site(record)
    comment = IncomingComment(
        key=f"wordpress:{site}:{number}" if number else "",
        thread=_key(record.inside),
        where=_("line %(line)s, comment %(number)s") % {"line": record.line, "number": number},
        state=STATES.get(record["comment_approved"].strip(), Comment.State.PENDING),
        name=record["comment_author"],
        body=text_of(record["comment_content"]),
        email=record["comment_author_email"],
        at=moment(record["comment_date_gmt"], DATES),
    )
    if comment.at is None:
        comment.at = moment(record["comment_date"], DATES)
        comment.notes.append(_("its date is the site's own, as it says none in GMT"))
    answered = record["comment_parent"].strip()
    if answered not in ("", "0"):
        comment.parent = f"wordpress:{site}:{answered}"
    kind = record["comment_type"].strip()
    if kind in NO_COMMENTS:
        comment.refusal = _("it is a %(kind)s, which no reader wrote") % {"kind": kind}
    elif kind not in ("", "comment"):
        comment.refusal = _("it is of the kind “%(kind)s”, and no comment") % {"kind": kind}
    elif record["comment_approved"].strip() not in STATES:
        comment.refusal = _("its state “%(state)s” is not known") % {
            "state": record["comment_approved"]
        }
    return comment


def _site(record: Record) -> str:
    channel = record.inside.inside
    address = channel["base_blog_url"] or channel["link"] or channel["base_site_url"]
    parts = urlsplit(address.strip())
    return f"{parts.netloc}{parts.path.rstrip('/')}".lower()[:100]
