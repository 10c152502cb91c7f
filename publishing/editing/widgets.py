"""Controls that editors type into. Each works as plain HTML; scripts only add to it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from markdownx.widgets import MarkdownxWidget
from unfold.widgets import CHECKBOX_CLASSES, INPUT_CLASSES, UnfoldAdminTextareaWidget

from publishing.editing.choices import Choice, choices_of
from publishing.editing.zone import zone_named
from publishing.whole_numbers import whole_number

Attributes = Mapping[str, Any]


class OwnTemplate(forms.Widget):
    """A control whose template stands in the project's folder, where forms do not look."""

    def render(
        self, name: str, value: Any, attrs: Attributes | None = None, renderer: Any = None
    ) -> SafeString:
        return render_to_string(self.template_name, self.get_context(name, value, attrs))


class MarkdownWidget(OwnTemplate, MarkdownxWidget, UnfoldAdminTextareaWidget):
    """A text in Markdown; static/admin_desk/markdown.js adds its tools and its preview.

    markdownx gives the preview's address and time to wait. Its own script stays
    out: it holds the Tab key, breaks undo, and forgets rows that are added.
    """

    template_name = "admin/widgets/markdown.html"

    def __init__(
        self, *, rows: int = 8, without: Sequence[str] = (), attrs: Attributes | None = None
    ) -> None:
        self.without = tuple(without)
        super().__init__(attrs={"rows": rows, **(attrs or {})})

    @staticmethod
    def add_markdownx_attrs(attrs: dict[str, Any]) -> dict[str, Any]:
        """Replace markdownx's attributes: ours stand on the frame around the text."""
        return attrs

    def get_context(self, name: str, value: Any, attrs: Attributes | None) -> dict[str, Any]:
        context = super().get_context(name, value, dict(attrs or {}))
        preview_url = reverse("markdown_preview")
        return {**context, "preview_url": preview_url, "without": " ".join(self.without)}

    class Media:
        extend = False


class FileWidget(OwnTemplate, forms.FileInput):
    """A file to upload, chosen or dropped; static/admin_desk/upload.js shows a picture at once."""

    template_name = "admin/widgets/file.html"

    def __init__(self, attrs: Attributes | None = None) -> None:
        super().__init__(attrs={"class": "desk-file", **(attrs or {})})


class DayWidget(forms.DateInput):
    """A day, picked in the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: Attributes | None = None) -> None:
        super().__init__(attrs={"class": _classes("desk-day"), **(attrs or {})}, format="%Y-%m-%d")

    def format_value(self, value: Any) -> str | None:
        return value.isoformat() if isinstance(value, date) else super().format_value(value)


class MomentWidget(OwnTemplate, forms.DateTimeInput):
    """A day and a time in the editor's time zone, with UTC beside it.

    The form sends the zone that it showed; what was typed is read in that one.
    """

    input_type = "datetime-local"
    template_name = "admin/widgets/moment.html"
    supports_microseconds = False

    def __init__(self, attrs: Attributes | None = None) -> None:
        super().__init__(attrs={"class": _classes("desk-moment"), **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        if not isinstance(value, datetime):
            return super().format_value(value)
        # Seconds show only where there are some: a save must not lose them.
        return value.strftime("%Y-%m-%dT%H:%M:%S" if value.second else "%Y-%m-%dT%H:%M")

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        typed = super().value_from_datadict(data, files, name)
        zone = zone_named(data.get("_zone", ""))
        if not typed or zone is None or zone.key == timezone.get_current_timezone_name():
            return typed
        try:
            moment = parse_datetime(typed)
        except ValueError:
            return typed
        return timezone.localtime(timezone.make_aware(moment, zone)) if moment else typed


class Choices(OwnTemplate, forms.CheckboxSelectMultiple):
    """Several of a list, each with a box of its own; long lists get a field that narrows them."""

    template_name = "admin/widgets/choices.html"

    def __init__(self, attrs: Attributes | None = None) -> None:
        super().__init__(attrs={"class": " ".join(CHECKBOX_CLASSES), **(attrs or {})})


class Picker(OwnTemplate, forms.TextInput):
    """One row of another list, found in a dialog; without scripts, its number.

    ``chosen`` is the row the form was opened with, set by the form, so that
    showing many pickers asks the database nothing.
    """

    template_name = "admin/widgets/picker.html"

    def __init__(self, model: type[models.Model], attrs: Attributes | None = None) -> None:
        self.model = model
        self.chosen: models.Model | None = None
        super().__init__(
            attrs={"class": _classes("desk-number"), "inputmode": "numeric", **(attrs or {})}
        )

    def get_context(self, name: str, value: Any, attrs: Attributes | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        listed = choices_of(self.model)
        return {**context, "listed": listed, "choice": self._choice(value), "many": self.model}

    def _choice(self, value: Any) -> Choice | None:
        if value in (None, ""):
            return None
        row = self.chosen
        if row is not None and choices_of(self.model).choice(row).value == str(value):
            return choices_of(self.model).choice(row)
        if row is None or str(row.pk) != str(value):
            row = self.model._default_manager.filter(pk=whole_number(value)).first()
        return choices_of(self.model).choice(row) if row else None


def _classes(own: str) -> str:
    return " ".join([*INPUT_CLASSES, own])
