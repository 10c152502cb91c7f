"""Events to take away: as a table (CSV), as data (JSON), for calendars (ICS), for TimelineJS.

Each is a pure function of events from `articles.lists.in_context`. What a date does not name is in
none of them: a year gets no day, and a calendar, which knows nothing but days, is given only events
whose sources name one.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.lists import address_of
from publishing.dates import HistoricalDate, Moment, from_day_number, iso_text, parse_date
from publishing.dates.parsing import Precision
from timeline.models import PublishedEvent

COLUMNS = (
    "id", "title", "date", "date_in_words", "earliest_day", "latest_day", "precision",
    "calendar_note", "kind", "actors", "text", "as_of", "article", "article_url", "url",
)  # fmt: skip
# Spreadsheets would take what begins like this for a formula, and run it.
_FORMULA = re.compile(r"[=+@\t\r]|-(?!\d)")
_ANY_UID = UUID(int=0)
_CALENDAR_LINE = 75  # bytes, RFC 5545, 3.1


@dataclass(frozen=True)
class Origin:
    """Where what is taken away comes from: the site's name, its address, the page it shows.

    Of ten thousand events each has an address of its own, made from one that is asked for once.
    """

    site_name: str
    base_url: str
    page_url: str

    def event_url(self, event: PublishedEvent) -> str:
        """Return the whole address of the event's own page."""
        return self._event_url.replace(str(_ANY_UID), str(event.uid))

    def place(self, event: PublishedEvent) -> tuple[str, str]:
        """Return the title of the event's article, and the whole address of the event there."""
        slug = event.article_slug
        if slug not in self._article_urls:
            page_url = address_of(event)["page_url"]
            self._article_urls[slug] = f"{self.base_url}{page_url}"
        return event.article_title, f"{self._article_urls[slug]}#{event.anchor}"

    @cached_property
    def _event_url(self) -> str:
        return self.base_url + reverse("timeline:event", args=[_ANY_UID])

    @cached_property
    def _article_urls(self) -> dict[str, str]:
        return {}


def described(event: PublishedEvent, origin: Origin) -> dict[str, Any]:
    """Return one event as data: its date as EDTF, in words, and as the days it lies between."""
    when = parse_date(event.date)
    shown = event.shown
    title, url = origin.place(event)
    return {
        "id": str(event.uid),
        "title": event.title,
        "date": event.date,
        "date_in_words": shown["words"],
        "earliest_day": iso_day(event.lower),
        "latest_day": iso_day(event.upper),
        "precision": str(when.precision.value),
        "calendar_note": shown["calendar_note"],
        "kind": event.kind,
        "actors": shown["actors"],
        "text": event.text,
        "as_of": shown["as_of"],
        "article": title,
        "article_url": url,
        "url": origin.event_url(event),
    }


def iso_day(number: int | None) -> str | None:
    """Return a day number in ISO 8601; years before 1 with a sign, as it asks."""
    if number is None:
        return None
    year, month, day = from_day_number(number)
    return f"{year:05d}-{month:02d}-{day:02d}" if year < 0 else f"{year:04d}-{month:02d}-{day:02d}"


def as_data(events: Iterable[PublishedEvent], origin: Origin) -> dict[str, Any]:
    """Return events as data, with what its fields mean."""
    return {
        "site": origin.site_name,
        "url": origin.page_url,
        "fields": {
            "date": "EDTF, level 1 (ISO 8601-2); years are astronomical: 0 is 1 BC",
            "earliest_day": "first day the date can mean, Gregorian; null if open or unknown",
            "latest_day": "last day the date can mean, Gregorian; null if open or unknown",
            "precision": "what the date names: " + ", ".join(Precision.values),
            "as_of": "when the entry was last known to be true",
        },
        "events": [described(event, origin) for event in events],
    }


# A table


def as_table(events: Iterable[PublishedEvent], origin: Origin) -> str:
    """Return events as CSV (RFC 4180), with the mark by which spreadsheets know UTF-8."""
    written = io.StringIO()
    written.write("\ufeff")
    rows = csv.writer(written)
    rows.writerow(COLUMNS)
    for event in events:
        data = described(event, origin)
        data["actors"] = "; ".join(data["actors"])
        rows.writerow([_cell(data[column]) for column in COLUMNS])
    return written.getvalue()


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if _FORMULA.match(text) else text


# A calendar


