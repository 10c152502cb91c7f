"""HTML that is believed: the one room of the project that may call ``mark_safe``.

The other rooms of `publishing.markup` hand over what they made and cleaned; everybody else what
was put together of such HTML.
"""

import datetime
import json
import re
from collections.abc import Iterable

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

_UNSAFE_IN_SCRIPT = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def trusted(html: str) -> SafeString:
    """Return HTML as safe to show, without looking at it.

    Only for HTML that this package or Django's ``format_html`` made and that has been somewhere
    where strings forget it: read back from storage, or joined with other such HTML. Never for
    anything that a person typed.
    """
    return mark_safe(html)  # noqa: S308


def escape_join(parts: Iterable[object], separator: str = "") -> SafeString:
    """Return the parts joined; those that are not safe HTML yet, and the separator, escaped."""
    escaped = (str(conditional_escape(part)) for part in parts)
    return mark_safe(str(conditional_escape(separator)).join(escaped))  # noqa: S308


def json_for_script(data: object) -> SafeString:
    """Return data as JSON that may stand in a ``<script type="application/ld+json">`` element.

    No character of it can end the element or begin another. Dates become ISO 8601; raises
    TypeError or ValueError for what JSON cannot hold.
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, default=_as_json)
    return mark_safe(_UNSAFE_IN_SCRIPT.sub(lambda found: f"\\u{ord(found[0]):04x}", text))  # noqa: S308


def _as_json(value: object) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
