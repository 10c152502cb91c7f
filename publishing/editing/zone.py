"""The editor's time zone: the desk says moments as the clocks of whoever looks at it do.

The browser names its zone in a cookie of the admin's own path
(static/admin_desk/zone.js); without scripts it is the site's. Public pages and
their previews keep to the site's zone, whoever looks.
"""

from collections.abc import Callable
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

COOKIE = "desk_zone"
LONGEST_NAME = 64


class EditorsZoneMiddleware:
    """Answers under the admin's path in the time zone that the browser names."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = None
        if request.path_info.startswith(settings.SESSION_COOKIE_PATH):
            zone = zone_named(request.COOKIES.get(COOKIE, ""))
        if zone is None:
            return self.get_response(request)
        with timezone.override(zone):
            return self.get_response(request)


@lru_cache(maxsize=128)
def zone_named(name: str) -> ZoneInfo | None:
    """Return the time zone of that name, such as "Europe/Berlin", None if there is none."""
    if not name or len(name) > LONGEST_NAME:
        return None
    try:
        return ZoneInfo(name)
    # A name that leads out of the folder of zones, to a folder, to something else or to nothing.
    except (ValueError, OSError, KeyError):
        return None
