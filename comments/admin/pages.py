"""What the desk's pages about comments share: who may come, where they are, what they are given."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from comments.models import Comment
from comments.queue import with_article

View = Callable[..., HttpResponse]

LONGEST_QUERY = 1_000


def at(desk: Any, route: str, view: View, name: str, *methods: str) -> URLPattern:
    """Return the address of a page for moderators; the rest of the newsroom gets 403."""

    @require_http_methods(methods or ["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not desk.has_moderate_permission(request):
            raise PermissionDenied
        return view(request, desk=desk, **kwargs)

    return path(route, desk.admin_site.admin_view(guarded), name=f"comments_comment_{name}")


def found(pk: Any) -> Comment:
    """Return a comment with what the desk shows of its article, or answer 404."""
    comments = with_article(Comment.objects.select_related("article"))
    comment = comments.filter(pk=pk).first()
    if comment is None:
        raise Http404
    return comment


def show(
    request: HttpRequest, *, desk: Any, template: str, status: int = 200, **context: Any
) -> HttpResponse:
    """Render one of the pages, in the admin's own frame."""
    request.current_app = desk.admin_site.name
    given = {
        **desk.admin_site.each_context(request),
        "subtitle": None,
        "opts": desk.opts,
        "media": desk.media,
        "desk": desk,
        "may_decide": desk.has_moderate_permission(request),
        **context,
    }
    return TemplateResponse(request, f"admin/comments/{template}.html", given, status=status)


def address_of(comment: Comment, page: str = "change") -> str:
    """Return the address of a comment's page at the desk, or of one of its questions."""
    return reverse(f"admin:comments_comment_{page}", args=[comment.pk])


def queue_url(query: str = "") -> str:
    """Return the address of the queue, as a query says; whatever else it holds is encoded."""
    encoded = QueryDict(query[:LONGEST_QUERY]).urlencode()
    return reverse("admin:comments_comment_changelist") + (f"?{encoded}" if encoded else "")
