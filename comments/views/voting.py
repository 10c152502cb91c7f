"""Did a comment help? A page with buttons, and its answer; scripts vote without leaving theirs."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import voting
from comments.limits import TooMany
from comments.models import Comment
from comments.threads import quoted_html
from comments.views.around import never_cached, see_other, shown_comment, too_many
from publishing.readers import browser_of, network_of
from publishing.refusals import Refusal, wants_json

VOTES = {"helpful": True, "unhelpful": False, "withdraw": None}
NAMES = {True: "helpful", False: "unhelpful", None: ""}


def read_vote(request: HttpRequest, pk: int) -> HttpResponse:
    """The comment with two buttons, and what this reader said of it."""
    now = timezone.now()
    comment, context = shown_comment(pk, now)
    mine = NAMES[voting.vote_of(comment, browser_of(request, now))]
    if wants_json(request):
        return never_cached(JsonResponse(counted(comment, mine)))
    return vote_page(request, comment, context, mine=mine, is_counted="counted" in request.GET)


def take_vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Count a vote, change it or take it back."""
    now = timezone.now()
    comment, context = shown_comment(pk, now)
    said = request.POST.get("vote", "")
    if said not in VOTES:
        return not_said(request, comment, context)
    try:
        voting.vote(
            comment,
            voter=browser_of(request, now),
            is_helpful=VOTES[said],
            network=network_of(request, now),
            at=now,
        )
    except voting.NotShown:
        raise Http404 from None
    except voting.EnoughFromHere:
        raise Refusal(
            429, _("Several votes on this comment came from your network, and no more are counted.")
        ) from None
    except TooMany as many:
        raise too_many(many) from None
    return see_other(request, reverse("comments:vote", args=[pk]) + "?counted", {"status": said})


def vote_page(
    request: HttpRequest,
    comment: Comment,
    context: dict[str, Any],
    *,
    mine: str = "",
    is_counted: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Return the page; which reader sees it is not stored anywhere."""
    shown = {
        **context,
        "comment": comment,
        "quoted": quoted_html(comment, context["place"]),
        "mine": mine,
        "is_counted": is_counted,
        "is_refused": status != 200,
    }
    return never_cached(render(request, "comments/vote.html", shown, status=status))


def not_said(request: HttpRequest, comment: Comment, context: dict[str, Any]) -> HttpResponse:
    """Ask again: the form came without one of its buttons."""
    if wants_json(request):
        errors = {"vote": [_("Say whether it helped.")]}
        return never_cached(JsonResponse({"errors": errors}, status=422))
    return vote_page(request, comment, context, status=422)


def counted(comment: Comment, mine: str) -> dict[str, Any]:
    """Return what a script shows of a vote: the link's new words, and a sentence about it."""
    number = comment.helpful
    return {
        "vote": mine,
        "helpful": number,
        "label": f"{_('Helpful')} ({number:,})" if number else _("Helpful"),
        "change": _("Change it"),
        "said": _("Your vote is counted.") if mine else _("You have no vote on this comment."),
    }
