"""Bars over time, drawn on the server as SVG and told as a table beside it.

The drawing is for the eye only; the table says the same to a screen reader and
to whoever wants the figures. No script and no inline style is needed.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

WIDTH, HEIGHT, GAP = 640, 120, 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure: the time it is of, the figure, and the figure in words ("3 of 5")."""

    label: str
    value: float | None
    words: str


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar in the drawing's own units, from the top left."""

    x: float
    y: float
    width: float
    height: float
    bar: Bar


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as ``admin/_chart.html`` wants it."""

    name: str
    title: str
    unit: str
    bars: list[DrawnBar]
    top: str
    summary: str
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def is_empty(self) -> bool:
        """Is there nothing to be drawn?"""
        return not any(drawn.bar.value for drawn in self.bars)

    @property
    def first(self) -> str:
        return self.bars[0].bar.label

    @property
    def last(self) -> str:
        return self.bars[-1].bar.label


def draw(
    name: str, title: str, unit: str, bars: Sequence[Bar], *, full: int | None = None
) -> Drawing:
    """Return the drawing of ``bars``, the highest as high as the chart unless ``full`` is."""
    highest = max((bar.value or 0 for bar in bars), default=0)
    scale = full or highest or 1
    step = WIDTH / max(len(bars), 1)
    drawn = [
        DrawnBar(
            x=round(number * step + GAP / 2, 1),
            y=round(HEIGHT - HEIGHT * (bar.value or 0) / scale, 1),
            width=round(step - GAP, 1),
            height=round(HEIGHT * (bar.value or 0) / scale, 1),
            bar=bar,
        )
        for number, bar in enumerate(bars)
    ]
    return Drawing(name, title, unit, drawn, top=f"{scale:g}", summary=_summary(bars))


def weeks(count: int, today: datetime.date | None = None) -> list[datetime.date]:
    """Return the Mondays of the last ``count`` weeks, this one the last."""
    today = today or timezone.localdate()
    monday = today - datetime.timedelta(days=today.weekday())
    return [monday - datetime.timedelta(weeks=before) for before in reversed(range(count))]


def start_of(day: datetime.date) -> datetime.datetime:
    """Return the moment at which a day begins, in the site's time."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def week_bars(
    counted: dict[datetime.date, int], mondays: Sequence[datetime.date], words: Callable[[int], str]
) -> list[Bar]:
    """Return a bar for each week, those with nothing included; ``words`` says a number."""
    return [
        Bar(date_format(monday, "j M Y"), counted.get(monday, 0), words(counted.get(monday, 0)))
        for monday in mondays
    ]


def _summary(bars: Sequence[Bar]) -> str:
    known = [bar for bar in bars if bar.value]
    if not known:
        return _("Nothing yet.")
    most = max(known, key=lambda bar: bar.value)
    last = known[-1]
    return _("Most: %(most)s (%(most_at)s). Latest: %(last)s (%(last_at)s).") % {
        "most": most.words,
        "most_at": most.label,
        "last": last.words,
        "last_at": last.label,
    }
