"""What machines may be told of a date: only what the text of an ISO date says and no more."""

from publishing.dates.parsing import HistoricalDate, Moment, Precision

_EXACT = {Precision.DAY, Precision.MONTH, Precision.YEAR}


def iso_text(moment: Moment) -> str | None:
    """Return "1917-12-06", "1917-12" or "1917", or None where that would say too much.

    Seasons, decades and centuries have no such text, years before 1 have none in HTML, and none of
    them can say "about" or "uncertain".
    """
    if moment.precision not in _EXACT or moment.year < 1:
        return None
    if moment.is_approximate or moment.is_uncertain:
        return None
    text = f"{moment.year:04d}"
    if moment.part is not None:
        text += f"-{moment.part:02d}"
    if moment.day is not None:
        text += f"-{moment.day:02d}"
    return text


def schema_dates(date: HistoricalDate) -> tuple[str | None, str | None]:
    """Return schema.org's startDate and endDate, None on a side that has no honest text.

    A date that is no interval begins and ends in the unit that it names: 1917 in "1917", twice.
    """
    start = iso_text(date.start) if date.start else None
    end = iso_text(date.end) if date.end else None
    return start, end
