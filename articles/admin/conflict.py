"""The lost update: a form opened on one revision and saved over a later one.

The form remembers the number of the revision it was opened on. If somebody
changed what this form holds since, the save is refused once with a sentence;
the editor may look, and then save over it knowing what it is. Changes that the
form does not hold (an event, while the form holds sections) are no conflict.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.comparing import Changes, PartChanges, compare
from articles.documents import Document, part_data, upgraded_document
from articles.models import Article, Revision
from articles.recording import lock
from publishing.comparing import compare_fields
from publishing.editing.desk import DeskForm

NOTHING: Document = {"schema": 1, "article": {}, "parts": {}, "sources": []}


@dataclass(frozen=True, slots=True)
class Conflict:
    """What somebody recorded since the form was opened."""

    latest: Revision
    opened: Revision | None
    people: str
    changes: Changes


class OpenedForm(DeskForm):
    """A form that knows the revision it was opened on; subclasses say what of it they hold."""

    opened_on = forms.IntegerField(required=False, widget=forms.HiddenInput)
    # The number of the later revision that the editor has been told of.
    overwrite = forms.IntegerField(required=False, widget=forms.HiddenInput)
    conflict: Conflict | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.is_bound:
            latest = self.article.latest_revision
            self.initial["opened_on"] = latest.number if latest else 0

    @property
    def article(self) -> Article:
        """The article whose revisions count."""
        raise NotImplementedError

    def held(self, document: Document) -> Any:
        """Return what of a document this form would write, ready to be compared."""
        raise NotImplementedError

    def changes_held(self, opened: Document, latest: Document) -> Changes:
        """Return what differs in what this form holds, to be shown."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk:
            self.conflict = self._conflict()
        if self.conflict and self.cleaned_data.get("overwrite") != self.conflict.latest.number:
            raise ValidationError(_sentence(self.conflict), code="conflict")
        return self.cleaned_data if cleaned is None else cleaned

    def _conflict(self) -> Conflict | None:
        article = lock(self.article)
        opened_on = self.cleaned_data.get("opened_on") or 0
        later = list(article.revisions.filter(number__gt=opened_on).select_related("created_by"))
        if not later:
            return None
        opened = article.revisions.filter(number=opened_on).first()
        before = upgraded_document(opened.document) if opened else NOTHING
        now = upgraded_document(later[0].document)
        if self.held(before) == self.held(now):
            return None
        return Conflict(
            latest=later[0],
            opened=opened,
            people=_people(later),
            changes=self.changes_held(before, now),
        )


def referred(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with library rows replaced by their uid: their own words are not in the form."""
    return {name: _uid_of(value) for name, value in row.items()}


def referred_rows(document: Document, part: str) -> list[dict[str, Any]]:
    return [referred(row) for row in part_data(document, part)["rows"]]


def changes_of(opened: Document, latest: Document, *, parts: Sequence[str]) -> Changes:
    """Return what differs between two documents in the article's own fields and in ``parts``."""
    changes = compare({**NOTHING, **opened}, latest)
    return Changes(
        fields=changes.fields, parts=[part for part in changes.parts if part.name in parts]
    )


def changes_of_row(old: dict[str, Any], new: dict[str, Any], *, part: str, title: str) -> Changes:
    """Return what differs between two states of one row."""
    fields = list(compare_fields(old, new))
    return Changes(fields=fields, parts=[] if fields else [PartChanges(part, title, [])])


def name_of(user: Any) -> str:
    """Return how the desk calls an account: by its full name, or else its user name."""
    return (user.get_full_name() or user.get_username()) if user else _("the system")


def _people(revisions: Sequence[Revision]) -> str:
    names = dict.fromkeys(name_of(revision.created_by) for revision in revisions)
    return _(" and ").join(names)


def _sentence(conflict: Conflict) -> str:
    at = timezone.localtime(conflict.latest.created_at)
    return _(
        "Not saved: %(people)s recorded revision %(number)d on %(day)s at %(time)s, after you "
        "opened this form. Everything you typed is still here."
    ) % {
        "people": conflict.people,
        "number": conflict.latest.number,
        "day": date_format(at, "j F"),
        "time": date_format(at, "H:i"),
    }


def _uid_of(value: Any) -> Any:
    if isinstance(value, dict):
        return value.get("uid", value)
    if isinstance(value, list):
        return [_uid_of(item) for item in value]
    return value
