"""The forms of pages about a reader's own address."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.forms import TypedText

LONGEST_ADDRESS = 254


class AddressForm(forms.Form):
    """An e-mail address that something is to be sent to."""

    email = TypedText(
        most=LONGEST_ADDRESS,
        label=gettext_lazy("E-mail"),
        error_messages={"required": gettext_lazy("Give an e-mail address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="reader-%s", **options)

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        try:
            validate_email(email)
        except ValidationError:
            raise ValidationError(_("Write an e-mail address such as name@example.org.")) from None
        return email


class FollowForm(AddressForm):
    """An address that wants to be told of new comments."""

    comment = forms.CharField(required=False, widget=forms.HiddenInput)
    # What a browser that remembers its reader sends: static/js/known-reader.js fills it in.
    known = forms.CharField(required=False, widget=forms.HiddenInput)
