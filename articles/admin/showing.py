"""Tells the library which live pages show one of its rows, and whether they show old words."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.urls import reverse

from articles.models import Publication
from library.uses import Showing, tells_showings


@tells_showings
def live_articles(row: models.Model) -> list[Showing]:
    """Return the live articles whose document embeds ``row``."""
    live = Publication.objects.live().filter(revision__content__contains=str(row.uid))
    live = live.filter(article__addresses__is_current=True).select_related("revision")
    live = live.annotate(slug=models.F("article__addresses__slug")).order_by("title", "pk")
    return [
        Showing(
            title=publication.title,
            url=reverse("articles:article", args=[publication.slug]),
            is_old=any(
                not row.says(embedded)
                for embedded in _embedded(publication.revision.document, str(row.uid))
            ),
        )
        for publication in live
    ]


def _embedded(data: Any, uid: str) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        if data.get("uid") == uid:
            yield data
        for value in data.values():
            yield from _embedded(value, uid)
    elif isinstance(data, list):
        for value in data:
            yield from _embedded(value, uid)
