"""The audit log at the desk: to be read, searched and filtered, by those who may."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.listing import moment
from articles.models import Article, AuditEntry
from publishing.editing.choices import address_in_admin
from publishing.editing.desk import DeskAdmin
from publishing.editing.lists import OnlyToRead


class DeedFilter(admin.SimpleListFilter):
    title = gettext_lazy("what")
    parameter_name = "deed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(deed.value, str(deed.label)) for deed in AuditEntry.Deed]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        return queryset.filter(deed=self.value()) if self.value() else None


class ArticleFilter(admin.SimpleListFilter):
    """One article's log, reached from its history; it offers no choice of its own."""

    title = gettext_lazy("article")
    parameter_name = "article"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        uid = _uid(request.GET.get(self.parameter_name))
        article = Article.objects.filter(uid=uid).first() if uid else None
        return [(str(article.uid), str(article))] if article else []

    def has_output(self) -> bool:
        return bool(self.lookup_choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        uid = _uid(self.value())
        return queryset.filter(article_uid=uid) if uid else None


@admin.register(AuditEntry)
class AuditAdmin(OnlyToRead, DeskAdmin):
    """Nothing can be added, changed or deleted here, by nobody."""

    list_display = ["when", "who", "what", "place", "of", "facts"]
    list_display_links = None
    list_filter = [DeedFilter, ArticleFilter]
    search_fields = ["user_name"]
    search_help_text = gettext_lazy("Name of the account")
    show_full_result_count = False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"list_title": _("Audit log")})

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        article = Article.objects.filter(uid=OuterRef("article_uid"))
        entries = super().get_queryset(request)
        return entries.annotate(
            title=Subquery(article.values("title")[:1]), key=Subquery(article.values("pk")[:1])
        )

    @admin.display(description=gettext_lazy("when"), ordering="pk")
    def when(self, entry: AuditEntry) -> str:
        return moment(entry.at)

    @admin.display(description=gettext_lazy("who"), ordering="user_name")
    def who(self, entry: AuditEntry) -> str:
        return entry.user_name or _("the system")

    @admin.display(description=gettext_lazy("what"), ordering="deed")
    def what(self, entry: AuditEntry) -> str:
        return entry.deed_words

    @admin.display(description=gettext_lazy("article"))
    def place(self, entry: AuditEntry) -> SafeString | str:
        if entry.key is None:
            return _("deleted since") if entry.article_uid else "–"
        return format_html(
            '<a class="desk-link" href="{}">{}</a>',
            address_in_admin(Article, "change", entry.key),
            entry.title or _("Untitled article"),
        )

    @admin.display(description=gettext_lazy("of"))
    def of(self, entry: AuditEntry) -> str:
        words = [_("revision %d") % entry.revision] if entry.revision else []
        words += [_("version %d") % entry.version] if entry.version else []
        return ", ".join(words) or "–"

    @admin.display(description=gettext_lazy("details"))
    def facts(self, entry: AuditEntry) -> str:
        said = [
            f"{name.replace('_', ' ')}: {_in_words(value)}" for name, value in entry.details.items()
        ]
        return "; ".join(said) or "–"


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return moment(at) if isinstance(value, str) and (at := _moment(value)) else str(value)


def _moment(value: str) -> datetime | None:
    try:
        return parse_datetime(value)
    except ValueError:
        return None


def _uid(value: str | None) -> UUID | None:
    try:
        return UUID(value or "")
    except ValueError:
        return None
