"""Days of the proleptic Gregorian calendar as integers, and the names of its months and years.

Day 1 is 1 January of the year 1, as in `datetime.date.toordinal`. Years are astronomical: 0 is
1 BC, -43 is 44 BC. Python's own dates end at the year 1; the calendar repeats exactly every 400
years, so an earlier day is counted in the first such cycle and moved back by whole cycles.
"""

from datetime import date

from django.utils.translation import pgettext

EARLIEST_YEAR = -9999
LATEST_YEAR = 9999

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_YEARS_IN_CYCLE = 400
_DAYS_IN_CYCLE = 146_097


def day_number(year: int, month: int, day: int) -> int:
    """Return the number of a day, 1 for 1 January of the year 1.

    Raises ValueError for a day that does not exist.
    """
    cycle, years = divmod(year - 1, _YEARS_IN_CYCLE)
    return cycle * _DAYS_IN_CYCLE + date(years + 1, month, day).toordinal()


def from_day_number(number: int) -> tuple[int, int, int]:
    """Return (year, month, day) of a day number; the inverse of `day_number`."""
    cycle, days = divmod(number - 1, _DAYS_IN_CYCLE)
    day = date.fromordinal(days + 1)
    return cycle * _YEARS_IN_CYCLE + day.year, day.month, day.day


def year_of(number: int) -> int:
    """Return the astronomical year that holds a day number."""
    return from_day_number(number)[0]


def year_name(year: int) -> str:
    """Return an astronomical year as readers write it: "44 BC", "AD 476", "1917"."""
    if year < 1:
        return pgettext("before the year 1", "%(year)s BC") % {"year": 1 - year}
    if year < 1000:
        return pgettext("a year before 1000", "AD %(year)s") % {"year": year}
    return str(year)


def days_in_month(year: int, month: int) -> int:
    """Return how many days a month has, 28 to 31."""
    following = (year, month + 1) if month < 12 else (year + 1, 1)
    return day_number(*following, 1) - day_number(year, month, 1)


def year_bounds(from_year: int | None, to_year: int | None) -> tuple[int | None, int | None]:
    """Return the first and last day number of a filter "from year, to year".

    None on a side means no limit there. A date belongs to the period when the two overlap by at
    least a day; a date's own open or unknown side counts as possible:

        (date.upper is NULL or date.upper >= lower) and (date.lower is NULL or date.lower <= upper)

    Years are astronomical. Those beyond -9999 to 9999 are taken as these limits, so that no
    reader's number is too large for a database; years in the wrong order are swapped, since only
    one meaning is possible.
    """
    if from_year is not None and to_year is not None and from_year > to_year:
        from_year, to_year = to_year, from_year
    lower = None if from_year is None else day_number(_within_limits(from_year), 1, 1)
    upper = None if to_year is None else day_number(_within_limits(to_year), 12, 31)
    return lower, upper


def _within_limits(year: int) -> int:
    return min(max(year, EARLIEST_YEAR), LATEST_YEAR)