def as_calendar(events: Iterable[PublishedEvent], origin: Origin) -> str:
    """Return a calendar (RFC 5545) of the events whose beginning is a day that is known."""
    events = list(events)
    entries = [entry for event in events if (entry := _entry(event, origin))]
    left_out = len(events) - len(entries)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{_calendar_text(origin.site_name)}//Timeline//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_calendar_text(_('Timeline – %s') % origin.site_name)}",
    ]
    if left_out:
        sentence = ngettext(
            "%(count)d event is left out, as its sources name no day.",
            "%(count)d events are left out, as their sources name no day.",
            left_out,
        )
        lines.append(f"X-WR-CALDESC:{_calendar_text(sentence % {'count': left_out})}")
    lines += [line for entry in entries for line in entry]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _entry(event: PublishedEvent, origin: Origin) -> list[str] | None:
    """Return the lines of one entry, or None for an event that names no day to begin with."""
    when = parse_date(event.date)
    if not _names_a_day(when.start):
        return None
    title, url = origin.place(event)
    description = "\n\n".join(
        filter(
            None,
            [
                _when_in_words(event, when),
                event.text,
                _("In context: %s") % f"{title}, {url}",
            ],
        )
    )
    lines = [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{_stamp(event.goes_live_at)}",
        f"SEQUENCE:{event.publication_number}",
        f"DTSTART;VALUE=DATE:{_calendar_day(when.lower)}",
    ]
    if _names_a_day(when.end) and when.upper < LAST_DAY:
        # The day after the last, RFC 5545, 3.6.1.
        lines.append(f"DTEND;VALUE=DATE:{_calendar_day(when.upper + 1)}")
    lines += [
        f"SUMMARY:{_calendar_text(event.title)}",
        f"DESCRIPTION:{_calendar_text(description)}",
        f"URL:{origin.event_url(event)}",
        "TRANSP:TRANSPARENT",
    ]
    if event.kind:
        lines.append(f"CATEGORIES:{_calendar_text(event.kind)}")
    return [*lines, "END:VEVENT"]


LAST_DAY = 3_652_059  # 31 December 9999


def _names_a_day(moment: Moment | None) -> bool:
    return bool(moment and moment.precision is Precision.DAY and iso_text(moment))


def _when_in_words(event: PublishedEvent, when: HistoricalDate) -> str:
    """Return the date in words where the entry's own days do not say all of it."""
    note = event.shown["calendar_note"]
    if when.start == when.end and not note:
        return ""
    return ", ".join(filter(None, [event.shown["words"], note]))


def _calendar_day(number: int) -> str:
    year, month, day = from_day_number(number)
    return f"{year:04d}{month:02d}{day:02d}"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _calendar_text(text: str) -> str:
    """Escape a text value, RFC 5545, 3.3.11; control characters have no place in it."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    text = re.sub(r"\r\n|\r|\n", r"\\n", text)
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", text)


def _folded(line: str) -> Iterator[str]:
    """Yield a line in pieces of at most 75 bytes, none cut inside a character."""
    packed, start, mark, room = line.encode(), 0, "", _CALENDAR_LINE
    while len(packed) - start > room:
        end = start + room
        while packed[end] & 0b1100_0000 == 0b1000_0000:  # inside a character
            end -= 1
        yield mark + packed[start:end].decode()
        start, mark, room = end, " ", _CALENDAR_LINE - 1
    yield mark + packed[start:].decode()


# TimelineJS


def as_timelinejs(events: Iterable[PublishedEvent], origin: Origin) -> dict[str, Any]:
    """Return events as TimelineJS3 reads them; what it cannot say stands in ``display_date``."""
    return {
        "title": {
            "text": {
                "headline": format_html("{}", _("Timeline – %s") % origin.site_name),
                "text": format_html('<p><a href="{0}">{0}</a></p>', origin.page_url),
            }
        },
        "events": [_slide(event, origin) for event in events],
    }


def _slide(event: PublishedEvent, origin: Origin) -> dict[str, Any]:
    when = parse_date(event.date)
    title, url = origin.place(event)
    slide = {
        "unique_id": f"event-{event.uid}",
        "start_date": _slide_date(when.start or when.end),
        "display_date": event.shown["words"],
        "text": {
            "headline": format_html("{}", event.title),
            "text": format_html(
                '<p>{}</p><p><a href="{}">{}</a></p>',
                event.text,
                url,
                title,
            ),
        },
    }
    if when.start and when.end and when.is_interval:
        slide["end_date"] = _slide_date(when.end)
    if event.kind:
        slide["group"] = event.kind
    return slide


def _slide_date(moment: Moment) -> dict[str, int]:
    """Return the pieces that the date names; TimelineJS counts 44 BC as -44."""
    date = {"year": moment.year if moment.year > 0 else moment.year - 1}
    if moment.precision in (Precision.MONTH, Precision.DAY):
        date["month"] = moment.part
    if moment.day:
        date["day"] = moment.day
    return date
