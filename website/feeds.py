"""The site's feeds: explainers, and corrections."""

from datetime import UTC, datetime, time

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.lists import address_of, in_context, linked_to_article, listed
from articles.models import Publication, PublishedCorrection
from articles.public_addresses import base_url, reads_live
from publishing.feeds import Entry, Feed, atom, json_feed, with_absolute_links
from publishing.markup.safe_html import trusted
from publishing.pages import Page, public_page

MOST_ENTRIES = 40


@public_page
def articles_atom(request: HttpRequest, page: Page) -> HttpResponse:
    """Explainers, the one updated last first, in Atom."""
    return atom(_articles(request, page))


@public_page
def articles_json(request: HttpRequest, page: Page) -> HttpResponse:
    """The same as a JSON Feed."""
    return json_feed(_articles(request, page))


@public_page
def corrections_atom(request: HttpRequest, page: Page) -> HttpResponse:
    """Corrections, the newest first, in Atom."""
    return atom(_corrections(request, page))


@public_page
def corrections_json(request: HttpRequest, page: Page) -> HttpResponse:
    """The same as a JSON Feed."""
    return json_feed(_corrections(request, page))


def _articles(request: HttpRequest, page: Page) -> Feed:
    reads_live(page)
    live = Publication.objects.live(page.at)
    latest = listed(live).select_related("article").order_by("-updated_at", "-pk")[:MOST_ENTRIES]
    base = base_url(request)
    return Feed(
        title=settings.SITE_NAME,
        url=f"{base}{reverse('articles:list')}",
        own_url=f"{base}{request.path}",
        entries=[_article(publication, base) for publication in latest],
    )


def _corrections(request: HttpRequest, page: Page) -> Feed:
    reads_live(page)
    rows = in_context(PublishedCorrection.objects.live(page.at))
    rows = rows.annotate(goes_live_at=F("publication__goes_live_at"))
    newest = rows.order_by("-corrected_on", "-pk")[:MOST_ENTRIES]
    base = base_url(request)
    return Feed(
        title=_("Corrections – %s") % settings.SITE_NAME,
        url=f"{base}{reverse('corrections')}",
        own_url=f"{base}{request.path}",
        entries=[_correction(row, base) for row in newest],
    )


def _article(publication: Publication, base: str) -> Entry:
    html = format_html(
        "<p><strong>{}</strong></p><p>{}</p><p>{}</p><p>{}</p>",
        publication.question,
        publication.short_answer,
        publication.summary,
        _("Version %(number)d: %(note)s")
        % {"number": publication.number, "note": publication.change_note},
    )
    return Entry(
        id=f"urn:uuid:{publication.article.uid}",
        title=publication.title,
        url=f"{base}{reverse('articles:article', args=[publication.slug])}",
        html=html,
        published=publication.first_published_at,
        updated=publication.updated_at,
    )


def _correction(row: PublishedCorrection, base: str) -> Entry:
    day = datetime.combine(row.corrected_on, time.min, tzinfo=UTC)
    address = address_of(row)
    return Entry(
        id=f"urn:uuid:{row.uid}",
        title=row.article_title,
        url=f"{base}{address['url']}",
        html=with_absolute_links(_correction_html(row), base),
        published=day,
        updated=day,
    )


def _correction_html(row: PublishedCorrection) -> SafeString:
    """Return what was wrong and what is right, in two paragraphs."""
    return format_html(
        "<p>{}</p><blockquote>{}</blockquote><p>{}</p>{}",
        _("It said:"),
        row.shown["wrong"],
        _("It should say:"),
        linked_to_article(trusted(row.shown["html"]), row.article_slug),
    )
