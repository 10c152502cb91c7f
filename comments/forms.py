"""The forms that readers fill in.

No control carries ``maxlength``: a browser would cut off what is pasted
without a word, and the sentence that says by how much it is too long would
never be read.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.models import Publication
from articles.page import prepared
from comments.models import (
    LONGEST_BODY,
    LONGEST_FEEDBACK,
    LONGEST_NAME,
    LONGEST_REPORT,
    Comment,
    Feedback,
    Report,
)
from comments.telling import RULES_PATH
from comments.threads import find_approved, labels_of

# RFC 5321 takes 256 characters with the brackets around an address.
LONGEST_EMAIL = 254


class TypedText(forms.CharField):
    """Text as a reader typed it: line ends made alike, nothing cut off, no letter lost.

    Control characters, which no keyboard types and no page can show, are
    refused; what is too long is told by how much.
    """

    def __init__(self, *, most: int, has_lines: bool = False, **options: Any) -> None:
        self.most = most
        self.has_lines = has_lines
        super().__init__(**options)
        # Django's own speaks of null characters; `validate` speaks of all that cannot be shown.
        self.validators = []

    def to_python(self, value: Any) -> str:
        text = _LINE_ENDS.sub("\n", str(value or "")).translate(_TURNING)
        return text.strip() if has_something_to_see(text) else ""

    def validate(self, value: str) -> None:
        super().validate(value)
        if has_control_characters(value, has_lines=self.has_lines):
            raise ValidationError(
                _(
                    "This contains control characters, which cannot be shown. "
                    "Type it anew, or paste it as plain text."
                )
            )
        if excess := max(0, len(value) - self.most):
            raise ValidationError(
                ngettext(
                    "Shorten this by %(count)d character: at most %(most)s fit.",
                    "Shorten this by %(count)d characters: at most %(most)s fit.",
                    excess,
                )
                % {"count": excess, "most": f"{self.most:,}"}
            )


class EmailAddress(TypedText):
    """An e-mail address, which may be left empty unless it is required."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            most=LONGEST_EMAIL,
            label=gettext_lazy("E-mail"),
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
            **options,
        )

    def validate(self, value: str) -> None:
        super().validate(value)
        try:
            if value:
                validate_email(value)
        except ValidationError:
            raise ValidationError(
                _("Write an e-mail address such as name@example.org.")
                if self.required
                else _("Write an e-mail address such as name@example.org, or leave this empty.")
            ) from None


