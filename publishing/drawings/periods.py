"""Periods: one line through time, in what state things were. The line under an article's answer.

In force is a full bar, reduced a half bar, contacts dots, and a break dashes between two ticks.
"""

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from publishing.dates import Precision, describe, parse_date, year_of
from publishing.dates.days import year_name
from publishing.drawings.labels import NARROW, PHONE, Anchor, Label, LabelLine, Level, text_width
from publishing.drawings.reading import (
    EMPTY,
    Drawing,
    Inline,
    Name,
    Passage,
    Row,
    percent,
    shortened,
)

SHAPES = ("contacts", "force", "reduced", "break")

# From which width on, in px, style sheets show texts of each class.
_BAND_LEVELS = (NARROW, PHONE, Level("is-spare", 730), Level("is-extra", 950))
_FIGURE_LEVELS = (NARROW, PHONE, Level("is-spare", 570))

# Two rows that name the same year overlap by as much as this.
_SHARED_DAYS = 366

# The shortest bar that can still be seen, as a share of the width.
_SHORTEST = 0.6


@dataclass(frozen=True, slots=True)
class Period:
    """A state and how long it lasted.

    ``lower`` and ``upper`` are the day numbers of its first and last day (see `publishing.dates`),
    ``upper`` None while it lasts. ``word`` is the article's own word for the state, ``shape`` one
    of `SHAPES`, ``note`` a line about it: plain text, or HTML that is safe.
    """

    lower: int
    upper: int | None
    word: str
    shape: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ListedPeriod:
    """A period in words: ``years`` such as "1917–1933" or "2016–today"."""

    years: str
    word: str
    shape: str
    note: str


def band(periods: Sequence[Period], *, today: int) -> SafeString:
    """Return the line of periods as SVG, with its words for those who cannot see it.

    ``today`` is a day number: where a period ends that has no end. Nothing for no periods.
    """
    if not periods:
        return EMPTY
    return _svg(
        _Line(periods, today, _BAND_LEVELS),
        format_html('aria-label="{}"', in_words(periods, today)),
    )


def listed_periods(periods: Sequence[Period], *, today: int) -> list[ListedPeriod]:
    """Return the periods in words, the earliest first: the list below the line."""
    return [
        ListedPeriod(_years(period, _dashed), period.word, period.shape, period.note)
        for period in _ordered(periods)
    ]


def period_list(periods: Sequence[Period], *, today: int) -> SafeString:
    """Return the list below the line as HTML."""
    items = (
        (one.years, one.shape, one.word, _note(one.note))
        for one in listed_periods(periods, today=today)
    )
    return format_html(
        '<ol class="periods">{}</ol>',
        format_html_join(
            "",
            '<li class="period"><span class="period-years">{}</span> '
            '<b class="period-state is-{}">{}</b>{}</li>',
            items,
        ),
    )


def in_words(periods: Sequence[Period], today: int) -> str:
    """Return the line as sentences."""
    line = _Line(periods, today, _BAND_LEVELS)
    said = " ".join(f"{period.word}: {_years(period, reaching)}." for period in line.periods)
    reach = gettext("A line from %(first)s to %(last)s.") % {
        "first": year_words(line.first),
        "last": year_words(line.last),
    }
    return f"{reach} {said}"


def year_words(day: int) -> str:
    """Return the year of a day number as readers write it: "1917", "44 BC"."""
    return year_name(year_of(day))


