"""Who uses a row of the library: found through whatever refers to it, so no app above is named."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models.functions import Coalesce
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
    # Where pages with old words are published again, and the permission that this takes.
    mend_url: str = ""
    mend_permission: str = ""


def uses(row: models.Model, most: int = MOST_TOLD) -> list[Use]:
    """Return what refers to ``row``, at most so many of each kind of reference."""
    return [use for relation in relations_to(row) for use in _uses_by(relation, row, most)]


def relations_to(model: type[models.Model] | models.Model) -> Iterator[Any]:
    """Yield all relations to a model's rows, also those that have no name on it."""
    for field in model._meta.get_fields(include_hidden=True):
        if not (field.auto_created and field.is_relation) or field.concrete:
            continue
        # The table between two models of a many-to-many is told through the relation itself.
        if not field.related_model._meta.auto_created:
            yield field


def _uses_by(relation: Any, row: models.Model, most: int) -> list[Use]:
    model = relation.related_model
    found = model._default_manager.filter(**{relation.field.name: row})
    if "article" in {field.name for field in model._meta.fields}:
        found = found.select_related("article")
    return [Use(one, _words(one)) for one in found.distinct()[:most]]


def _words(row: models.Model) -> str:
    """Say what uses a row: in words of its own, or by its kind, its name and its article."""
    if words := getattr(row, "use_words", ""):
        return words
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


# The address and the words of something that can be done with a row, None for who may not.
Deed = Callable[[models.Model, Any], tuple[str, str] | None]
_deeds: list[Deed] = []


def add_deed(deed: Deed) -> Deed:
    """Register what an app above offers to do with a row: a function of the row and the user."""
    _deeds.append(deed)
    return deed


def deeds(row: models.Model, user: Any) -> list[tuple[str, str]]:
    """Return (address, words) of all that ``user`` may do with ``row`` besides editing it."""
    return [offered for deed in _deeds if (offered := deed(row, user))]


def add_use_count(rows: models.QuerySet) -> models.QuerySet:
    """Add to rows of the library how many others refer to each, as ``use_count``: one query."""
    counted = models.Value(0)
    for relation in relations_to(rows.model):
        name = relation.field.name
        referring = relation.related_model._base_manager.filter(**{name: models.OuterRef("pk")})
        # Counted over a constant: many-to-many rows have no key of ours to group by.
        number = referring.order_by().annotate(one=models.Value(1)).values("one")
        number = number.annotate(number=models.Count("pk")).values("number")
        counted = counted + Coalesce(models.Subquery(number), 0)
    return rows.annotate(use_count=counted)
