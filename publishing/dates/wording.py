"""A date in plain English words: nothing abbreviated, and no day that the date does not name."""

from publishing.dates.days import MONTHS, year_name
from publishing.dates.parsing import WINTER, HistoricalDate, Moment, Precision

SEASONS = {21: "spring", 22: "summer", 23: "autumn", WINTER: "winter"}
QUARTERS = {33: "first quarter", 34: "second quarter", 35: "third quarter", 36: "fourth quarter"}


def describe(date: HistoricalDate) -> str:
    """Return the date in words that can stand in a sentence: "about 1917", "from 2022".

    What is uncertain or unknown follows in brackets: "1941 to 1945 (end uncertain)".
    `read_date` reads every one of these descriptions back to the same date.
    """
    remarks = remarks_on(date)
    return f"{_words(date)} ({remarks})" if remarks else _words(date)


def heading(moment: Moment) -> str:
    """Return the year, or the longer unit, that a moment stands in: "1917", "1941–42", "1920s"."""
    if moment.part == WINTER:
        return _winter_years(moment.year)
    if moment.precision is Precision.DECADE:
        return f"{year_name(moment.year)}s"
    if moment.precision is Precision.CENTURY:
        return f"{_ordinal(moment.year // 100 + 1)} century"
    return year_name(moment.year)


def detail(moment: Moment) -> str:
    """Return what a moment names within its heading: "6 December", "spring", "" for a year."""
    if moment.precision is Precision.DAY:
        return f"{moment.day} {MONTHS[moment.part - 1]}"
    if moment.precision is Precision.MONTH:
        return MONTHS[moment.part - 1]
    if moment.precision is Precision.SEASON:
        return SEASONS[moment.part]
    if moment.precision is Precision.QUARTER:
        return QUARTERS[moment.part]
    return ""


def name(moment: Moment) -> str:
    """Return the whole name of a moment: "6 December 1917", "winter 1941–42", "the 1920s".

    "About" is part of it, because it stands in front; "uncertain" is not, see `remarks_on`.
    """
    return f"about {_plain_name(moment)}" if moment.is_approximate else _plain_name(moment)


def share_heading(start: Moment, end: Moment) -> bool:
    """Return whether two sides of an interval need their year only once."""
    return bool(detail(start) and detail(end)) and heading(start) == heading(end)


def share_month(start: Moment, end: Moment) -> bool:
    """Return whether two days of an interval need their month only once."""
    return (
        start.precision is end.precision is Precision.DAY
        and (start.year, start.part) == (end.year, end.part)
        and not start.is_approximate
    )


def remarks_on(date: HistoricalDate) -> str:
    """Return what is uncertain or unknown, for brackets: "end uncertain"; "" if nothing is."""
    if date.start and date.end and date.is_interval:
        return _uncertain_sides(date)
    remarks = []
    if date.is_uncertain_start or date.is_uncertain_end:
        remarks.append("uncertain")
    if date.is_unknown_start:
        remarks.append("start unknown")
    if date.is_unknown_end:
        remarks.append("end unknown")
    return ", ".join(remarks)


def _uncertain_sides(date: HistoricalDate) -> str:
    if date.is_uncertain_start and date.is_uncertain_end:
        return "start and end uncertain"
    if date.is_uncertain_start:
        return "start uncertain"
    return "end uncertain" if date.is_uncertain_end else ""


def _words(date: HistoricalDate) -> str:
    if not date.is_interval:
        return name(date.start)
    if date.end is None:
        return f"from {name(date.start)}"
    if date.start is None:
        return f"until {name(date.end)}"
    return f"{_shortened_start(date.start, date.end)} to {name(date.end)}"


def _shortened_start(start: Moment, end: Moment) -> str:
    """Return the start without what the end repeats: the "6" of "6 to 8 December 1917".

    An approximate start keeps its year; "about February to April 2014" would leave open what
    "about" belongs to.
    """
    if start.is_approximate:
        return name(start)
    if share_month(start, end):
        return str(start.day)
    if share_heading(start, end) and not {start.part, end.part} & {WINTER, *QUARTERS}:
        return detail(start)
    if start.precision is end.precision is Precision.YEAR and end.year < 1:
        return str(1 - start.year)
    return name(start)


def _plain_name(moment: Moment) -> str:
    if moment.precision is Precision.DECADE:
        # "The 1900s" alone can also mean the century.
        kind = "the decade of the" if moment.year % 100 == 0 else "the"
        return f"{kind} {heading(moment)}"
    if moment.precision is Precision.CENTURY:
        return f"the {heading(moment)}"
    if moment.precision is Precision.QUARTER:
        return f"the {detail(moment)} of {heading(moment)}"
    return f"{detail(moment)} {heading(moment)}".lstrip()


def _winter_years(year: int) -> str:
    """Return both years of a winter: "1941–42", "1999–2000", "44 BC–43 BC"."""
    following = year + 1
    if year >= 1000 and following % 100:
        return f"{year}–{following % 100:02d}"
    return f"{year_name(year)}–{year_name(following)}"


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
