"""The timeline as a part of the article's page, and the band it draws under the answer."""

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date as parse_iso_date
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from articles.freshness import checked, is_stale
from articles.models import Article, Publication
from library.showing import Address, shown_image
from publishing.checks import Check
from publishing.dates import (
    HistoricalDate,
    day_number,
    describe,
    display_parts,
    parse_date,
    schema_dates,
)
from publishing.drawings import Period, band, period_list
from publishing.markup.safe_html import trusted
from publishing.markup.words import citations, plain_text
from publishing.parts import CitingText, Data, FoundAs, Part, Passage, Preparing, Problem, Row
from timeline.models import Event, PublishedActor, PublishedEvent, StateShape, order_of

LONGEST_ACTOR = PublishedActor._meta.get_field("name").max_length

# For translators: see articles.comparing.
FIELD_NAMES = [
    gettext_noop("Actors"),
    gettext_noop("Calendar note"),
    gettext_noop("Date"),
    gettext_noop("Kind"),
    gettext_noop("State"),
    gettext_noop("State shape"),
    gettext_noop("Text"),
]


class Timeline(Part):
    """Events in order. Those with a state are periods: they head the list and draw the band."""

    name = "timeline"
    title = gettext_lazy("Timeline")
    order = 50
    template = "timeline/_timeline.html"
    model = Event
    fields = (
        "date",
        "calendar_note",
        "title",
        "text",
        "kind",
        "actors",
        "image",
        "as_of",
        "state",
        "state_shape",
        "anchor",
    )
    body = "text"
    not_words = frozenset({"date"})
    inline = "timeline.inlines.EventList"
    found_as = FoundAs("event", gettext_lazy("Event"), gettext_lazy("Events"))
    checks = (
        Check(
            "event-unsourced",
            gettext_lazy("Events are sourced"),
            gettext_lazy("Every event cites a source."),
        ),
        Check(
            "event-bounds",
            gettext_lazy("Bounds of events"),
            gettext_lazy(
                "No event begins in the future or is dated before it happened, and no period "
                "overlaps the next."
            ),
        ),
    )

    def working_rows(self, article: Article) -> list[Event]:
        """Sort here, not in the database: the order is part of the digest, collations differ."""
        return self.in_order(super().working_rows(article))

    def in_order(self, rows: Iterable[Event]) -> list[Event]:
        """Return events by their dates, whatever their places."""
        return sorted(
            rows, key=lambda row: (*order_of(row.lower, row.upper), row.date, row.position)
        )

    def anchor(self, row: Row) -> str:
        return f"event-{row['anchor'] or row['uid'][:8]}"

    def citing_texts(self, data: Data) -> Iterator[CitingText]:
        for row, citing in zip(data["rows"], super().citing_texts(data), strict=True):
            label = (
                str(display_parts(parse_date(row["date"])).year) if row["date"] else citing.label
            )
            yield CitingText(citing.text, citing.anchor, label, citing.uid, citing.field)

    def problems(self, data: Data) -> Iterator[Problem]:
        for row in data["rows"]:
            if not row["title"]:
                yield self.problem(row, "title", _("An event has no title."))
            if not row["date"]:
                yield self.problem(row, "date", _("“%s” has no date.") % self.row_title(row))
            elif row["state"] and parse_date(row["date"]).lower is None:
                yield self.problem(
                    row, "date", _("The period “%s” needs a beginning.") % self.row_title(row)
                )
            if any(len(str(actor)) > LONGEST_ACTOR for actor in row["actors"] or []):
                yield self.problem(
                    row,
                    "actors",
                    _("Somebody who acted in “%(title)s” has more than %(most)d letters.")
                    % {"title": self.row_title(row), "most": LONGEST_ACTOR},
                )
            if not citations(row["text"] or ""):
                message = _("“%s” cites no source.") % self.row_title(row)
                yield self.problem(row, "text", message, "event-unsourced")
        yield from self._strange_bounds(data)

    def _strange_bounds(self, data: Data) -> Iterator[Problem]:
        """Yield events whose dates contradict the calendar, their own text or each other."""
        today = timezone.localdate().toordinal()
        dated = [(row, parse_date(row["date"])) for row in data["rows"] if row["date"]]
        for row, when in dated:
            as_of = parse_iso_date(row["as_of"]) if row["as_of"] else None
            if when.lower is not None and when.lower > today:
                message = _("“%s” begins in the future.") % self.row_title(row)
                yield self.problem(row, "date", message, "event-bounds")
            elif as_of and when.lower is not None and as_of.toordinal() < when.lower:
                message = _("“%s” is told as of a day before it happened.") % self.row_title(row)
                yield self.problem(row, "as_of", message, "event-bounds")
        periods = sorted(
            ((row, when) for row, when in dated if row["state"]),
            key=lambda period: order_of(period[1].lower, period[1].upper),
        )
        for (row, when), (following, next_when) in itertools.pairwise(periods):
            if _overlaps(when, next_when):
                message = _("The period “%(one)s” is not over when “%(next)s” begins.")
                message %= {"one": self.row_title(row), "next": self.row_title(following)}
                yield self.problem(row, "date", message, "event-bounds")

    def prepare_row(self, row: Row, preparing: Preparing) -> Row:
        when = parse_date(row["date"]) if row["date"] else None
        return {
            **super().prepare_row(row, preparing),
            "lower": when.lower if when else None,
            "upper": when.upper if when else None,
            "words": str(describe(when)) if when else "",
            "note": plain_text(row["text"] or "") or row["title"],
        }

    def prepare(self, data: Data, preparing: Preparing) -> list[Row]:
        return with_rails(super().prepare(data, preparing))

    def opening(self, page: Any) -> SafeString | str:
        """The answer as a line: the periods with a state, drawn and listed."""
        periods = [row for row in page.rows(self.name) if row["state"]]
        if not periods:
            return ""
        drawn_on = (page.publication.goes_live_at if page.publication else page.at).date()
        today = day_number(drawn_on.year, drawn_on.month, drawn_on.day)
        drawn = [_as_drawn(row) for row in periods]
        as_of = max((row["as_of"] for row in periods if row["as_of"]), default="")
        context = {
            "drawing": band(drawn, today=today),
            "periods": period_list(drawn, today=today),
            "as_of": parse_iso_date(as_of) if as_of else drawn_on,
            "is_stale": bool(as_of) and is_stale(parse_iso_date(as_of), page),
        }
        return render_to_string("timeline/_band.html", context)

    def context(self, rows: list[Row], page: Any) -> dict[str, Any]:
        return {
            "eras": list(eras(rows, page.image_address, page)),
            "event_count": sum(1 for row in rows if not row["state"]),
            "has_break": any(row["state_shape"] == StateShape.BREAK for row in rows),
        }

    def structured_data(self, rows: list[Row], page: Any) -> dict[str, Any]:
        covered = _covered([parse_date(row["date"]) for row in rows if row["date"]])
        return {"temporalCoverage": covered} if covered else {}

    def about_topic(self, slug: str, page: Any) -> SafeString | str:
        events = PublishedEvent.objects.live(page.at).filter(
            publication__publishedtopics__slug=slug, is_period=False
        )
        if not (count := events.count()):
            return ""
        context = {
            "count": count,
            "url": f"{reverse('timeline:list')}?{urlencode({'topic': slug})}",
        }
        return render_to_string("timeline/_about_topic.html", context)

    def passages(self, data: Data) -> Iterator[Passage]:
        """Yield each event with its date in words and who acted: people look for both."""
        for row, found in zip(data["rows"], super().passages(data), strict=True):
            said = [
                str(describe(parse_date(row["date"]))) if row["date"] else "",
                ", ".join(map(str, row["actors"] or [])),
                row["state"] or "",
                found.text,
            ]
            text = "\n".join(filter(None, said))
            yield Passage(found.uid, found.anchor, found.title, text)

    def publish(self, publication: Publication, data: Data) -> None:
        PublishedEvent.objects.filter(publication=publication).delete()
        rows = publication.prepared["parts"].get(self.name, [])
        events = PublishedEvent.objects.bulk_create(
            PublishedEvent(
                publication=publication,
                uid=row["uid"],
                anchor=row["id"],
                date=row["date"],
                lower=row["lower"],
                upper=row["upper"],
                title=row["title"],
                text=plain_text(row["text"] or ""),
                kind=row["kind"],
                rail=row["rail"],
                is_period=bool(row["state"]),
                shown=row,
            )
            for row in rows
        )
        PublishedActor.objects.bulk_create(
            PublishedActor(event=event, name=actor)
            for event in events
            for actor in dict.fromkeys(event.shown["actors"])
        )


