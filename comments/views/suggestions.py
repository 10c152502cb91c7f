"""Suggesting a correction, asking a question, and what became of either."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from articles.lists import linked_to_article
from articles.models import Address, Publication
from articles.page import prepared
from articles.public_addresses import article_page, live_publication
from comments import crediting, suggesting, writing
from comments.limits import TooMany
from comments.models import Comment, Suggestion
from comments.rules import takes_comments
from comments.suggestion_forms import (
    CorrectionForm,
    CreditForm,
    QuestionForm,
    ShownRow,
    WhoForm,
    rows_of,
)
from comments.suggestion_tokens import is_writers_token, status_url
from comments.suggestion_words import was_led_to
from comments.views.around import (
    around,
    closed,
    errors_as_data,
    live_at,
    never_cached,
    own_url,
    published_at,
    see_other,
    too_many,
)
from publishing.markup.safe_html import trusted
from publishing.pages import Page
from publishing.parts import part_that_takes
from publishing.readers import network_of
from publishing.refusals import Refusal, wants_json

Kind, State = Suggestion.Kind, Suggestion.State
# What a reader typed, given back with every refusal.
TYPED = ("text", "right", "source")


@article_page
def read_suggest(request: HttpRequest, page: Page, address: Address) -> HttpResponse:
    """The form for a correction, with the row that ``about`` names as it stands."""
    return _asked(request, page, address, Kind.CORRECTION)


@article_page
def read_ask(request: HttpRequest, page: Page, address: Address) -> HttpResponse:
    """The form for a question, with those that the article answers already."""
    return _asked(request, page, address, Kind.QUESTION)


def take_suggestion(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a correction that a reader suggests."""
    return _take(request, slug, Kind.CORRECTION)


