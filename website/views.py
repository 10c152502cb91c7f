"""The front page, the pages that editors write, and what machines ask about the site's health."""

import re

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles.lists import as_rows, in_context, linked_to_article, listed
from articles.models import Publication
from articles.page import publication_page
from articles.public_addresses import base_url, reads_live
from publishing.markup.bodies import render_markdown
from publishing.markup.safe_html import trusted
from publishing.pages import Page, public_page
from timeline.models import PublishedEvent
from timeline.views import listed_events
from website import models
from website.describing import site_described
from website.pages import PAGES

LATEST_ARTICLES = 8
LATEST_EVENTS = 6


@public_page
def home(request: HttpRequest, page: Page) -> HttpResponse:
    """The newest explainer with its answer drawn, then others, then the latest events."""
    reads_live(page)
    live = Publication.objects.live(page.at)
    latest = as_rows(listed(live).order_by("-updated_at", "-pk")[:LATEST_ARTICLES])
    events = PublishedEvent.objects.live(page.at).filter(is_period=False, lower__isnull=False)
    newest_events = in_context(events).order_by("-lower", "upper", "date", "pk")[:LATEST_EVENTS]
    context = {
        "latest": latest,
        "band": _band(request, page, latest[0]) if latest else "",
        "events": listed_events(reversed(newest_events), page),
        "data": site_described(base_url(request)),
    }
    return render(request, "website/home.html", context)


@public_page
def own_page(request: HttpRequest, page: Page, slug: str) -> HttpResponse:
    """A page that editors write, with the dates on which it changed."""
    page.reads(PAGES)
    own = get_object_or_404(models.Page.objects.public(), slug=slug)
    versions = list(own.versions.values("number", "shown_from"))
    context = {
        "own": own,
        "title": own.title,
        "text": _text_of(own.body),
        "changed_at": versions[0]["shown_from"] if versions else own.changed_at,
        "earlier": versions[1:],
    }
    return render(request, "website/page.html", context)


@public_page
def own_page_version(request: HttpRequest, page: Page, slug: str, number: int) -> HttpResponse:
    """What a page said before, marked as such."""
    page.reads(PAGES)
    versions = models.PageVersion.objects.select_related("page").filter(page__slug=slug)
    version = get_object_or_404(versions.filter(page__is_public=True), number=number)
    later = versions.filter(number__gt=number).order_by("number").first()
    context = {
        "own": version.page,
        "title": version.title,
        "text": _text_of(version.body),
        "changed_at": version.shown_from,
        "replaced_at": later.shown_from if later else None,
    }
    return render(request, "website/page.html", context)


def _text_of(body: str) -> SafeString:
    """Return a page's text as HTML: its headings stand right below the page's own."""
    return trusted(
        re.sub(
            r"<(/?)h([3-6])>", lambda tag: f"<{tag[1]}h{int(tag[2]) - 1}>", render_markdown(body)
        )
    )


def _is_own_page(slug: str, number: int = 0) -> bool:
    return models.Page.objects.public().filter(slug=slug).exists()


# Any word is an address of one: for those who ask whether there is something behind it.
own_page.is_known = own_page_version.is_known = _is_own_page


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Is the process alive, and does its database answer? 503 if not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """May requests be sent here: is the database as this version wants it? 503 if not."""
    try:
        is_behind = _is_behind()
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    if is_behind:
        return JsonResponse({"status": "waiting for migrations"}, status=503)
    return JsonResponse({"status": "ok"})


def _is_behind() -> bool:
    """Are there migrations that the database has not seen?"""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _band(request: HttpRequest, page: Page, newest) -> str:
    publication = Publication.objects.select_related("revision", "article").get(pk=newest.pk)
    shown = publication_page(publication, slug=newest.slug, looked=page, base_url=base_url(request))
    return linked_to_article(shown.opening, newest.slug)
