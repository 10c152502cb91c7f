"""Did it help?"""

import re
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from articles.models import Address, Publication
from articles.page import prepared
from articles.public_addresses import to_present_address
from comments import feedback as answers
from comments import suggesting
from comments.forms import ReasonForm
from comments.limits import TooMany
from comments.models import Feedback, Suggestion
from comments.suggestion_forms import row_choices, rows_of
from comments.suggestion_tokens import status_url
from comments.views.around import (
    around,
    errors_as_data,
    live_at,
    never_cached,
    published_at,
    see_other,
    too_many,
)
from comments.writing import AlreadyReceived, Closed
from publishing.readers import network_of, page_with_form
from publishing.refusals import Refusal, wants_json


def read_feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """Thanks, with the follow-up question to whom it belongs; nothing here is cached."""
    now = timezone.now()
    address = get_object_or_404(Address.objects.select_related("article"), slug=slug)
    if not address.is_current:
        return to_present_address(request, address)
    context = around(published_at(address.article_id, now), slug, now)
    if "thanks" in request.GET:
        return thanked(request, context)
    if "given" not in request.GET:
        return never_cached(HttpResponseRedirect(f"{context['article_url']}#feedback"))
    given = request.GET["given"]
    signed = answers.read_signed(given)
    if signed is None:
        raise Http404
    form = reason_form(context["publication"], initial={"given": given})
    return thanked(request, context, form=form, helped=signed.helped)


def take_feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """Store whether it helped, or what a reader adds to that."""
    now = timezone.now()
    publication, present = live_at(slug, now)
    if "given" in request.POST:
        return take_reason(request, publication, present, now)
    helped = {"yes": True, "no": False}.get(request.POST.get("helped", ""))
    if helped is None:
        return not_answered(request, around(publication, present, now))
    given = None
    # A field that people do not see: what is written in it was written by a program, which
    # gets the same thanks as everybody.
    if not request.POST.get("website"):
        try:
            read = version_read(request, publication, now)
            given = answers.give(read, helped=helped, network=network_of(request, now), at=now)
        except TooMany as many:
            raise too_many(many) from None
    query = urlencode({"given": answers.sign(given, helped=helped, at=now)})
    url = f"{reverse('discussion:feedback', args=[present])}?{query}"
    return see_other(request, url, {"status": "thanks"})


def version_read(request: HttpRequest, live: Publication, now: datetime) -> Publication:
    """Return the version that the form stood on, which another may have replaced since."""
    number = request.POST.get("version", "")
    if not re.fullmatch("[0-9]{1,9}", number) or int(number) == live.number:
        return live
    begun = Publication.objects.published(now).filter(article=live.article_id, number=int(number))
    return begun.only("article").first() or live


feedback = page_with_form(read=read_feedback, take=take_feedback, text="text")


def take_reason(
    request: HttpRequest, publication: Publication, slug: str, now: datetime
) -> HttpResponse:
    """Store what a reader adds to an answer."""
    signed = answers.read_signed(request.POST["given"])
    if signed is None:
        raise Refusal(400, _("We could not tell which answer this belongs to."))
    form = reason_form(publication, data=request.POST)
    if not form.is_valid():
        context = around(publication, slug, now)
        return thanked(request, context, form=form, helped=signed.helped)
    given = Feedback.objects.filter(pk=signed.pk, article=publication.article_id).first()
    url = reverse("discussion:feedback", args=[slug]) + "?thanks"
    said = form.cleaned_data
    if said["reason"] == Feedback.Reason.MISSING:
        # A program is told the same, so that it learns nothing from its thanks.
        url += "=missing"
    if given and not is_by_program(request, given, said["text"], signed.asked_at, now):
        answers.explain(given, reason=said["reason"], text=said["text"])
        if made := corrected_by(given, publication, form, network_of(request, now)):
            url = status_url(made.suggestion, made.token)
    return see_other(request, url, {"status": "thanks"})


def is_by_program(
    request: HttpRequest, given: Feedback, text: str, asked_at: datetime, now: datetime
) -> bool:
    """Did a program send what is added to an answer? It gets the same thanks as everybody."""
    is_trapped = bool(request.POST.get("website"))
    return is_trapped or answers.is_by_program(given, text, asked_at=asked_at, at=now)


def reason_form(publication: Publication, **options: Any) -> ReasonForm:
    """Return the follow-up question, with the rows of the page that it may be about."""
    return ReasonForm(rows=row_choices(prepared(publication)), **options)


def corrected_by(
    given: Feedback, publication: Publication, form: ReasonForm, network: str
) -> suggesting.Suggested | None:
    """Make a suggestion for the editors of what somebody says is wrong, once; else nothing."""
    said = form.cleaned_data
    is_told = said["reason"] == Feedback.Reason.WRONG and said["text"]
    if not is_told or Suggestion.objects.filter(feedback=given).exists():
        return None
    row = rows_of(prepared(publication)).get(said["about"])
    try:
        return suggesting.suggest(
            publication,
            kind=Suggestion.Kind.CORRECTION,
            text=said["text"],
            about=said["about"],
            about_title=row.title if row else "",
            feedback=given,
            network=network,
        )
    except (AlreadyReceived, Closed, TooMany):
        # The answer itself is stored, whatever is made of it.
        return None


def thanked(
    request: HttpRequest,
    context: dict[str, Any],
    *,
    form: ReasonForm | None = None,
    helped: bool = False,
) -> HttpResponse:
    """Return the thanks, with the follow-up question if there is a form for it."""
    is_refused = form is not None and form.is_bound
    if wants_json(request):
        data = JsonResponse({"status": "thanks"})
        return errors_as_data(form) if is_refused else never_cached(data)
    shown = {
        **context,
        "form": form,
        "helped": helped,
        "is_missing": request.GET.get("thanks") == "missing",
        "ask_url": reverse("discussion:ask", args=[context["slug"]]),
    }
    status = 422 if is_refused else 200
    return never_cached(render(request, "comments/thanks.html", shown, status=status))


def not_answered(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Ask again: the form came without yes or no."""
    if wants_json(request):
        errors = {"helped": [_("Answer yes or no.")]}
        return never_cached(JsonResponse({"errors": errors}, status=422))
    return never_cached(render(request, "comments/ask_again.html", context, status=422))
