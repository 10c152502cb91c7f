"""Accounts and groups in the look of the desk, and the desk's own pages."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.models import DBTaskResult
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from articles.auditing import Deed, log
from publishing.editing.desk import DeskAdmin
from publishing.editing.widgets import Choices
from website import desk, filter_admin, page_admin

# Registered when its module loads.
__all__ = ["GroupAdmin", "TaskAdmin", "UserAdmin", "filter_admin", "page_admin"]

admin.site.index_title = gettext_lazy("The desk")
admin.site.logout_template = "admin/logged_out.html"
# Pages of the desk that belong to no model.
admin.site.extra_urls = desk.urls
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

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self._log(request, added=[str(obj)])
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self._log(request, changed=[str(obj)])
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet) -> Any:
        self._log(request, deleted=[str(row) for row in queryset])
        return super().log_deletions(request, queryset)

    def _log(self, request: HttpRequest, **rows: list[str]) -> None:
        log(Deed.CHANGED_ACCOUNTS, by=request.user, kind=self.opts.model_name, **rows)


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
