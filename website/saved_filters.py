"""Saved filters: what the present one is, and which a list is shown with."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, QueryDict

from publishing.editing.choices import address_in_admin
from website.models import NOT_A_FILTER, SavedFilter


def filter_in(given: QueryDict) -> str:
    """Return the filter in what an address of a list asks for, as a query; "" for none."""
    kept = given.copy()
    for name in NOT_A_FILTER & set(kept):
        del kept[name]
    for name in [name for name in kept if not any(kept.getlist(name))]:
        del kept[name]
    return kept.urlencode()


def may_open(request: HttpRequest, model: type[models.Model] | None) -> bool:
    """May the account open the list of a model?"""
    if model is None or not admin.site.is_registered(model):
        return False
    return admin.site.get_model_admin(model).has_view_or_change_permission(request)


def filters_of_lists(request: HttpRequest) -> list[SavedFilter]:
    """Return the filters of every list that the account may open; one query."""
    found = SavedFilter.objects.for_account(request.user)
    return [one for one in found if may_open(request, one.listed)]


def list_with_filters(request: HttpRequest, model: type[models.Model]) -> dict[str, Any]:
    """Return what ``admin/_saved_filters.html`` shows above the list of a model; one query."""
    query = filter_in(request.GET)
    name = model._meta.label_lower
    saved = list(SavedFilter.objects.for_account(request.user).filter(list=name))
    return {
        "saved": [{"filter": one, "is_present": one.query == query} for one in saved],
        "query": query,
        "list": name,
        "may_save": bool(query) and not any(one.query == query for one in saved),
        "add_url": address_in_admin(SavedFilter, "add"),
        "manage_url": address_in_admin(SavedFilter, "changelist"),
    }
