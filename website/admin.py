"""Accounts and groups, in the look of the desk."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Field
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from publishing.editing.desk import DeskAdmin
from publishing.editing.widgets import Choices

admin.site.unregister(User)
admin.site.unregister(Group)


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
