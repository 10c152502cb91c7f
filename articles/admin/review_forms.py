"""The small forms of reviewing: submit, send back, remark, answer, draft link."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from articles.admin.forms import OnRevision
from articles.draft_links import LASTS, LONGEST
from articles.models import Revision
from articles.models.reviewing import LONGEST_NAME, LONGEST_REMARK
from articles.places import WHOLE, Place, places_in, read_place
from library.models import Person
from publishing.editing.widgets import DayWidget

HOUR = timedelta(hours=1)


class SubmitForm(OnRevision):
    remark = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=LONGEST_REMARK,
        widget=UnfoldAdminTextareaWidget({"rows": 4}),
        help_text=_("What a reviewer should know. Only colleagues see it."),
    )
    due_on = forms.DateField(
        label=_("Due on"),
        required=False,
        widget=DayWidget(),
        help_text=_("Only if it is needed by a day."),
    )


class PlaceField(forms.ChoiceField):
    """A place in the article, as ``articles.places`` offers them; cleans to a ``Place``."""

    def __init__(self, **options: Any) -> None:
        given = {"label": _("About"), "required": False, "widget": UnfoldAdminSelectWidget()}
        super().__init__(**{**given, **options})

    def offer(self, revision: Revision) -> None:
        """Offer the places of what ``revision`` holds."""
        groups = [
            (group, [(place.key, words) for place, words in places])
            for group, places in places_in(revision.document)
        ]
        self.choices = [(WHOLE.key, _("The article as a whole")), *groups]

    def clean(self, value: str) -> Place:
        return read_place(super().clean(value)) or WHOLE


class RemarkForm(forms.Form):
    """A remark on a place; the text is asked for first, as it is what one came to write."""

    place = PlaceField()
    text = forms.CharField(
        label=_("Remark"),
        max_length=LONGEST_REMARK,
        widget=UnfoldAdminTextareaWidget({"rows": 4}),
        error_messages={"required": _("Write something before you send.")},
    )

    def __init__(self, *args: Any, revision: Revision, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].offer(revision)


class SendBackForm(RemarkForm):
    text = forms.CharField(
        label=_("What is to be done"),
        max_length=LONGEST_REMARK,
        widget=UnfoldAdminTextareaWidget({"rows": 4}),
        error_messages={"required": _("Say what is to be done.")},
    )


class WordsForm(forms.Form):
    """An answer, or the words of a remark mended."""

    text = forms.CharField(
        label=_("Words"),
        max_length=LONGEST_REMARK,
        widget=UnfoldAdminTextareaWidget({"rows": 4}),
        error_messages={"required": _("Write something before you send.")},
    )


class LastingForm(forms.Form):
    """For how long a draft link works."""

    hours = forms.IntegerField(
        label=_("Works for (hours)"),
        min_value=1,
        max_value=LONGEST // HOUR,
        initial=LASTS // HOUR,
        widget=UnfoldAdminIntegerFieldWidget(),
    )

    @property
    def lasts(self) -> timedelta:
        return self.cleaned_data["hours"] * HOUR


class LinkForm(LastingForm):
    note = forms.CharField(
        label=_("For whom"),
        required=False,
        max_length=LONGEST_NAME,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("So that colleagues know whose link it is."),
    )
    may_remark = forms.BooleanField(
        label=_("May leave remarks"), required=False, widget=UnfoldBooleanWidget()
    )
    approves_as = forms.ModelChoiceField(
        label=_("May approve as"),
        required=False,
        queryset=Person.objects.all(),
        empty_label=_("Nobody: the guest may not approve"),
        widget=UnfoldAdminSelectWidget(),
        help_text=_("The page will name this person as its reviewer."),
    )
    field_order = ["note", "hours", "may_remark", "approves_as"]

    def __init__(self, *args: Any, may_give_approval: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not may_give_approval:
            del self.fields["approves_as"]

    def options(self) -> dict[str, Any]:
        """Return what the deed is told."""
        answers = {**self.cleaned_data, "lasts": self.lasts}
        del answers["hours"]
        return answers
