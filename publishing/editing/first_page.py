"""What stands on the desk: trays of things that wait, charts and figures, registered by any app.

A *tray* holds what somebody should do something about; it is shown on the
first page and, whole, on a page of its own. A *chart* is looked at instead of
read: on the first page, or on the page of a row of ``about``; *figures* are read there. All are
registered when the admin loads, and the first page loops over them and names
none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.http import HttpRequest

from publishing.editing.charts import Bar


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in a tray: what it is called, where it is dealt with, what else to know."""

    words: str
    url: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Tray:
    """Things of one kind that wait for an editor.

    ``rows`` returns them in order, the most urgent first, as a query set or a
    list; None if the editor may not see them. ``line`` shows one. A query set
    costs two queries: how many, and the first few. What ``needs_a_look`` stands
    apart from what is somebody's work of the day. ``hint`` says by which rule
    something gets here.
    """

    name: str
    title: str
    order: int
    rows: Callable[[HttpRequest], models.QuerySet | Sequence[Any] | None]
    line: Callable[[Any], Line]
    needs_a_look: bool = False
    hint: str | Callable[[], str] = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Figures over time as bars. ``bars`` is given the row that the chart is about, if any.

    It returns None if the editor may not see them. ``about`` is the model of
    that row, None for a chart of the first page; ``unit`` what the bars count.
    """

    name: str
    title: str
    order: int
    bars: Callable[[HttpRequest, Any], Sequence[Bar] | None]
    unit: str
    about: type[models.Model] | None = field(default=None)
    # The value of a full bar, where there is one, such as 100 per cent.
    full: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it counts, how much that is, and where it can be looked at, if anywhere."""

    words: str
    value: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """A few figures that belong together, shown as they are.

    ``figures`` is given the row that they are about, if any, and returns None if the editor may
    not see them; ``about`` is the model of that row, None for figures of the first page.
    """

    name: str
    title: str
    order: int
    figures: Callable[[HttpRequest, Any], Sequence[Figure] | None]
    about: type[models.Model] | None = field(default=None)


_trays: dict[str, Tray] = {}
_charts: dict[str, Chart] = {}
_figures: dict[str, Figures] = {}


def add_tray(tray: Tray) -> None:
    """Put a tray on the desk, in place of one of the same name."""
    _trays[tray.name] = tray


def trays() -> list[Tray]:
    """Return the trays in order."""
    return sorted(_trays.values(), key=lambda tray: (tray.order, tray.name))


def tray_named(name: str) -> Tray | None:
    """Return one tray, None if there is none of that name."""
    return _trays.get(name)


def add_chart(chart: Chart) -> None:
    """Hang up a chart, in place of one of the same name."""
    _charts[chart.name] = chart


def charts(about: type[models.Model] | None = None) -> list[Chart]:
    """Return the charts about rows of a model, or those of the first page, in order."""
    found = [chart for chart in _charts.values() if chart.about is about]
    return sorted(found, key=lambda chart: (chart.order, chart.name))


def add_figures(figures: Figures) -> None:
    """Hang up figures, in place of those of the same name."""
    _figures[figures.name] = figures


def figures_about(
    request: HttpRequest, row: models.Model | None = None
) -> list[tuple[Figures, Sequence[Figure]]]:
    """Return the figures about a row, or those of the first page, as far as one may see them."""
    about = type(row) if row else None
    found = [one for one in _figures.values() if one.about is about]
    shown = [(one, one.figures(request, row)) for one in sorted(found, key=_place)]
    return [(one, figures) for one, figures in shown if figures is not None]


def _place(figures: Figures) -> tuple[int, str]:
    return figures.order, figures.name
