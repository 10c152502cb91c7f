"""Panels of every article: contents, sources, history, cite, share."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from articles.citation_styles import STYLES, Cited, cited
from articles.history_notes import notes_on_versions
from articles.models import Publication
from library.models import Source
from publishing.dates import describe, parse_date
from publishing.parts import Panel, blocks


class Contents(Panel):
    """What you'll learn: links to every section, then to the other blocks."""

    name = "contents"
    title = gettext_lazy("What you’ll learn")
    order = 20
    template = "articles/_contents.html"

    def context(self, page: Any) -> dict[str, Any]:
        others = [block for block in page.blocks if block.is_in_contents(page)]
        return {
            "sections": [entry for block in blocks() for entry in block.contents(page)],
            "others": [(block, page.slot(f"{block.name}-count")) for block in others],
        }


class Sources(Panel):
    """The sources in the order of citing, each with the places that cite it."""

    name = "sources"
    title = gettext_lazy("Sources")
    order = 60
    template = "articles/_sources.html"

    def is_in_contents(self, page: Any) -> bool:
        return bool(page.sources)

    def context(self, page: Any) -> dict[str, Any]:
        return {
            "sources": [_as_shown(source) for source in page.sources],
            "has_one_side": any(source["kind"] == "side" for source in page.sources),
        }


class History(Panel):
    """Who wrote and checked the page, which version it is, and what changed."""

    name = "history"
    title = gettext_lazy("About this page")
    order = 70
    template = "articles/_history.html"

    def context(self, page: Any) -> dict[str, Any]:
        shown = page.publication
        notes = notes_on_versions(shown.article_id, page.at) if shown else {}
        return {"notes": notes.get(shown.number, []) if shown else []}


class Cite(Panel):
    """How to cite this very version, in words and for reference managers."""

    name = "cite"
    title = gettext_lazy("Cite this page")
    order = 75
    template = "articles/_cite.html"

    def context(self, page: Any) -> dict[str, Any]:
        if page.publication is None:
            return {}
        of = cited_of(page.publication, page.document, slug=page.slug, base_url=page.base_url)
        number = f"?version={page.publication.number}"
        own = reverse("articles:cite", args=[page.slug, "apa"]).removesuffix("apa")
        shown = [
            (style.title, style.cite(of), f"{own}{name}{number}") for name, style in STYLES.items()
        ]
        return {"in_words": shown[:2], "as_files": shown[2:]}


class Share(Panel):
    """Plain links; copying, printing and native sharing are added by scripts."""

    name = "share"
    title = gettext_lazy("Share this page")
    order = 80
    template = "articles/_share.html"
    is_for_latest_only = True

    def context(self, page: Any) -> dict[str, Any]:
        return {"links": list(share_links(page.title, page.absolute_url))}


def cited_of(
    publication: Publication, document: dict[str, Any], *, slug: str, base_url: str
) -> Cited:
    """Return what is cited of a publication, with the address of this very version."""
    number = publication.number
    url = reverse("articles:version", kwargs={"slug": slug, "number": number})
    return cited(
        document,
        slug=slug,
        version=number,
        since=publication.goes_live_at,
        site=settings.SITE_NAME,
        url=f"{base_url}{url}",
    )


def _as_shown(source: dict[str, Any]) -> dict[str, Any]:
    published = source["published"]
    return {
        **source,
        "kind_words": Source.Kind(source["kind"]).label,
        "published_words": describe(parse_date(published)) if published else "",
        "accessed_on": date.fromisoformat(source["accessed_on"]) if source["accessed_on"] else None,
    }


def share_links(title: str, url: str) -> Iterable[tuple[str, str]]:
    """Yield (name, address) of plain links that hand title and address to another service."""
    subject, both = quote(title), quote(f"{title} {url}")
    yield gettext("E-mail"), f"mailto:?subject={subject}&body={quote(url)}"
    yield "Bluesky", f"https://bsky.app/intent/compose?text={both}"
    yield "Mastodon", f"https://mastodonshare.com/?text={both}"
    yield "LinkedIn", f"https://www.linkedin.com/sharing/share-offsite/?url={quote(url, safe='')}"