class Periods(Drawing):
    """Rows ``from | to or .. | word | shape | note``, drawn as one line with a list below it."""

    kind = "periods"
    fewest_fields = 4
    row_form = (
        "“from | to or .. | word | shape | note”, for instance “1809 | 1917 | In force | force”"
    )

    def read_rows(self, rows: Iterable[Row]) -> None:
        self.periods: list[tuple[Period, Row]] = []
        for row in rows:
            if period := self._period(row):
                self.periods.append((period, row))
        self._check_order()

    def row_passage(self, row: Row) -> Passage:
        start, end = described(row.field(0)), described(row.field(1))
        lead = f"{reaching(start, end)}: {row.field(2)}."
        return Passage(f"{row.field(4)}{row.typed_marks}", lead=lead, is_row=True)

    def picture(self, *, inline: Inline, name: Name, today: int) -> SafeString:
        title, title_id = self.title_and_ids(name)
        periods = [
            replace(period, note=inline(f"{row.field(4)}{row.typed_marks}"))
            for period, row in self.periods
        ]
        labelled = format_html('aria-labelledby="{} {}-text"', title_id, title_id)
        return format_html(
            '<figure class="figure">{}{}{}{}</figure>',
            title,
            _svg(_Line(periods, today, _FIGURE_LEVELS), labelled),
            self.alternative(title_id, in_words(periods, today)),
            self.caption(inline, before=period_list(periods, today=today)),
        )

    def _period(self, row: Row) -> Period | None:
        lower, upper = self._day(row, 0), self._day(row, 1)
        shape = row.field(3).lower()
        if shape not in SHAPES:
            self.refuse(row, f"“{shortened(row.field(3))}” is not a shape. Shapes are {shapes()}.")
            return None
        if isinstance(lower, str) or isinstance(upper, str) or lower is None:
            return None
        if upper is not None and upper < lower:
            self.refuse(row, f"{row.field(1)} is before {row.field(0)}.")
            return None
        return Period(lower, upper, row.field(2), shape)

    def _day(self, row: Row, at: int) -> int | str | None:
        """Return the first or last day that a field means, None for open, a text for trouble."""
        typed = row.field(at)
        if at == 1 and typed == "..":
            return None
        try:
            date = parse_date(typed)
        except ValidationError as error:
            self.refuse(row, " ".join(error.messages))
            return typed
        if date.precision is Precision.INTERVAL:
            self.refuse(row, f"“{typed}” is an interval: write its two dates in two fields.")
            return typed
        return date.upper if at else date.lower

    def _check_order(self) -> None:
        """Say which periods overlap; to share a day, a month or a year is no trouble."""
        ordered = sorted(self.periods, key=lambda pair: pair[0].lower)
        for (one, row), (other, other_row) in itertools.pairwise(ordered):
            if one.upper is None or one.upper - other.lower > _SHARED_DAYS:
                self.refuse(
                    other_row,
                    gettext("it begins before the period of row %(number)s has ended.")
                    % {"number": row.number},
                )


def reaching(start: str, end: str) -> str:
    """Return two dates in words as a period: "1809 to 1917"."""
    return pgettext("in a date", "%(start)s to %(end)s") % {"start": start, "end": end}


def described(typed: str) -> str:
    """Return a date in words: "today" for an open end, as it was typed if it is not a date."""
    if typed == "..":
        return _today()
    try:
        return describe(parse_date(typed))
    except ValidationError:
        return typed


def shapes() -> str:
    """Return the names of the shapes for a sentence."""
    return f"{', '.join(SHAPES[:-1])} and {SHAPES[-1]}"


# ── The line ────────────────────────────────────────────────────────────────────────────────


class _Line:
    """Where everything on the line goes, in shares of its width."""

    def __init__(self, periods: Sequence[Period], today: int, levels: Sequence[Level]) -> None:
        self.periods = _ordered(periods)
        self.levels = levels
        self.first = self.periods[0].lower
        ends = [today if period.upper is None else period.upper for period in self.periods]
        self.last = max(*ends, self.periods[-1].lower, self.first + 1)

    def share(self, day: int) -> float:
        return (day - self.first) / (self.last - self.first) * 100

    def reaches(self) -> list[tuple[Period, float, float]]:
        """Return each period with the shares between which it is drawn.

        Two that name the same year or month overlap by their bounds; the later one begins there.
        """
        starts = [period.lower for period in self.periods[1:]] + [self.last]
        reaches = []
        for period, following in zip(self.periods, starts, strict=True):
            end = self.last if period.upper is None else period.upper
            start = min(self.share(period.lower), 100 - _SHORTEST)
            stop = self.share(min(end, following))
            reaches.append((period, start, max(stop, start + _SHORTEST)))
        return reaches


def _ordered(periods: Sequence[Period]) -> list[Period]:
    """Return the periods by date; one of an unknown shape claims the least and is contacts."""
    known = (one if one.shape in SHAPES else replace(one, shape=SHAPES[0]) for one in periods)
    return sorted(known, key=lambda period: period.lower)


def _years(period: Period, joined: Callable[[str, str], str]) -> str:
    start = year_words(period.lower)
    end = _today() if period.upper is None else year_words(period.upper)
    return start if start == end else joined(start, end)


def _dashed(start: str, end: str) -> str:
    return f"{start}–{end}"


def _today() -> str:
    return pgettext("the end of a period that goes on", "today")


def _note(note: str) -> SafeString:
    return format_html(' <span class="period-note">{}</span>', note) if note else EMPTY


