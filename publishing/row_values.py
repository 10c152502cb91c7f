"""Between a row's fields and plain data: what JSON holds of them, and how it is written back."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models


@dataclass(slots=True)
class Differences:
    """What a restore or an import found different: names for the editor, each once.

    ``recreated`` and ``differing`` are rows of the library that were gone, or say something else
    today; ``gone`` is what was referred to and cannot be made again, such as another article.
    """

    recreated: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.recreated or self.differing or self.gone)

    def note(self, names: list[str], row: models.Model | str, kind: type[models.Model]) -> None:
        """Add to one of the lists what ``row`` is called, unless it is there."""
        name = f"{kind._meta.verbose_name}: {row}"
        if name not in names:
            names.append(name)


def plain_value(row: models.Model, name: str) -> Any:
    """Return a field's value as JSON: dates as ISO text, library rows embedded whole.

    A library row has ``embedded()``; any other row referred to is named by its uid.
    Several are sorted here and not by the database: their order is part of the
    digest, while collations differ and primary keys do not survive an export.
    """
    kind = row._meta.get_field(name)
    if kind.many_to_many:
        others = sorted(getattr(row, name).all(), key=lambda other: (str(other), str(other.uid)))
        return [other.embedded() for other in others]
    value = getattr(row, name)
    if isinstance(value, models.Model):
        return value.embedded() if hasattr(value, "embedded") else str(value.uid)
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    return value


def write_values(
    row: models.Model, values: Mapping[str, Any], differences: Differences
) -> dict[str, list[models.Model]]:
    """Set a row's fields from plain values; return the many-to-many ones, to be set after saving.

    A library row that is gone is made again; one that is there is left as it
    is, and ``differences`` says so when it differs.
    """
    many: dict[str, list[models.Model]] = {}
    for name, value in values.items():
        kind = row._meta.get_field(name)
        if kind.many_to_many:
            recover = kind.related_model.objects.recover
            many[name] = [recover(plain, differences) for plain in value or []]
        elif kind.many_to_one:
            setattr(row, name, _referred(kind.related_model, value, differences))
        else:
            setattr(row, name, _missing(kind) if value is None else kind.to_python(value))
    return many


def _referred(model: type[models.Model], value: Any, differences: Differences) -> Any:
    if value is None:
        return None
    if hasattr(model, "embedded"):
        return model.objects.recover(value, differences)
    found = model.objects.filter(uid=value).first()
    if found is None:
        differences.note(differences.gone, value, model)
    return found


def holds_words(kind: models.Field) -> bool:
    """Does the field hold words that somebody wrote?

    And not what rows are found, ordered or drawn by: an address, an anchor, a day, a choice.
    """
    is_written = isinstance(kind, models.CharField | models.TextField | models.JSONField)
    return (
        is_written and kind.editable and not kind.choices and not isinstance(kind, models.SlugField)
    )


def _missing(kind: models.Field) -> Any:
    return None if kind.null else kind.get_default()
