"""The forms of pages about a reader's own address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from comments.forms import EmailAddress


class AddressForm(forms.Form):
    """An e-mail address that something is to be sent to."""

    email = EmailAddress(error_messages={"required": gettext_lazy("Give an e-mail address.")})

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="reader-%s", **options)


class FollowForm(AddressForm):
    """An address that wants to be told of new comments."""

    comment = forms.CharField(required=False, widget=forms.HiddenInput)
    # What a browser that remembers its reader sends: static/js/known-reader.js fills it in.
    known = forms.CharField(required=False, widget=forms.HiddenInput)
