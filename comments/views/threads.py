"""Threads as readers read them: those of an article, one of them, and one comment in its place."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode

from articles.models import Address, Publication
from articles.public_addresses import article_page, base_url
from comments import reading
from comments.crediting import marks
from comments.describing import article_described
from comments.forms import CommentForm
from comments.models import STEP
from comments.panels import holds_for_votes
from comments.reading import DEFAULT, ORDERS, Row
from comments.threads import find_approved, list_html, stretch_html, threads_html
from comments.views.around import address_of_comment, around, latest_publication, never_cached
from comments.views.writing import shown_form
from publishing.pages import Page, public_page
from publishing.refusals import wants_json
from publishing.stamps import article_stamp, comments_stamp
from publishing.whole_numbers import whole_number


@article_page
def read_comments(request: HttpRequest, page: Page, address: Address) -> HttpResponse:
    """The threads of an article, paged; what a link asks for of them, or the form it asks for."""
    if "received" in request.GET:
        return received(request, page, address)
    page.reads(comments_stamp(address.article.uid))
    publication = latest_publication(page, address)
    context = around(publication, address.slug, page.at)
    if context["is_open"] and "reply_to" in request.GET:
        return render(request, "comments/write.html", {**context, **asked_for(request, context)})
    if "about" in request.GET:
        return read_about(request, page, context)
    if "thread" in request.GET:
        place = reading.find_place(publication.article_id, request.GET["thread"])
        if place is None:
            raise Http404
        return read_thread(request, page, context, place)
    return read_threads(request, page, context)


def read_threads(request: HttpRequest, page: Page, context: dict[str, Any]) -> HttpResponse:
    """The beginnings of an article's threads, in an order, behind a position in it."""
    order = ORDERS.get(request.GET.get("sort", DEFAULT.name))
    given = request.GET.get("after", "")
    after = reading.read_position(given, order) if order else None
    if order is None or (given and after is None):
        raise Http404
    article_id = context["publication"].article_id
    shown = reading.threads(article_id, order, after)
    context = with_comments(request, page, context, shown.rows)
    return render(
        request,
        "comments/thread.html",
        {
            **context,
            # Every comment stands in the default order; others are the same, arranged otherwise.
            "canonical": canonical(request, context, "after" if order is DEFAULT else ""),
            "thread": threads_html(shown, context["place"]),
            "after": shown.after,
            "order": order,
            "orders": ORDERS.values(),
            "default": DEFAULT,
            "has_several": after is not None or len(shown.threads) > 1,
            "is_continued": after is not None,
            "form": CommentForm() if context["is_open"] else None,
        },
    )


def read_thread(
    request: HttpRequest, page: Page, context: dict[str, Any], place: Row
) -> HttpResponse:
    """What stands below one comment, which may be gone, behind a path; above it what it answers."""
    after = request.GET.get("after", "")
    if after and not reading.is_path(after, place.path):
        raise Http404
    stretch = reading.below(context["publication"].article_id, place.path, after)
    context = with_comments(request, page, context, [*stretch.above, *stretch.rows])
    own_url = reverse("comments:comment", args=[place.pk])
    shown_in = replace(context["place"], chosen=0 if after else place.pk)
    is_alone = place.is_approved and not after
    root = int(place.path[:STEP])
    return render(
        request,
        "comments/comment.html",
        {
            **context,
            "canonical": f"{base_url(request)}{own_url}"
            if is_alone
            else canonical(request, context, "thread", "after"),
            "comment": place,
            "own_url": own_url
            if place.is_approved
            else f"{context['comments_url']}?thread={place.pk}",
            "thread": stretch_html(stretch, shown_in),
            "has_rows": bool(stretch.rows),
            "after": stretch.after,
            "is_continued": bool(after),
            "feed_url": reverse("comments:feed", args=[root]),
            "json_feed_url": reverse("comments:feed-json", args=[root]),
        },
    )


def read_about(request: HttpRequest, page: Page, context: dict[str, Any]) -> HttpResponse:
    """The comments about one part of the article, the newest first, with the form for another.

    Without a part of that name, just the form.
    """
    anchor, before = request.GET["about"], request.GET.get("after", "")
    label = context["place"].labels().get(anchor)
    if label is None:
        if not context["is_open"]:
            raise Http404
        return render(request, "comments/write.html", {**context, **asked_for(request, context)})
    if before and whole_number(before) is None:
        raise Http404
    rows, follows = reading.about(context["publication"].article_id, anchor, int(before or 0))
    form = shown_form(CommentForm(initial={"about": anchor}), context) if context["is_open"] else {}
    context = with_comments(request, page, context, rows)
    return render(
        request,
        "comments/about.html",
        {
            **context,
            **form,
            "canonical": canonical(request, context, "about", "after"),
            "thread": list_html(rows, context["place"]),
            "after": follows,
            "anchor": anchor,
            "about": label,
            "is_continued": bool(before),
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
    address, publication = article_of_comment(page, pk)
    place = reading.find_place(publication.article_id, str(pk))
    if place is None or not place.is_approved:
        raise Http404
    return read_thread(request, page, around(publication, address.slug, page.at), place)


# What the views above share


def article_of_comment(page: Page, pk: int) -> tuple[Address, Publication]:
    """Return address and latest publication of the article that a comment is on, or answer 404."""
    # Whose comment it is never changes; all that may change is read after the stamps.
    address = get_object_or_404(address_of_comment(pk))
    uid = address.article.uid
    page.reads(article_stamp(uid), comments_stamp(uid))
    address = get_object_or_404(address_of_comment(pk))
    return address, latest_publication(page, address)


def with_comments(
    request: HttpRequest, page: Page, context: dict[str, Any], rows: list[Row]
) -> dict[str, Any]:
    """Add what every page with comments says of them: their number, to machines what they are."""
    publication = context["publication"]
    holds_for_votes(page, rows)
    count = reading.counts_of(publication.article_id).shown
    return {
        **context,
        "count": count,
        "place": replace(
            context["place"],
            marks=marks(publication.article_id, page.at, among=[row.pk for row in rows]),
        ),
        "data": article_described(
            rows,
            title=publication.title,
            count=count,
            base_url=base_url(request),
            article_url=f"{base_url(request)}{context['article_url']}",
        ),
    }


def canonical(request: HttpRequest, context: dict[str, Any], *names: str) -> str:
    """Return the one address of a page of comments, of whose query only ``names`` matter."""
    query = urlencode([(name, request.GET[name]) for name in names if request.GET.get(name)])
    own = f"{base_url(request)}{context['comments_url']}"
    return f"{own}?{query}" if query else own
