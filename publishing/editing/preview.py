"""The live preview of Markdown: the one of markdownx's two addresses that is opened, and guarded.

The other, which takes uploads, has no address here: pictures come from the library.
"""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from markdownx.views import MarkdownifyView

_markdownify = MarkdownifyView.as_view()


@never_cache
@require_POST
def markdown_preview(request: HttpRequest, *, permission: str) -> HttpResponse:
    """Return the HTML of the Markdown in ``content``, sanitised, to staff with ``permission``."""
    user = request.user
    if not (user.is_active and user.is_staff and user.has_perm(permission)):
        raise PermissionDenied
    if "content" not in request.POST:
        return HttpResponse(status=400)
    return _markdownify(request)
