"""Who uses a row of the library: found through whatever refers to it, so no app above is named."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import capfirst

MOST_TOLD = 12


@dataclass(frozen=True, slots=True)
class Use:
    """One row that refers to a library row, in words."""

    row: models.Model
    words: str


@dataclass(frozen=True, slots=True)
class Showing:
    """A live page that shows a library row; ``is_old`` if it says something else than the row."""

    title: str
    url: str
    is_old: bool


def uses(row: models.Model, most: int = MOST_TOLD) -> list[Use]:
    """Return what refers to ``row``, at most so many of each kind of reference."""
    return [use for relation in _relations(row) for use in _uses_by(relation, row, most)]


def _relations(row: models.Model) -> Iterator[Any]:
    """Yield all relations to the row, also those that have no name on it."""
    for field in row._meta.get_fields(include_hidden=True):
        if not (field.auto_created and field.is_relation) or field.concrete:
            continue
        # The table between two models of a many-to-many is told through the relation itself.
        if not field.related_model._meta.auto_created:
            yield field


def _uses_by(relation: Any, row: models.Model, most: int) -> list[Use]:
    found = relation.related_model._default_manager.filter(**{relation.field.name: row})
    return [Use(one, _words(one)) for one in found.distinct()[:most]]


def _words(row: models.Model) -> str:
    words = f"{capfirst(str(row._meta.verbose_name))} “{row}”"
    article = getattr(row, "article", None)
    return f"{words} – {article}" if article else words


Finder = Callable[[models.Model], list[Showing]]
_finders: list[Finder] = []


def tells_showings(finder: Finder) -> Finder:
    """Register a function that finds the live pages which show a library row."""
    _finders.append(finder)
    return finder


def showings(row: models.Model) -> list[Showing]:
    """Return the live pages that show ``row``."""
    return [showing for finder in _finders for showing in finder(row)]
