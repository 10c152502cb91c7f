"""The questions in the article's form: a compact list, each with a form of its own."""

from django.utils.translation import gettext_lazy as _

from faq.models import Question
from publishing.editing.rows import Entry, RowList, row_address


class QuestionList(RowList):
    model = Question
    is_ordered = True
    add_label = _("Add a question")
    empty_label = _("No question yet.")

    def entry(self, row: Question) -> Entry:
        return Entry(
            uid=str(row.uid),
            address=row_address(row),
            title=str(row),
            detail="" if row.answer.strip() else str(_("No answer yet")),
        )
