"""The form that saves, renames and shares a filter of a list, and the list of one's own."""

from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing.editing.desk import DeskAdmin
from website.models import SavedFilter
from website.saved_filters import filter_in, may_open


class SavedFilterForm(forms.ModelForm):
    """A filter's name. Which list and which filter it is was said by the list itself."""

    request: HttpRequest

    class Meta:
        model = SavedFilter
        fields = ("name", "is_shared", "list", "query")
        widgets = {"list": forms.HiddenInput, "query": forms.HiddenInput}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.instance.pk:
            self._refuse_another_list(cleaned)
        self._refuse_a_name_taken(cleaned)
        return cleaned

    def clean_query(self) -> str:
        return filter_in(QueryDict(self.cleaned_data["query"]))

    def _refuse_another_list(self, cleaned: dict[str, Any]) -> None:
        try:
            model = apps.get_model(cleaned.get("list") or "")
        except (LookupError, ValueError):
            model = None
        if not (cleaned.get("query") and may_open(self.request, model)):
            raise ValidationError(_("Open a list, filter it, and save the filter there."))

    def _refuse_a_name_taken(self, cleaned: dict[str, Any]) -> None:
        owner = self.instance.owner_id or self.request.user.pk
        listed = self.instance.list or cleaned.get("list")
        others = SavedFilter.objects.filter(owner=owner, list=listed).exclude(pk=self.instance.pk)
        if others.filter(name=cleaned.get("name", "")).exists():
            self.add_error("name", _("A filter of this list has that name already."))


@admin.register(SavedFilter)
class SavedFilterAdmin(DeskAdmin):
    """One's own filters, to be renamed and deleted, and the shared ones."""

    form = SavedFilterForm
    list_display = ["name", "list_title", "leads_to", "is_shared", "owner"]
    list_select_related = ["owner"]
    search_fields = ["name"]

    # Who may do what: everybody with rights keeps filters of their own.

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        has_rights = request.user.is_superuser or bool(request.user.get_all_permissions())
        return has_rights and (obj is None or obj.is_shared or obj.owner_id == request.user.pk)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_own = obj is None or obj.owner_id == request.user.pk or _may_share(request)
        return is_own and self.has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return SavedFilter.objects.for_account(request.user)

    # The form

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        shared = ["is_shared"] if _may_share(request) else []
        return ["name", *shared, *([] if obj else ["list", "query"])]

    def get_form(self, request: HttpRequest, obj: Any = None, **options: Any) -> type:
        form = super().get_form(request, obj, **options)
        form.request = request
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.owner = request.user
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: SavedFilter, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Back to the list, filtered as it was."""
        messages.success(request, _("Saved as “%s”.") % obj)
        return HttpResponseRedirect(obj.get_absolute_url())

    # The list

    def get_actions(self, request: HttpRequest, action_location: Any = None) -> dict[str, Any]:
        # One by one: a list of several may hold filters that are somebody else's.
        return {}

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # One is added on the list that it filters.
        given = {"has_add_permission": False, **(extra_context or {})}
        return super().changelist_view(request, given)

    @admin.display(description=gettext_lazy("list"), ordering="list")
    def list_title(self, saved: SavedFilter) -> str:
        return saved.list_title

    @admin.display(description=gettext_lazy("filter"))
    def leads_to(self, saved: SavedFilter) -> str:
        query = QueryDict(saved.query)
        return ", ".join(f"{name}: {' '.join(query.getlist(name))}" for name in query)


def _may_share(request: HttpRequest) -> bool:
    return request.user.has_perm("website.share_savedfilter")
