"""Questions: their list and their form."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from articles.admin.rows import RowAdmin
from faq.models import Question


@admin.register(Question)
class QuestionAdmin(RowAdmin):
    list_display = ["question_or_none", "has_answer", "as_of", "article"]
    list_filter = ["topics", "as_of"]
    search_fields = ["question", "answer", "article__title"]
    search_help_text = _("Question, answer or article")
    markdown_fields = {"answer": 10}
    long_fields = {"question": 2}
    fieldsets = [
        (None, {"fields": ["article", "question", "answer"]}),
        (None, {"fields": ["as_of", "topics"]}),
        (
            _("Place and address on the page"),
            {"fields": [("position", "anchor")], "classes": ["collapse"]},
        ),
    ]

    @admin.display(description=_("question"), ordering="question")
    def question_or_none(self, question: Question) -> str:
        return str(question)

    @admin.display(description=_("answered"), boolean=True)
    def has_answer(self, question: Question) -> bool:
        return bool(question.answer.strip())
