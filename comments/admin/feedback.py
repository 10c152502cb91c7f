"""Whether articles helped, as editors read it."""

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin

from comments.admin.showing import moment
from comments.models import Feedback
from publishing.editing.lists import OnlyToRead


@admin.register(Feedback)
class FeedbackAdmin(OnlyToRead, ModelAdmin):
    """Whether articles helped, in readers' words. Only to be read."""

    list_display = ["answer", "reason_given", "words", "article_title", "version", "given"]
    list_filter = ["helped", "reason"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["text", "publication__title"]
    search_help_text = gettext_lazy("Their words or the title of the article")
    readonly_fields = ["answer", "reason_given", "text", "article_title", "version", "given"]
    fields = readonly_fields

    class Media:
        css = {"all": ["admin_comments/comments.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return (
            super()
            .get_queryset(request)
            .annotate(title=F("publication__title"), number=F("publication__number"))
        )

    @admin.display(description=gettext_lazy("did it help"), ordering="helped")
    def answer(self, feedback: Feedback) -> str:
        return _("Yes") if feedback.helped else _("No")

    @admin.display(description=gettext_lazy("reason"), ordering="reason")
    def reason_given(self, feedback: Feedback) -> str:
        return feedback.get_reason_display() or "–"

    @admin.display(description=gettext_lazy("in their words"))
    def words(self, feedback: Feedback) -> SafeString | str:
        return format_html('<div class="desk-comment">{}</div>', feedback.text or "–")

    @admin.display(description=gettext_lazy("article"), ordering="publication__title")
    def article_title(self, feedback: Feedback) -> str:
        return feedback.title

    @admin.display(description=gettext_lazy("version"), ordering="publication__number")
    def version(self, feedback: Feedback) -> str:
        return str(feedback.number or "–")

    @admin.display(description=gettext_lazy("given at"))
    def given(self, feedback: Feedback) -> str:
        return moment(feedback.created_at)
