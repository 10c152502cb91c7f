"""Historical dates: what editors type, what is stored, what readers see.

A date is stored as EDTF text (Extended Date/Time Format, ISO 8601-2) together with two day numbers,
the first and the last day it can mean. The rooms:

- ``days``: the calendar as plain integers, years before 1 included;
- ``parsing``: EDTF text to a `HistoricalDate`, and the order of dates;
- ``reading``: the words an editor types to a `HistoricalDate`;
- ``old_style``: the same for days of the Julian calendar;
- ``wording``: a `HistoricalDate` to plain English;
- ``display``: the same for the timeline's layout;
- ``iso``: what machines may be told.
"""

from publishing.dates.days import day_number, from_day_number, year_bounds, year_of
from publishing.dates.display import DatePiece, DisplayParts, display_parts, drawn_marks
from publishing.dates.iso import iso_text, schema_dates
from publishing.dates.old_style import read_old_style
from publishing.dates.parsing import (
    MAXIMUM_LENGTH,
    HistoricalDate,
    Moment,
    Precision,
    parse_date,
    sort_key,
)
from publishing.dates.reading import possible_dates, read_date
from publishing.dates.wording import describe

__all__ = [
    "MAXIMUM_LENGTH",
    "DatePiece",
    "DisplayParts",
    "HistoricalDate",
    "Moment",
    "Precision",
    "day_number",
    "describe",
    "display_parts",
    "drawn_marks",
    "from_day_number",
    "iso_text",
    "parse_date",
    "possible_dates",
    "read_date",
    "read_old_style",
    "schema_dates",
    "sort_key",
    "year_bounds",
    "year_of",
]
