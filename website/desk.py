"""The desk's own pages: the first page, a tray as a whole, what is found anywhere."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.admin.doing import drawn_charts
from articles.admin.listing import editor_of, state_badge
from articles.admin.standing import State, with_standing
from articles.models import Article
from publishing.editing.choices import address_in_admin
from publishing.editing.finding import LONGEST_QUESTION, MANY, find
from publishing.editing.first_page import Tray, figures_about, tray_named, trays
from website.saved_filters import filters_of_lists

EDITED_LATELY = 8
ON_THE_FIRST_PAGE = 6
LINES_A_PAGE = 50


def urls() -> list[URLPattern]:
    """Return the addresses of the desk that belong to no model, for the admin's own site."""
    return [
        path("desk/<slug:name>/", admin.site.admin_view(tray_page), name="tray"),
        path("find/", admin.site.admin_view(find_page), name="find"),
    ]


def first_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add to the first page the trays and charts, as far as one may see them."""
    desk = admin.site.get_model_admin(Article)
    sees = desk.has_view_or_change_permission(request)
    shown = [one for tray in trays() if (one := _beginning(tray, request))]
    return {
        **context,
        "work": [one for one in shown if not one["tray"].needs_a_look],
        "looks": [one for one in shown if one["tray"].needs_a_look],
        "charts": drawn_charts(request),
        "figures": figures_about(request),
        "saved_filters": filters_of_lists(request),
        "articles": [_as_row(one) for one in _lately()] if sees else None,
        "may_add": desk.has_add_permission(request),
    }


def _beginning(tray: Tray, request: HttpRequest) -> dict[str, Any] | None:
    """Return how much is in a tray and what lies on top, None if one may not see it."""
    rows = tray.rows(request)
    if rows is None:
        return None
    page = Paginator(rows, ON_THE_FIRST_PAGE).page(1)
    return {
        "tray": tray,
        "count": page.paginator.count,
        "lines": [tray.line(row) for row in page],
        "url": reverse("admin:tray", args=[tray.name]) if page.has_next() else "",
    }


@require_safe
def tray_page(request: HttpRequest, name: str) -> HttpResponse:
    """Everything that is in a tray; 404 for one that is not there or not for this editor."""
    tray = tray_named(name)
    rows = tray.rows(request) if tray else None
    if rows is None:
        raise Http404
    page = Paginator(rows, LINES_A_PAGE).get_page(request.GET.get("page"))
    request.current_app = admin.site.name
    context = {
        **admin.site.each_context(request),
        "title": tray.title,
        "tray": tray,
        "page": page,
        "lines": [tray.line(row) for row in page],
    }
    return TemplateResponse(request, "admin/tray.html", context)


@require_safe
def find_page(request: HttpRequest) -> HttpResponse:
    """What the words in ``q`` find anywhere: a page, or data for the dialog that asks for it."""
    asked = request.GET.get("q", "")
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        response: HttpResponse = JsonResponse(
            {"kinds": [kind.as_data() for kind in find(request, asked)]}
        )
        patch_vary_headers(response, ["Accept"])
        return response
    request.current_app = admin.site.name
    context = {
        **admin.site.each_context(request),
        "title": _("Search everything"),
        "asked": asked[:LONGEST_QUESTION],
        "kinds": find(request, asked, most=MANY),
    }
    return TemplateResponse(request, "admin/find.html", context)


def _lately() -> list[Article]:
    return with_standing(Article.objects.all()).order_by("-edited_at", "-pk")[:EDITED_LATELY]


def _as_row(article: Article) -> dict[str, Any]:
    return {
        "title": str(article),
        "url": address_in_admin(article, "change", article.pk),
        "state": state_badge(State(article.standing), article.waiting_at),
        "edited_by": editor_of(article),
        "edited_at": article.edited_at,
    }