def _overlaps(when: HistoricalDate, following: HistoricalDate) -> bool:
    """Does a period reach beyond the whole of the unit in which the next one begins?

    1809/1917 and 1917/1933 do not overlap: one ends and the other begins in 1917.
    """
    if following.lower is None:
        return False
    begins = following.start.upper if following.start else following.lower
    return when.is_open_end or (when.upper is not None and when.upper > begins)


def with_rails(rows: list[Row]) -> list[Row]:
    """Say of each event which state held when it began, and whether it begins or ends the break."""
    periods = [row for row in rows if row["state"]]
    for row in rows:
        held = [period for period in periods if _has_begun(period, row)]
        row["rail"] = held[-1]["state_shape"] if held else ""
        begun_that_day = held and not row["state"] and held[-1]["lower"] == row["lower"]
        shapes = [period["state_shape"] for period in held]
        row["is_break"] = bool(begun_that_day and shapes[-1] == StateShape.BREAK)
        row["is_resume"] = bool(begun_that_day and shapes[-2:-1] == [StateShape.BREAK])
    return rows


def eras(rows: list[Row], image_address: Address, page: Any) -> Iterator[dict[str, Any]]:
    """Yield the events under the periods in which they began; those before any come first."""
    era: dict[str, Any] = {"period": None, "rail_before": "", "events": []}
    previous_year = ""
    for row in rows:
        if row["state"]:
            if era["period"] or era["events"]:
                yield era
            era = {
                "period": as_shown(row, image_address, page),
                "rail_before": _rail_of(era),
                "events": [],
            }
            previous_year = ""
            continue
        event = as_shown(row, image_address, page)
        event["is_repeat"] = event["year"] == previous_year
        previous_year = event["year"]
        era["events"].append(event)
    yield era


