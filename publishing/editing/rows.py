"""The rows of a part inside a larger form: edited in place, or a list that leads to their forms.

A part with few rows brings a ``RowInline``; one with many a ``RowList``, which
costs one query and one field however many rows there are. A part that says
nothing gets the inline that ``inline_of`` makes of its model and fields.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import forms
from django.contrib.admin.options import InlineModelAdmin
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline

from publishing.editing.choices import address_in_admin
from publishing.editing.desk import DeskFields, DeskForm
from publishing.parts import Part

PLACE = "position"
UID = "uid"


class RowForm(DeskForm):
    """A row among others. One that was only moved, and never written, is no row yet.

    It posts its uid, so that a row which somebody deleted meanwhile can come
    back as itself.
    """

    uid = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if PLACE in self.fields:
            # Empty or 0 puts a new row last.
            self.fields[PLACE].required = False
        if self.instance.pk:
            self.initial[UID] = self.instance.uid

    def clean_uid(self) -> uuid.UUID | None:
        uid = self.cleaned_data[UID]
        if uid and not self.instance.pk and not self._meta.model.objects.filter(uid=uid).exists():
            self.instance.uid = uid
        return uid

    def clean_position(self) -> int:
        return self.cleaned_data.get(PLACE) or 0

    def has_changed(self) -> bool:
        if self.instance.pk:
            return super().has_changed()
        return bool(set(self.changed_data) - {PLACE, UID})


class RowInline(DeskFields, StackedInline):
    """Rows edited in the form around them, ordered with buttons that work by keyboard.

    ``folded_fields`` are seldom needed and stand behind a line that opens;
    rows of an ``is_foldable`` part open one by one.
    """

    fk_name = "article"
    form = RowForm
    template = "admin/edit_inline/rows.html"
    # Without scripts, one empty row at a time; with them it goes and a button adds rows.
    extra = 1
    folded_fields: tuple[str, ...] = ("anchor",)
    is_foldable = False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[tuple[Any, Any]]:
        names = [name for name in self.fields or () if name != PLACE]
        shown = [name for name in names if name not in self.folded_fields]
        folded = [name for name in names if name in self.folded_fields]
        return [
            (None, {"fields": [*shown, PLACE]}),
            *([(_("Address on the page"), {"fields": folded})] if folded else []),
        ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        referred = [field.name for field in self.opts.fields if field.many_to_one]
        return super().get_queryset(request).select_related(*referred)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a list: when or where it stands, what it is called, what else to know."""

    uid: str
    address: str
    title: str
    lead: str = ""
    detail: str = ""


class RowList:
    """A part's rows as a compact list; each opens a form of its own and leads back."""

    model: type[models.Model]
    template = "admin/_row_list.html"
    # May their order be changed here? Rows with dates order themselves.
    is_ordered = False

    def rows(self, article: models.Model) -> Iterable[models.Model]:
        """Return the article's rows in order, with all that ``entry`` looks at."""
        return self.model._default_manager.filter(article=article)

    def entry(self, row: Any) -> Entry:
        """Return how the list shows one row."""
        return Entry(uid=str(row.uid), address=row_address(row), title=str(row))

    def entries(self, article: models.Model) -> list[Entry]:
        """Return the list: one query, whatever it holds."""
        return [self.entry(row) for row in self.rows(article)]

    def may(self, deed: str, request: HttpRequest) -> bool:
        """May the editor ``view``, ``add`` or ``change`` such rows?"""
        name = f"{self.model._meta.app_label}.{deed}_{self.model._meta.model_name}"
        return request.user.has_perm(name)

    def add_address(self, article: models.Model) -> str:
        """Return where a row is added that comes back to the article."""
        address = address_in_admin(self.model, "add")
        return f"{address}?article={article.pk}&from=article"

    @transaction.atomic
    def put_in_order(self, article: models.Model, uids: Sequence[str]) -> None:
        """Number the rows as ``uids`` say; rows not named there come after."""
        rows = list(self.rows(article))
        places = {uid: place for place, uid in enumerate(uids)}
        rows.sort(key=lambda row: places.get(str(row.uid), len(places)))
        for place, row in enumerate(rows, start=1):
            if row.position != place:
                row.position = place
                row.save(update_fields=["position"])


def row_address(row: models.Model) -> str:
    """Return the address of a row's own form, from which it leads back to its article."""
    return f"{address_in_admin(row, 'change', row.pk)}?from=article"


def inline_of(part: Part) -> type[RowInline | RowList | InlineModelAdmin]:
    """Return what edits a part: what it brings, or else an inline made of its model and fields.

    A part may name its inline by a dotted path, so that starting the app does
    not load the admin.
    """
    if isinstance(part.inline, str):
        return import_string(part.inline)
    return part.inline or _made_inline(type(part))


@cache
def _made_inline(part: type[Part]) -> type[RowInline]:
    return type(
        f"{part.__name__}Rows",
        (RowInline,),
        {
            "model": part.model,
            "fields": part.fields,
            "markdown_fields": {part.body: 8} if part.body else {},
            "verbose_name_plural": part.title,
        },
    )
