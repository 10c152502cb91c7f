"""Feeds: what is new, for programs that ask again and again; in Atom and in JSON Feed 1.1."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language

BEFORE_ANYTHING = datetime(2000, 1, 1, tzinfo=UTC)
"""When a feed without entries was last changed: the same each time it is asked for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that is new. ``id`` stays the same for ever, wherever the site moves."""

    id: str
    title: str
    url: str
    html: str
    published: datetime
    updated: datetime
    author: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """Entries, the newest first; ``url`` is the page that shows the same to people."""

    title: str
    url: str
    own_url: str
    entries: Sequence[Entry]

    @property
    def updated(self) -> datetime:
        """When the newest entry was changed."""
        return max((entry.updated for entry in self.entries), default=BEFORE_ANYTHING)


def atom(feed: Feed) -> HttpResponse:
    """Return a feed in Atom (RFC 4287)."""
    writer = _Atom(
        title=for_xml(feed.title),
        link=feed.url,
        description="",
        language=get_language(),
        feed_url=feed.own_url,
        feed_guid=feed.own_url,
        author_name=for_xml(feed.title),
    )
    writer.updated = feed.updated
    for entry in feed.entries:
        writer.add_item(
            title=for_xml(entry.title),
            link=entry.url,
            description=for_xml(entry.html),
            unique_id=entry.id,
            pubdate=entry.published,
            updateddate=entry.updated,
            author_name=for_xml(entry.author) or None,
        )
    return HttpResponse(writer.writeString("utf-8"), content_type=Atom1Feed.content_type)


def json_feed(feed: Feed) -> HttpResponse:
    """Return a feed in JSON Feed 1.1."""
    data: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.url,
        "feed_url": feed.own_url,
        "language": get_language(),
        "items": [_item(entry) for entry in feed.entries],
    }
    text = json.dumps(data, ensure_ascii=False, indent=1)
    return HttpResponse(text, content_type="application/feed+json; charset=utf-8")


def with_absolute_links(html: str, base_url: str) -> str:
    """Return HTML whose links and pictures lead to this site from wherever it is read."""
    return re.sub(r'\b(href|src)="/(?!/)', rf'\1="{base_url}/', html)


class _Atom(Atom1Feed):
    updated = BEFORE_ANYTHING

    def latest_post_date(self) -> datetime:
        return self.updated


def _item(entry: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.html,
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
    }
    if entry.author:
        item["authors"] = [{"name": entry.author}]
    return item


def for_xml(text: str) -> str:
    """Put U+FFFD where XML 1.0 cannot hold a character, so that no text breaks a feed."""
    return _NOT_IN_XML.sub("\ufffd", text)


_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
