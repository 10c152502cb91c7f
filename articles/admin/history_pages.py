"""An article's revisions: the list, one as a page, what changed, and bringing one back."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern
from django.utils.translation import gettext as _

from articles.admin.conflict import NOTHING, name_of
from articles.admin.forms import NameForm
from articles.admin.pages import at, back_to_form, page_for, refuse, show, tell_refusal
from articles.admin.standing import standing
from articles.comparing import compare_for_editors
from articles.documents import upgraded_document
from articles.models import Article, Publication, Revision
from articles.naming import name_revision
from articles.page import draft_page
from articles.restoring import restore
from library.showing import desk_address
from publishing.editing.policy import put_policy
from publishing.whole_numbers import whole_number

REVISIONS_A_PAGE = 40
# The two revisions of a comparison, as its address names them.
SIDES = ("old", "new")


def urls(desk: Any) -> list[URLPattern]:
    """Return the addresses of the history."""
    return [
        at(desk, "<int:pk>/history/", history, "history"),
        at(desk, "<int:pk>/compare/", compare_two_page, "compare_two"),
        at(desk, "<int:pk>/preview/", preview, "preview"),
        at(desk, "<int:pk>/revisions/<int:number>/", preview, "revision"),
        at(desk, "<int:pk>/revisions/<int:number>/compare/", compare_page, "compare"),
        at(desk, "<int:pk>/revisions/<int:number>/restore/", restore_page, "restore"),
        at(desk, "<int:pk>/revisions/<int:number>/name/", name_page, "name"),
    ]


@page_for()
def history(request: HttpRequest, article: Article, *, desk: Any) -> HttpResponse:
    """All revisions, the newest first, what was published of them, and two to compare."""
    revisions = article.revisions.select_related("created_by").defer("content")
    page = Paginator(revisions.order_by("-number"), REVISIONS_A_PAGE).get_page(
        request.GET.get("page")
    )
    rows = _rows(revisions, list(page))
    chosen = {side: whole_number(request.GET.get(side)) for side in SIDES}
    return show(
        request,
        article,
        desk=desk,
        template="history",
        title=_("History"),
        rows=rows,
        page=page,
        chosen=chosen if any(chosen.values()) else _suggested(rows),
        elsewhere={
            side: number
            for side, number in chosen.items()
            if number and number not in {one.number for one in page}
        },
        may_change=request.user.has_perm("articles.change_article"),
    )


def _rows(revisions: QuerySet[Revision], listed: list[Revision]) -> list[dict[str, Any]]:
    """Return the revisions listed, each with its publications and the revision before it."""
    if not listed:
        return []
    made: dict[int, list[Publication]] = {}
    shown = Publication.objects.filter(revision__in=[one.pk for one in listed], cancelled_at=None)
    shown = shown.only(
        "revision", "number", "goes_live_at", "is_major", "change_note", "remark"
    ).order_by("number")
    for publication in shown:
        made.setdefault(publication.revision_id, []).append(publication)
    # The page may end between a revision and the one before it.
    below = revisions.filter(number__lt=listed[-1].number)
    befores = [*listed[1:], below.order_by("-number").first()]
    return [
        {
            "revision": one,
            "by": name_of(one.created_by),
            "publications": made.get(one.pk, []),
            "before": before,
        }
        for one, before in zip(listed, befores, strict=True)
    ]


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
    return _show_compared(request, article, old, revision, desk=desk, words=words)


@page_for()
def compare_two_page(request: HttpRequest, article: Article, *, desk: Any) -> HttpResponse:
    """What changed between any two revisions, the older on the left whichever was named first."""
    numbers = [whole_number(request.GET.get(side)) for side in SIDES]
    if None in numbers or numbers[0] == numbers[1]:
        messages.error(request, _("Choose two revisions that are to be compared."))
        return redirect("admin:articles_article_history", article.pk)
    old, new = (_revision(article, number) for number in sorted(numbers))
    words = _("revision %d") % old.number
    return _show_compared(request, article, old, new, desk=desk, words=words)


def _show_compared(
    request: HttpRequest,
    article: Article,
    old: Revision | None,
    new: Revision,
    *,
    desk: Any,
    words: str,
) -> HttpResponse:
    before = upgraded_document(old.document) if old else NOTHING
    view = "beside" if request.GET.get("view") == "beside" else "inline"
    query = request.GET.copy()
    views = []
    for name, label in (("inline", _("In one text")), ("beside", _("Side by side"))):
        query["view"] = name
        views.append({"label": label, "query": query.urlencode(), "is_shown": name == view})
    return show(
        request,
        article,
        desk=desk,
        template="compare",
        title=_("What changed"),
        revision=new,
        old=old,
        compared_with=words,
        changes=compare_for_editors(before, upgraded_document(new.document)) if old else None,
        is_beside=view == "beside",
        restorable=_restorable(request, article, old, new),
        views=views,
    )


@page_for("articles.change_article")
def name_page(request: HttpRequest, article: Article, *, desk: Any, number: int) -> HttpResponse:
    """Give a revision a name, which also keeps it for ever."""
    revision = _revision(article, number)
    form = NameForm(request.POST or None, initial={"name": revision.name})
    if request.method == "POST" and form.is_valid():
        try:
            name_revision(revision, form.cleaned_data["name"], by=request.user)
        except ValidationError as error:
            refuse(form, error)
        else:
            said = _("Revision %(number)d is called “%(name)s” now, and is kept for ever.")
            if not revision.name:
                said = _("Revision %(number)d has no name any longer.")
            messages.success(request, said % {"number": number, "name": revision.name})
            return redirect("admin:articles_article_history", article.pk)
    return show(
        request,
        article,
        desk=desk,
        template="name",
        title=_("Name a revision"),
        form=form,
        revision=revision,
    )


@page_for("articles.change_article")
def restore_page(request: HttpRequest, article: Article, *, desk: Any, number: int) -> HttpResponse:
    """Make the draft say what a revision says, as a new revision."""
    revision = _revision(article, number)
    if request.method == "POST":
        try:
            restored = restore(revision, by=request.user)
        except ValidationError as error:
            tell_refusal(request, error)
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
        changes=compare_for_editors(
            upgraded_document(latest.document), upgraded_document(revision.document)
        ),
    )


def _revision(article: Article, number: int | None) -> Revision:
    revisions = article.revisions.select_related("article", "created_by")
    if number is not None:
        return get_object_or_404(revisions, number=number)
    latest = revisions.of_draft().order_by("-number").first()
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
        asked = "before"
    if asked == "before":
        # Not the number below: that revision may have been thinned out.
        earlier = article.revisions.filter(number__lt=revision.number)
        old = earlier.order_by("-number").first()
    else:
        old = _revision(article, whole_number(asked) or -1)
    return old, _("revision %d") % old.number if old else ""


def _restorable(
    request: HttpRequest, article: Article, old: Revision | None, new: Revision
) -> list[Revision]:
    """Return which of the two the editor may make the draft say again: not what it says now."""
    if not request.user.has_perm("articles.change_article"):
        return []
    latest = standing(article).latest
    one_or_both = [one for one in (old, new) if one and one.redacted_at is None]
    return [one for one in one_or_both if latest is None or one.digest != latest.digest]


def _suggested(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Choose the two that are compared most: the latest, and what was published last before it."""
    numbers = [row["revision"].number for row in rows]
    if len(numbers) < 2:
        return {}
    published = [row["revision"].number for row in rows[1:] if row["publications"]]
    return {"old": (published or numbers[1:])[0], "new": numbers[0]}


def _say_differences(request: HttpRequest, differences: Any) -> None:
    if differences.recreated:
        words = _("Made again in the library, where it was gone: %s.")
        messages.warning(request, words % "; ".join(differences.recreated))
    if differences.differing:
        words = _("The library says something else today, and was left as it is: %s.")
        messages.warning(request, words % "; ".join(differences.differing))
