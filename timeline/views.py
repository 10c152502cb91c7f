"""The site's timeline: the events of all live publications, as pages and to take away."""

import json
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override

from articles.lists import address_of, in_context, linked_to_article
from articles.models import Publication
from articles.public_addresses import base_url, reads_live
from publishing.dates import parse_date, year_of
from publishing.pages import Page, public_page
from timeline import marks, taking_away
from timeline.describing import event_described
from timeline.filters import EventFilter
from timeline.models import IN_ORDER, PublishedEvent
from timeline.parts import as_shown
from timeline.taking_away import Origin
from timeline.years import year_typed

EVENTS_A_PAGE = 50
# The one page that others may frame; it sends nothing and asks only this site.
EMBED_POLICY = {
    "default-src": [CSP.NONE],
    **{f"{kind}-src": [CSP.SELF] for kind in ("connect", "font", "img", "script", "style")},
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": settings.EMBEDDED_BY,
}


@public_page
def timeline(request: HttpRequest, page: Page) -> HttpResponse:
    """Events across articles, in order. Periods with a state are left to their articles."""
    shown, _events = chosen_events(request, page)
    version = page.version
    shown.count_choices()
    chosen = _paged(request, shown, page, shown.found)
    context = {
        "version": version,
        "filter": shown,
        "periods": shown.periods(),
        "page": chosen,
        "total": shown.total,
        "loosened": shown.loosened() if not chosen.paginator.count else [],
        "files": _files(shown.query),
        "snippet": _snippet(request, shown.query),
        "section": "timeline",
    }
    return render(request, "timeline/list.html", context)


@xframe_options_exempt
@csp_override(EMBED_POLICY)
@public_page
def embedded(request: HttpRequest, page: Page) -> HttpResponse:
    """The list alone, filtered by its address, to stand in a frame on another site."""
    shown, _events = chosen_events(request, page)
    chosen = _paged(request, shown, page)
    context = {"page": chosen, "url": _with_query(reverse("timeline:list"), shown.query)}
    return render(request, "timeline/embed.html", context)


@public_page
def event(request: HttpRequest, page: Page, uid: Any) -> HttpResponse:
    """One event, by an address that stays when its article is published again."""
    reads_live(page)
    found = in_context(PublishedEvent.objects.live(page.at).filter(uid=uid)).first()
    if found is None:
        raise Http404
    [shown] = listed_events([found], page)
    own_address = shown.pop("url")
    context = {
        "event": shown,
        "words": found.shown["words"],
        "text": found.text,
        "data": event_described(
            found, address=base_url(request) + own_address, base_url=base_url(request)
        ),
        "around_url": _years_around(found),
        "section": "timeline",
    }
    return render(request, "timeline/event.html", context)


def chosen_events(request: HttpRequest, page: Page) -> tuple[EventFilter, QuerySet]:
    """Return the filters in an address, and the events they leave, in order and in context."""
    reads_live(page)
    # Live publications first, as a list: joined, SQLite may read the events of all that ever were.
    live = Publication.objects.live(page.at)
    events = PublishedEvent.objects.filter(publication__in=live, is_period=False)
    shown = EventFilter(request.GET, queryset=events)
    return shown, in_context(shown.qs).order_by(*IN_ORDER, "date", "pk")


def listed_events(events: Iterable[PublishedEvent], page: Page) -> list[dict]:
    """Return published events from ``in_context`` as ``timeline/_event.html`` wants them.

    They stand on ``page``, which is made anew when one of them turns stale.
    """
    listed = []
    previous_year = ""
    for one in events:
        shown = as_shown(one.shown, default_storage.url, page)
        shown["is_repeat"] = shown["year"] == previous_year
        previous_year = shown["year"]
        shown["id"] = f"event-{one.uid.hex[:12]}"
        shown["url"] = reverse("timeline:event", args=[one.uid])
        shown["html"] = linked_to_article(shown["html"], one.article_slug)
        shown["article"] = address_of(one)
        listed.append(shown)
    return listed


# For the drawing. Places in the list mean the same events only while its version is the same.


@public_page
def days(request: HttpRequest, page: Page) -> HttpResponse:
    """The days of all chosen events, for the drawing."""
    shown, _events = chosen_events(request, page)
    return _for_drawing({"version": page.version, **marks.days_of(shown.qs)})


@public_page
def names(request: HttpRequest, page: Page) -> HttpResponse:
    """The names of the events on one page of the list, for the drawing."""
    shown, _events = chosen_events(request, page)
    _chosen, events = _on_page(request, shown)
    named = marks.names_of(events.only("uid", "title", "shown"))
    return _for_drawing({"version": page.version, "events": named})


