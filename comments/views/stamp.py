"""The stamp of a discussion: asked for by pages that are open, to say that there is more to read.

A kept page like all others, so asking costs one raw statement, and 304 while nothing changed.
"""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from articles.models import Address
from articles.public_addresses import article_page, begun_publications
from comments.models import Discussion
from publishing.pages import Page
from publishing.stamps import comments_stamp


@article_page
def read_stamp(request: HttpRequest, page: Page, address: Address) -> HttpResponse:
    """Return the token that changes with every comment shown, and how many are shown."""
    key = comments_stamp(address.article.uid)
    page.reads(key)
    if not begun_publications(page, address).exists():
        raise Http404
    discussion = Discussion.objects.filter(pk=address.article_id).first()
    return JsonResponse({"stamp": page.tokens[key], "shown": discussion.shown if discussion else 0})
