"""What all pages about an article's comments share."""

from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import CharField, DateTimeField, F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Address, Publication
from articles.page import prepared
from articles.public_addresses import begun_publications
from comments.limits import TooMany, TooSoon
from comments.models import Comment
from comments.rules import closes_at, rules_for, takes_comments
from comments.threads import (
    Place,
    labels_of,
)
from publishing.compiled_queries import CompiledQuery, Given
from publishing.pages import Page
from publishing.refusals import Refusal, wants_json

# What a publication is heavy with, and a form does not look at.
HEAVY = ("prepared", "search_text")
# What taking a form looks at; what only a refusal shows is read then.
FOR_FORMS = (
    *("article", "number", "goes_live_at", "ends_at", "cancelled_at", "is_hidden"),
    *("comments_open", "comments_until", "first_published_at"),
)


def around(
    publication: Publication, slug: str, now: datetime, *, chosen: int = 0
) -> dict[str, Any]:
    """Return what every page about an article's comments says of the article."""
    is_live = publication.is_live(now)
    rules = getattr(publication, "rules", None) or rules_for(publication.article_id)
    is_open = is_live and takes_comments(publication, now, rules)
    version = {"slug": slug, "number": publication.number}
    article_url = (
        reverse("articles:article", args=[slug])
        if is_live
        else reverse("articles:version", kwargs=version)
    )
    comments_url = reverse("discussion:comments", args=[slug])
    return {
        "section": "articles",
        "slug": slug,
        "publication": publication,
        "now": now,
        "is_open": is_open,
        "closes_at": closes_at(publication, rules),
        "rules": rules,
        "article_url": article_url,
        "comments_url": comments_url,
        "follow_url": reverse("readers:follow", args=[slug]),
        "feed_url": reverse("discussion:feed", args=[slug]),
        "json_feed_url": reverse("discussion:feed-json", args=[slug]),
        "feedback_url": reverse("discussion:feedback", args=[slug]),
        "place": Place(
            article_url=article_url,
            reply_url=f"{comments_url}?reply_to=" if is_open else "",
            comments_url=comments_url,
            labels=cache(lambda: labels_of(prepared(publication))),
            chosen=chosen,
        ),
    }


def live_at(slug: str, now: datetime) -> tuple[Publication, str]:
    """Return what is live at an address, old ones included, and the present slug; or answer 404."""
    publication = _live_now.first(slug=slug, at=now)
    if publication is None:
        raise Http404
    return publication, slug if publication.is_present else publication.article.slug


@CompiledQuery
def _live_now() -> QuerySet[Publication]:
    live = Publication.objects.live(Given("at", DateTimeField()))
    at_address = live.filter(article__addresses__slug=Given("slug", CharField()))
    return at_address.annotate(is_present=F("article__addresses__is_current")).only(*FOR_FORMS)


def published_at(article_id: int, now: datetime) -> Publication:
    """Return the article's latest publication that readers may know of, or answer 404."""
    begun = Publication.objects.published(now).filter(article=article_id).order_by("-number")
    if publication := begun.defer(*HEAVY).first():
        return publication
    raise Http404


def latest_publication(page: Page, address: Address) -> Publication:
    """Return the same for a page that is kept, which notes until when it holds.

    Of a withdrawn article, too, if its editor keeps the history.
    """
    begun = begun_publications(page, address).select_related(None).defer("search_text")
    publication = begun.first()
    if publication is None:
        raise Http404
    # Looked up once for the page: ``around`` asks for them too.
    publication.rules = rules_for(publication.article_id)
    page.holds_until(closes_at(publication, publication.rules))
    return publication


def shown_comment(pk: int, now: datetime) -> tuple[Comment, dict[str, Any]]:
    """Return a comment that readers see, and what pages say around it, or answer 404."""
    comments = Comment.objects.approved().select_related("article")
    comment = get_object_or_404(comments, pk=pk)
    publication = published_at(comment.article_id, now)
    return comment, around(publication, comment.article.slug, now, chosen=pk)


def address_of_comment(pk: int) -> QuerySet:
    """The present address of the article that a comment is on, or nothing."""
    article = Comment.objects.filter(pk=pk).values("article")
    found = Address.objects.filter(is_current=True, article__in=article)
    return found.select_related("article")


def own_url(comment: Comment, token: str) -> str:
    """Return the address that only the comment's writer has."""
    return f"{comment.get_absolute_url()}?{urlencode({'token': token})}"


def see_other(request: HttpRequest, url: str, data: dict[str, Any]) -> HttpResponse:
    """Lead on after a POST (303); a script that asks for data gets it in the same answer."""
    if wants_json(request):
        response: HttpResponse = JsonResponse({**data, "url": url}, status=303)
        response["Location"] = url
        return response
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def errors_as_data(form: Any) -> HttpResponse:
    """Return what is wrong with a form, by field: sentences for a reader."""
    return never_cached(JsonResponse({"errors": form.errors}, status=422))


def never_cached(response: HttpResponse) -> HttpResponse:
    """Forbid to keep an answer that is meant for one reader."""
    response["Cache-Control"] = "no-store"
    return response


def closed() -> Refusal:
    """The answer to a comment that comes too late for its article."""
    return Refusal(
        410, _("Comments on this article are closed, so yours was not stored. It stays here.")
    )


def too_many(many: TooMany) -> Refusal:
    """The answer to one too many from a network."""
    minutes = -(-many.seconds // 60)
    when = ngettext("in a minute", "in %(count)d minutes", minutes) % {"count": minutes}
    if isinstance(many, TooSoon):
        if many.seconds < 60:
            seconds = ngettext("in %(count)d second", "in %(count)d seconds", many.seconds)
            when = seconds % {"count": many.seconds}
        sentence = _(
            "This discussion is in slow mode: it takes one comment at a time from each reader and "
            "network, so yours was not stored. There is room for it %(when)s."
        )
        return Refusal(429, sentence % {"when": when}, retry_after=many.seconds)
    sentence = _(
        "Several entries came from your network within ten minutes, so this one was not stored. "
        "There is room for it %(when)s."
    )
    return Refusal(429, sentence % {"when": when}, retry_after=many.seconds)
