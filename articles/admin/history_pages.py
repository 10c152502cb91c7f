"""An article's revisions: the list, one as a page, what changed, and bringing one back."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.utils.translation import gettext as _

from articles.admin.conflict import NOTHING, name_of
from articles.admin.pages import at, back_to_form, page_for, show
from articles.comparing import compare
from articles.documents import upgraded_document
from articles.models import Article, Publication, Revision
from articles.page import draft_page
from articles.restoring import restore
from library.showing import desk_address
from publishing.editing.policy import put_policy

REVISIONS_A_PAGE = 40


def urls(desk: Any) -> list[URLPattern]:
    """Return the addresses of the history."""
    return [
        at(desk, "<int:pk>/history/", history, "history"),
        at(desk, "<int:pk>/preview/", preview, "preview"),
        at(desk, "<int:pk>/revisions/<int:number>/", preview, "revision"),
        at(desk, "<int:pk>/revisions/<int:number>/compare/", compare_page, "compare"),
        at(desk, "<int:pk>/revisions/<int:number>/restore/", restore_page, "restore"),
    ]


@page_for()
def history(request: HttpRequest, article: Article, *, desk: Any) -> HttpResponse:
    """All revisions, the newest first, and what was published of them."""
    revisions = article.revisions.select_related("created_by").defer("content")
    page = Paginator(revisions.order_by("-number"), REVISIONS_A_PAGE).get_page(
        request.GET.get("page")
    )
    made: dict[int, list[Publication]] = {}
    shown = Publication.objects.filter(revision__in=[one.pk for one in page], cancelled_at=None)
    for publication in shown.only(
        "revision", "number", "goes_live_at", "is_major", "change_note", "remark"
    ):
        made.setdefault(publication.revision_id, []).append(publication)
    rows = [
        {"revision": one, "by": name_of(one.created_by), "publications": made.get(one.pk, [])}
        for one in page
    ]
    return show(
        request,
        article,
        desk=desk,
        template="history",
        title=_("History"),
        rows=rows,
        page=page,
        latest=article.latest_revision,
    )


@page_for()
def preview(
    request: HttpRequest, article: Article, *, desk: Any, number: int | None = None
) -> HttpResponse:
    """The page that a revision would be: the real one, for the desk only, under its own policy."""
    revision = _revision(article, number)
    page = draft_page(
        revision,
        image_address=desk_address,
        base_url=f"{request.scheme}://{request.get_host()}",
        form_url=desk.address_of(article),
    )
    response = HttpResponse(page.fill(page.render()))
    put_policy(response, settings.SECURE_CSP)
    return response


@page_for()
def compare_page(request: HttpRequest, article: Article, *, desk: Any, number: int) -> HttpResponse:
    """What changed between a revision and the page readers see, or another revision."""
    revision = _revision(article, number)
    old, words = _compared_with(request, article, revision)
    before = upgraded_document(old.document) if old else NOTHING
    return show(
        request,
        article,
        desk=desk,
        template="compare",
        title=_("What changed"),
        revision=revision,
        old=old,
        compared_with=words,
        changes=compare(before, upgraded_document(revision.document)) if old else None,
    )


@page_for("articles.change_article")
def restore_page(request: HttpRequest, article: Article, *, desk: Any, number: int) -> HttpResponse:
    """Make the draft say what a revision says, as a new revision."""
    revision = _revision(article, number)
    if request.method == "POST":
        try:
            restored = restore(revision, by=request.user)
        except ValidationError as error:
            for sentence in error.messages:
                messages.error(request, sentence)
            return back_to_form(request, article, desk=desk)
        _say_differences(request, restored.differences)
        said = _("Restored: the draft is revision %(new)d now and says what %(old)d said.")
        said %= {"new": restored.revision.number, "old": revision.number}
        return back_to_form(request, article, desk=desk, said=said)
    latest = article.latest_revision
    return show(
        request,
        article,
        desk=desk,
        template="restore",
        title=_("Restore a revision"),
        revision=revision,
        latest=latest,
        changes=compare(upgraded_document(latest.document), upgraded_document(revision.document)),
    )


def _revision(article: Article, number: int | None) -> Revision:
    revisions = article.revisions.select_related("article", "created_by")
    if number is not None:
        return get_object_or_404(revisions, number=number)
    latest = revisions.order_by("-number").first()
    if latest is None:
        raise Http404
    return latest


def _compared_with(
    request: HttpRequest, article: Article, revision: Revision
) -> tuple[Revision | None, str]:
    """Return the older side of a comparison, and what to call it."""
    asked = request.GET.get("with", "live")
    if asked == "live":
        live = article.publications.live().select_related("revision").first()
        if live:
            return live.revision, _("version %d, which readers see") % live.number
        asked = str(revision.number - 1)
    if not asked.isascii() or not asked.isdigit():
        raise Http404
    old = article.revisions.filter(number=int(asked[:9])).first()
    return old, _("revision %s") % asked


def _say_differences(request: HttpRequest, differences: Any) -> None:
    if differences.recreated:
        words = _("Made again in the library, where it was gone: %s.")
        messages.warning(request, words % "; ".join(differences.recreated))
    if differences.differing:
        words = _("The library says something else today, and was left as it is: %s.")
        messages.warning(request, words % "; ".join(differences.differing))
