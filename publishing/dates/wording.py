"""A date in plain words: nothing abbreviated, and no day that the date does not name.

The words are those of the site's language. Each shape of a date is one text for translators, so
that they can put day, month and year into their own order.
"""

from django.utils.dates import MONTHS, MONTHS_ALT
from django.utils.translation import get_language, pgettext
from django.utils.translation import pgettext_lazy as _p

from publishing.dates.days import year_name
from publishing.dates.parsing import WINTER, HistoricalDate, Moment, Precision

SEASONS = {
    21: _p("in a date", "spring"),
    22: _p("in a date", "summer"),
    23: _p("in a date", "autumn"),
    WINTER: _p("in a date", "winter"),
}
QUARTERS = {
    33: _p("in a date", "first quarter"),
    34: _p("in a date", "second quarter"),
    35: _p("in a date", "third quarter"),
    36: _p("in a date", "fourth quarter"),
}


def describe(date: HistoricalDate) -> str:
    """Return the date in words that can stand in a sentence: "about 1917", "from 2022".

    What is uncertain or unknown follows in brackets: "1941 to 1945 (end uncertain)".
    `read_date` reads every one of these descriptions back to the same date, in English.
    """
    remarks = remarks_on(date)
    if not remarks:
        return _words(date)
    return pgettext("in a date", "%(date)s (%(remarks)s)") % {
        "date": _words(date),
        "remarks": remarks,
    }


def heading(moment: Moment) -> str:
    """Return the year, or the longer unit, that a moment stands in: "1917", "1941–42", "1920s"."""
    if moment.part == WINTER:
        return _winter_years(moment.year)
    if moment.precision is Precision.DECADE:
        return pgettext("a decade", "%(year)ss") % {"year": year_name(moment.year)}
    if moment.precision is Precision.CENTURY:
        century = _ordinal(moment.year // 100 + 1)
        return pgettext("in a date", "%(ordinal)s century") % {"ordinal": century}
    return year_name(moment.year)


def detail(moment: Moment) -> str:
    """Return what a moment names within its heading: "6 December", "spring", "" for a year."""
    if moment.precision is Precision.DAY:
        return pgettext("in a date", "%(day)s %(month)s") % {
            "day": moment.day,
            "month": MONTHS_ALT[moment.part],
        }
    if moment.precision is Precision.MONTH:
        return str(MONTHS[moment.part])
    if moment.precision is Precision.SEASON:
        return str(SEASONS[moment.part])
    if moment.precision is Precision.QUARTER:
        return str(QUARTERS[moment.part])
    return ""


def name(moment: Moment) -> str:
    """Return the whole name of a moment: "6 December 1917", "winter 1941–42", "the 1920s".

    "About" is part of it, because it stands in front; "uncertain" is not, see `remarks_on`.
    """
    if not moment.is_approximate:
        return _plain_name(moment)
    return pgettext("in a date", "about %(date)s") % {"date": _plain_name(moment)}


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
        remarks.append(pgettext("of a date", "uncertain"))
    if date.is_unknown_start:
        remarks.append(pgettext("of a date", "start unknown"))
    if date.is_unknown_end:
        remarks.append(pgettext("of a date", "end unknown"))
    return ", ".join(remarks)


def _uncertain_sides(date: HistoricalDate) -> str:
    if date.is_uncertain_start and date.is_uncertain_end:
        return pgettext("of a date", "start and end uncertain")
    if date.is_uncertain_start:
        return pgettext("of a date", "start uncertain")
    return pgettext("of a date", "end uncertain") if date.is_uncertain_end else ""


def _words(date: HistoricalDate) -> str:
    if not date.is_interval:
        return name(date.start)
    if date.end is None:
        return pgettext("in a date", "from %(date)s") % {"date": name(date.start)}
    if date.start is None:
        return pgettext("in a date", "until %(date)s") % {"date": name(date.end)}
    return pgettext("in a date", "%(start)s to %(end)s") % {
        "start": _shortened_start(date.start, date.end),
        "end": name(date.end),
    }


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
    parts = {"detail": detail(moment), "heading": heading(moment)}
    if moment.precision is Precision.DECADE:
        # "The 1900s" alone can also mean the century.
        if moment.year % 100 == 0:
            return pgettext("in a date", "the decade of the %(heading)s") % parts
        return pgettext("a decade or a century", "the %(heading)s") % parts
    if moment.precision is Precision.CENTURY:
        return pgettext("a decade or a century", "the %(heading)s") % parts
    if moment.precision is Precision.QUARTER:
        return pgettext("a quarter of a year", "the %(detail)s of %(heading)s") % parts
    if not parts["detail"]:
        return parts["heading"]
    return pgettext("in a date: day or month, then year", "%(detail)s %(heading)s") % parts


def _winter_years(year: int) -> str:
    """Return both years of a winter: "1941–42", "1999–2000", "44 BC–43 BC"."""
    following = year + 1
    if year >= 1000 and following % 100:
        return f"{year}–{following % 100:02d}"
    return f"{year_name(year)}–{year_name(following)}"


def _ordinal(number: int) -> str:
    """Return which century: "19th"; other languages than English say it by a text of their own."""
    if not (get_language() or "en").startswith("en"):
        return pgettext("which century, as in 19th", "%(number)s.") % {"number": number}
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
