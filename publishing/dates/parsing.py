"""EDTF text to a date with bounds: the profile that is stored, and nothing beyond it.

    1917  1917-12  1917-12-06     year, month, day; years are astronomical (-0043 is 44 BC)
    1920-21 to 1920-24            spring, summer, autumn and winter of the north; spring begins in
                                  March, and winter 1920 is December 1920 to February 1921
    2025-33 to 2025-36            quarters of a year
    202X  18XX                    decade, century
    1917~  1917?  1917%           about, uncertain, both; after any of the above
    1941/1945                     from one of the above to another
    2022/..  ../1933              still open; without a beginning
    1917/  /1933                  the other side is unknown

The grammar is small enough for two expressions. The `edtf` package takes milliseconds for a date,
accepts 29 February 1900 and fails in several other ways, so the tests only compare bounds with it.

Bounds are those of the unit that is named: "about 1917" is 1 January to 31 December 1917, and the
flag says about. How far "about" reaches is not known, so no number is made up for it.
"""

import math
import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.dates import MONTHS_ALT
from django.utils.translation import gettext_lazy as _

from publishing.dates.days import day_number, days_in_month, year_name

MAXIMUM_LENGTH = 64

WINTER = 24

_FINE = re.compile(r"(-?\d{4})(?:-(\d\d)(?:-(\d\d))?)?([~?%]?)", re.ASCII)
_COARSE = re.compile(r"(-?)(\d\d)(\dX|XX)([~?%]?)", re.ASCII)


class Precision(TextChoices):
    """The unit that a date names."""

    DAY = "day", _("a day")
    MONTH = "month", _("a month")
    SEASON = "season", _("a season")
    QUARTER = "quarter", _("a quarter of a year")
    YEAR = "year", _("a year")
    DECADE = "decade", _("a decade")
    CENTURY = "century", _("a century")
    INTERVAL = "interval", _("from one date to another")


