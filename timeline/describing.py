"""schema.org's view of a single event."""

from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from articles.lists import address_of
from articles.structured_data import breadcrumbs
from publishing.dates import parse_date, schema_dates
from publishing.markup.safe_html import json_for_script
from timeline.models import PublishedEvent


def event_described(event: PublishedEvent, *, address: str, base_url: str) -> SafeString:
    """Return, ready for a script element, an event from ``in_context`` and the way to it.

    It begins and ends in the unit that is known: 1917 is "1917", never a day of that year, and what
    is only about right has no date that schema.org could be told.
    """
    date = parse_date(event.date)
    start, end = schema_dates(date)
    article = f"{base_url}{address_of(event)['page_url']}#article"
    node: dict[str, Any] = {
        "@type": "Event",
        "@id": f"{address}#event",
        "url": address,
        "name": event.title,
        "description": event.text,
        "startDate": start,
        "endDate": end if date.is_interval else None,
        "subjectOf": {"@id": article},
    }
    steps = [(gettext("Timeline"), reverse("timeline:list"))]
    way = breadcrumbs([*steps, (event.title, address)], address=address, base_url=base_url)
    said = {name: value for name, value in node.items() if value}
    return json_for_script({"@context": "https://schema.org", "@graph": [way, said]})
