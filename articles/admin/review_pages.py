"""The pages of reviewing: submit, what waits and what was said, send back, one remark.

Approving is "Record a review" (``deed_pages.review_page``). The deeds decide;
what they refuse is said in their own words.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _

from articles.admin.checks import NOTHING_FOUND, findings_of
from articles.admin.conflict import name_of
from articles.admin.pages import at, page_for, refuse, show, tell_refusal
from articles.admin.review_forms import RemarkForm, SendBackForm, SubmitForm, WordsForm
from articles.admin.review_showing import decided_by, remark_rights, shown_remarks
from articles.deeds import NotReady
from articles.models import Article, Remark, ReviewRequest
from articles.places import read_place
from articles.remarking import answer, edit, leave_remark, reopen, resolve
from articles.reviewing import (
    claim,
    is_approved,
    open_request,
    release,
    send_back,
    submit,
    withdraw_request,
)
from publishing.whole_numbers import whole_number

CHANGE, REVIEW, REMARK = (
    "articles.change_article",
    "articles.review_article",
    "articles.add_remark",
)
EARLIER_SHOWN = 10


def urls(desk: Any) -> list[URLPattern]:
    """Return the addresses of reviewing."""
    return [
        at(desk, "<int:pk>/submit/", submit_page, "submit"),
        at(desk, "<int:pk>/reviewing/", reviewing_page, "reviewing"),
        at(desk, "<int:pk>/send-back/", send_back_page, "send_back"),
        at(desk, "<int:pk>/remarks/<int:remark>/", remark_page, "remark"),
    ]


@page_for(CHANGE)
def submit_page(request: HttpRequest, article: Article, *, desk: Any) -> HttpResponse:
    """Ask for a review of the latest revision, with a remark and perhaps a day."""
    revision = article.latest_revision
    form = SubmitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answers = {**form.cleaned_data}
        shown = get_object_or_404(article.revisions, number=answers.pop("revision"))
        try:
            submit(shown, by=request.user, **answers)
        except NotReady:
            form.add_error(None, _("Not submitted: something is missing still."))
        except ValidationError as error:
            refuse(form, error)
        else:
            return _to_reviewing(request, article, _("Submitted. Reviewers are told by e-mail."))
    form.initial["revision"] = revision.number if revision else 0
    return show(
        request,
        article,
        desk=desk,
        template="submit",
        title=_("Submit for review"),
        form=form,
        revision=revision,
        findings=findings_of(revision.document, article, request) if revision else NOTHING_FOUND,
        waiting=open_request(article),
    )


@page_for()
def reviewing_page(request: HttpRequest, article: Article, *, desk: Any) -> HttpResponse:
    """What waits for whom, what was decided, and every remark; the buttons that go with it."""
    revision = article.latest_revision
    form = None
    may = remark_rights(request.user)
    if revision and may["remark"]:
        form = RemarkForm(
            request.POST if "remark" in request.POST else None,
            revision=revision,
            initial={"place": _asked_for(request)},
        )
    if request.method == "POST":
        if said := _done_on_reviewing_page(request, article, form):
            return _to_reviewing(request, article, said)
        if form is None or not form.is_bound:
            return _to_reviewing(request, article)
    waiting = open_request(article)
    earlier = article.review_requests.exclude(state=ReviewRequest.State.WAITING)
    earlier = earlier.select_related("submitted_by", "decided_by")[:EARLIER_SHOWN]
    return show(
        request,
        article,
        desk=desk,
        template="reviewing",
        title=_("Review"),
        may=may,
        form=form,
        revision=revision,
        is_approved=bool(revision) and is_approved(revision),
        waiting=waiting,
        submitted_by=name_of(waiting.submitted_by) if waiting else "",
        claimed_by=name_of(waiting.claimed_by) if waiting and waiting.claimed_by else "",
        is_mine=bool(waiting) and waiting.claimed_by_id == request.user.pk,
        earlier=[
            {"request": one, "by": name_of(one.submitted_by), "decided_by": decided_by(one)}
            for one in earlier
        ],
        threads=shown_remarks(article, request.user),
    )


def _done_on_reviewing_page(request: HttpRequest, article: Article, form: RemarkForm | None) -> str:
    """Do what the button says; return what is to be said of it, nothing if it was not done."""
    deeds: dict[str, tuple[str, Callable[..., None], str]] = {
        "claim": (REVIEW, claim, _("You are reviewing it.")),
        "release": (REVIEW, release, _("You are not reviewing it any more.")),
        "withdraw": (CHANGE, withdraw_request, _("Taken out of the queue.")),
    }
    if pressed := next((name for name in deeds if name in request.POST), None):
        return _done_to_request(request, article, *deeds[pressed])
    if "remark" not in request.POST:
        return ""
    _require(request, REMARK)
    if form is None or not form.is_valid():
        return ""
    leave_remark(article.latest_revision, by=request.user, **form.cleaned_data)
    return _("Your remark is left.")


def _done_to_request(
    request: HttpRequest, article: Article, right: str, deed: Callable[..., None], said: str
) -> str:
    """Do a deed to the review request that the form names; return ``said`` if it was done."""
    _require(request, right)
    named = whole_number(request.POST.get("request"))
    waiting = get_object_or_404(article.review_requests, pk=named)
    return said if _try(request, lambda: deed(waiting, by=request.user)) else ""


@page_for(REVIEW)
def send_back_page(request: HttpRequest, article: Article, *, desk: Any) -> HttpResponse:
    """Decide that the article needs more work, and say what and where."""
    waiting = open_request(article)
    if waiting is None:
        return _to_reviewing(request, article)
    form = SendBackForm(
        request.POST or None,
        revision=article.latest_revision,
        initial={"place": _asked_for(request)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            send_back(waiting, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            refuse(form, error)
        else:
            return _to_reviewing(request, article, _("Sent back. Its authors are told by e-mail."))
    return show(
        request,
        article,
        desk=desk,
        template="send_back",
        title=_("Send back"),
        form=form,
        waiting=waiting,
    )


@page_for(REMARK)
def remark_page(request: HttpRequest, article: Article, *, desk: Any, remark: int) -> HttpResponse:
    """Answer a remark, change one's own, say that it is resolved."""
    found = get_object_or_404(
        Remark.objects.select_related("article", "author", "link__created_by", "answers_to"),
        article=article,
        pk=remark,
    )
    is_editing = "edit" in request.GET or "edit" in request.POST
    if request.method == "POST" and (settled := _settled(request, found)):
        return _to_reviewing(request, article, settled)
    form = WordsForm(request.POST or None, initial={"text": found.text} if is_editing else None)
    form.fields["text"].label = _("Your remark") if is_editing else _("Your answer")
    if request.method == "POST" and form.is_valid():
        deed = edit if is_editing else answer
        try:
            deed(
                found if is_editing else found.answers_to or found,
                by=request.user,
                **form.cleaned_data,
            )
        except ValidationError as error:
            refuse(form, error)
        else:
            said = _("Your remark is changed.") if is_editing else _("Your answer is left.")
            return _to_reviewing(request, article, said)
    return show(
        request,
        article,
        desk=desk,
        template="remark",
        title=_("Change a remark") if is_editing else _("Answer a remark"),
        form=form,
        is_editing=is_editing,
        threads=[
            one
            for one in shown_remarks(article, request.user)
            if one.remark.pk == (found.answers_to_id or found.pk)
        ],
    )


def _settled(request: HttpRequest, remark: Remark) -> str:
    if "resolve" in request.POST:
        resolve(remark.answers_to or remark, by=request.user)
        return _("Resolved.")
    if "reopen" in request.POST:
        reopen(remark.answers_to or remark, by=request.user)
        return _("There is something to be done again.")
    return ""


def _try(request: HttpRequest, deed: Callable[[], None]) -> bool:
    """Do a deed that has no form; show what it refuses."""
    try:
        deed()
    except ValidationError as error:
        tell_refusal(request, error)
        return False
    return True


def _require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _asked_for(request: HttpRequest) -> str:
    """Return the place that a link asks a remark about."""
    place = read_place(request.GET.get("place", ""))
    return place.key if place else ""


def _to_reviewing(request: HttpRequest, article: Article, said: str = "") -> HttpResponse:
    if said:
        messages.success(request, said)
    return redirect(reverse("admin:articles_article_reviewing", args=[article.pk]))
