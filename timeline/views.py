"""The site's timeline: the events of all live publications."""

from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles.lists import address_of, in_context, linked_to_article
from articles.views import reads_live
from publishing.pages import Page, public_page
from timeline.filters import EventFilter
from timeline.models import IN_ORDER, PublishedEvent
from timeline.parts import as_shown

EVENTS_A_PAGE = 50


@public_page
def timeline(request: HttpRequest, page: Page) -> HttpResponse:
    """Events across articles, in order. Periods with a state are left to their articles."""
    reads_live(page)
    live = PublishedEvent.objects.live(page.at).filter(is_period=False)
    shown = EventFilter(request.GET, queryset=live)
    events = in_context(shown.qs).order_by(*IN_ORDER, "date", "pk")
    chosen = Paginator(events, EVENTS_A_PAGE).get_page(request.GET.get("page"))
    chosen.object_list = listed_events(chosen.object_list, page)
    context = {"filter": shown, "page": chosen, "total": live.count(), "section": "timeline"}
    return render(request, "timeline/list.html", context)


def listed_events(events, page: Page) -> list[dict]:
    """Return published events from ``in_context`` as ``timeline/_event.html`` wants them."""
    listed = []
    previous_year = ""
    for event in events:
        shown = as_shown(event.shown, default_storage.url, page)
        shown["is_repeat"] = shown["year"] == previous_year
        previous_year = shown["year"]
        shown["id"] = f"event-{event.pk}"
        shown["html"] = linked_to_article(shown["html"], event.article_slug)
        shown["article"] = address_of(event)
        listed.append(shown)
    return listed
