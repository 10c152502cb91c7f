"""The queue: one page to live in. What waits, what was reported, and everything else."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from comments.admin.entries import entries_html, entries_of
from comments.admin.pages import show
from comments.admin.wording import deed_in_words, name_for
from comments.models import Comment
from comments.queue import (
    COUNTED_TO,
    EVERYTHING,
    OLDEST,
    REPORTED,
    RISKIEST,
    SHOWN,
    Wanted,
    articles_to_choose,
    counts,
    page_of,
    waiting_count,
)
from comments.undoing import last_deeds
from publishing.refusals import wants_json
from publishing.whole_numbers import whole_number

A_PAGE = 30
MOST_DEEDS = 5
LONGEST_SEARCH = 200

State = Comment.State


@require_safe
def queue_page(request: HttpRequest, *, desk: Any) -> HttpResponse:
    """Show a page of the queue; to a script, the entries that come next as data."""
    if not desk.has_view_permission(request):
        raise PermissionDenied
    wanted = wanted_of(request.GET)
    page = page_of(wanted, A_PAGE)
    entries = entries_of(page.comments)
    if wants_json(request):
        html = entries_html(request, entries, back=query_of(wanted))
        data = {"entries": html, "after": page.after, "counts": shown_counts()}
        response: HttpResponse = JsonResponse(data)
    else:
        request.comments_counted = counts_now = shown_counts()
        response = show(
            request,
            desk=desk,
            template="queue",
            title=_("Comments"),
            entries=entries,
            wanted=wanted,
            views=_views(wanted, counts_now),
            counts=counts_now,
            orders=_orders(wanted),
            articles=articles_to_choose(wanted.article),
            back=query_of(wanted),
            next=f"?{_query(wanted, after=page.after)}" if page.after else "",
            first=f"?{_query(wanted, after='')}" if wanted.after else "",
            after=page.after,
            deeds=deeds_of(request),
            bulk=bulk_deeds(wanted),
        )
    patch_vary_headers(response, ["Accept"])
    return response


def wanted_of(given: QueryDict) -> Wanted:
    """Return what an address asks of the queue; what makes no sense is left out."""
    show = given.get("state", "")
    return Wanted(
        show=show if show in SHOWN else State.PENDING.value,
        order=RISKIEST if given.get("order") == RISKIEST else OLDEST,
        article=whole_number(given.get("article")),
        words=given.get("q", "").strip()[:LONGEST_SEARCH],
        after=given.get("after", ""),
    )


def query_of(wanted: Wanted) -> str:
    """Return what is wanted as the query of the queue's address."""
    return _query(wanted)


def shown_counts() -> dict[str, str]:
    """Return how many wait and how many are reported, as shown; two queries."""
    return {name: _shown(count) for name, count in counts().items()}


def badge(request: HttpRequest) -> str:
    """Return how many wait, for the menu of the desk; nothing if none does.

    It stands on every page: on the queue's own they are counted already.
    """
    counted = getattr(request, "comments_counted", None)
    shown = counted[State.PENDING.value] if counted else _shown(waiting_count())
    return "" if shown == "0" else shown


def _shown(count: int) -> str:
    return str(count) if count < COUNTED_TO else f"{COUNTED_TO:,}+"


def waits_in_words(shown: dict[str, str]) -> str:
    """Return how many wait, as it is announced."""
    count = shown[State.PENDING.value]
    if not count.isdigit():
        return _("%s wait.") % count
    return ngettext("%d waits.", "%d wait.", int(count)) % int(count)


def deeds_of(request: HttpRequest) -> list[dict[str, Any]]:
    """Return what one decided last and can take back, in words; one query."""
    return [
        {
            "pk": deed.last.pk,
            "words": deed_in_words(
                deed.last,
                f"{deed.count}{'+' if deed.has_more else ''}",
                name_for(deed.last.comment),
            ),
        }
        for deed in last_deeds(request.user, MOST_DEEDS)
    ]


def bulk_deeds(wanted: Wanted) -> list[tuple[str, str]]:
    """Return (value, label) of what can be done about several at once."""
    deeds = [
        ("approve", _("Approve"), State.APPROVED),
        ("reject", _("Reject"), State.REJECTED),
        ("spam", _("Put aside as spam"), State.SPAM),
    ]
    shown = [(value, label) for value, label, state in deeds if state != wanted.show]
    return [("keep", _("No breach")), *shown] if wanted.show == REPORTED else shown


def _views(wanted: Wanted, shown: dict[str, str]) -> list[dict[str, Any]]:
    """Return the states to look at, as links with how many there are."""
    labels = {**dict(State.choices), REPORTED: _("Reported"), EVERYTHING: _("All")}
    return [
        {
            "label": labels[name],
            "count": shown.get(name, ""),
            "name": name,
            "query": _query(wanted, state=name, order="", after=""),
            "is_present": wanted.show == name,
        }
        for name in SHOWN
    ]


def _orders(wanted: Wanted) -> list[dict[str, Any]]:
    if not wanted.is_waiting:
        return []
    labels = {OLDEST: _("Oldest first"), RISKIEST: _("Riskiest first")}
    return [
        {
            "label": label,
            "query": _query(wanted, order="" if order == OLDEST else order, after=""),
            "is_present": wanted.order == order,
        }
        for order, label in labels.items()
    ]


def _query(wanted: Wanted, **other: str) -> str:
    """Return what is wanted as a query, with some of it otherwise."""
    given = {
        "state": "" if wanted.is_waiting else wanted.show,
        "order": wanted.order if wanted.order != OLDEST else "",
        "article": str(wanted.article or ""),
        "q": wanted.words,
        "after": wanted.after,
        **other,
    }
    if given["state"] == State.PENDING:
        given["state"] = ""
    return urlencode({name: value for name, value in given.items() if value})