def _for_drawing(data: dict) -> HttpResponse:
    response = _json(data)
    response["X-Robots-Tag"] = "noindex"
    return response


# To take away


def taken_away(write: Callable[[Iterable, Origin], HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a public page of what ``write(events, origin)`` answers about the chosen events.

    Pages of other sites may read it too: it is the same for everybody, and no cookie opens more.
    """

    @wraps(write)
    def view(request: HttpRequest, page: Page) -> HttpResponse:
        shown, events = chosen_events(request, page)
        events = events.annotate(
            goes_live_at=F("publication__goes_live_at"), publication_number=F("publication__number")
        )
        base = base_url(request)
        url = base + _with_query(reverse("timeline:list"), shown.query)
        response = write(events, Origin(settings.SITE_NAME, base, url))
        response["Access-Control-Allow-Origin"] = "*"
        response["X-Robots-Tag"] = "noindex"
        return response

    return public_page(view)


@taken_away
def as_json(events: Iterable[PublishedEvent], origin: Origin) -> HttpResponse:
    """The chosen events as data."""
    return _json(taking_away.as_data(events, origin))


@taken_away
def as_csv(events: Iterable[PublishedEvent], origin: Origin) -> HttpResponse:
    """The chosen events as a table."""
    return _file(taking_away.as_table(events, origin), "text/csv; header=present", "csv")


@taken_away
def as_ics(events: Iterable[PublishedEvent], origin: Origin) -> HttpResponse:
    """The chosen events for a calendar."""
    return _file(taking_away.as_calendar(events, origin), "text/calendar", "ics")


@taken_away
def as_timelinejs(events: Iterable[PublishedEvent], origin: Origin) -> HttpResponse:
    """The chosen events as TimelineJS reads them."""
    return _json(taking_away.as_timelinejs(events, origin))


def _json(data: dict) -> HttpResponse:
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, content_type="application/json; charset=utf-8")


def _file(text: str, kind: str, ending: str) -> HttpResponse:
    disposition = f'attachment; filename="timeline.{ending}"'
    headers = {"Content-Disposition": disposition}
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=headers)


def _files(query: str) -> list[tuple[str, str]]:
    """Return name and address of each form in which the chosen events can be taken away."""
    names = (("csv", "CSV"), ("json", "JSON"), ("ics", _("Calendar")), ("timelinejs", "TimelineJS"))
    return [(name, _with_query(reverse(f"timeline-data:{key}"), query)) for key, name in names]


def _snippet(request: HttpRequest, query: str) -> str:
    """Return the HTML that shows the chosen events on another site."""
    url = base_url(request) + _with_query(reverse("timeline:embed"), query)
    title = _("Timeline – %s") % settings.SITE_NAME
    # A string like any other: the page shows it, and must not obey it.
    return (
        f'<iframe src="{escape(url)}" title="{escape(title)}" width="100%" height="600" '
        'loading="lazy"></iframe>'
    )


def _on_page(
    request: HttpRequest, shown: EventFilter, count: int | None = None
) -> tuple[ListPage, QuerySet]:
    """Return the page of the list that is asked for, and its events in order.

    ``count`` says how many events there are in all, where that is known.
    """
    ordered = shown.qs.order_by(*IN_ORDER, "date", "pk")
    paginator = Paginator(ordered, EVENTS_A_PAGE)
    if count is not None:
        paginator.count = count
    chosen = paginator.get_page(request.GET.get("page"))
    # Sorted by keys alone, and only then read: what an event shows is much to carry through a sort.
    events = PublishedEvent.objects.filter(pk__in=chosen.object_list.values("pk"))
    return chosen, events.order_by(*IN_ORDER, "date", "pk")


def _paged(
    request: HttpRequest, shown: EventFilter, page: Page, count: int | None = None
) -> ListPage:
    chosen, events = _on_page(request, shown, count)
    chosen.object_list = listed_events(in_context(events), page)
    return chosen


def _with_query(address: str, query: str) -> str:
    return f"{address}?{query}" if query else address


def _years_around(found: PublishedEvent) -> str:
    """Return the address of the timeline in the years of an event."""
    when = parse_date(found.date)
    query = {
        name: year_typed(year_of(day))
        for name, day in (("from", when.lower), ("to", when.upper))
        if day is not None
    }
    return reverse("timeline:list", query=query)
