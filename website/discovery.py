"""What search engines and researchers ask a site for: its pages, and whom to tell of a hole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language_bidi
from django.views.decorators.http import require_safe

from articles.lists import listed
from articles.models import Publication, PublishedPerson, PublishedTopic
from articles.public_addresses import base_url, reads_live
from publishing.pages import Page, public_page
from timeline.models import PublishedEvent
from website import models
from website.pages import PAGES

PAGES_A_SITEMAP = 10_000
"""The protocol allows 50,000 addresses and 50 MB a file; with pictures this stays far below."""
MOST_SITEMAPS = 50_000
"""So many the protocol allows in an index."""
SECURITY_CONTACT_HOLDS_FOR = timedelta(days=180)
XML = "application/xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a sitemap: its address, when it was last changed, the pictures on it."""

    url: str
    changed: datetime | None = None
    pictures: tuple[str, ...] = ()


@public_page
def sitemap_index(request: HttpRequest, page: Page) -> HttpResponse:
    """The sitemaps: of lists, people and topics, and of each ten thousand explainers and events.

    None that is empty, which search engines report as a mistake.
    """
    reads_live(page)
    base = base_url(request)
    sitemaps = [f"{base}{reverse('website:sitemap-lists')}"]
    for name, rows in (
        ("website:sitemap-articles", Publication.objects.live(page.at)),
        ("website:sitemap-events", _events(page)),
    ):
        count = -(-rows.count() // PAGES_A_SITEMAP)
        sitemaps += [f"{base}{reverse(name, args=[n])}" for n in range(1, count + 1)]
    return _xml("website/sitemap_index.xml", {"sitemaps": sitemaps})


@public_page
def sitemap_of_articles(request: HttpRequest, page: Page, number: int) -> HttpResponse:
    """Explainers, the oldest first, so that a page keeps its place; with their pictures."""
    reads_live(page)
    base = base_url(request)
    begin = _begin(number)
    live = listed(Publication.objects.live(page.at)).prefetch_related("publishedfiles")
    publications = live.order_by("article_id", "pk")[begin : begin + PAGES_A_SITEMAP]
    pages = [
        Listed(
            url=f"{base}{reverse('articles:article', args=[publication.slug])}",
            changed=publication.updated_at,
            pictures=tuple(
                f"{base}{default_storage.url(file.name)}"
                for file in publication.publishedfiles.all()
            ),
        )
        for publication in publications
    ]
    if number > 1 and not pages:
        raise Http404
    return _xml("website/sitemap.xml", {"pages": pages})


@public_page
def sitemap_of_events(request: HttpRequest, page: Page, number: int) -> HttpResponse:
    """Single events of live explainers, each by its own address."""
    reads_live(page)
    base = base_url(request)
    begin = _begin(number)
    rows = _events(page).order_by("uid").values_list("uid", "publication__updated_at")
    pages = [
        Listed(url=f"{base}{reverse('timeline:event', args=[uid])}", changed=changed)
        for uid, changed in rows[begin : begin + PAGES_A_SITEMAP]
    ]
    if number > 1 and not pages:
        raise Http404
    return _xml("website/sitemap.xml", {"pages": pages})


@public_page
def sitemap_of_lists(request: HttpRequest, page: Page) -> HttpResponse:
    """The lists, the site's own pages, and whoever and whatever live explainers name."""
    reads_live(page)
    page.reads(PAGES)
    base = base_url(request)
    return _xml("website/sitemap.xml", {"pages": list(_lists(page, base))})


@public_page
def robots(request: HttpRequest, page: Page) -> HttpResponse:
    """Everything public may be read; the rest needs an account anyway."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /draft/",
        "",
        f"Sitemap: {base_url(request)}{reverse('website:sitemap')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@public_page
def manifest(request: HttpRequest, page: Page) -> HttpResponse:
    """What a phone shows of the site that somebody has put on the home screen."""
    described = {
        "id": reverse("website:home"),
        "name": settings.SITE_NAME,
        "short_name": settings.SITE_NAME,
        "lang": settings.LANGUAGE_CODE,
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": reverse("website:home"),
        "scope": reverse("website:home"),
        "display": "browser",
        "background_color": "#f8f4ea",
        "theme_color": "#f8f4ea",
        "icons": [
            {"src": static("icons/sign.svg"), "sizes": "any", "type": "image/svg+xml"},
            _icon("icon-192", 192),
            _icon("icon-512", 512),
            {**_icon("icon-maskable-512", 512), "purpose": "maskable"},
        ],
    }
    return JsonResponse(described, content_type="application/manifest+json")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """The small icon, for programs that ask at the old place and read no page that names it."""
    response = redirect(static("icons/favicon-32.png"))
    response["Cache-Control"] = "public, max-age=86400"
    return response


@public_page
def security(request: HttpRequest, page: Page) -> HttpResponse:
    """Whom to tell of a hole (RFC 9116), if the operator has named somebody."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    today = datetime.combine(page.at.astimezone(UTC).date(), time.min, tzinfo=UTC)
    page.holds_until(today + timedelta(days=1))
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {(today + SECURITY_CONTACT_HOLDS_FOR):%Y-%m-%dT%H:%M:%SZ}",
        f"Canonical: {base_url(request)}{request.path}",
        f"Preferred-Languages: {settings.LANGUAGE_CODE.partition('-')[0]}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _begin(number: int) -> int:
    """Return how many rows stand in the sitemaps before one, if it can be: no 0, no 10^30."""
    if not 1 <= number <= MOST_SITEMAPS:
        raise Http404
    return (number - 1) * PAGES_A_SITEMAP


def _events(page: Page) -> QuerySet:
    return PublishedEvent.objects.live(page.at).filter(is_period=False)


def _icon(name: str, size: int) -> dict[str, str]:
    source = static(f"icons/{name}.png")
    return {"src": source, "sizes": f"{size}x{size}", "type": "image/png"}


_LISTS = ("website:home", "articles:list", "timeline:list", "faq:list", "corrections", "people")


def _lists(page: Page, base: str) -> Iterator[Listed]:
    changed = Publication.objects.live(page.at).aggregate(at=Max("updated_at"))["at"]
    for name in _LISTS:
        yield Listed(f"{base}{reverse(name)}", changed)
    for own in models.Page.objects.public():
        yield Listed(f"{base}{own.get_absolute_url()}", own.changed_at)
    for name, model in (("person", PublishedPerson), ("topic", PublishedTopic)):
        rows = model.objects.live(page.at).order_by("slug").values("slug")
        for row in rows.annotate(changed=Max("publication__updated_at")):
            yield Listed(f"{base}{reverse(name, args=[row['slug']])}", row["changed"])


def _xml(template: str, context: dict[str, Any]) -> HttpResponse:
    return HttpResponse(render_to_string(template, context), content_type=XML)
