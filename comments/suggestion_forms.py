"""The forms in which readers suggest a correction, ask a question, and change their credit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.forms import EmailAddress, TypedText
from comments.models import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    LONGEST_QUESTION,
    LONGEST_RIGHT,
    LONGEST_WRONG,
    Suggestion,
)
from publishing.parts import parts

Credit = Suggestion.Credit
EDITORS, EVERYBODY = "editors", "everybody"


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of a page as it stands there: the part's name for people, its own, and its HTML."""

    part: str
    title: str
    anchor: str
    html: str
    as_of: str = ""


def rows_of(ready: Mapping[str, Any]) -> dict[str, ShownRow]:
    """Return every row that a page shows, by its anchor, in the order of the page.

    ``ready`` is what ``articles.page.prepared`` gives of a publication.
    """
    found = {}
    for part in parts():
        for row in ready["parts"].get(part.name, []):
            if anchor := row.get("id"):
                found[anchor] = ShownRow(
                    part=str(part.title),
                    title=part.row_title(row),
                    anchor=anchor,
                    html=row.get("html") or "",
                    as_of=row.get("as_of") or "",
                )
    return found


def choices_of(rows: Mapping[str, ShownRow]) -> list[tuple[str, Any]]:
    """Return the rows as the choices of a select, a group for each part.

    Rows that are called alike are told apart by the words they begin with.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    called = [(row.part, row.title) for row in rows.values()]
    for row in rows.values():
        words = row.title
        if called.count((row.part, row.title)) > 1:
            words = f"{words}: {Truncator(strip_tags(row.html)).chars(50)}"
        groups.setdefault(row.part, []).append((row.anchor, Truncator(words).chars(90)))
    return [("", _("The article as a whole")), *groups.items()]


class WhoForm(forms.Form):
    """Who writes, who may read it, and how they are told: what both forms share."""

    audience = forms.ChoiceField(
        label=gettext_lazy("Who may read this"),
        choices=[
            (EDITORS, gettext_lazy("The editors only")),
            (EVERYBODY, gettext_lazy("Everybody, as a comment with my name")),
        ],
        initial=EDITORS,
        error_messages={
            "required": gettext_lazy("Choose one of these."),
            "invalid_choice": gettext_lazy("Choose one of these."),
        },
        widget=forms.RadioSelect,
    )
    name = TypedText(
        most=LONGEST_NAME,
        label=gettext_lazy("Name"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = EmailAddress(
        required=False,
        help_text=gettext_lazy("To be told what becomes of it, and for nothing else."),
    )

    def __init__(self, *args: Any, takes_comments: bool = True, **options: Any) -> None:
        super().__init__(*args, auto_id="suggestion-%s", **options)
        if not takes_comments:
            # Nobody may comment, so there is nothing to choose.
            self.fields["audience"].widget = forms.HiddenInput()
            self.fields["audience"].choices = [(EDITORS, _("The editors only"))]

    @property
    def is_public(self) -> bool:
        """Did a valid form ask to be read by everybody?"""
        return self.cleaned_data.get("audience") == EVERYBODY

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "name" in cleaned and not cleaned["name"]:
            if self.is_public:
                self.add_error("name", _("Give a name, any name: everybody sees it."))
            elif cleaned.get("credit") == Credit.NAME:
                self.add_error("name", _("Give the name to be credited with, or choose otherwise."))
        return cleaned

    def suggested(self) -> dict[str, Any]:
        """Return what a valid form says, as ``suggesting.suggest`` takes it."""
        cleaned = dict(self.cleaned_data)
        del cleaned["audience"]
        return {**cleaned, "is_public": self.is_public}


class CorrectionForm(WhoForm):
    """What is wrong, what would be right, and where that can be read."""

    about = forms.ChoiceField(
        label=gettext_lazy("Which part of the article"),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy(
                "The part that you wrote about is not on this page, or not any more. "
                "Choose another, or the article as a whole."
            )
        },
    )
    text = TypedText(
        most=LONGEST_WRONG,
        has_lines=True,
        label=gettext_lazy("What is wrong"),
        help_text=gettext_lazy("Up to 1,000 characters."),
        error_messages={"required": gettext_lazy("Say what is wrong.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    right = TypedText(
        most=LONGEST_RIGHT,
        has_lines=True,
        required=False,
        label=gettext_lazy("What would be right"),
        help_text=gettext_lazy("Up to 2,000 characters."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    source = TypedText(
        most=LONGEST_ADDRESS,
        required=False,
        label=gettext_lazy("Where that can be read"),
        help_text=gettext_lazy("An address, a book with its page, a record."),
    )
    credit = forms.ChoiceField(
        label=gettext_lazy("If it leads to a correction, credit me"),
        choices=Credit,
        initial=Credit.NONE,
        error_messages={
            "required": gettext_lazy("Choose one of these."),
            "invalid_choice": gettext_lazy("Choose one of these."),
        },
        widget=forms.RadioSelect,
    )

    field_order = ("about", "text", "right", "source", "audience", "name", "credit", "email")

    def __init__(self, *args: Any, rows: Mapping[str, ShownRow], **options: Any) -> None:
        super().__init__(*args, **options)
        self.rows = rows
        self.fields["about"].choices = choices_of(rows)
        if self.shown_row:
            # Known already: the page shows it above the form.
            self.fields["about"].widget = forms.HiddenInput()

    @property
    def shown_row(self) -> ShownRow | None:
        """The row that it speaks about, if that is on the page."""
        return self.rows.get(str(self["about"].value() or ""))

    def suggested(self) -> dict[str, Any]:
        row = self.rows.get(self.cleaned_data["about"])
        return {**super().suggested(), "about_title": row.title if row else ""}


class QuestionForm(WhoForm):
    """A question that the article does not answer."""

    text = TypedText(
        most=LONGEST_QUESTION,
        has_lines=True,
        label=gettext_lazy("Your question"),
        help_text=gettext_lazy("One question, up to 300 characters."),
        error_messages={"required": gettext_lazy("Write your question.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    field_order = ("text", "audience", "name", "email")

    def clean_text(self) -> str:
        """A question is one line, wherever its writer broke it."""
        return " ".join(self.cleaned_data["text"].split())


class CreditForm(forms.Form):
    """As whom a suggestion's writer wishes to be named, until it is published."""

    credit = CorrectionForm.base_fields["credit"]
    name = WhoForm.base_fields["name"]
    token = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="credit-%s", **options)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("credit") == Credit.NAME and not cleaned.get("name"):
            self.add_error("name", _("Give the name to be credited with, or choose otherwise."))
        return cleaned


def row_choices(ready: Mapping[str, Any]) -> Sequence[tuple[str, Any]]:
    """Return the rows of a page as choices, for a form that may be about one of them."""
    return choices_of(rows_of(ready))
