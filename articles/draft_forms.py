"""What a guest may send from a draft: a remark or an answer, and an approval."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from articles.models import DraftLink, Remark
from articles.models.reviewing import LONGEST_NAME, LONGEST_REMARK
from articles.places import WHOLE, Place, places_in, read_place


class GuestForm(forms.Form):
    """Whoever sends something gives a name; there is no account that would tell it."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=LONGEST_NAME,
        error_messages={"required": _("Give your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class GuestRemarkForm(GuestForm):
    """A remark on a place, or an answer in a thread that began with this link."""

    place = forms.ChoiceField(label=_("About"), required=False)
    text = forms.CharField(
        label=_("Remark"),
        max_length=LONGEST_REMARK,
        help_text=_("The editors see it, and nobody else."),
        error_messages={"required": _("Write something before you send.")},
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    answers_to = forms.ModelChoiceField(
        queryset=Remark.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, link: DraftLink, **options: Any) -> None:
        super().__init__(*args, auto_id="remark-%s", **options)
        self.fields["answers_to"].queryset = link.remarks.threads()
        self.fields["place"].choices = [
            (WHOLE.key, _("The article as a whole")),
            *(
                (group, [(place.key, words) for place, words in places])
                for group, places in places_in(link.revision.document)
            ),
        ]

    def clean_place(self) -> Place:
        return read_place(self.cleaned_data["place"]) or WHOLE


class GuestApprovalForm(GuestForm):
    text = forms.CharField(
        label=_("What you checked"),
        max_length=1000,
        help_text=_("Readers see it. Say also what you did not check."),
        error_messages={"required": _("Say what you checked. Readers will see it.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="approval-%s", **options)