class WritingForm(forms.Form):
    """What every comment has: its writer's name, perhaps an e-mail address, and the words."""

    rules_url = RULES_PATH

    name = TypedText(
        most=LONGEST_NAME,
        label=gettext_lazy("Name"),
        error_messages={"required": gettext_lazy("Give a name, any name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = EmailAddress(
        required=False,
        help_text=gettext_lazy("Only for mail that you ask for, and to know you again."),
    )
    body = TypedText(
        most=LONGEST_BODY,
        has_lines=True,
        label=gettext_lazy("Comment"),
        help_text=gettext_lazy("Up to 5,000 characters."),
        error_messages={"required": gettext_lazy("Write something before you send.")},
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="comment-%s", **options)


class Mail(models.TextChoices):
    """What the writer of a comment wants to be told of."""

    NOTHING = "", gettext_lazy("No mail")
    REPLIES = "replies", gettext_lazy("Tell me about answers")
    ARTICLE = "article", gettext_lazy("Follow this article")


class CommentForm(WritingForm):
    """A comment on a publication, or a reply to one of its comments."""

    follow = forms.ChoiceField(
        label=gettext_lazy("Mail to you"),
        required=False,
        choices=Mail,
        error_messages={"invalid_choice": gettext_lazy("Choose one of these.")},
        widget=forms.RadioSelect,
    )
    # Its page has the fields of comments.tells; ``age`` is set where it is made for one request.
    is_guarded = True
    age = ""

    reply_to = forms.CharField(required=False, widget=forms.HiddenInput)
    about = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, publication: Publication | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.publication = publication

    def clean(self) -> dict[str, Any]:
        """Ask for an address where mail is asked for, unless the browser knows its reader's."""
        data = super().clean()
        is_told_where = bool(data.get("email", "missing") or self.data.get("known"))
        if data.get("follow") and not is_told_where:
            self.add_error(
                "email",
                _("Give an address to which we can write, or choose that you want no mail."),
            )
        return data

    def clean_reply_to(self) -> Comment | None:
        """Return the comment that is answered, which must be approved and on this article."""
        named = self.cleaned_data["reply_to"]
        if not named:
            return None
        if comment := find_approved(self.publication.article_id, named):
            return comment
        self._forget("reply_to")
        raise ValidationError(
            _(
                "The comment that you answered is not on this page, or not any more. "
                "Send again to leave yours as a comment of its own."
            )
        )

    def clean_about(self) -> str:
        """Return the anchor it speaks about, which must be on the publication's page."""
        anchor = self.cleaned_data["about"]
        if not anchor or anchor in labels_of(prepared(self.publication)):
            return anchor
        self._forget("about")
        raise ValidationError(
            _(
                "The part that you wrote about is not on this page, or not any more. "
                "Send again to leave a comment on the whole article."
            )
        )

    def _forget(self, name: str) -> None:
        """Empty a hidden field that nobody could mend, so that sending again helps."""
        self.data = self.data.copy()
        self.data[self.add_prefix(name)] = ""


class MendingForm(WritingForm):
    """What its writer may change in a fresh comment."""

    token = forms.CharField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """What a reader may add after saying whether an article helped."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Choose one, or none"),
        required=False,
        choices=Feedback.Reason,
        error_messages={"invalid_choice": gettext_lazy("Choose one of these, or none.")},
        widget=forms.RadioSelect,
    )
    about = forms.ChoiceField(
        label=gettext_lazy("If something is wrong: which part"),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy(
                "That part is not on the page, or not any more. Choose another, or the whole."
            )
        },
    )
    text = TypedText(
        most=LONGEST_FEEDBACK,
        has_lines=True,
        required=False,
        label=gettext_lazy("In your words"),
        help_text=gettext_lazy("Up to 600 characters."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    given = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, rows: Sequence[tuple[str, Any]] = (("", ""),), **options: Any
    ) -> None:
        super().__init__(*args, auto_id="feedback-%s", **options)
        self.fields["about"].choices = rows


class ReportForm(forms.Form):
    """What a reader says who reports a comment."""

    category = forms.ChoiceField(
        label=gettext_lazy("What is wrong with it?"),
        choices=Report.Category,
        error_messages={
            "required": gettext_lazy("Choose what is wrong with it."),
            "invalid_choice": gettext_lazy("Choose one of these."),
        },
        widget=forms.RadioSelect,
    )
    text = TypedText(
        most=LONGEST_REPORT,
        has_lines=True,
        required=False,
        label=gettext_lazy("In your words"),
        help_text=gettext_lazy("Up to 600 characters. Only moderators read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="report-%s", **options)


def has_control_characters(text: str, *, has_lines: bool) -> bool:
    """Does a text hold characters that no page can show? Lines may break, where there are any."""
    allowed = "\n\t" if has_lines else ""
    return any(
        unicodedata.category(character) in ("Cc", "Cs") and character not in allowed
        for character in text
    )


def has_something_to_see(text: str) -> bool:
    """Does a text hold anything that leaves ink, or that must be spoken about?

    Spaces, joiners and letters that are only called so leave none.
    """
    return any(
        unicodedata.category(character)[0] not in "ZM"
        and unicodedata.category(character) != "Cf"
        and character not in _WITHOUT_INK
        for character in text
    )


_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
# Embeddings, overrides and isolates, which turn the order of what stands behind them. They come
# with text pasted from a telephone, so they are no fault; nobody sees them, so nothing is lost.
_TURNING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
# Hangul fillers, an empty Braille cell, line breaks and tabs.
_WITHOUT_INK = "\u115f\u1160\u3164\uffa0\u2800\n\t"
