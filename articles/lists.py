"""Publications, and rows of theirs, as lists show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.safestring import SafeString

from articles.models import Publication, PublicRowQuerySet
from articles.models.public import PublicationQuerySet
from articles.page import with_addresses
from publishing.markup.safe_html import trusted

# What a list does not show, and what makes rows heavy.
_HEAVY = ("search_text", "prepared")


@dataclass(frozen=True, slots=True)
class ListedPublication:
    """A publication as ``_publication_row.html`` wants it."""

    publication: Publication
    url: str
    topics: list[dict[str, str]]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.publication, name)


def listed(publications: PublicationQuerySet) -> PublicationQuerySet:
    """Publications with all that a list shows of them, in two queries."""
    return with_addresses(publications).defer(*_HEAVY).prefetch_related("publishedtopics")


def as_rows(publications: Iterable[Publication]) -> list[ListedPublication]:
    """Return publications from ``listed`` as rows for the templates."""
    return [
        ListedPublication(
            publication,
            reverse("articles:article", args=[publication.slug]),
            [
                {"name": topic.name, "url": reverse("topic", args=[topic.slug])}
                for topic in publication.publishedtopics.all()
            ],
        )
        for publication in publications
    ]


def in_context(rows: PublicRowQuerySet) -> PublicRowQuerySet:
    """Public rows with the title and address of their article, in one query."""
    return rows.filter(publication__article__addresses__is_current=True).annotate(
        article_title=F("publication__title"),
        article_slug=F("publication__article__addresses__slug"),
    )


def address_of(row: Any) -> dict[str, str]:
    """Return where a row from ``in_context`` stands: title, address, and that of its page."""
    url = reverse("articles:article", args=[row.article_slug])
    return {"title": row.article_title, "url": f"{url}#{row.anchor}", "page_url": url}


def linked_to_article(html: str, slug: str) -> SafeString:
    """Make links into an article's page, such as marks of citations, lead there from elsewhere."""
    url = reverse("articles:article", args=[slug])
    return trusted(html.replace('href="#', f'href="{url}#'))
