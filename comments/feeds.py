"""Feeds of comments: as Atom (RFC 4287), with what each answers (RFC 4685), and as JSON Feeds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Publication
from comments.models import Comment
from comments.reading import Row, as_rows, moment, newest
from publishing import feeds
from publishing.feeds import for_xml

CONTENT_TYPE = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Entry:
    """One comment of a feed; ``answers`` is the address of what it answers, on the same site."""

    path: str
    title: str
    name: str
    html: str
    written_at: datetime
    updated_at: datetime
    answers: str


def entries(
    rows: Iterable[Row], title_of: Mapping[int, str], url_of: Mapping[int, str]
) -> list[Entry]:
    """Return rows, all of approved comments, as entries.

    ``title_of`` and ``url_of`` name the title and the address of the article each is on.
    """
    return [
        Entry(
            path=_path_of(row.pk),
            title=for_xml(
                _("%(name)s on “%(title)s”") % {"name": row.name, "title": title_of[row.pk]}
            ),
            name=for_xml(row.name),
            html=for_xml(row.html),
            written_at=moment(row.written_at),
            updated_at=moment(row.changed_at or row.written_at),
            answers=_path_of(row.parent) if row.parent else url_of[row.pk],
        )
        for row in rows
    ]


def newest_of_site(at: datetime) -> list[Entry]:
    """Return the newest comments on what is live at ``at``, in three queries."""
    live = Publication.objects.live(at)
    rows = as_rows(newest(Comment.objects.approved().filter(article__in=live.values("article"))))
    on = dict(Comment.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "article"))
    found = live.filter(article__in=set(on.values()), article__addresses__is_current=True)
    articles = {
        article: (title, reverse("articles:article", args=[slug]))
        for article, title, slug in found.values_list(
            "article", "title", "article__addresses__slug"
        )
    }
    return entries(
        rows,
        {pk: articles[article][0] for pk, article in on.items()},
        {pk: articles[article][1] for pk, article in on.items()},
    )


def feed_response(
    shown: list[Entry], *, title: str, base_url: str, path: str, page_path: str, since: datetime
) -> HttpResponse:
    """Return a feed at ``path`` of what the page at ``page_path`` shows.

    A JSON Feed if the path ends like one. ``since`` is when it was last changed if it is empty.
    """
    if path.endswith(".json"):
        return feeds.json_feed(
            feeds.Feed(
                title=title,
                url=f"{base_url}{page_path}",
                own_url=f"{base_url}{path}",
                entries=[_elsewhere(entry, base_url) for entry in shown],
            )
        )
    context = {
        "title": for_xml(title),
        "entries": shown,
        "base_url": base_url,
        "path": path,
        "page_path": page_path,
        "updated_at": max((entry.updated_at for entry in shown), default=since),
    }
    return HttpResponse(render_to_string("comments/feed.xml", context), content_type=CONTENT_TYPE)


def _elsewhere(entry: Entry, base_url: str) -> feeds.Entry:
    """Return an entry whose links lead to this site from wherever it is read."""
    return feeds.Entry(
        id=f"{base_url}{entry.path}",
        title=entry.title,
        url=f"{base_url}{entry.path}",
        html=feeds.with_absolute_links(entry.html, base_url),
        published=entry.written_at,
        updated=entry.updated_at,
        author=entry.name,
    )


def _path_of(pk: int) -> str:
    return reverse("comments:comment", args=[pk])
