"""What a draft link opens: one revision as its page, for a guest without an account.

Nothing here is kept, indexed or shown to anybody else. What is forged, revoked
or expired answers 404; only the last says so, as its address proves that it
was good once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.draft_forms import GuestApprovalForm, GuestRemarkForm
from articles.draft_links import find_link, has_been_published, shown_original
from articles.models import DraftLink, Publication, Remark
from articles.page import draft_page
from articles.places import anchors_in, words_for
from articles.remarking import answer, leave_remark, place_of, threads_of
from articles.reviewing import record_review, reviews_of
from library.serving import picture_response
from publishing.readers import page_with_form, seconds_until_room
from publishing.refusals import Refusal, refuse

MOST_REMARKS, WITHIN = 30, timedelta(minutes=10)
View = Callable[..., HttpResponse]


@dataclass
class Guest:
    """What a guest may do on the page of a draft, and has done."""

    link: DraftLink
    threads: list[dict[str, Any]]
    remark_form: GuestRemarkForm | None
    approval_form: GuestApprovalForm | None
    is_approved: bool
    is_latest: bool
    done: str = ""


class Published(Exception):
    """The draft has been published since: ``url`` is the page that readers see."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(url)


def for_guests(view: View) -> View:
    """Answer with the page of a link, or say why there is none; never kept, never indexed."""

    @wraps(view)
    def answered(request: HttpRequest, signed: str, **options: Any) -> HttpResponse:
        try:
            response = view(request, _open_link(signed), **options)
        except Published as published:
            response = HttpResponseRedirect(published.url)
        except (Refusal, Http404) as error:
            response = refuse(request, _as_refusal(request, error))
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        return response

    return answered


@for_guests
def read_draft(request: HttpRequest, link: DraftLink) -> HttpResponse:
    """The draft as its page, with a banner and what the guest may do."""
    return _shown(request, link, done=request.GET.get("done", ""))


@for_guests
def take_deed(request: HttpRequest, link: DraftLink) -> HttpResponse:
    """Leave a guest's remark, or record an approval."""
    if "approve" in request.POST and link.approves_as:
        form: Any = GuestApprovalForm(request.POST)
        deed, done = _approve, "approval"
    elif "remark" in request.POST and link.may_remark:
        form = GuestRemarkForm(request.POST, link=link)
        deed, done = _remark, "remark"
    else:
        raise Refusal(403, _("This link does not carry the right to do that."))
    if form.is_valid():
        try:
            deed(link, form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            response = HttpResponseRedirect(f"{link.get_absolute_url()}?done={done}#guest")
            response.status_code = 303
            return response
    return _shown(request, link, refused=form)


# Readers' rules: no token, but nothing from another site, and nothing too large.
page = page_with_form(read=read_draft, take=take_deed, text="text")


@require_safe
@for_guests
def file(request: HttpRequest, link: DraftLink, *, name: str) -> HttpResponse:
    """A picture of the draft, at an address that ends with the link's."""
    original = shown_original(link, name)
    if not original:
        raise Http404
    return picture_response(name, original)


def _open_link(signed: str) -> DraftLink:
    link = find_link(signed)
    if link is None:
        raise Http404
    if has_been_published(link):
        _lead_to_the_page(link)
    if link.has_expired():
        raise Refusal(404, _("This link to a draft has expired. Ask whoever sent it to renew it."))
    return link


def _lead_to_the_page(link: DraftLink) -> None:
    """Lead to what readers see; what was withdrawn is there for guests no more than for readers."""
    if not Publication.objects.live().filter(article=link.article_id).exists():
        raise Http404
    raise Published(reverse("articles:article", args=[link.article.slug]))


def _remark(link: DraftLink, answers: dict[str, Any]) -> None:
    now = timezone.now()
    wait = seconds_until_room(
        Remark.objects.filter(link=link), most=MOST_REMARKS, within=WITHIN, at=now
    )
    if wait:
        raise Refusal(
            429, _("Many remarks came within ten minutes. Wait a little."), retry_after=wait
        )
    said = {"text": answers["text"], "by": None, "link": link, "guest_name": answers["name"]}
    if thread := answers["answers_to"]:
        answer(thread, **said)
    else:
        leave_remark(link.revision, place=answers["place"], **said)


def _approve(link: DraftLink, answers: dict[str, Any]) -> None:
    record_review(
        link.revision,
        person=link.approves_as,
        reviewed_on=timezone.localdate(),
        checked=answers["text"],
        by=None,
        link=link,
        guest_name=answers["name"],
    )


def _shown(
    request: HttpRequest, link: DraftLink, *, refused: Any = None, done: str = ""
) -> HttpResponse:
    drafts = link.article.revisions.of_draft().order_by("-number")
    latest = drafts.values_list("digest", flat=True).first()
    is_latest = latest == link.revision.digest
    guest = Guest(
        link=link,
        threads=_threads(link),
        remark_form=_remark_form(request, link, refused),
        approval_form=_approval_form(link, refused) if is_latest else None,
        is_approved=reviews_of(link.revision).exists(),
        is_latest=is_latest,
        done=done,
    )
    shown = draft_page(
        link.revision,
        image_address=lambda name: reverse("draft:file", args=[link.signed, name]),
        base_url=f"{request.scheme}://{request.get_host()}",
        guest=guest,
        template="articles/draft.html",
    )
    return HttpResponse(shown.fill(shown.render()), status=422 if refused else 200)


def _remark_form(request: HttpRequest, link: DraftLink, refused: Any) -> GuestRemarkForm | None:
    if not link.may_remark:
        return None
    if isinstance(refused, GuestRemarkForm):
        return refused
    return GuestRemarkForm(link=link, initial={"answers_to": request.GET.get("answer")})


def _approval_form(link: DraftLink, refused: Any) -> GuestApprovalForm | None:
    """Return the form to approve with, nothing once the person has approved this text."""
    if not link.approves_as or reviews_of(link.revision).filter(person=link.approves_as).exists():
        return None
    return refused if isinstance(refused, GuestApprovalForm) else GuestApprovalForm()


def _threads(link: DraftLink) -> list[dict[str, Any]]:
    threads = list(threads_of(link.article, link=link))
    words = words_for(link.revision.document) if threads else {}
    anchors = anchors_in(link.revision.document) if threads else {}
    return [
        {
            "remark": thread,
            "place": words.get(place_of(thread), ""),
            "anchor": anchors.get(str(thread.row_uid), ""),
            "answers": list(thread.answers.all()),
        }
        for thread in threads
    ]


def _as_refusal(request: HttpRequest, error: Refusal | Http404) -> Refusal:
    typed = request.POST.get("text", "") if request.method == "POST" else ""
    if isinstance(error, Refusal):
        error.typed = error.typed or typed
        return error
    return Refusal(404, "", typed=typed)
