"""The content policy of the admin, which is wider than that of public pages.

Unfold runs Alpine, which evaluates the expressions in its templates
(``unsafe-eval``), writes style elements (``unsafe-inline`` for styles only) and
opens forms inside forms (``frame-ancestors 'self'``). Public pages keep the
strict policy: nothing of this holds outside the admin's own path.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.csp import CSP, build_policy

ADMIN_POLICY = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.UNSAFE_EVAL],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "frame-ancestors": [CSP.SELF],
}


class AdminPolicyMiddleware:
    """Gives pages under the admin's path its policy; stands below Django's own middleware for it.

    A view that chose a policy keeps it: the preview of a draft is a public page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(settings.SESSION_COOKIE_PATH):
            put_policy(response, ADMIN_POLICY)
        return response


def put_policy(response: HttpResponse, policy: Mapping[str, Any]) -> None:
    """Give the response a content policy, unless it has one."""
    response.headers.setdefault(str(CSP.HEADER_ENFORCE), build_policy(policy))
