"""The queue: what waits for review, when it is due, who is reviewing it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.conflict import name_of
from articles.admin.listing import moment
from articles.admin.review_showing import decided_by
from articles.models import ReviewRequest
from articles.reviewing import REVIEW
from publishing.editing.desk import DeskAdmin
from publishing.editing.lists import FilterAlwaysOn, OnlyToRead

State = ReviewRequest.State


class StateFilter(FilterAlwaysOn):
    """By state; what waits unless asked otherwise, as that is what the list is opened for."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [*State.choices, ("all", _("All"))]

    def value(self) -> str:
        return super().value() or State.WAITING

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset if self.value() == "all" else queryset.filter(state=self.value())


class ReviewerFilter(admin.SimpleListFilter):
    title = gettext_lazy("reviewer")
    parameter_name = "reviewer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [("me", _("I am reviewing it")), ("nobody", _("Nobody yet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        if self.value() == "me":
            return queryset.filter(claimed_by=request.user)
        return queryset.filter(claimed_by=None) if self.value() == "nobody" else None


class DueFilter(admin.SimpleListFilter):
    title = gettext_lazy("due")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [("overdue", _("Overdue")), ("dated", _("With a day")), ("undated", _("Any time"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        today = timezone.localdate()
        chosen = {
            "overdue": Q(due_on__lt=today, state=State.WAITING),
            "dated": Q(due_on__isnull=False),
            "undated": Q(due_on=None),
        }.get(self.value() or "")
        return queryset.filter(chosen) if chosen is not None else None


@admin.register(ReviewRequest)
class ReviewRequestAdmin(OnlyToRead, DeskAdmin):
    """Each row leads to the article's page of reviewing; nothing is changed here."""

    list_display = ["named", "submitted", "due", "reviewer", "remarks", "stands"]
    list_display_links = None
    list_filter = [StateFilter, ReviewerFilter, DueFilter]
    list_select_related = ("article", "submitted_by", "claimed_by", "decided_by")
    search_fields = ["article__title", "article__question"]
    search_help_text = gettext_lazy("Title or question of the explainer")
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """For those who review and those who write."""
        return request.user.has_perm(REVIEW) or request.user.has_perm("articles.change_article")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only together with its article."""
        return obj is not None and request.user.has_perm("articles.delete_article")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        unresolved = Q(
            article__remarks__answers_to__isnull=True,
            article__remarks__resolved_at__isnull=True,
            article__remarks__isnull=False,
        )
        counted = super().get_queryset(request)
        return counted.annotate(unresolved=Count("article__remarks", filter=unresolved))

    def get_ordering(self, request: HttpRequest) -> Sequence[Any]:
        return [F("due_on").asc(nulls_last=True), "submitted_at", "pk"]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(
            request, {"list_title": _("Reviews"), **(extra_context or {})}
        )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        found = self.get_object(request, object_id)
        if found is None or not self.has_view_permission(request, found):
            raise PermissionDenied
        return redirect(_reviewing(found))

    def delete_view(self, *_args: Any, **_options: Any) -> HttpResponse:
        raise PermissionDenied

    @admin.display(description=gettext_lazy("explainer"), ordering="article__title")
    def named(self, request: ReviewRequest) -> SafeString:
        return format_html(
            '<a class="desk-link desk-row-title" href="{}">{}</a>'
            ' <span class="desk-row-detail">{}</span>',
            _reviewing(request),
            request.article,
            _("revision %d") % request.revision_number,
        )

    @admin.display(description=gettext_lazy("submitted"), ordering="submitted_at")
    def submitted(self, request: ReviewRequest) -> SafeString:
        return format_html(
            '{} <span class="desk-row-detail">{}</span>',
            name_of(request.submitted_by),
            moment(request.submitted_at),
        )

    @admin.display(description=gettext_lazy("due"), ordering="due_on")
    def due(self, request: ReviewRequest) -> SafeString | str:
        if not request.due_on:
            return "–"
        day = date_format(request.due_on, "j M Y")
        if not request.is_overdue:
            return day
        return format_html('{} <span class="desk-state is-withdrawn">{}</span>', day, _("Overdue"))

    @admin.display(description=gettext_lazy("reviewer"), ordering="claimed_by__username")
    def reviewer(self, request: ReviewRequest) -> str:
        return name_of(request.claimed_by) if request.claimed_by_id else _("nobody yet")

    @admin.display(description=gettext_lazy("open remarks"), ordering="unresolved")
    def remarks(self, request: ReviewRequest) -> str:
        return str(request.unresolved or "–")

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def stands(self, request: ReviewRequest) -> SafeString:
        return format_html(
            '<span class="desk-state">{}</span>{}',
            request.get_state_display(),
            ""
            if request.is_waiting
            else format_html(
                ' <span class="desk-row-detail">{}, {}</span>',
                decided_by(request),
                moment(request.decided_at),
            ),
        )


def _reviewing(request: ReviewRequest) -> str:
    return reverse("admin:articles_article_reviewing", args=[request.article_id])
