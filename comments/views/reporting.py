"""Reporting a comment: a page with the form, and thanks that say what happens next."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from comments import reporting
from comments.forms import ReportForm
from comments.limits import TooMany
from comments.models import Comment
from comments.telling import RULES_PATH
from comments.threads import quoted_html
from comments.views.around import (
    errors_as_data,
    never_cached,
    see_other,
    shown_comment,
    too_many,
)
from comments.voting import NotShown
from publishing.readers import network_of
from publishing.refusals import wants_json


def read_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The form, above which the comment stands; or thanks, when it was sent."""
    if "thanks" in request.GET:
        return thanked(request, pk)
    comment, context = shown_comment(pk, timezone.now())
    return report_page(request, comment, context, ReportForm())


def take_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a report. What a program wrote gets the same thanks as everybody's."""
    now = timezone.now()
    comment, context = shown_comment(pk, now)
    form = ReportForm(request.POST)
    if not form.is_valid():
        return report_page(request, comment, context, form)
    # A field that people do not see: what is written in it was written by a program.
    if not request.POST.get("website"):
        try:
            reporting.report(comment, **form.cleaned_data, network=network_of(request, now), at=now)
        except NotShown:
            raise Http404 from None
        except TooMany as many:
            raise too_many(many) from None
    url = reverse("comments:report", args=[pk]) + "?thanks"
    return see_other(request, url, {"status": "thanks"})


def report_page(
    request: HttpRequest, comment: Comment, context: dict[str, Any], form: ReportForm
) -> HttpResponse:
    """Return the page with the form: 422 with what was typed, if it was refused."""
    if form.is_bound and wants_json(request):
        return errors_as_data(form)
    shown = {
        **context,
        "comment": comment,
        "quoted": quoted_html(comment, context["place"]),
        "form": form,
        "rules_url": RULES_PATH,
    }
    status = 422 if form.is_bound else 200
    return never_cached(render(request, "comments/report.html", shown, status=status))


def thanked(request: HttpRequest, pk: int) -> HttpResponse:
    """Say thanks, with a way back to the comment while readers see it.

    Of one that they do not see nothing is told, not even that there is one.
    """
    if wants_json(request):
        return never_cached(JsonResponse({"status": "thanks"}))
    comment = Comment.objects.approved().filter(pk=pk).first()
    shown = {"section": "articles", "comment": comment, "rules_url": RULES_PATH}
    return never_cached(render(request, "comments/report_thanks.html", shown))
