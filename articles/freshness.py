"""When a row of a page was last found true, whether that is too long ago, and from which sources.

Shown beside every fact, event and answer, on the article's page and in lists of several articles.
"""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_date

from publishing.parts import Row
from publishing.site_days import end_of


def is_stale(as_of: date | None, page: Any) -> bool:
    """Is the day too long ago for this site? Notes on the page when it will become so."""
    if as_of is None:
        return False
    turns_stale = end_of(as_of) + timedelta(days=settings.STALE_AFTER_DAYS)
    page.holds_until(turns_stale)
    return page.at >= turns_stale


def checked(row: Row, page: Any) -> dict[str, Any]:
    """Return what ``articles/_checked.html`` shows of a prepared row.

    ``page`` is the page it stands on, which is right until the row turns stale. ``read_on`` is
    when the sources were read last: all that is known of a row that has no day of its own.
    """
    as_of = parse_date(row["as_of"]) if row.get("as_of") else None
    # What an older build prepared says nothing of its sources until it is prepared again.
    sources = row.get("sources", [])
    read_on = max((source["accessed_on"] or "" for source in sources), default="")
    return {
        "as_of": as_of,
        "is_stale": is_stale(as_of, page),
        "limit": settings.STALE_AFTER_DAYS,
        "read_on": parse_date(read_on) if read_on else None,
        "sources": sources,
    }
