"""What a drawing of the whole timeline needs beyond the page of its list that is at hand.

Without it a drawing of ten thousand events would need two hundred pages. Days come first, for all
events; names follow by pages, for those that a reader has come close to.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Case, FilteredRelation, QuerySet, When
from django.db.models.fields.json import KeyTransform

from publishing.dates import drawn_marks, parse_date
from timeline.models import IN_ORDER, StateShape

_COLUMNS = ("pk", "date", "lower", "upper", "kind", "is_break")
_ANY_FIGURE = str.maketrans("123456789", "000000000")


def days_of(events: QuerySet) -> dict[str, list]:
    """Return the days, marks, kinds and actors of events in the timeline's order, a list for each.

    ``begin`` is counted from the day before in the list, which keeps it short; ``last`` from an
    event's own first day, or as a day if it has none. None stands where a date is open or unknown.
    ``mark``, ``kind`` and ``actors`` are places in ``marks``, ``kinds`` and ``names``.
    """
    marks, kinds, names = _Places(), _Places(), _Places()
    classes = ClassesByForm()
    data: dict[str, list] = {"begin": [], "last": [], "mark": [], "kind": [], "actors": []}
    before = 0
    for (_pk, date, lower, upper, kind, is_break), actors in _with_actors(events):
        data["begin"].append(None if lower is None else lower - before)
        data["last"].append(None if upper is None else upper - (lower or 0))
        data["mark"].append(marks[classes.of(date, is_break)])
        data["kind"].append(kinds[kind])
        data["actors"].append([names[actor] for actor in actors])
        before = before if lower is None else lower
    return {**data, "marks": marks.all, "kinds": kinds.all, "names": names.all}


def names_of(events: Iterable[Any]) -> list[list[str]]:
    """Return the id in the list, the date in words and the title of each event."""
    return [[f"event-{one.uid.hex[:12]}", one.shown["words"], one.title] for one in events]


def _with_actors(events: QuerySet) -> Iterator[tuple[tuple, list[str]]]:
    """Yield the columns of each event and who acted, in order; one query.

    What an event shows is much to read ten thousand times. It is looked into only where it may say
    that the state was interrupted that day; who acted stands in a table of its own.
    """
    rows = events.annotate(
        # A join of its own: a filter by who acted leaves one actor in the other.
        acting=FilteredRelation("actors"),
        is_break=Case(When(rail=StateShape.BREAK, then=KeyTransform("is_break", "shown"))),
    ).order_by(*IN_ORDER, "date", "pk", "acting__pk")
    rows = rows.values_list(*_COLUMNS, "acting__name")
    for event, same in groupby(rows, key=itemgetter(slice(len(_COLUMNS)))):
        yield event, [name for *_event, name in same if name is not None]


class ClassesByForm(dict):
    """The classes of marks. Of dates in one form a single one is read: figures say only when."""

    def of(self, date: str, is_break: bool | None) -> str:
        """Return the classes of the mark of a date, as a list of events has them."""
        form = (date.translate(_ANY_FIGURE), is_break)
        if form not in self:
            marks = [f"is-{mark}" for mark in drawn_marks(parse_date(date))]
            self[form] = " ".join([*marks, "is-break"] if is_break else marks)
        return self[form]


class _Places(dict):
    """The place of each value among all that were asked for, in the order of asking."""

    def __missing__(self, value: str) -> int:
        self[value] = len(self)
        return self[value]

    @property
    def all(self) -> list[str]:
        return list(self)
