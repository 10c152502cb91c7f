"""The article's page: a publication (or a draft) put together from parts and panels."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.dateparse import parse_date
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from articles.documents import Document, prepare
from articles.models import Publication, Revision
from articles.models.public import PublicationQuerySet
from articles.share_pictures import lines_of, name_of
from articles.structured_data import structured_data
from library.showing import Address, shown_image
from publishing.build import build
from publishing.markup.safe_html import json_for_script, trusted
from publishing.pages import Page, fragments
from publishing.parts import Block, Part, blocks
from publishing.stamps import ARTICLES

# The mark of a slot, in HTML and in JSON. It begins and ends with a character that HTML does not
# allow, so no text of an article can hold it.
_SLOT = re.compile("\x00slot:([^\x00]*)\x00")
_SLOT_IN_JSON = re.compile(r'"\\u0000slot:([^"]*?)\\u0000"')


@dataclass
class ArticlePage:
    """All that parts, panels and templates may know about the page they stand on.

    ``looked`` notes what the page depends on; ``publication`` is None on the
    preview of a draft, and ``is_latest`` false on past versions.
    """

    document: Document
    prepared: dict[str, Any]
    slug: str
    looked: Page
    base_url: str = ""
    publication: Publication | None = None
    revision: Revision | None = None
    is_latest: bool = True
    # On past versions, the one that readers should know of.
    latest: Publication | None = None
    # On drafts, where the editor came from, or what a guest may do.
    form_url: str = ""
    guest: Any = None
    template: str = "articles/article.html"
    image_address: Address = default_storage.url

    @property
    def at(self) -> datetime.datetime:
        return self.looked.at

    def holds_until(self, *moments: datetime.datetime | None) -> None:
        self.looked.holds_until(*moments)

    @property
    def own(self) -> dict[str, Any]:
        """The article's own fields: title, question, answer, summary and the rest."""
        return self.document["article"]

    @property
    def title(self) -> str:
        return self.own["title"]

    @property
    def uid(self) -> str:
        return self.document["uid"]

    @property
    def is_draft(self) -> bool:
        return self.publication is None

    @property
    def is_for_readers_now(self) -> bool:
        """Is this the page at the article's own address, where readers act?"""
        return self.publication is not None and self.is_latest

    @property
    def sources(self) -> list[dict[str, Any]]:
        return self.prepared["sources"]

    @property
    def reading_minutes(self) -> int:
        return self.prepared["reading_minutes"]

    @property
    def reviews(self) -> list[dict[str, Any]]:
        """The reviews recorded for this very publication, with dates as dates."""
        reviews = self.publication.reviews if self.publication else []
        return [{**review, "reviewed_on": parse_date(review["reviewed_on"])} for review in reviews]

    def shown_image(self, image: dict[str, Any] | None) -> dict[str, Any] | None:
        """Return an embedded image as ``library/_image.html`` wants it, None for none."""
        return shown_image(image, self.image_address) if image else None

    @property
    def image_url(self) -> str:
        """The address of the article's own picture, empty if it has none."""
        image = self.own["image"]
        return self.image_address(image["file"]) if image else ""

    @property
    def share_picture_url(self) -> str:
        """The whole address of the picture that stands for the live page elsewhere."""
        lines = lines_of(self.own, self.publication.updated_at)
        name = name_of(lines)
        return f"{self.base_url}{reverse('articles:share-picture', args=[self.slug, name])}"

    @cached_property
    def url(self) -> str:
        return reverse("articles:article", args=[self.slug]) if self.slug else ""

    @cached_property
    def absolute_url(self) -> str:
        return f"{self.base_url}{self.url}"

    @property
    def printed_from(self) -> str:
        """What the foot of a printed page says: its address, version and day."""
        if self.publication is None:
            return gettext("Draft, not published")
        number = self.publication.number
        address = self.absolute_url
        if not self.is_latest:
            path = reverse("articles:version", args=[self.slug, number])
            address = f"{self.base_url}{path}"
        day = formats.date_format(
            timezone.localtime(self.publication.goes_live_at), gettext("j F Y")
        )
        words = {"address": address, "number": number, "day": day}
        return gettext("%(address)s · version %(number)s · %(day)s") % words

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return the prepared rows of a part, none if the article has none."""
        return self.prepared["parts"].get(name, [])

    def live_articles(self, uids: Iterable[str]) -> dict[str, Publication]:
        """Return the live publications of other articles by uid; the page then depends on them."""
        wanted = list(uids)
        if not wanted:
            return {}
        self.looked.reads(ARTICLES)
        self.holds_until(Publication.objects.next_change(self.at))
        found = Publication.objects.live(self.at).filter(article__uid__in=wanted)
        return {str(one.article.uid): one for one in with_addresses(found)}

    def slot(self, name: str) -> SafeString:
        """Leave a place in the page that is filled each time, without rendering the rest again."""
        return trusted(_slot_mark(name))

    def row_slot(self, anchor: str) -> SafeString:
        """Leave a place beside the row with the id ``anchor``, on the page where readers act."""
        return self.slot(row_slot(anchor)) if self.is_for_readers_now else trusted("")

    @cached_property
    def blocks(self) -> list[Block]:
        """The blocks that this page shows, in order."""
        return [
            block
            for block in blocks()
            if self.is_for_readers_now or not getattr(block, "is_for_latest_only", False)
        ]

    @cached_property
    def opening(self) -> SafeString:
        """What blocks show under the answer."""
        return trusted("".join(str(block.opening(self)) for block in self.blocks))

    @cached_property
    def brief(self) -> SafeString:
        """What blocks add to the few lines of dates and names below the answer."""
        return trusted("".join(str(block.brief(self)) for block in self.blocks))

    @cached_property
    def blocks_html(self) -> SafeString:
        """All blocks, rendered in order."""
        return trusted("".join(str(self._render(block)) for block in self.blocks))

    @cached_property
    def feeds(self) -> list[tuple[str, str]]:
        """The feeds that belong to the page: their addresses and titles."""
        return [feed for block in self.blocks for feed in block.feeds(self)]

    @cached_property
    def structured_data(self) -> SafeString:
        """The page's schema.org description, ready for a script element, with its slots."""
        described = structured_data(self)
        for block in self.blocks:
            for name, slot in block.slots_in_data(self).items():
                described["@graph"][-1][name] = _slot_mark(slot)
        html = _SLOT_IN_JSON.sub(lambda found: _slot_mark(found[1]), json_for_script(described))
        return trusted(html)

    def _render(self, block: Block) -> str:
        if isinstance(block, Part):
            return block.render(self.rows(block.name), self)
        return block.render(self)

    def render(self) -> str:
        """Return the whole page, its slots still open; in the site's zone, whoever previews it."""
        context = {"page": self, "section": "articles", "site_name": settings.SITE_NAME}
        with timezone.override(timezone.get_default_timezone()):
            return render_to_string(self.template, context)

    def fill(self, html: str) -> str:
        """Return ``html`` with its slots filled; what no block fills is left empty."""
        filled: dict[str, str] = {}
        for block in self.blocks:
            if slots := getattr(block, "slots", None):
                filled.update(slots(self))
        return _SLOT.sub(lambda found: str(filled.get(found[1], "")), html)


