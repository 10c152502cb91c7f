"""Archived copies of sources at the Wayback Machine: addresses only, nothing is fetched."""

from datetime import UTC, datetime

from django.utils import timezone

WAYBACK = "https://web.archive.org"


def save_page(url: str) -> str:
    """Return the page on which the Wayback Machine is asked to keep a copy of ``url``."""
    return f"{WAYBACK}/save/{url}"


def copies_page(url: str) -> str:
    """Return the page that lists the copies of ``url`` which the Wayback Machine has."""
    return f"{WAYBACK}/web/*/{url}"


def copy_address(url: str, at: datetime | None = None) -> str:
    """Return the address of the copy nearest to ``at``, now unless given: it leads to that copy."""
    stamp = (at or timezone.now()).astimezone(UTC)
    return f"{WAYBACK}/web/{stamp:%Y%m%d%H%M%S}/{url}"
