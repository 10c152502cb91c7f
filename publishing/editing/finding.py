"""Finding anything from anywhere: what can be found is registered by the app that has it.

A *finder* knows one kind of row: where its words stand, who may see it, and
where it leads. A search asks each finder once, so it costs as many queries as
there are kinds of things that the editor may see, whatever they hold.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db import models
from django.db.models import Q
from django.http import HttpRequest

LONGEST_QUESTION = 200
MOST_WORDS = 8
FEW, MANY = 5, 30


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found: what it is called, where it leads, what else to know."""

    words: str
    url: str
    detail: str = ""

    def as_data(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Finder:
    """How one kind of row is found.

    ``fields`` are those that hold its words, ``rows`` all of them in the order
    in which they are offered, with what ``show`` looks at; ``may_see`` says
    whether the editor may be offered any.
    """

    name: str
    title: str
    order: int
    fields: tuple[str, ...]
    rows: Callable[[], models.QuerySet]
    show: Callable[[Any], Found]
    may_see: Callable[[HttpRequest], bool]


@dataclass(frozen=True, slots=True)
class FoundOfAKind:
    """What one finder found, and whether there is more than is offered."""

    name: str
    title: str
    results: list[Found]
    has_more: bool

    def as_data(self) -> dict[str, Any]:
        results = [found.as_data() for found in self.results]
        return {"title": self.title, "results": results, "has_more": self.has_more}


_finders: dict[str, Finder] = {}


def add_finder(finder: Finder) -> None:
    """Let rows of another kind be found, in place of a finder of the same name."""
    _finders[finder.name] = finder


def finders() -> list[Finder]:
    """Return the finders in order."""
    return sorted(_finders.values(), key=lambda finder: (finder.order, finder.name))


def find(request: HttpRequest, asked: str, *, most: int = FEW) -> list[FoundOfAKind]:
    """Return what all words of ``asked`` find, kind by kind, at most ``most`` of each.

    Each word has to stand somewhere in a row, whatever its case. Kinds of which
    nothing is found, or which the editor may not see, are left out.
    """
    words = asked[:LONGEST_QUESTION].replace("\0", "").split()[:MOST_WORDS]
    if not words:
        return []
    seen = [finder for finder in finders() if finder.may_see(request)]
    found = [_of_a_kind(finder, words, most) for finder in seen]
    return [one for one in found if one.results]


def _of_a_kind(finder: Finder, words: Sequence[str], most: int) -> FoundOfAKind:
    each = [
        reduce(or_, (Q(**{f"{field}__icontains": word}) for field in finder.fields))
        for word in words
    ]
    rows = list(finder.rows().filter(reduce(and_, each))[: most + 1])
    shown = [finder.show(row) for row in rows[:most]]
    return FoundOfAKind(finder.name, str(finder.title), shown, has_more=len(rows) > most)