def as_shown(row: Row, image_address: Address, page: Any) -> dict[str, Any]:
    """Return a prepared event as ``timeline/_event.html`` wants it on a page."""
    parts = display_parts(parse_date(row["date"])) if row["date"] else None
    marks = [f"is-{mark}" for mark in (parts.marks if parts else ())]
    marks += [f"is-{name}" for name in ("break", "resume") if row[f"is_{name}"]]
    image = row["image"]
    return {
        "id": row["id"],
        "year": str(parts.year) if parts else "",
        "year_datetime": parts.year.datetime if parts else None,
        "is_repeat": False,
        "day": _pieces(parts.pieces) if parts else "",
        "words": row["words"],
        "days": _days(row["lower"], row["upper"]),
        "calendar_note": row["calendar_note"],
        "marks": " ".join(marks),
        "rail": row["rail"],
        "title": row["title"],
        "html": trusted(row["html"]),
        "kind": row["kind"],
        "actors": row["actors"],
        "checked": checked(row, page),
        "state": row["state"],
        "image": shown_image(image, image_address) if image else None,
    }


def _has_begun(period: Row, row: Row) -> bool:
    return order_of(period["lower"], None)[0] <= order_of(row["lower"], None)[0]


def _rail_of(era: dict[str, Any]) -> str:
    if era["events"]:
        return era["events"][-1]["rail"]
    return era["period"]["rail"] if era["period"] else ""


def _pieces(pieces: Any) -> SafeString:
    return format_html_join(
        " ",
        "{}",
        (
            (
                format_html('<time datetime="{}">{}</time>', piece.datetime, piece.text)
                if piece.datetime
                else piece.text,
            )
            for piece in pieces
        ),
    )


def _days(lower: int | None, upper: int | None) -> str:
    """Return a first and a last day as the drawing reads them, one if they are the same."""
    if lower is not None and lower == upper:
        return str(lower)
    return "/".join("" if day is None else str(day) for day in (lower, upper))


def _covered(dates: list[HistoricalDate]) -> str | None:
    """Return from when to when the dates reach, as ISO 8601 says it, or None if it cannot.

    It cannot where the first or the last of them is only about right, or before the year 1, and
    where one of them begins at no day that is known.
    """
    bounded = [date for date in dates if date.lower is not None]
    if not bounded or any(date.lower is None and date.upper is not None for date in dates):
        return None
    first = schema_dates(min(bounded, key=lambda date: date.lower))[0]
    last = schema_dates(max(bounded, key=lambda date: date.upper or date.lower))[1]
    if any(date.is_open_end for date in bounded):
        last = ".."
    return f"{first}/{last}" if first and last else None


def _as_drawn(row: Row) -> Period:
    return Period(
        lower=row["lower"],
        upper=row["upper"],
        word=row["state"],
        shape=row["state_shape"],
        note=row["note"],
    )
