"""A form that remembers the revision it was opened on, so that nobody's save is overwritten unseen.

What was recorded since is merged into it before it is read (``articles.admin.meeting``).
"""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from articles.documents import Document
from articles.models import Article
from publishing.editing.desk import DeskForm

NOTHING: Document = {"schema": 1, "article": {}, "parts": {}, "sources": []}


class OpenedForm(DeskForm):
    """A form of an article or of one of its rows; subclasses say which article.

    ``meeting`` is what was merged into it; ``is_brought_back`` says that it only
    shows what was typed earlier, ``is_deleted`` what was typed into an article that
    is gone. None is an error, but it is not saved yet.
    """

    opened_on = forms.IntegerField(required=False, widget=forms.HiddenInput)
    meeting: Any = None
    is_brought_back = False
    is_deleted = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.is_bound:
            drafts = self.article.revisions.of_draft().order_by("-number")
            self.initial["opened_on"] = drafts.values_list("number", flat=True).first() or 0

    @property
    def article(self) -> Article:
        """The article whose revisions count."""
        raise NotImplementedError

    def is_valid(self) -> bool:
        is_settled = self.meeting is None or self.meeting.is_settled
        is_only_shown = self.is_brought_back or self.is_deleted
        return super().is_valid() and is_settled and not is_only_shown


def name_of(user: Any) -> str:
    """Return how the desk calls an account: by its full name, or else its user name."""
    return (user.get_full_name() or user.get_username()) if user else _("the system")
