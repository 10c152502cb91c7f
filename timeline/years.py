"""Years as readers type them into a filter, and periods to choose from, with their counts."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError

from publishing.dates import day_number, year_of
from publishing.dates.days import EARLIEST_YEAR, LATEST_YEAR, year_name

_YEAR = re.compile(
    r"(?P<before>ad\s*)?(?P<figures>-?\d{1,5})\s*(?P<after>b\.?\s?c\.?(?:\s?e\.?)?|a\.?d\.?|c\.?e\.?)?",
    re.ASCII | re.IGNORECASE,
)
# Spans that are offered, the longest first; the longest that gives a choice is taken.
_STEPS = (1000, 100, 10, 1)
_FEWEST_PERIODS = 4
_MOST_PERIODS = 24

Bounds = tuple[int | None, int | None]


class YearField(forms.CharField):
    """A year as an astronomical number: "1917", "44 BC", "AD 79", or -43 as in EDTF."""

    default_error_messages = {"invalid": ""}

    def clean(self, typed: str | None) -> int | None:
        """Return the year, or None for nothing."""
        words = (typed or "").strip().replace("\N{MINUS SIGN}", "-")
        if not words:
            return None
        match = _YEAR.fullmatch(words)
        year = _astronomical(match) if match else None
        if year is None or not EARLIEST_YEAR <= year <= LATEST_YEAR:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return year


def _astronomical(match: re.Match) -> int | None:
    number, era = int(match["figures"]), (match["after"] or "").lower()
    if not (era or match["before"]):
        return number
    if number < 1 or (match["before"] and era):
        return None
    return 1 - number if era.startswith("b") else number


def year_typed(year: int) -> str:
    """Return an astronomical year as `YearField` reads it: "1917", "44 BC"."""
    return str(year) if year > 0 else f"{1 - year} BC"


@dataclass(frozen=True, slots=True)
class YearSpan:
    """Years that a reader may choose at once, and how much there is of them."""

    first: int
    last: int
    count: int
    is_chosen: bool

    @property
    def label(self) -> str:
        """The years in words: "1900–1999", "100 BC–1 BC", "1917"."""
        if self.first == self.last:
            return year_name(self.first)
        return f"{year_name(self.first)}–{year_name(self.last)}"

    @property
    def first_typed(self) -> str:
        """The first year for the filter's field."""
        return year_typed(self.first)

    @property
    def last_typed(self) -> str:
        """The last year for the filter's field."""
        return year_typed(self.last)


def year_spans(bounds: Iterable[Bounds], chosen: tuple[int | None, int | None]) -> list[YearSpan]:
    """Return the spans that hold something, by the longest step that leaves a choice.

    ``bounds`` are first and last days, None on a side that is open; ``chosen`` the years that are
    filtered by. Empty where there is nothing to choose between.
    """
    bounds = list(bounds)
    ends = [day for pair in bounds for day in pair if day is not None]
    if not ends:
        return []
    first, last = year_of(min(ends)), year_of(max(ends))
    step = _step(first, last)
    spans = _spans(first, last, step)
    counted = zip(spans, _counted(bounds, spans), strict=True)
    found = [YearSpan(*span, count, span == chosen) for span, count in counted if count]
    return found if len(found) > 1 else []


def _spans(first: int, last: int, step: int) -> list[tuple[int, int]]:
    """Return spans as people cut them: 1900–1999, and 100 BC–1 BC, as there was no year 0."""
    spans = []
    for start in range((first - 1) // step * step, last + 1, step):
        span = (start + 1, start + step) if start < 0 else (max(start, 1), start + step - 1)
        if span[0] <= span[1]:
            spans.append(span)
    return spans


def _step(first: int, last: int) -> int:
    for step in _STEPS:
        if last // step - first // step + 1 >= _FEWEST_PERIODS:
            return _coarser(step, first, last)
    return 1


def _coarser(step: int, first: int, last: int) -> int:
    """Return a step that leaves a list that can be read: never more than ``_MOST_PERIODS``."""
    while last // step - first // step + 1 > _MOST_PERIODS:
        step *= 10
    return step


def _counted(bounds: list[Bounds], spans: list[tuple[int, int]]) -> list[int]:
    """Count what touches each span: what has begun by its end, less what was over before it."""
    begins = sorted(lower for lower, _upper in bounds if lower is not None)
    ends = sorted(upper for _lower, upper in bounds if upper is not None)
    always_begun = len(bounds) - len(begins)
    return [
        always_begun
        + bisect_right(begins, day_number(last, 12, 31))
        - bisect_left(ends, day_number(first, 1, 1))
        for first, last in spans
    ]
