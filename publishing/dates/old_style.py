"""Days of the Julian calendar, "25 October 1917 O.S.", as days of today's calendar.

Sources on Russia before 1918, and on Britain before 1752, date in the old calendar. The stored date
is always today's; the day that the source names stands in the note on the calendar.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from publishing.dates.days import from_day_number
from publishing.dates.parsing import HistoricalDate, Moment, Precision, parse_date
from publishing.dates.reading import read_date
from publishing.dates.wording import describe

_OLD_STYLE = re.compile(
    r"(?P<date>.+?)[\s,]*[(\[]?\b(?:o\.? ?s\b\.?|old[ -]style|julian(?: calendar)?)[)\]]?",
    re.IGNORECASE,
)
_LEAP_DAY = re.compile(r"\b29(?:th)?\b|(?<=-)29\b")


def read_old_style(text: str) -> tuple[HistoricalDate, str] | None:
    """Return today's date, and the note, for a day of the old calendar; None for any other text.

    Raises ValidationError for what is marked as old style and is no day: a month or a year of the
    old calendar is none of today's.
    """
    match = _OLD_STYLE.fullmatch(" ".join(text.split()))
    if not match:
        return None
    old, later = _old_day(match["date"])
    if old.precision is not Precision.DAY:
        raise ValidationError(
            _("Only a day can be taken over from the old calendar: 25 October 1917, Old Style."),
            code="old_style",
        )
    moment = old.start
    year, month, day = from_day_number(_number_of_julian(moment, later))
    words = describe(old)
    if later:
        words = words.replace("28", "29", 1)
    when = parse_date(f"{_year(year)}-{month:02d}-{day:02d}{_flag(moment)}")
    return when, f"{words}, Old Style"


def _old_day(words: str) -> tuple[HistoricalDate, int]:
    """Read a day; 29 February 1900 was one in the old calendar alone: 28 February, one later."""
    try:
        return read_date(words), 0
    except ValidationError:
        if not _LEAP_DAY.search(words):
            raise
        old = read_date(_LEAP_DAY.sub("28", words, count=1))
        if (old.start.part, old.start.year % 4) != (2, 0):
            raise
        return old, 1


def _number_of_julian(moment: Moment, later: int) -> int:
    """Return the day number of a day of the Julian calendar: March first, leap days last."""
    before_march = moment.part < 3
    years = moment.year - before_march
    month = moment.part + 12 * before_march - 3
    # Day 1 is 1 January of the year 1 today, which was 3 January then.
    return moment.day + later + (153 * month + 2) // 5 + 365 * years + years // 4 - 308


def _year(year: int) -> str:
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


def _flag(moment: Moment) -> str:
    if moment.is_approximate:
        return "%" if moment.is_uncertain else "~"
    return "?" if moment.is_uncertain else ""
