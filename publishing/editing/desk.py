"""The base class of every form and list in the admin, and of everything edited inside one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path
from django.utils.text import capfirst
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextareaWidget

from publishing.editing.choices import Choice, address_in_admin
from publishing.editing.fields import LinesField
from publishing.editing.widgets import Choices, DayWidget, MarkdownWidget, MomentWidget, Picker
from publishing.whole_numbers import whole_number

OFFERED = 20


class DeskFields:
    """Gives each field of a model the control that fits it.

    ``markdown_fields`` and ``long_fields`` name the height in lines; a JSON
    field in ``line_fields`` holds texts, one a line.
    """

    markdown_fields: dict[str, int] = {}
    long_fields: dict[str, int] = {}
    line_fields: dict[str, dict[str, Any]] = {}
    # Tools that texts here do without, because their page shows nothing of it: "cite", "image".
    tools_left_out: tuple[str, ...] = ()

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        return self.own_field(db_field) or super().formfield_for_dbfield(
            db_field, request, **kwargs
        )

    def own_field(self, db_field: models.Field) -> forms.Field | None:
        """Return our own form field, None where Unfold's does."""
        name = db_field.name
        if name in self.markdown_fields:
            widget = MarkdownWidget(rows=self.markdown_fields[name], without=self.tools_left_out)
            return db_field.formfield(widget=widget)
        if name in self.long_fields:
            return db_field.formfield(
                widget=UnfoldAdminTextareaWidget({"rows": self.long_fields[name]})
            )
        if name in self.line_fields:
            return LinesField(
                required=not db_field.blank,
                label=capfirst(db_field.verbose_name),
                **{"help_text": db_field.help_text, **self.line_fields[name]},
            )
        if isinstance(db_field, models.DateTimeField):
            return db_field.formfield(form_class=forms.DateTimeField, widget=MomentWidget())
        if isinstance(db_field, models.DateField):
            return db_field.formfield(widget=DayWidget())
        return self._field_for_relation(db_field)

    def _field_for_relation(self, db_field: models.Field) -> forms.Field | None:
        related = db_field.related_model
        if related is None or not admin.site.is_registered(related):
            return None
        if not isinstance(admin.site.get_model_admin(related), DeskAdmin):
            return None
        if isinstance(db_field, models.ManyToManyField):
            return db_field.formfield(widget=Choices())
        return db_field.formfield(widget=Picker(related))


class DeskForm(forms.ModelForm):
    """A form that hands its pickers the rows it was opened with, and keeps lines as they were.

    Browsers send every line break as two characters: kept so, a save that
    changed nothing would change every text of more than one line.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field.widget, Picker) and self.instance.pk:
                field.widget.chosen = getattr(self.instance, name)

    def _widget_data_value(self, widget: forms.Widget, html_name: str) -> Any:
        value = super()._widget_data_value(widget, html_name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


class DeskAdmin(DeskFields, ModelAdmin):
    """A list and a form of the desk. Subclasses say what their rows are called when chosen."""

    form = DeskForm
    list_filter_submit = False
    list_per_page = 50
    # We warn ourselves (static/admin_desk/unsaved.js): Unfold's warning listens once more
    # to every field each time that a preview changes.
    warn_unsaved_form = False
    # Is a row added by its file?
    takes_files = False

    def choice_of(self, row: models.Model) -> Choice:
        """Return how a picker shows ``row``."""
        return Choice(str(row.pk), str(row), address=self.address_of(row))

    def address_of(self, row: models.Model) -> str:
        """Return the address of the row's form."""
        return address_in_admin(row, "change", row.pk)

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "choose/",
            self.admin_site.admin_view(self.choose_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_choose",
        )
        return [own, *super().get_urls()]

    def rows_to_choose(self, request: HttpRequest) -> models.QuerySet:
        """Return the rows that pickers search, with all that ``choice_of`` looks at."""
        return self.get_queryset(request)

    def choose_view(self, request: HttpRequest) -> JsonResponse:
        """Answer a picker: what the words in ``q`` find, at most `OFFERED`; or the row ``pk``."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        words = request.GET.get("q", "")[:200].replace("\0", "")
        rows, may_repeat = self.get_search_results(request, self.rows_to_choose(request), words)
        if (key := whole_number(request.GET.get("pk"))) is not None:
            rows = rows.filter(pk=key)
        rows = rows.distinct() if may_repeat else rows
        offered = [self.choice_of(row).as_data() for row in rows[: OFFERED + 1]]
        return JsonResponse({"results": offered[:OFFERED], "has_more": len(offered) > OFFERED})

    def why_kept(self, row: models.Model) -> Sequence[str]:
        """Return, in sentences, what stands against deleting ``row``."""
        return ()

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, ...]:
        """Refuse to delete what ``why_kept`` protects, from the form and from the list alike."""
        deleted, count, lacking, protected = super().get_deleted_objects(objs, request)
        reasons = [reason for row in objs for reason in self.why_kept(row)]
        return deleted, count, lacking, reasons or protected

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Keep where the editor came from when a save leads on to the next form."""
        response = super().changeform_view(request, object_id, form_url, extra_context)
        leads_on = request.POST.keys() & {"_addanother", "_continue"}
        if leads_on and isinstance(response, HttpResponseRedirect):
            kept = self.kept_query(request)
            if kept and "?" not in response.url:
                response["Location"] = f"{response.url}?{kept}"
        return response

    def kept_query(self, request: HttpRequest) -> str:
        """Return the query that the next form is opened with."""
        return ""
