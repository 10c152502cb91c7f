"""Threads as readers read them: the comments of an article, and one with what is around it."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from articles.models import Address
from articles.views import find_address, to_present_address
from comments.crediting import marks
from comments.forms import CommentForm
from comments.models import Comment
from comments.threads import (
    ON_A_PAGE,
    Place,
    Stretch,
    beginning,
    continuation,
    find_approved,
    is_path,
    surroundings,
    thread_html,
)
from comments.views.around import address_of_comment, around, latest_publication, never_cached
from comments.views.writing import shown_form
from publishing.pages import Page, public_page
from publishing.refusals import wants_json
from publishing.stamps import article_stamp, comments_stamp


@public_page
def read_comments(request: HttpRequest, page: Page, slug: str) -> HttpResponse:
    """The thread, paged; with ``reply_to`` or ``about`` the form that a link asks for."""
    address = find_address(page, slug)
    if not address.is_current:
        return to_present_address(request, address)
    if "received" in request.GET:
        return received(request, page, address)
    page.reads(comments_stamp(address.article.uid))
    publication = latest_publication(page, address)
    context = around(publication, slug, page.at)
    if context["is_open"] and ("reply_to" in request.GET or "about" in request.GET):
        return render(request, "comments/write.html", {**context, **asked_for(request, context)})
    after = request.GET.get("after", "")
    if after and not is_path(after):
        raise Http404
    article_id = publication.article_id
    stretch = (
        continuation(article_id, after, ON_A_PAGE) if after else beginning(article_id, ON_A_PAGE)
    )
    place = marked(context["place"], article_id, stretch, page)
    return render(
        request,
        "comments/thread.html",
        {
            **context,
            "stretch": stretch,
            "is_continued": bool(after),
            "thread": thread_html(stretch.rows, place),
            "form": CommentForm() if context["is_open"] else None,
        },
    )


def received(request: HttpRequest, page: Page, address: Address) -> HttpResponse:
    """Say that the same was sent before; whose it was and what became of it is not said."""
    publication = latest_publication(page, address)
    if wants_json(request):
        return never_cached(JsonResponse({"status": "received"}))
    context = around(publication, address.slug, page.at)
    return never_cached(render(request, "comments/received.html", context))


def asked_for(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Return the form that a link to "Reply", or to a part of the article, asks for."""
    publication = context["publication"]
    answered = find_approved(publication.article_id, request.GET.get("reply_to", ""))
    about = request.GET.get("about", "")
    about = about if about in context["place"].labels() else ""
    initial = {"reply_to": answered.pk if answered else "", "about": about}
    return {
        "is_gone": bool(request.GET.get("reply_to")) and answered is None,
        **shown_form(CommentForm(initial=initial), context),
    }


@public_page
def read_permalink(request: HttpRequest, page: Page, pk: int) -> HttpResponse:
    """An approved comment, with what it answers and what answers it."""
    # Whose comment it is never changes; all that may change is read after the stamps.
    address = get_object_or_404(address_of_comment(pk))
    uid = address.article.uid
    page.reads(article_stamp(uid), comments_stamp(uid))
    address = get_object_or_404(address_of_comment(pk))
    publication = latest_publication(page, address)
    chosen = get_object_or_404(Comment.objects.approved(), pk=pk)
    context = around(publication, address.slug, page.at, chosen=pk)
    stretch = surroundings(publication.article_id, chosen.path)
    place = marked(context["place"], publication.article_id, stretch, page)
    thread = thread_html(stretch.rows, place)
    return render(
        request, "comments/comment.html", {**context, "comment": chosen, "thread": thread}
    )


def marked(place: Place, article_id: int, stretch: Stretch, page: Page) -> Place:
    """Return a place that says which of the comments shown there are suggestions."""
    shown = [row[0] for row in stretch.rows]
    return replace(place, marks=marks(article_id, page.at, among=shown))