def _svg(line: _Line, label: SafeString) -> SafeString:
    reaches = line.reaches()
    return format_html(
        '<svg class="status-drawing" width="100%" height="84" role="img" {}>{}{}{}</svg>',
        label,
        format_html_join("", "{}", ((_state(*reach),) for reach in reaches)),
        _names(line, reaches),
        _year_labels(line, reaches),
    )


def _state(period: Period, start: float, stop: float) -> SafeString:
    if period.shape == "break":
        ticks = [start] if period.upper is None else [start, stop]
        return _across("status-gap", start, stop) + format_html_join(
            "",
            '<line class="status-break" x1="{}" x2="{}" y1="24" y2="62"/>',
            ((percent(tick), percent(tick)) for tick in ticks),
        )
    if period.shape == "contacts":
        return _across("status-contacts", start, stop)
    top, height = (28, 26) if period.shape == "force" else (43, 11)
    return format_html(
        '<rect class="status-force" x="{}" width="{}" y="{}" height="{}"/>',
        percent(start),
        percent(stop - start),
        top,
        height,
    )


def _across(css: str, start: float, stop: float) -> SafeString:
    return format_html(
        '<line class="{}" x1="{}" x2="{}" y1="53" y2="53"/>', css, percent(start), percent(stop)
    )


def _text(label: Label, css: str, y: str) -> SafeString:
    return format_html(
        '<text class="{}" x="{}" y="{}"{}>{}</text>',
        f"{css} {label.level.css}".strip(),
        percent(label.share),
        y,
        format_html(' text-anchor="{}"', label.anchor) if label.anchor != "start" else EMPTY,
        label.text,
    )


def _names(line: _Line, reaches: list[tuple[Period, float, float]]) -> SafeString:
    """Name the periods: those in force inside their bars, the others above, breaks first."""
    above = LabelLine(line.levels)
    named = {}
    by_weight = sorted(enumerate(reaches), key=lambda one: one[1][0].shape != "break")
    for at, (period, start, stop) in by_weight:
        if inside := _inside(line, period, start, stop):
            named[at] = _text(inside, "status-inside", "45.5")
            continue
        middle = (start + stop) / 2
        label = above.place(period.word, [(middle, "middle"), (start, "start"), (stop, "end")])
        if label:
            css = "status-name is-break" if period.shape == "break" else "status-name"
            named[at] = _text(label, css, "16")
    return format_html_join("", "{}", ((named[at],) for at in sorted(named)))


def _inside(line: _Line, period: Period, start: float, stop: float) -> Label | None:
    if period.shape != "force":
        return None
    room = line.levels[0].width * (stop - start) / 100
    length = text_width(period.word)
    if length + 8 > room:
        return None
    return Label(period.word, length, (start + stop) / 2, "middle", line.levels[0])


def _year_labels(line: _Line, reaches: list[tuple[Period, float, float]]) -> SafeString:
    """Write the years under the line: its two ends first, then breaks, then the other changes."""
    years = LabelLine(line.levels)
    written = []
    for share, text, css in _changes(line, reaches):
        choices: list[tuple[float, Anchor]] = [(share, "start"), (share, "end")]
        if css == "starts-break" or share > 99.9:
            choices.reverse()
        if label := years.place(text, choices):
            is_break = " is-break" if css else ""
            written.append((share, _text(label, f"status-year{is_break}", "78")))
    return format_html_join("", "{}", ((text,) for _, text in sorted(written, key=lambda w: w[0])))


def _changes(
    line: _Line, reaches: list[tuple[Period, float, float]]
) -> list[tuple[float, str, str]]:
    """Return where a year is written, which, and whether a break starts or ends there.

    In order of importance, each year once, at a break if there is one in that year.
    """
    ends = [(0.0, year_words(line.first), ""), (100.0, year_words(line.last), "")]
    breaks, others = [], []
    for period, start, stop in reaches:
        is_break = period.shape == "break"
        changes = breaks if is_break else others
        changes.append((start, year_words(period.lower), "starts-break" if is_break else ""))
        if period.upper is not None:
            changes.append((stop, year_words(period.upper), "ends-break" if is_break else ""))
    written: dict[str, tuple[float, str, str]] = {}
    for change in [*breaks, *ends, *others]:
        written.setdefault(change[1], change)
    outer = {text for _, text, _ in ends}
    return sorted(written.values(), key=lambda change: change[1] not in outer)