def publication_page(
    publication: Publication,
    *,
    slug: str,
    looked: Page,
    base_url: str,
    latest: Publication | None = None,
) -> ArticlePage:
    """Return the page of a publication, its revision loaded, with ``latest`` as a past version."""
    looked.holds_until(publication.ends_at)
    return ArticlePage(
        document=publication.revision.document,
        prepared=prepared(publication),
        slug=slug,
        looked=looked,
        base_url=base_url,
        publication=publication,
        revision=publication.revision,
        is_latest=latest is None,
        latest=latest,
    )


def draft_page(
    revision: Revision, *, image_address: Address, base_url: str, **options: Any
) -> ArticlePage:
    """Return the page that a revision would be, for the people who may see drafts.

    ``options`` are ``form_url`` for the desk, ``guest`` and ``template`` for a guest.
    """
    return ArticlePage(
        document=revision.document,
        prepared=prepare(revision.document, image_address=image_address),
        slug=revision.article.slug,
        looked=Page(at=timezone.now()),
        base_url=base_url,
        revision=revision,
        image_address=image_address,
        **options,
    )


def typed_page(
    document: Document,
    prepared: dict[str, Any],
    *,
    slug: str,
    image_address: Address,
    base_url: str,
) -> ArticlePage:
    """Return the page of a document that is being typed: no revision holds it yet."""
    return ArticlePage(
        document=document,
        prepared=prepared,
        slug=slug,
        looked=Page(at=timezone.now()),
        base_url=base_url,
        image_address=image_address,
    )


def prepared(publication: Publication) -> dict[str, Any]:
    """Return what was prepared when it was published, made again if another build made it.

    ``prepare_publications`` writes it back after an upgrade; a render writes
    nothing, so that it works on a replica too.
    """
    if publication.prepared_by == build():
        return publication.prepared
    return prepare(publication.revision.document, at=publication.goes_live_at)


def rendered(page: ArticlePage) -> str:
    """Return the finished page, its body from memory if only the discussion changed.

    The body depends on the article's stamps. Slots bring their own, read here
    before what they show.
    """
    key = (page.base_url, page.slug, page.publication.pk, page.is_latest)
    html = fragments.remembered(
        key, page.looked, lambda looked: replace(page, looked=looked).render()
    )
    for block in page.blocks:
        if stamps := getattr(block, "stamps", None):
            page.looked.reads(*stamps(page.uid))
    return page.fill(html)


def with_addresses(publications: PublicationQuerySet) -> PublicationQuerySet:
    """Publications with the present address of their article as ``slug``, in one query."""
    return (
        publications.filter(article__addresses__is_current=True)
        .select_related("article")
        .annotate(slug=F("article__addresses__slug"))
    )


def row_slot(anchor: str) -> str:
    """Return the name of the slot beside the row with the id ``anchor``."""
    return f"row {anchor}"


def _slot_mark(name: str) -> str:
    return f"\x00slot:{name}\x00"
