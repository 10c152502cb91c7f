"""Finding a version: the one of a day, or what changed between any two."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Publication
from publishing.day_input import DayInput
from publishing.site_days import day_of, end_of


class DayForm(forms.Form):
    """The page as it stood at the end of a day of the site."""

    day = forms.DateField(
        label=gettext_lazy("As it stood on"),
        input_formats=["%Y-%m-%d"],
        error_messages={
            "required": gettext_lazy("Choose a day."),
            "invalid": gettext_lazy("Write a day as year, month and day: 2026-02-05."),
        },
        widget=DayInput(),
    )

    def __init__(
        self, publications: Sequence[Publication], at: datetime, data: Mapping[str, Any] | None
    ) -> None:
        self.publications = publications
        self.at = at
        super().__init__(data, auto_id="find-%s")
        first = min(publication.goes_live_at for publication in publications)
        self.first, self.today = day_of(first), day_of(at)
        control = self.fields["day"].widget
        control.attrs |= {"min": self.first.isoformat(), "max": self.today.isoformat()}

    def clean_day(self) -> date:
        """Return the day, if something was before readers at its end."""
        day = self.cleaned_data["day"]
        if day > self.today:
            raise ValidationError(_("That day has not come yet."))
        if day < self.first:
            raise ValidationError(
                _("The first version is of %s.") % date_format(self.first, "j F Y")
            )
        end = min(end_of(day), self.at)
        if not any(publication.is_live(end) for publication in self.publications):
            raise ValidationError(_("Nothing was published here on that day."))
        return day

    def address(self, slug: str) -> str:
        """Return where a valid form leads."""
        return reverse("articles:at", args=[slug, self.cleaned_data["day"].isoformat()])


class BetweenForm(forms.Form):
    """What changed from one version to a later one."""

    to = forms.TypedChoiceField(label=gettext_lazy("What changed in version"), coerce=int)

    def __init__(self, publications: Sequence[Publication], data: Mapping[str, Any] | None) -> None:
        super().__init__(data, auto_id="find-%s")
        # Not in the class, as "from" is a word of the language.
        self.fields["from"] = forms.TypedChoiceField(
            label=gettext_lazy("since version"), coerce=int
        )
        numbers = [publication.number for publication in publications]
        for name, chosen in (("to", numbers[0]), ("from", numbers[min(1, len(numbers) - 1)])):
            field = self.fields[name]
            field.choices = [(number, str(number)) for number in numbers]
            field.initial = chosen
            field.error_messages["invalid_choice"] = _("Choose one of the versions.")
            field.error_messages["required"] = _("Choose a version.")

    def clean(self) -> dict[str, Any]:
        """Refuse one version compared with itself; two in the wrong order are turned around."""
        values = super().clean()
        if len(values) == 2:
            values["from"], values["to"] = sorted((values["from"], values["to"]))
            if values["from"] == values["to"]:
                self.add_error("from", _("Choose two different versions."))
        return values

    def address(self, slug: str) -> str:
        """Return where a valid form leads."""
        changes = reverse("articles:changes", args=[slug, self.cleaned_data["to"]])
        return f"{changes}?from={self.cleaned_data['from']}"


def finding_forms(
    publications: Sequence[Publication], at: datetime, asked: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return both forms over the publications that have begun, the latest first.

    ``between`` is None while there is nothing to compare.
    """
    by_day = asked if asked is not None and "day" in asked else None
    between = asked if asked is not None and "to" in asked else None
    return {
        "by_day": DayForm(publications, at, by_day),
        "between": BetweenForm(publications, between) if len(publications) > 1 else None,
    }
