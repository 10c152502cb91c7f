"""Taking a moderator's decisions: one POST each, from a form or from a script.

Each names what was seen of every comment (``comments.seen``). What is not so any more is left as
it is, and whoever decided is told what happened instead.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern
from django.utils.translation import gettext as _

from comments import banning, moderating
from comments.admin.entries import entries_html, entries_of
from comments.admin.pages import address_of, at, queue_url
from comments.admin.queue import deeds_of, shown_counts, waits_in_words
from comments.admin.wording import DONE, changed_since, name_for, what_was_done
from comments.models import Ban, Comment, Transition
from comments.moderating import NO_BREACH, Decision
from comments.queue import with_article
from comments.seen import Seen, read_tokens
from comments.undoing import UNDO, undo
from publishing.refusals import wants_json
from publishing.whole_numbers import whole_number

State = Comment.State

# What the buttons send: the deed, and under which name it is told.
DEEDS: dict[str, tuple[Callable[..., Decision], str]] = {
    "approve": (moderating.approve, State.APPROVED.value),
    "reject": (moderating.reject, State.REJECTED.value),
    "spam": (moderating.mark_as_spam, State.SPAM.value),
    "keep": (moderating.keep, NO_BREACH),
}
PINS: dict[str, Callable[..., Comment]] = {"pin": moderating.pin, "unpin": moderating.unpin}
# Entries that are drawn again in one answer to a script.
MOST_DRAWN = 50


@dataclass(slots=True)
class Told:
    """What is told about a deed: what was done, and of each comment left alone, why.

    ``gone`` are the keys of comments that are done with; ``again`` those to be drawn anew, with
    what to say of each.
    """

    words: str = ""
    gone: list[int] = field(default_factory=list)
    again: dict[int, str] = field(default_factory=dict)


def urls(desk: Any) -> list[URLPattern]:
    """Return the address that takes decisions."""
    return [at(desk, "decide/", decide_view, "decide", "POST")]


def decide_view(request: HttpRequest, *, desk: Any) -> HttpResponse:
    """Take one decision, about one comment or several."""
    deed = request.POST.get("decide", "")
    seen = read_tokens(request.POST.getlist("seen"))
    try:
        told = _done(request, deed, seen)
    except ValidationError as refused:
        return answer(request, Told(again=dict.fromkeys(seen, refused.messages[0])))
    return answer(request, told)


def _done(request: HttpRequest, deed: str, seen: dict[int, Seen]) -> Told:
    if deed == "undo":
        return _undone(request)
    if deed == "lift":
        return _lifted(request)
    comments = Comment.objects.filter(pk__in=seen)
    if deed in PINS:
        return _pinned(request, deed, comments)
    if deed not in DEEDS:
        return Told(words=_("That button is not known. Nothing was changed."))
    if not seen:
        return Told(words=_("Choose comments first. Nothing was changed."))
    decide, name = DEEDS[deed]
    return told_of(decide(comments, by=request.user, seen=seen), name, to=request.user)


def told_of(decision: Decision, name: str, *, to: AbstractBaseUser) -> Told:
    """Return what to tell whoever decided; ``name`` says in which words."""
    told = Told(gone=[comment.pk for comment in decision.done])
    if decision.done:
        told.words = DONE[name](len(decision.done))
    left = [*decision.already, *decision.mended]
    last = last_rows(left)
    told.again = {comment.pk: changed_since(comment, last.get(comment.pk), to) for comment in left}
    return told


def last_rows(comments: list[Comment]) -> dict[int, Transition]:
    """Return the last row of each comment's log, by its key; one query."""
    rows = Transition.objects.filter(comment__in=comments).select_related("by").order_by("pk")
    return {row.comment_id: row for row in rows}


def _pinned(request: HttpRequest, deed: str, comments: Any) -> Told:
    told = Told()
    for comment in comments:
        PINS[deed](comment, by=request.user)
        told.words = _("Pinned above the others.") if deed == "pin" else _("Unpinned.")
        told.again[comment.pk] = ""
    return told


def _lifted(request: HttpRequest) -> Told:
    ban = Ban.objects.filter(pk=whole_number(request.POST.get("ban"))).first()
    if ban is None:
        return Told(words=_("That ban is not there any more."))
    banning.lift(ban, request.user)
    return Told(words=_("The ban is lifted."))


def _undone(request: HttpRequest) -> Told:
    """Take back a decision: the one that is named, or the last."""
    decided = _decision_to_undo(request)
    if decided is None:
        return Told(words=_("There is nothing to take back."))
    is_alone = "alone" in request.POST
    decision = undo(decided, by=request.user, is_alone=is_alone)
    told = Told(again={comment.pk: "" for comment in decision.done})
    if decision.done:
        told.words = DONE[UNDO](len(decision.done))
    if decision.already:
        last = last_rows(decision.already)
        done_since = [
            f"{name_for(comment)}: {what_was_done(last[comment.pk], request.user)}"
            for comment in decision.already[:3]
            if comment.pk in last
        ]
        told.words = " ".join([told.words, _("Not taken back:"), *done_since]).strip()
    return told


def _decision_to_undo(request: HttpRequest) -> Transition | None:
    named = request.POST.get("decision", "")
    if not named:
        deeds = deeds_of(request)
        named = str(deeds[0]["pk"]) if deeds else ""
    return Transition.objects.filter(pk=whole_number(named)).first()


# Answering


def answer(request: HttpRequest, told: Told, *, url: str = "") -> HttpResponse:
    """Answer a deed: data to a script, else messages and the way back to where it was done."""
    if wants_json(request):
        return JsonResponse(as_data(request, told))
    if told.words:
        messages.success(request, told.words)
    for words in _with_names(told):
        messages.warning(request, words)
    return HttpResponseRedirect(url or _way_back(request, told))


def as_data(request: HttpRequest, told: Told) -> dict[str, Any]:
    """Return what a script shows: what is done with, what to draw anew, counts, what to undo."""
    drawn = with_article(Comment.objects.filter(pk__in=list(told.again)[:MOST_DRAWN]))
    entries = entries_of(drawn.order_by("pk"), told.again)
    back = request.POST.get("back", "")
    shown = shown_counts()
    return {
        "words": told.words,
        "gone": told.gone,
        "again": [
            {
                "pk": entry.comment.pk,
                "state": entry.comment.state,
                "words": entry.notice,
                "html": entries_html(request, [entry], back=back),
            }
            for entry in entries
        ],
        "counts": shown,
        "waits": waits_in_words(shown),
        "deeds": render_to_string(
            "admin/comments/_deeds.html",
            {"deeds": deeds_of(request), "back": back},
            request=request,
        ),
    }


def _with_names(told: Told) -> list[str]:
    """Return what to say of each comment that was left as it is, with its writer's name."""
    left = {key: words for key, words in told.again.items() if words}
    names = Comment.objects.in_bulk(list(left)[:MOST_DRAWN])
    return [f"{name_for(names[key])}: {words}" for key, words in left.items() if key in names]


def _way_back(request: HttpRequest, told: Told) -> str:
    """Return where to go on: the queue as it was; from a comment's own page, the next that waits.

    After a deed that leaves the comment where it is, its own page again.
    """
    comment = Comment.objects.filter(pk=whole_number(request.POST.get("page"))).first()
    if comment is None:
        return queue_url(request.POST.get("back", ""))
    if comment.pk not in told.gone:
        return address_of(comment)
    waiting = Comment.objects.waiting().exclude(pk=comment.pk).first()
    return address_of(waiting) if waiting else queue_url()
