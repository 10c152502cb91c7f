"""The list of articles: where each stands, who was there last, what waits. One query."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.conflict import name_of
from articles.admin.standing import Column, State, columns, with_standing
from articles.models import Article, Revision
from articles.presence import open_elsewhere
from publishing.whole_numbers import whole_number

# What the public pages call them too.
LIST_TITLE = gettext_lazy("Explainers")


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [*State.choices, ("unpublished", _("Something unpublished"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        if self.value() == "unpublished":
            return queryset.filter(standing__in=[State.DRAFT, State.CHANGED])
        return queryset.filter(standing=self.value()) if self.value() else None


class EditorFilter(admin.SimpleListFilter):
    title = gettext_lazy("last edited by")
    parameter_name = "editor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        wrote = Exists(Revision.objects.filter(created_by=OuterRef("pk")))
        users = get_user_model().objects.filter(wrote)
        return [(str(user.pk), name_of(user)) for user in users.order_by("username")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        editor = whole_number(self.value())
        return None if editor is None else queryset.filter(edited_by=editor)


class ArticleList:
    """What ``ArticleAdmin`` shows as a list."""

    list_filter = [StateFilter, EditorFilter, "topics"]
    search_fields = ["title", "question", "short_answer", "summary", "addresses__slug"]
    search_help_text = gettext_lazy("Title, question, answer, summary or address")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        if not _is_list(request):
            return super().get_queryset(request)
        extra = {name: value for one in columns() for name, value in one.annotations().items()}
        # Not from super(), which would order by what is annotated only here.
        return with_standing(Article.objects.all()).annotate(
            **extra, **open_elsewhere(request.user)
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        given = {"list_title": LIST_TITLE, **(extra_context or {})}
        return super().changelist_view(request, given)

    def get_ordering(self, request: HttpRequest) -> Sequence[str]:
        return ["-edited_at", "-pk"] if _is_list(request) else ["-pk"]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        own = ["named", "stands", "version", "published", "edited", "draft"]
        return [*own, *(_shown(column) for column in columns())]

    @admin.display(description=gettext_lazy("article"), ordering="title")
    def named(self, article: Article) -> SafeString:
        return format_html(
            '<span class="desk-row-title">{}</span> <span class="desk-row-detail">{}</span>{}',
            article,
            article.question,
            _open_badge(article),
        )

    @admin.display(description=gettext_lazy("state"), ordering="standing")
    def stands(self, article: Article) -> SafeString:
        return state_badge(State(article.standing), article.waiting_at)

    @admin.display(description=gettext_lazy("version"), ordering="last_number")
    def version(self, article: Article) -> str:
        return str(article.last_number or "–")

    @admin.display(description=gettext_lazy("last published"), ordering="last_published_at")
    def published(self, article: Article) -> str:
        return moment(article.last_published_at) if article.last_published_at else "–"

    @admin.display(description=gettext_lazy("last edited"), ordering="edited_at")
    def edited(self, article: Article) -> SafeString | str:
        if not article.edited_at:
            return "–"
        return format_html(
            '{} <span class="desk-row-detail">{}</span>',
            editor_of(article),
            moment(article.edited_at),
        )

    @admin.display(description=gettext_lazy("unpublished changes"))
    def draft(self, article: Article) -> str:
        if article.standing == State.CHANGED:
            return _("Yes, revision %d") % article.latest_number
        return _("No") if article.standing == State.LIVE else "–"


def state_badge(state: State, waiting_at: Any = None) -> SafeString:
    """Return the word for a state; its colour only repeats it."""
    html = format_html('<span class="desk-state is-{}">{}</span>', state.value, state.label)
    if waiting_at:
        html = format_html(
            '{} <span class="desk-row-detail">{}</span>',
            html,
            _("next: %s") % moment(waiting_at),
        )
    return html


def editor_of(article: Article) -> str:
    """Return who recorded the newest revision, of an article from ``with_standing``."""
    if not article.edited_at:
        return ""
    full = f"{article.edited_by_first or ''} {article.edited_by_last or ''}".strip()
    return full or article.edited_by_name or name_of(None)


def _open_badge(article: Article) -> SafeString | str:
    if not article.opened_by:
        return ""
    full = f"{article.opened_by_first or ''} {article.opened_by_last or ''}".strip()
    words = _("%s has it open") % (full or article.opened_by)
    return format_html(' <span class="desk-row-open">{}</span>', words)


def moment(at: Any) -> str:
    """Return a moment in the site's time, short."""
    return date_format(timezone.localtime(at), "j M Y, H:i")


def _shown(column: Column) -> Callable[[Article], Any]:
    def show(article: Article) -> Any:
        return column.show(article)

    show.__name__ = column.name
    return admin.display(description=column.title)(show)


def _is_list(request: HttpRequest) -> bool:
    match = request.resolver_match
    return bool(match and match.url_name == "articles_article_changelist")