def take_question(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a question that a reader asks."""
    return _take(request, slug, Kind.QUESTION)


def read_status(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of a suggestion, for its writer, who knows the token."""
    now = timezone.now()
    token = request.GET.get("token", "")
    found, context = _own(pk, token, now)
    return _status(request, found, context, token=token)


def take_own_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the credit, or withdraw, by the suggestion's writer."""
    now = timezone.now()
    token = request.POST.get("token", "")
    found, context = _own(pk, token, now)
    try:
        if "withdraw" in request.POST:
            suggesting.withdraw(found, at=now)
            return see_other(request, status_url(found, token), {"status": "withdrawn"})
        form = CreditForm(request.POST)
        if not form.is_valid():
            return _status(request, found, context, token=token, form=form)
        credit, name = form.cleaned_data["credit"], form.cleaned_data["name"]
        suggesting.credit_otherwise(found, credit=credit, name=name, at=now)
    except (suggesting.TooLate, suggesting.Overtaken):
        raise Refusal(410, _("This cannot be changed any more, so it stays as it was.")) from None
    return see_other(request, status_url(found, token), {"status": "saved"})


# What both forms share


def _asked(request: HttpRequest, page: Page, address: Address, kind: Kind) -> HttpResponse:
    if "received" in request.GET:
        return _received(request, address, kind, page.at)
    publication = live_publication(page, address)
    page.holds_until(publication.ends_at, publication.comments_until)
    initial = {"about": request.GET.get("about", "")}
    form = _form(kind, publication, page.at, initial=initial)
    return render(request, _TEMPLATES[kind], _shown(form, kind, publication, address.slug, page.at))


def _take(request: HttpRequest, slug: str, kind: Kind) -> HttpResponse:
    now = timezone.now()
    publication, present = live_at(slug, now)
    form = _form(kind, publication, now, data=request.POST)
    if not form.is_valid():
        if wants_json(request):
            return errors_as_data(form)
        shown = _shown(form, kind, publication, present, now)
        return never_cached(render(request, _TEMPLATES[kind], shown, status=422))
    received = f"{request.path}?received"
    # A field that people do not see: what is written in it was written by a program.
    if request.POST.get("website"):
        return see_other(request, received, {"status": "received"})
    try:
        suggested = suggesting.suggest(
            publication, kind=kind, **form.suggested(), network=network_of(request, now), at=now
        )
    except writing.AlreadyReceived:
        return see_other(request, received, {"status": "received"})
    except writing.Closed:
        raise closed() from None
    except TooMany as many:
        raise too_many(many) from None
    except suggesting.Banned:
        sentence = _("Nothing is taken from you at present, as something earlier broke a rule.")
        raise Refusal(403, sentence) from None
    url = status_url(suggested.suggestion, suggested.token)
    return see_other(request, url, {"status": "new"})


def _form(kind: Kind, publication: Publication, now: datetime, **options: Any) -> WhoForm:
    is_open = takes_comments(publication, now)
    if kind == Kind.QUESTION:
        return QuestionForm(takes_comments=is_open, **options)
    rows = rows_of(prepared(publication))
    return CorrectionForm(rows=rows, takes_comments=is_open, **options)


def _shown(
    form: WhoForm, kind: Kind, publication: Publication, slug: str, now: datetime
) -> dict[str, Any]:
    action = reverse(f"discussion:{'ask' if kind == Kind.QUESTION else 'suggest'}", args=[slug])
    context = {**around(publication, slug, now), "form": form, "action": action}
    if kind == Kind.QUESTION:
        context["answered"] = _answered(publication)
    elif row := form.shown_row:
        context |= {"row": row, **_row_as_it_stands(row, slug)}
    return context


def _row_as_it_stands(row: ShownRow, slug: str) -> dict[str, Any]:
    return {
        "row_html": linked_to_article(trusted(row.html), slug),
        "row_as_of": parse_date(row.as_of) if row.as_of else None,
    }


def _answered(publication: Publication) -> list[tuple[str, str]]:
    """Return (anchor, words) of the questions that the article answers."""
    part = part_that_takes(Kind.QUESTION)
    rows = prepared(publication)["parts"].get(part.name, []) if part else []
    return [(row["id"], part.row_title(row)) for row in rows]


def _received(request: HttpRequest, address: Address, kind: Kind, now: datetime) -> HttpResponse:
    """Say that the same was sent before; whose it was and what became of it is not said."""
    if wants_json(request):
        return never_cached(JsonResponse({"status": "received"}))
    publication = published_at(address.article_id, now)
    context = {**around(publication, address.slug, now), "is_question": kind == Kind.QUESTION}
    return never_cached(render(request, "comments/suggestion_received.html", context))


_TEMPLATES: dict[Kind, str] = {
    Kind.CORRECTION: "comments/suggest.html",
    Kind.QUESTION: "comments/ask.html",
}


# The writer's own page


def _own(pk: int, token: str, now: datetime) -> tuple[Suggestion, dict[str, Any]]:
    """Return a suggestion with its outcome, and its article, or answer 404.

    Only to its writer, who knows the token, and only while the article is published.
    """
    found = Suggestion.objects.filter(pk=pk).with_outcome(now)
    suggestion = found.select_related("article", "comment").first()
    if suggestion is None or not is_writers_token(suggestion, token):
        raise Http404
    publication = published_at(suggestion.article_id, now)
    return suggestion, around(publication, suggestion.article.slug, now)


def _status(
    request: HttpRequest,
    suggestion: Suggestion,
    context: dict[str, Any],
    *,
    token: str,
    form: CreditForm | None = None,
) -> HttpResponse:
    stands = standing_of(suggestion)
    if wants_json(request):
        return errors_as_data(form) if form else never_cached(JsonResponse({"status": stands}))
    is_open = suggestion.state != State.WITHDRAWN and stands != "published"
    names_somebody = suggestion.kind == Kind.CORRECTION and stands != "declined"
    initial = {"credit": suggestion.credit, "name": suggestion.name, "token": token}
    shown = {
        **context,
        "suggestion": suggestion,
        "stands": stands,
        "is_question": suggestion.kind == Kind.QUESTION,
        "heading": _("Your change was not saved") if form else _HEADINGS[stands](suggestion),
        "changes_url": crediting.changes_url(suggestion.article.slug, suggestion.version)
        if stands == "published"
        else "",
        "form": form or (CreditForm(initial=initial) if is_open and names_somebody else None),
        "may_withdraw": is_open,
        "action": reverse("suggestions:suggestion", args=[suggestion.pk]),
        "token": token,
        **_as_comment(suggestion, token),
    }
    status = 422 if form else 200
    return never_cached(render(request, "comments/suggestion.html", shown, status=status))


def standing_of(suggestion: Suggestion) -> str:
    """Return how a suggestion with its outcome stands, as its writer may know it.

    "new", "accepted", "published", "declined" or "withdrawn". When it will be published is the
    desk's own business; and what an editor took out of the draft again waits as before.
    """
    if suggestion.state != State.ACCEPTED:
        return str(suggestion.state)
    if suggestion.version:
        return "published"
    return "accepted" if suggestion.is_in_draft or suggestion.scheduled_at else "new"


def _as_comment(suggestion: Suggestion, token: str) -> dict[str, Any]:
    """Return where the comment of a public suggestion is, for its writer."""
    comment = suggestion.comment
    if comment is None or comment.state == Comment.State.REMOVED:
        return {"comment_url": "", "comment_is_shown": False}
    is_shown = comment.state == Comment.State.APPROVED
    knows_it = writing.is_writers_token(comment, token)
    url = own_url(comment, token) if knows_it else comment.get_absolute_url() if is_shown else ""
    return {"comment_url": url, "comment_is_shown": is_shown}


def _either(question: Callable[[], str], correction: Callable[[], str]):
    return lambda suggestion: question() if suggestion.kind == Kind.QUESTION else correction()


_HEADINGS: dict[str, Callable[[Suggestion], str]] = {
    "new": _either(
        lambda: _("Your question waits for an editor"),
        lambda: _("Your suggestion waits for an editor"),
    ),
    "accepted": _either(
        lambda: _("Accepted: the answer will appear with the next version"),
        lambda: _("Accepted: it will appear with the next version"),
    ),
    "published": lambda suggestion: was_led_to(suggestion.kind, suggestion.version),
    "declined": _either(
        lambda: _("The editors will not answer this question"),
        lambda: _("The editors decided against it"),
    ),
    "withdrawn": _either(
        lambda: _("Your question is withdrawn"), lambda: _("Your suggestion is withdrawn")
    ),
}
