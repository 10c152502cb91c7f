"""The article's form, and the small forms of the pages of its deeds."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from articles.admin.conflict import OpenedForm
from articles.deeds import Scheduled
from articles.models import Address, Article, Publication, Review
from articles.naming import LONGEST_NAME
from library.models import Person
from publishing.editing.fields import LinesField
from publishing.editing.widgets import Choices, DayWidget, MomentWidget


class ArticleForm(OpenedForm):
    """The article itself; its parts are edited in the same form."""

    @property
    def article(self) -> Article:
        return self.instance


class OnRevision(forms.Form):
    """A form about the revision that the editor was shown."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class PublishForm(OnRevision):
    """Publish now: the public note, how large the change is, an end, what becomes of the rest."""

    change_note = forms.CharField(
        label=_("What changed"),
        max_length=500,
        widget=UnfoldAdminTextareaWidget({"rows": 2}),
        help_text=_("Readers see it in the history of the page, for ever."),
        error_messages={"required": _("Say what changed. Readers will see it.")},
    )
    remark = forms.CharField(
        label=_("Remark for the desk"),
        required=False,
        max_length=Publication._meta.get_field("remark").max_length,
        widget=UnfoldAdminTextareaWidget({"rows": 2}),
        help_text=_("Only the desk sees it, in the history: who asked for it, what to watch."),
    )
    is_major = forms.TypedChoiceField(
        label=_("How large is the change?"),
        choices=[
            ("yes", _("Major: the page shows a new “updated” date")),
            ("no", _("Minor: a slip corrected, the date stays")),
        ],
        initial="yes",
        coerce=lambda answer: answer == "yes",
        widget=UnfoldAdminRadioSelectWidget(),
    )
    expires_at = forms.DateTimeField(
        label=_("Ends at"),
        required=False,
        widget=MomentWidget(),
        help_text=_("Only if the page should go away by itself."),
    )

    def __init__(self, *args: Any, waiting: Iterable[Publication] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if waiting:
            self.ask_about_scheduled()

    def ask_about_scheduled(self) -> None:
        """Ask what becomes of publications that wait for their time."""
        self.fields["scheduled"] = forms.ChoiceField(
            label=_("Something is scheduled already"),
            choices=[
                (Scheduled.CANCEL.value, _("Cancel what is scheduled")),
                (Scheduled.KEEP.value, _("Keep it: it will replace this one when its time comes")),
            ],
            widget=UnfoldAdminRadioSelectWidget(),
            error_messages={"required": _("Say what becomes of the scheduled publication.")},
        )

    def options(self) -> dict[str, Any]:
        """Return what the deed is told."""
        answers = {**self.cleaned_data}
        del answers["revision"]
        chosen = answers.pop("scheduled", None)
        return {**answers, "scheduled": Scheduled(chosen) if chosen else None}


class ScheduleForm(PublishForm):
    """Publish at a moment to come."""

    goes_live_at = forms.DateTimeField(
        label=_("Goes live at"),
        widget=MomentWidget(),
        error_messages={"required": _("Choose the day and the time.")},
    )
    field_order = ["revision", "goes_live_at", "change_note", "remark", "is_major", "expires_at"]

    def clean_goes_live_at(self) -> datetime:
        moment = self.cleaned_data["goes_live_at"]
        if moment <= timezone.now():
            raise forms.ValidationError(_("Choose a moment in the future, or publish now."))
        return moment


class EndForm(forms.Form):
    """When a publication ends by itself; empty if it does not."""

    expires_at = forms.DateTimeField(
        label=_("Ends at"),
        required=False,
        widget=MomentWidget(),
        help_text=_("Leave it empty, and the page stays until it is replaced or withdrawn."),
    )


class WithdrawForm(forms.Form):
    keep_history = forms.TypedChoiceField(
        label=_("What becomes of its history?"),
        choices=[
            ("no", _("Hide it: earlier versions, data, citations and comments go too")),
            ("yes", _("Keep it: earlier versions can still be read and cited")),
        ],
        initial="no",
        coerce=lambda answer: answer == "yes",
        widget=UnfoldAdminRadioSelectWidget(),
    )


class ReviewForm(OnRevision):
    person = forms.ModelChoiceField(
        label=_("Reviewed by"),
        queryset=Person.objects.all(),
        empty_label=_("Choose a person or a desk"),
        widget=UnfoldAdminSelectWidget(),
    )
    reviewed_on = forms.DateField(label=_("Reviewed on"), widget=DayWidget())
    checked = forms.CharField(
        label=Review._meta.get_field("checked").verbose_name.capitalize(),
        help_text=Review._meta.get_field("checked").help_text,
        max_length=1000,
        widget=UnfoldAdminTextareaWidget({"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewed_on"].initial = timezone.localdate()


class RedactForm(forms.Form):
    passages = LinesField(
        label=_("Passages"),
        required=False,
        longest=2000,
        rows=5,
        help_text=_("One a line, each exactly as it stands in the text. All occurrences go."),
    )
    files = forms.MultipleChoiceField(
        label=_("Pictures"),
        required=False,
        widget=Choices(),
        help_text=_("Their files are deleted for good, wherever else they are shown."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Readers see it where the text was: a court order, the right to privacy."),
    )
    is_sure = forms.BooleanField(
        label=_("I know that this cannot be undone"), widget=UnfoldBooleanWidget()
    )

    def __init__(self, *args: Any, files: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if files:
            self.fields["files"].choices = list(files)
        else:
            del self.fields["files"]


class AddressForm(forms.Form):
    slug = forms.SlugField(
        label=_("Address"),
        max_length=Address._meta.get_field("slug").max_length,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Lower-case letters, figures and hyphens."),
    )


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=LONGEST_NAME,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Such as “Before the court’s letter”. Only the desk sees it. Empty: no name."),
    )
