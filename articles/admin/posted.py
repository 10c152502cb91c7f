"""What a form posts, and what it would post to say what a document says: texts by field.

So the three states of a form, two recorded and one posted, can be compared and
merged as what they are to a browser.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from publishing.whole_numbers import whole_number


class Fields:
    """The fields of a form that a document holds, between plain data and posted texts."""

    def __init__(self, form: forms.ModelForm, content: Iterable[str], keys: "Keys") -> None:
        self.form, self.keys = form, keys
        self.model = form._meta.model
        wanted = set(content)
        self.fields = {name: one for name, one in form.fields.items() if name in wanted}

    def of_document(self, plain: Mapping[str, Any]) -> dict[str, list[str]]:
        """Return what a form would post that shows ``plain``; only what is in it."""
        return {
            name: as_posted(field, self._value(name, plain[name]))
            for name, field in self.fields.items()
            if name in plain
        }

    def posted(self, data: QueryDict, prefix: str = "") -> dict[str, list[str]]:
        """Return what was posted of the fields, tidied as the form would tidy it."""
        start = f"{prefix}-" if prefix else ""
        return {
            name: _tidied(field, field.widget.value_from_datadict(data, {}, start + name))
            for name, field in self.fields.items()
        }

    def posted_texts(self, texts: Mapping[str, list[str]]) -> dict[str, list[str]]:
        """Return the same of the texts of one row by the fields' own names."""
        data = QueryDict(mutable=True)
        for name, values in texts.items():
            data.setlist(name, values)
        return self.posted(data)

    def write(self, data: QueryDict, name: str, value: Sequence[str], prefix: str = "") -> None:
        """Post ``value`` in place of what was posted."""
        posted = f"{prefix}-{name}" if prefix else name
        if value:
            data.setlist(posted, list(value))
        else:
            data.pop(posted, None)

    def label(self, name: str) -> str:
        return capfirst(str(self.fields[name].label or name))

    def control(self, name: str, prefix: str = "") -> str:
        """Return the id of the control, which links lead to."""
        return f"id_{prefix}-{name}" if prefix else f"id_{name}"

    def words(self, name: str, value: Sequence[str]) -> str:
        """Return a posted value as people read it."""
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            keys = [key for key in map(whole_number, value) if key is not None]
            rows = field.queryset.filter(pk__in=keys)
            return ", ".join(sorted(map(str, rows)))
        if isinstance(field.widget, forms.CheckboxInput):
            return _("Yes") if value else _("No")
        choices = dict(getattr(field, "choices", ()))
        return "\n".join(str(choices.get(one, one)) for one in value)

    def _value(self, name: str, plain: Any) -> Any:
        """Return a plain value as the model's field would have it, rows by their primary key."""
        kind = self.model._meta.get_field(name)
        if kind.many_to_many:
            return [self.keys.of(kind.related_model, one) for one in plain or []]
        if kind.many_to_one:
            return self.keys.of(kind.related_model, plain) if plain else None
        return None if plain is None else kind.to_python(plain)


class Keys:
    """Primary keys of rows that documents name by their uid; one query for each model."""

    def __init__(self) -> None:
        self._known: dict[type[models.Model], dict[str, int]] = {}

    def of(self, model: type[models.Model], plain: Any) -> int | None:
        """Return the key of an embedded row, or of one named by its uid; None if it is gone."""
        if model not in self._known:
            pairs = model._default_manager.values_list("uid", "pk")
            self._known[model] = {str(uid): pk for uid, pk in pairs}
        uid = plain.get("uid") if isinstance(plain, Mapping) else plain
        return self._known[model].get(str(uid))


def as_posted(field: forms.Field, value: Any) -> list[str]:
    """Return the texts that a browser posts for a control that shows ``value``."""
    if isinstance(field.widget, forms.CheckboxInput):
        return ["on"] if value else []
    shown = field.widget.format_value(field.prepare_value(value))
    if isinstance(shown, list | tuple):
        texts = [str(one) for one in shown if one is not None]
    else:
        texts = ["" if shown is None else str(shown)]
    return sorted(texts) if isinstance(field, forms.ModelMultipleChoiceField) else texts


def _tidied(field: forms.Field, raw: Any) -> list[str]:
    """Return a posted value as the form would show it again once it was saved."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return sorted(str(one) for one in raw or [])
    if isinstance(field, forms.ModelChoiceField):
        return [str(raw or "")]
    try:
        return as_posted(field, field.to_python(raw))
    except ValidationError:
        return [str(raw)]


def as_new_rows(data: QueryDict) -> QueryDict:
    """Return posted data whose rows are all new, as those of an article that is gone must be."""
    new = data.copy()
    starts = [
        name.removesuffix("INITIAL_FORMS") for name in data if name.endswith("-INITIAL_FORMS")
    ]
    for start in starts:
        new[f"{start}INITIAL_FORMS"] = "0"
        for name in [name for name in data if name.startswith(start)]:
            if name.endswith(("-id", "-article")):
                new[name] = ""
    return new
