"""The stamp of a discussion: asked for by pages that are open, to say that there is more to read.

A kept page like all others, so asking costs one raw statement, and 304 while nothing changed.
"""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from articles.views import begun_publications, find_address, to_present_address
from comments.models import Discussion
from publishing.pages import Page, public_page
from publishing.stamps import comments_stamp


@public_page
def read_stamp(request: HttpRequest, page: Page, slug: str) -> HttpResponse:
    """Return the token that changes with every comment shown, and how many are shown."""
    address = find_address(page, slug)
    if not address.is_current:
        return to_present_address(request, address)
    key = comments_stamp(address.article.uid)
    page.reads(key)
    if not begun_publications(page, address).exists():
        raise Http404
    discussion = Discussion.objects.filter(pk=address.article_id).first()
    return JsonResponse({"stamp": page.tokens[key], "shown": discussion.shown if discussion else 0})
