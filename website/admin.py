"""Accounts and groups in the look of the desk, and the first page of the admin."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Field, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from articles.admin.listing import editor_of, state_badge
from articles.admin.standing import State, with_standing
from articles.models import Article
from comments.models import Comment
from publishing.editing.choices import address_in_admin
from publishing.editing.desk import DeskAdmin
from publishing.editing.widgets import Choices

EDITED_LATELY = 8
REVIEWS_AHEAD = timedelta(days=14)

admin.site.index_title = gettext_lazy("The desk")
admin.site.logout_template = "admin/logged_out.html"
admin.site.unregister(User)
admin.site.unregister(Group)
admin.site.unregister(DBTaskResult)


class WithRights(DeskAdmin):
    """A form with rights to tick, each with a box of its own."""

    filter_horizontal = ()

    def own_field(self, db_field: Field) -> forms.Field | None:
        if db_field.related_model is Permission:
            rights = Permission.objects.select_related("content_type")
            return db_field.formfield(queryset=rights, widget=Choices())
        return super().own_field(db_field)


@admin.register(User)
class UserAdmin(WithRights, DjangoUserAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm


@admin.register(Group)
class GroupAdmin(WithRights, DjangoGroupAdmin):
    """Groups give several accounts the same rights."""


@admin.register(DBTaskResult)
class TaskAdmin(DBTaskResultAdmin, ModelAdmin):
    """What the worker did and what failed, to be read only."""

    list_display = ("task_name", "status", "enqueued_at", "finished_at", "queue_name")
    search_fields = ("task_path",)


def first_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add to the first page what waits and what was edited lately, as far as one may see it."""
    desk = admin.site.get_model_admin(Article)
    sees = desk.has_view_or_change_permission(request)
    return {
        **context,
        "waiting": list(_waiting(request)) if sees else [],
        "articles": [_as_row(one) for one in _lately()] if sees else None,
        "may_add": desk.has_add_permission(request),
    }


def _lately() -> QuerySet:
    return with_standing(Article.objects.all()).order_by("-edited_at", "-pk")[:EDITED_LATELY]


def _as_row(article: Article) -> dict[str, Any]:
    return {
        "title": str(article),
        "url": address_in_admin(article, "change", article.pk),
        "state": state_badge(State(article.standing), article.waiting_at),
        "edited_by": editor_of(article),
        "edited_at": article.edited_at,
    }


def _waiting(request: HttpRequest) -> Iterator[dict[str, str]]:
    comments = Comment.objects.waiting().count()
    if comments and request.user.has_perm("comments.view_comment"):
        words = ngettext("%d comment waits", "%d comments wait", comments) % comments
        yield {"words": words, "url": address_in_admin(Comment, "changelist")}
    due = Article.objects.filter(review_due_on__lte=timezone.localdate() + REVIEWS_AHEAD)
    for article in due.order_by("review_due_on", "pk")[:EDITED_LATELY]:
        day = date_format(article.review_due_on, "j F Y")
        words = _("Review due on %(day)s: %(article)s") % {"day": day, "article": article}
        yield {"words": words, "url": address_in_admin(article, "change", article.pk)}
