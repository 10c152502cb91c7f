"""Questions: their list and their form."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.admin.finders import in_article
from articles.admin.rows import RowAdmin
from articles.admin.trays import grown_old, may_see, old_hint, old_line
from faq.models import Question
from publishing.editing.finding import Finder, Found, add_finder
from publishing.editing.first_page import Tray, add_tray
from publishing.editing.rows import row_address


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


# On the desk


def old_answers(request: HttpRequest) -> QuerySet | None:
    """Answers whose "as of" has grown old."""
    return grown_old(Question.objects.all()) if may_see(request, Question) else None


add_tray(
    Tray(
        name="old-answers",
        title=_("Answers grown old"),
        order=40,
        rows=old_answers,
        line=lambda question: old_line(question, row_address(question)),
        needs_a_look=True,
        hint=old_hint,
    )
)
add_finder(
    Finder(
        name="questions",
        title=_("Questions"),
        order=50,
        fields=("question", "answer"),
        rows=lambda: Question.objects.select_related("article").order_by("question", "pk"),
        show=lambda question: Found(
            str(question), row_address(question), in_article(question.article)
        ),
        may_see=lambda request: may_see(request, Question),
    )
)
