"""The search: its page, what is suggested while typing, and how browsers may search here."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from articles.models import PublishedPassage
from articles.passages import kinds
from articles.public_addresses import base_url, reads_live
from articles.searching import Found, find, listed, results, suggestions
from publishing.full_text.asking import LONGEST_QUESTION
from publishing.pages import Page, public_page
from website.filters import PassageFilter

RESULTS_A_PAGE = 20
# What may be loosened, besides the words.
NARROWING = ("type", "topic", "since", "until")


@public_page
def search(request: HttpRequest, page: Page) -> HttpResponse:
    """What is live and holds the words, the best first, with where it stands."""
    reads_live(page)
    shown = PassageFilter(request.GET, queryset=PublishedPassage.objects.live(page.at))
    live = shown.qs
    # What was not understood is left out, and the page says so.
    understood = shown.form.cleaned_data
    typed, kind = understood.get("q") or "", understood.get("type") or ""
    found = find(live, typed)
    context = {
        "filter": shown,
        "found": found,
        "kinds": _counted(found, kind),
        "page": _page(request, found, kind),
        "typed": typed,
        "chosen_kind": kind,
        "is_narrowed": any(understood.get(name) for name in NARROWING),
        "unfiltered_address": f"{reverse('website:search')}?{urlencode({'q': typed})}",
        "articles_address": reverse("articles:list"),
        "questions_address": reverse("faq:list"),
        "section": "search",
    }
    return render(request, "website/search.html", context)


def _page(request: HttpRequest, found: Found, kind: str):
    rows = listed(found.rows.filter(kind=kind) if kind else found.rows)
    pages = Paginator(rows, RESULTS_A_PAGE)
    # Known already, so that no query counts them again.
    pages.count = found.counts.get(kind, 0) if kind else found.count
    chosen = pages.get_page(request.GET.get("page"))
    chosen.object_list = results(chosen.object_list, found.asked) if pages.count else []
    return chosen


def _counted(found: Found, chosen: str) -> list[dict]:
    """Return each kind with how much of it was found, for links between them."""
    return [
        {
            "name": kind.name,
            "title": kind.many,
            "count": found.counts.get(kind.name, 0),
            "is_chosen": kind.name == chosen,
        }
        for kind in kinds()
        if found.counts.get(kind.name) or kind.name == chosen
    ]


@public_page
def suggest(request: HttpRequest, page: Page) -> JsonResponse:
    """Titles that begin like what is typed, in the form that browsers know from OpenSearch."""
    reads_live(page)
    typed = request.GET.get("q", "")[:LONGEST_QUESTION].replace("\0", " ")
    offered = suggestions(PublishedPassage.objects.live(page.at), typed)
    data = [
        typed,
        [one.title for one in offered],
        [one.detail for one in offered],
        [base_url(request) + one.url for one in offered],
    ]
    return JsonResponse(data, safe=False, content_type="application/x-suggestions+json")


@public_page
def description(request: HttpRequest, page: Page) -> HttpResponse:
    """How a browser may search here from its own box (OpenSearch 1.1)."""
    site = base_url(request)
    context = {
        "site": site,
        "search": site + reverse("website:search"),
        "suggest": site + reverse("website:suggest"),
        "own": site + reverse("website:opensearch"),
    }
    kind = "application/opensearchdescription+xml; charset=utf-8"
    return render(request, "website/opensearch.xml", context, content_type=kind)
