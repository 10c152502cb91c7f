"""Marks: dated points on a scale of years, a line for each row, with their words listed below.

A ring is a day, a bar any longer unit or period: its length says how much the date leaves open.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from publishing.dates import HistoricalDate, Precision, day_number, describe, parse_date, year_of
from publishing.dates.days import year_name
from publishing.drawings.labels import NARROW, PHONE, LabelLine, Level
from publishing.drawings.periods import described, reaching
from publishing.drawings.reading import EMPTY, Drawing, Inline, Name, Passage, Row, percent

_LEVELS = (NARROW, PHONE, Level("is-spare", 570))
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000)
_MOST_YEARS_WRITTEN = 12

# In px: a row with its name and its line.
_ROW = 46
# Points keep clear of both edges by this share of the width, so that years fit under them.
_MARGIN = 5.5
_SHORTEST = 1.0


@dataclass(frozen=True, slots=True)
class _Point:
    date: HistoricalDate
    row: Row

    @property
    def lower(self) -> int:
        return self.date.lower or 0

    @property
    def upper(self) -> int:
        return self.date.upper or self.lower


class Points(Drawing):
    """Rows ``date | label | row``; without the third field there is one row, unnamed."""

    kind = "marks"
    fewest_fields = 2
    row_form = "“date | label | row”, for instance “2014-03-06 | First round | United States”"

    def read_rows(self, rows: Iterable[Row]) -> None:
        points = [_Point(date, row) for row in rows if (date := self._date(row))]
        self.points = sorted(points, key=lambda point: (point.lower, point.upper))
        if self.points:
            self.scale = _Scale(self.points)
        self.lines: dict[str, list[_Point]] = {point.row.field(2): [] for point in points}
        for point in self.points:
            self.lines[point.row.field(2)].append(point)

    def row_passage(self, row: Row) -> Passage:
        text = f"{row.field(1)}{row.typed_marks}"
        return Passage(text, lead=f"{described(row.field(0))}:", is_row=True)

    def picture(self, *, inline: Inline, name: Name, today: int) -> SafeString:
        title, title_id = self.title_and_ids(name)
        return format_html(
            '<figure class="figure">{}{}{}{}</figure>',
            title,
            self._svg(title_id),
            self.alternative(title_id, self._in_words()),
            self.caption(inline, before=self._list(inline)),
        )

    def _date(self, row: Row) -> HistoricalDate | None:
        try:
            date = parse_date(row.field(0))
        except ValidationError as error:
            self.refuse(row, " ".join(error.messages))
            return None
        if date.lower is None or date.upper is None:
            sentence = gettext("“%(date)s” is open: a mark needs a date with both ends.")
            self.refuse(row, sentence % {"date": row.field(0)})
            return None
        return date

    def _in_words(self) -> str:
        said = []
        for line, points in self.lines.items():
            count = ngettext("%(counter)s mark", "%(counter)s marks", len(points))
            count %= {"counter": len(points)}
            first, last = describe(points[0].date), describe(points[-1].date)
            reach = first if len(points) == 1 else reaching(first, last)
            said.append(f"{line}: {count}, {reach}.".removeprefix(": "))
        return " ".join(said)

    def _list(self, inline: Inline) -> SafeString:
        return format_html_join(
            "",
            '{}<ol class="marks-list">{}</ol>',
            (
                (
                    format_html('<p class="marks-row">{}</p>', line) if line else EMPTY,
                    format_html_join(
                        "",
                        '<li class="mark"><span class="mark-date">{}</span> <span>{}</span></li>',
                        ((describe(one.date), _said(one, inline)) for one in points),
                    ),
                )
                for line, points in self.lines.items()
            ),
        )

    def _svg(self, title_id: str) -> SafeString:
        rows = format_html_join(
            "",
            "{}",
            ((self._row(line, at * _ROW),) for at, line in enumerate(self.lines)),
        )
        bottom = len(self.lines) * _ROW
        return format_html(
            '<svg class="points" width="100%" height="{}" role="img" '
            'aria-labelledby="{} {}-text">{}{}</svg>',
            bottom + 22,
            title_id,
            title_id,
            self.scale.drawn(bottom),
            rows,
        )

    def _row(self, line: str, top: int) -> SafeString:
        middle = top + 30
        return format_html(
            '<text class="points-name" y="{}">{}</text>'
            '<line class="points-line" x1="0" x2="100%" y1="{}" y2="{}"/>{}',
            top + 14,
            line,
            middle,
            middle,
            format_html_join(
                "", "{}", ((self._point(point, middle),) for point in self.lines[line])
            ),
        )

    def _point(self, point: _Point, middle: int) -> SafeString:
        start, end = self.scale.share(point.lower), self.scale.share(point.upper + 1)
        if point.date.precision is Precision.DAY:
            return format_html(
                '<circle class="point" cx="{}" cy="{}" r="5"/>', percent(start), middle
            )
        return format_html(
            '<rect class="point-span" x="{}" width="{}" y="{}" height="10"/>',
            percent(start),
            percent(max(_SHORTEST, end - start)),
            middle - 5,
        )


class _Scale:
    """The years of a drawing, from the start of the first to the end of the last."""

    def __init__(self, points: list[_Point]) -> None:
        self.first_year = year_of(min(point.lower for point in points))
        self.last_year = year_of(max(point.upper for point in points))
        self.first = day_number(self.first_year, 1, 1)
        self.last = day_number(self.last_year, 12, 31) + 1

    def share(self, day: int) -> float:
        inner = 100 - 2 * _MARGIN
        return _MARGIN + (day - self.first) / (self.last - self.first) * inner

    def drawn(self, bottom: int) -> SafeString:
        """Return a hairline for each year that is written, and the years below."""
        return format_html_join(
            "",
            '<line class="points-tick{}" x1="{}" x2="{}" y1="22" y2="{}"/>'
            '<text class="points-year{}" x="{}" y="{}" text-anchor="middle">{}</text>',
            ((css, x, x, bottom + 2, css, x, bottom + 18, text) for css, x, text in self._years()),
        )

    def _years(self) -> list[tuple[str, str, str]]:
        line = LabelLine(_LEVELS)
        written = []
        for year in self._ticks():
            share = self.share(day_number(year, 1, 1))
            if label := line.place(year_name(year), [(share, "middle")]):
                written.append((f" {label.level.css}".rstrip(), percent(share), label.text))
        return written

    def _ticks(self) -> list[int]:
        """Return round years, those first that matter most: every other one can be left out."""
        years = self.last_year - self.first_year + 1
        step = next((one for one in _STEPS if years / one <= _MOST_YEARS_WRITTEN), _STEPS[-1])
        ticks = [
            year for year in range(self.first_year, self.last_year + 1) if year % step == 0
        ] or [self.first_year]
        return [*ticks[::2], *ticks[1::2]]


def _said(point: _Point, inline: Inline) -> SafeString:
    return inline(f"{point.row.field(1)}{point.row.typed_marks}")