# What the two digits after a year name: precision, first and last month.
_PARTS: dict[int, tuple[Precision, int, int]] = {
    **{month: (Precision.MONTH, month, month) for month in range(1, 13)},
    21: (Precision.SEASON, 3, 5),
    22: (Precision.SEASON, 6, 8),
    23: (Precision.SEASON, 9, 11),
    WINTER: (Precision.SEASON, 12, 2),
    33: (Precision.QUARTER, 1, 3),
    34: (Precision.QUARTER, 4, 6),
    35: (Precision.QUARTER, 7, 9),
    36: (Precision.QUARTER, 10, 12),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One named unit of the calendar: a day, a month, …, a century.

    `year` is astronomical, and the first year of a decade or century. `part` is the month (1–12),
    season (21–24) or quarter (33–36). `lower` and `upper` are the unit's first and last day number.
    """

    precision: Precision
    year: int
    part: int | None
    day: int | None
    lower: int
    upper: int
    is_approximate: bool
    is_uncertain: bool


@dataclass(frozen=True, slots=True)
class HistoricalDate:
    """A date as stored, with what can be derived from it.

    `start` and `end` are the two sides of an interval, and the same moment twice for anything else;
    None where the side is open or unknown. `lower` and `upper` are day numbers, None likewise.
    """

    edtf: str
    lower: int | None
    upper: int | None
    precision: Precision
    start: Moment | None
    end: Moment | None
    is_open_start: bool = False
    is_open_end: bool = False

    @property
    def is_interval(self) -> bool:
        return self.precision is Precision.INTERVAL

    @property
    def is_approximate_start(self) -> bool:
        return self.start is not None and self.start.is_approximate

    @property
    def is_approximate_end(self) -> bool:
        return self.end is not None and self.end.is_approximate

    @property
    def is_uncertain_start(self) -> bool:
        return self.start is not None and self.start.is_uncertain

    @property
    def is_uncertain_end(self) -> bool:
        return self.end is not None and self.end.is_uncertain

    @property
    def is_unknown_start(self) -> bool:
        """Whether there was a beginning that nobody knows; an open start has none."""
        return self.start is None and not self.is_open_start

    @property
    def is_unknown_end(self) -> bool:
        """Whether it ended, nobody knows when; an open end has not come."""
        return self.end is None and not self.is_open_end


def parse_date(edtf: str) -> HistoricalDate:
    """Return the date that a text in the stored profile of EDTF means.

    The text is canonical already, so it is kept as it is. Raises ValidationError, with a sentence
    for the editor, for anything outside the profile, a day that does not exist, and an interval
    that ends before it begins. Takes some microseconds.
    """
    if not isinstance(edtf, str):
        raise ValidationError(_("A date is written as text."), code="unreadable")
    if len(edtf) > MAXIMUM_LENGTH:
        raise ValidationError(
            _("A date has at most %(maximum)s characters."),
            code="long",
            params={"maximum": MAXIMUM_LENGTH},
        )
    start, slash, end = edtf.partition("/")
    if slash:
        return _parse_interval(edtf, start, end)
    moment = _parse_moment(edtf)
    return HistoricalDate(edtf, moment.lower, moment.upper, moment.precision, moment, moment)


def sort_key(date: HistoricalDate) -> tuple[float, float, str]:
    """Return a key that puts earlier dates first, and the coarser first of two that begin together.

    An open or unknown start comes before everything, an open or unknown end after everything (so it
    is the coarser). Dates of the same days are ordered by their text, so the order is total.
    A database orders columns `lower` and `upper` (integers, NULL for None) and `edtf` the same way:

        ORDER BY lower ASC NULLS FIRST, upper DESC NULLS FIRST, edtf

    with `edtf` compared byte by byte (SQLite's default; collation "C" on PostgreSQL).
    """
    lower = -math.inf if date.lower is None else date.lower
    upper = math.inf if date.upper is None else date.upper
    return lower, -upper, date.edtf


def _parse_interval(edtf: str, start_text: str, end_text: str) -> HistoricalDate:
    start = None if start_text in ("", "..") else _parse_moment(start_text)
    end = None if end_text in ("", "..") else _parse_moment(end_text)
    if start is None and end is None:
        raise ValidationError(
            _("An interval names at least one date, for example 2022/.. or ../1933."),
            code="no_side",
        )
    if start and end:
        _check_order(edtf, start, end)
    return HistoricalDate(
        edtf,
        start.lower if start else None,
        end.upper if end else None,
        Precision.INTERVAL,
        start,
        end,
        is_open_start=start_text == "..",
        is_open_end=end_text == "..",
    )


def _check_order(edtf: str, start: Moment, end: Moment) -> None:
    """Refuse an interval that cannot be; 2014-05/2014 can, it ends later in 2014."""
    if start == end:
        raise ValidationError(
            _("%(edtf)s begins and ends with the same date; write it once."),
            code="same",
            params={"edtf": edtf},
        )
    if start.lower > end.upper:
        raise ValidationError(
            _("%(edtf)s ends before it begins; write the earlier date first."),
            code="reversed",
            params={"edtf": edtf},
        )


def _parse_moment(text: str) -> Moment:
    if match := _FINE.fullmatch(text):
        year, part, day, flag = match.groups()
        if year == "-0000":
            raise ValidationError(_("The year before 1 is written 0000."), code="impossible")
        return _fine_moment(int(year), part and int(part), day and int(day), flag)
    if match := _COARSE.fullmatch(text):
        return _coarse_moment(*match.groups())
    raise ValidationError(
        _("“%(text)s” is not a date in the form 1917-12-06, 1917-12, 1917 or 1941/1945."),
        code="unreadable",
        params={"text": text},
    )


def _fine_moment(year: int, part: int | None, day: int | None, flag: str) -> Moment:
    if part is None:
        bounds = day_number(year, 1, 1), day_number(year, 12, 31)
        return _moment(Precision.YEAR, year, None, None, bounds, flag)
    if day is not None:
        lower = _existing_day(year, part, day)
        return _moment(Precision.DAY, year, part, day, (lower, lower), flag)
    if part not in _PARTS:
        raise _no_such_month(part)
    precision, first, last = _PARTS[part]
    return _moment(precision, year, part, None, _months(year, first, last), flag)


def _coarse_moment(sign: str, century: str, rest: str, flag: str) -> Moment:
    if sign or century + rest == "000X":
        raise ValidationError(
            _("Write decades and centuries around the year 1 as years, for example -0048/-0039."),
            code="impossible",
        )
    if rest == "XX":
        first, last, precision = int(century) * 100, int(century) * 100 + 99, Precision.CENTURY
    else:
        first = int(century + rest[0]) * 10
        last, precision = first + 9, Precision.DECADE
    bounds = day_number(first, 1, 1), day_number(last, 12, 31)
    return _moment(precision, first, None, None, bounds, flag)


def _moment(
    precision: Precision,
    year: int,
    part: int | None,
    day: int | None,
    bounds: tuple[int, int],
    flag: str,
) -> Moment:
    return Moment(precision, year, part, day, *bounds, flag in ("~", "%"), flag in ("?", "%"))


def _months(year: int, first: int, last: int) -> tuple[int, int]:
    """Return the first day of one month and the last of another; winter runs on into February."""
    last_year = year if first <= last else year + 1
    lower = day_number(year, first, 1)
    return lower, day_number(last_year, last, days_in_month(last_year, last))


def _existing_day(year: int, month: int, day: int) -> int:
    if not 1 <= month <= 12:
        raise _no_such_month(month)
    try:
        return day_number(year, month, day)
    except ValueError:
        raise ValidationError(
            _("There is no %(day)s %(month)s %(year)s: that month has %(length)s days."),
            code="impossible",
            params={
                "day": day,
                "month": MONTHS_ALT[month],
                "year": year_name(year),
                "length": days_in_month(year, month),
            },
        ) from None


def _no_such_month(part: int) -> ValidationError:
    return ValidationError(
        _(
            "There is no month %(part)s: months are 01 to 12"
            " (and 21 to 24 alone are seasons, 33 to 36 quarters)."
        ),
        code="impossible",
        params={"part": f"{part:02d}"},
    )
