"""Feeds of comments: of an article, of one thread, of the whole site.

Each has two addresses; the ending says whether it answers in Atom or as a JSON Feed.
"""

from datetime import UTC, datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Address, Publication
from articles.public_addresses import article_page, base_url, reads_live
from comments import reading
from comments.feeds import entries, feed_response, newest_of_site
from comments.models import STEP
from comments.reading import Row
from comments.views.around import around, latest_publication
from comments.views.threads import article_of_comment
from publishing.pages import Page, public_page
from publishing.stamps import COMMENTS, comments_stamp

# When a feed without entries was last changed, if nothing else says so: the clock must not.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@article_page
def article_feed(request: HttpRequest, page: Page, address: Address) -> HttpResponse:
    """The newest comments on an article."""
    page.reads(comments_stamp(address.article.uid))
    publication = latest_publication(page, address)
    rows = reading.as_rows(reading.newest_of_article(publication.article_id))
    title = _("Comments on “%(title)s”") % {"title": publication.title}
    return _feed(request, page, publication, address.slug, rows, title)


@public_page
def thread_feed(request: HttpRequest, page: Page, pk: int) -> HttpResponse:
    """The newest comments of a thread; that of a reply is its whole thread's."""
    address, publication = article_of_comment(page, pk)
    place = reading.find_place(publication.article_id, str(pk))
    if place is None:
        raise Http404
    root = int(place.path[:STEP])
    if root != pk:
        own_view = request.resolver_match.view_name
        return HttpResponsePermanentRedirect(reverse(own_view, args=[root]))
    rows = reading.as_rows(reading.newest(reading.approved_in_thread(pk)))
    named = {"name": place.name, "title": publication.title}
    title = (
        _("%(name)s on “%(title)s”, and replies") % named
        if place.is_approved
        else _("Replies on “%(title)s”") % named
    )
    return _feed(request, page, publication, address.slug, rows, title, root=place)


@public_page
def site_feed(request: HttpRequest, page: Page) -> HttpResponse:
    """The newest comments on everything that is live."""
    reads_live(page)
    page.reads(COMMENTS)
    return feed_response(
        newest_of_site(page.at),
        title=_("Comments – %s") % settings.SITE_NAME,
        base_url=base_url(request),
        path=request.path,
        page_path=reverse("articles:list"),
        since=NEVER,
    )


def _feed(
    request: HttpRequest,
    page: Page,
    publication: Publication,
    slug: str,
    rows: list[Row],
    title: str,
    *,
    root: Row | None = None,
) -> HttpResponse:
    """Return a feed of comments on one article, or on one thread of it."""
    context = around(publication, slug, page.at)
    if root is None:
        page_path = context["comments_url"]
    elif root.is_approved:
        page_path = reverse("comments:comment", args=[root.pk])
    else:
        page_path = f"{context['comments_url']}?thread={root.pk}"
    keys = [row.pk for row in rows]
    return feed_response(
        entries(
            rows,
            dict.fromkeys(keys, publication.title),
            dict.fromkeys(keys, context["article_url"]),
        ),
        title=title,
        base_url=base_url(request),
        path=request.path,
        page_path=page_path,
        since=publication.goes_live_at,
    )
