"""Somebody logged in, without the form for it: that takes two seconds and has tests of its own."""

from django.conf import settings
from django.contrib.auth.models import User
from playwright.sync_api import Page

from tests import desk


def log_in_as(page: Page, user: User) -> None:
    """Give the browser a session of the user; it opens no page."""
    session = desk.client_of(user).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies(
        [
            {
                "name": session.key,
                "value": session.value,
                "domain": "localhost",
                "path": settings.SESSION_COOKIE_PATH,
                "httpOnly": True,
                "sameSite": "Lax",
            }
        ]
    )
