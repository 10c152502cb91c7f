"""The pages of the deeds: publish, schedule, cancel, end, withdraw, review, redact, change address.

Each is a form with a button. The deed itself decides; what it refuses is said
in its own words.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.addressing import change_slug, forget, go_back, may_have_been_seen
from articles.admin.checks import NOTHING_FOUND, findings_of
from articles.admin.forms import (
    AddressForm,
    EndForm,
    PublishForm,
    RedactForm,
    ReviewForm,
    ScheduleForm,
    WithdrawForm,
)
from articles.admin.listing import moment
from articles.admin.pages import at, back_to_form, page_for, refuse, show, tell_refusal
from articles.admin.standing import standing
from articles.comparing import compare_for_editors
from articles.deeds import NotReady, SomethingScheduled, cancel, expire, publish, withdraw
from articles.documents import read_document, upgraded_document
from articles.models import Article, Publication, Revision
from articles.recording import record
from articles.redacting import redact
from articles.reviewing import open_request, record_review, reviewer_named
from library.models import Image

# Of what waits, so many are compared with what is to be published.
MOST_COMPARED = 3

PUBLISH, REVIEW, REDACT, CHANGE = (
    "articles.publish_article",
    "articles.review_article",
    "articles.redact_article",
    "articles.change_article",
)


def urls(desk: Any) -> list[URLPattern]:
    """Return the addresses of the deeds."""
    return [
        at(desk, "<int:pk>/publish/", publish_page, "publish"),
        at(desk, "<int:pk>/schedule/", schedule_page, "schedule"),
        at(desk, "<int:pk>/scheduled/<int:publication>/cancel/", cancel_page, "cancel"),
        at(desk, "<int:pk>/publications/<int:publication>/end/", end_page, "end"),
        at(desk, "<int:pk>/withdraw/", withdraw_page, "withdraw"),
        at(desk, "<int:pk>/review/", review_page, "review"),
        at(desk, "<int:pk>/redact/", redact_page, "redact"),
        at(desk, "<int:pk>/address/", address_page, "address"),
    ]


# Publishing


@page_for(PUBLISH)
def publish_page(request: HttpRequest, article: Article, *, desk: Any) -> HttpResponse:
    """Put the latest revision before readers, now."""
    return _publishing(request, article, desk=desk, form_class=PublishForm)


@page_for(PUBLISH)
def schedule_page(request: HttpRequest, article: Article, *, desk: Any) -> HttpResponse:
    """Put the latest revision before readers at a moment to come."""
    return _publishing(request, article, desk=desk, form_class=ScheduleForm)


def _publishing(
    request: HttpRequest, article: Article, *, desk: Any, form_class: type[PublishForm]
) -> HttpResponse:
    stands = standing(article)
    if request.method == "POST":
        form = form_class(request.POST, waiting=stands.waiting)
        if form.is_valid() and (publication := _publish(request, article, form)):
            return back_to_form(request, article, desk=desk, said=_published_words(publication))
    else:
        form = form_class(waiting=stands.waiting)
    revision = article.latest_revision
    # The working copy and not the revision: the library may have mended something since.
    findings = findings_of(read_document(article), article, request) if revision else NOTHING_FOUND
    form.initial["revision"] = revision.number if revision else 0
    return show(
        request,
        article,
        desk=desk,
        template="publish",
        title=_("Publish at a moment") if form_class is ScheduleForm else _("Publish now"),
        form=form,
        revision=revision,
        findings=findings,
        is_scheduling=form_class is ScheduleForm,
        waiting=_against_waiting(stands.waiting, revision),
    )


def _against_waiting(
    waiting: Sequence[Publication], revision: Revision | None
) -> list[dict[str, Any]]:
    """Return what waits, the next first, and how what is to be published differs from each."""
    if revision is None:
        return []
    now = upgraded_document(revision.document)
    shown = Revision.objects.in_bulk([one.revision_id for one in waiting[:MOST_COMPARED]])
    return [
        {
            "publication": one,
            "changes": compare_for_editors(upgraded_document(shown[one.revision_id].document), now)
            if one.revision_id in shown
            else None,
        }
        for one in waiting
    ]


@transaction.atomic
def _publish(request: HttpRequest, article: Article, form: PublishForm) -> Any:
    """Publish what the editor was shown, or put on the form why not."""
    # The library may have changed since: what is published says what it says now. That is the
    # system's doing, and makes nobody the last to have edited the article.
    revision = record(article, by=None)
    if revision.number != form.cleaned_data["revision"]:
        _show_newer(form, revision)
        return None
    try:
        return publish(revision, by=request.user, **form.options())
    except NotReady:
        # The page lists what is missing, with links; the form says only that it was not done.
        form.add_error(None, _("Not published: something is missing still."))
    except SomethingScheduled as error:
        refuse(form, error)
        form.ask_about_scheduled()
    except ValidationError as error:
        refuse(form, error)
    return None


def _show_newer(form: PublishForm, revision: Revision) -> None:
    form.add_error(
        None,
        _(
            "Not published: the article has changed since this page was opened. Revision %d "
            "holds it now, with what the library says of its sources, people and pictures. "
            "Look at it, then publish again."
        )
        % revision.number,
    )
    form.data = form.data.copy()
    form.data["revision"] = str(revision.number)


def _published_words(publication: Any) -> str:
    if publication.has_begun():
        return _("Published. Readers see version %d now.") % publication.number
    return _("Scheduled: version %(number)d goes live on %(moment)s (%(zone)s).") % {
        "number": publication.number,
        "moment": moment(publication.goes_live_at),
        "zone": timezone.get_current_timezone_name(),
    }


@page_for(PUBLISH)
def cancel_page(
    request: HttpRequest, article: Article, *, desk: Any, publication: int
) -> HttpResponse:
    """Take back a publication that has not begun."""
    scheduled = get_object_or_404(article.publications.filter(cancelled_at=None), pk=publication)
    if request.method == "POST":
        try:
            cancel(scheduled, by=request.user)
        except ValidationError as error:
            tell_refusal(request, error)
            return back_to_form(request, article, desk=desk)
        return back_to_form(request, article, desk=desk, said=_("It is no longer scheduled."))
    return show(
        request,
        article,
        desk=desk,
        template="cancel",
        title=_("Cancel a scheduled publication"),
        publication=scheduled,
    )


@page_for(PUBLISH)
def end_page(
    request: HttpRequest, article: Article, *, desk: Any, publication: int
) -> HttpResponse:
    """Say when a publication, live or scheduled, ends by itself, or that it does not."""
    made = get_object_or_404(article.publications.filter(cancelled_at=None), pk=publication)
    form = EndForm(request.POST or None, initial={"expires_at": made.expires_at})
    if request.method == "POST" and form.is_valid():
        try:
            expire(made, at=form.cleaned_data["expires_at"], by=request.user)
        except ValidationError as error:
            refuse(form, error)
        else:
            return back_to_form(request, article, desk=desk, said=_ending_words(made))
    return show(
        request,
        article,
        desk=desk,
        template="end",
        title=_("Change when it ends"),
        form=form,
        publication=made,
    )


def _ending_words(publication: Publication) -> str:
    if publication.expires_at is None:
        return _("Version %d no longer ends by itself.") % publication.number
    return _("Version %(number)d ends on %(moment)s (%(zone)s).") % {
        "number": publication.number,
        "moment": moment(publication.expires_at),
        "zone": timezone.get_current_timezone_name(),
    }


@page_for(PUBLISH)
def withdraw_page(request: HttpRequest, article: Article, *, desk: Any) -> HttpResponse:
    """Take the article away from readers."""
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw(article, by=request.user, keep_history=form.cleaned_data["keep_history"])
        except ValidationError as error:
            refuse(form, error)
        else:
            said = _("Withdrawn. Readers no longer find it.")
            return back_to_form(request, article, desk=desk, said=said)
    return show(request, article, desk=desk, template="withdraw", title=_("Withdraw"), form=form)


# Reviewing, redacting, moving


@page_for(REVIEW)
def review_page(request: HttpRequest, article: Article, *, desk: Any) -> HttpResponse:
    """Record who checked the latest revision, and what was checked: this approves it."""
    revision, waiting = article.latest_revision, open_request(article)
    form = ReviewForm(request.POST or None, initial={"person": reviewer_named(request.user)})
    if request.method == "POST" and form.is_valid():
        answers = {**form.cleaned_data}
        shown = get_object_or_404(article.revisions, number=answers.pop("revision"))
        try:
            record_review(shown, by=request.user, **answers)
        except ValidationError as error:
            refuse(form, error)
        else:
            said = _("The review is recorded. The next publication of this text shows it.")
            if waiting:
                said = _("Approved. The next publication of this text says who reviewed it.")
            return back_to_form(request, article, desk=desk, said=said)
    form.initial["revision"] = revision.number if revision else 0
    return show(
        request,
        article,
        desk=desk,
        template="review",
        title=_("Approve") if waiting else _("Record a review"),
        form=form,
        revision=revision,
        waiting=waiting,
        unresolved=article.remarks.unresolved().count(),
    )


@page_for(REDACT)
def redact_page(request: HttpRequest, article: Article, *, desk: Any) -> HttpResponse:
    """Take passages and pictures out of everything that was ever recorded or published."""
    form = RedactForm(request.POST or None, files=_pictures(article))
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            changed = redact(
                article,
                passages=answers["passages"],
                files=answers.get("files", []),
                reason=answers["reason"],
                by=request.user,
            )
        except ValidationError as error:
            refuse(form, error)
        else:
            said = _("Redacted in the draft, in its history and in %d publications.") % len(changed)
            return back_to_form(request, article, desk=desk, said=said)
    return show(request, article, desk=desk, template="redact", title=_("Redact"), form=form)


def _pictures(article: Article) -> list[tuple[str, str]]:
    """Return (file, words) of every picture that any revision shows or showed, in two queries."""
    names = list(article.recorded_files.values_list("name", flat=True))
    words = {image.file: str(image) for image in Image.objects.filter(file__in=names)}
    found = [(name, words.get(name) or name.rpartition("/")[2]) for name in names]
    return sorted(found, key=lambda item: item[1])


@page_for(CHANGE)
def address_page(request: HttpRequest, article: Article, *, desk: Any) -> HttpResponse:
    """Give the article another address, at once; and the ways back, while they are open."""
    is_public = article.publications.filter(cancelled_at=None).exists()
    if is_public and not request.user.has_perm(PUBLISH):
        raise PermissionDenied
    is_change = "slug" in request.POST
    form = AddressForm(request.POST if is_change else None, initial={"slug": article.slug})
    if request.method == "POST":
        try:
            said = _change_address(request, article, form)
        except ValidationError as error:
            if is_change:
                form.add_error("slug", error)
            else:
                messages.error(request, " ".join(error.messages))
        else:
            if said:
                messages.success(request, said)
                return redirect("admin:articles_article_address", article.pk)
    earlier = article.addresses.filter(is_current=False).select_related("article")
    earlier = list(earlier.order_by(F("replaced_at").desc(nulls_last=True), "slug"))
    seen = may_have_been_seen(*earlier)
    rows = [{"slug": one.slug, "was_seen": one.slug in seen} for one in earlier]
    return show(
        request,
        article,
        desk=desk,
        template="address",
        title=_("Change address"),
        form=form,
        addresses=rows,
        present=article.slug,
        is_public=is_public,
    )


def _change_address(request: HttpRequest, article: Article, form: AddressForm) -> str:
    """Do what the button asked for, and return what to say; nothing if the form is not valid."""
    if slug := request.POST.get("back"):
        is_free = go_back(article, slug, by=request.user)
        if is_free:
            return _("The address is /articles/%s/ again, and the other is free.") % slug
        return _("The address is /articles/%s/ again. The other one leads there.") % slug
    if slug := request.POST.get("forget"):
        forget(get_object_or_404(article.addresses, slug=slug), by=request.user)
        return _("The address /articles/%s/ is free: it leads nowhere any longer.") % slug
    if not form.is_valid():
        return ""
    address = change_slug(article, form.cleaned_data["slug"], by=request.user)
    return _("The address is now /articles/%s/. Old addresses lead there.") % address.slug
