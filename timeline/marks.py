"""What a drawing of the whole timeline needs beyond the page of its list that is at hand.

Without it a drawing of ten thousand events would need two hundred pages. Days come first, for all
events; names follow by pages, for those that a reader has come close to.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from publishing.dates import drawn_marks, parse_date


def days_of(events: QuerySet) -> dict[str, list]:
    """Return the days, marks, kinds and actors of events in their order, a list for each.

    ``begin`` is counted from the day before in the list, which keeps it short; ``last`` from an
    event's own first day, or as a day if it has none. None stands where a date is open or unknown.
    ``mark``, ``kind`` and ``actors`` are places in ``marks``, ``kinds`` and ``names``.
    """
    marks, kinds, names = _Places(), _Places(), _Places()
    data: dict[str, list] = {"begin": [], "last": [], "mark": [], "kind": [], "actors": []}
    before = 0
    fields = ("date", "lower", "upper", "kind", "shown__actors", "shown__is_break")
    for date, lower, upper, kind, actors, is_break in events.values_list(*fields):
        data["begin"].append(None if lower is None else lower - before)
        data["last"].append(None if upper is None else upper - (lower or 0))
        data["mark"].append(marks[_classes(date, is_break)])
        data["kind"].append(kinds[kind])
        data["actors"].append([names[actor] for actor in actors])
        before = before if lower is None else lower
    return {**data, "marks": marks.all, "kinds": kinds.all, "names": names.all}


def names_of(events: Iterable[Any]) -> list[list[str]]:
    """Return the id in the list, the date in words and the title of each event."""
    return [[f"event-{one.uid.hex[:12]}", one.shown["words"], one.title] for one in events]


def _classes(date: str, is_break: bool) -> str:
    marks = [f"is-{mark}" for mark in drawn_marks(parse_date(date))]
    return " ".join([*marks, "is-break"] if is_break else marks)


class _Places(dict):
    """The place of each value among all that were asked for, in the order of asking."""

    def __missing__(self, value: str) -> int:
        self[value] = len(self)
        return self[value]

    @property
    def all(self) -> list[str]:
        return list(self)
