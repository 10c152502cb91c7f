"""The document that a form describes while it is typed: read from the form, and nothing written.

What is wrong in the form is shown as it was saved, and said. Rows of the
database are read, none is locked or changed, and no revision is recorded.
"""

import copy
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist
from django.db import models
from django.forms import BaseModelForm
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from articles.documents import (
    ARTICLE_FIELDS,
    Document,
    composed,
    parts_not_installed,
    read_document,
)
from articles.models import Article
from publishing.editing.rows import RowList, inline_of
from publishing.parts import Data, Part, Row, parts
from publishing.row_values import plain_value


@dataclass
class Typed:
    """A document as it is typed; ``unseen`` says in sentences what of it could not be shown.

    ``places`` are the ids on the page of the rows in the form, by the ids of the rows there.
    ``new_rows`` says of rows not saved yet, by their uid, how the ids of their fields begin.
    """

    document: Document
    unseen: list[str] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    new_rows: dict[str, str] = field(default_factory=dict)


def typed_article(desk: Any, request: HttpRequest, article: Article | None) -> Typed:
    """Return what the article's form describes; ``article`` is None for one not saved yet."""
    saved = article or Article(uid=uuid.UUID(int=0))
    form = _form(desk, request, copy.copy(saved), change=article is not None)
    formsets, inlines = desk._create_formsets(request, form.instance, change=article is not None)
    typed = Typed(document={})
    form.is_valid()
    own = _own_fields(form, saved, typed)
    data: dict[str, Data] = {}
    by_inline = {type(inline): formset for inline, formset in zip(inlines, formsets, strict=True)}
    for part in parts():
        inline = inline_of(part)
        if inline in by_inline and by_inline[inline].management_form.is_valid():
            data[part.name] = _rows_of(part, by_inline[inline], form.instance, typed)
        elif article:
            data[part.name] = _listed(part, article, request)
    not_installed = _not_installed(article)
    typed.document = composed(str(saved.uid), own, data, not_installed=not_installed)
    return typed


def typed_row(desk: Any, request: HttpRequest, row: models.Model | None, article: Article) -> Typed:
    """Return the article with one row as its own form describes it; None is a row not saved yet."""
    document = read_document(article)
    not_installed = parts_not_installed(document)
    part = next(part for part in parts() if getattr(part, "model", None) is desk.model)
    saved = row or desk.model(article=article, uid=uuid.uuid5(article.uid, "new"))
    form = _form(desk, request, copy.copy(saved), change=row is not None)
    form.instance.article = article
    form.is_valid()
    typed = Typed(document)
    shown = _shown_row(part, form, saved, typed)
    if shown is None:
        return typed
    rows = [one for one in part.working_rows(article) if one.uid != shown.uid]
    ordered = part.in_order([*rows, shown])
    plain = [_read_row(part, one, form) if one is shown else part.read_row(one) for one in ordered]
    data = {"schema": part.schema, "rows": plain}
    parts_now = {**document["parts"], part.name: data}
    typed.document = composed(
        document["uid"],
        document["article"],
        {name: one for name, one in parts_now.items() if name not in not_installed},
        not_installed=not_installed,
    )
    place = next(one for one in plain if one["uid"] == str(shown.uid))
    typed.places["form"] = part.anchor(place)
    if row is None:
        typed.new_rows[str(shown.uid)] = "id_"
    return typed


# Forms


def _form(desk: Any, request: HttpRequest, row: models.Model, *, change: bool) -> Any:
    form_class = desk.get_form(request, row if change else None, change=change)
    return form_class(request.POST, request.FILES, instance=row)


def _own_fields(form: Any, saved: Article, typed: Typed) -> dict[str, Any]:
    """Return the article's own fields as typed, and as saved where they are wrong."""
    _say_what_is_wrong(form, str(saved), typed)
    _take_back_what_is_wrong(form, saved)
    return {name: _value(form, name) for name in ARTICLE_FIELDS}


def _value(form: Any, name: str) -> Any:
    kind = form.instance._meta.get_field(name)
    if kind.many_to_many:
        rows = form.cleaned_data.get(name)
        if rows is None:
            return plain_value(form.instance, name) if form.instance.pk else []
        rows = sorted(rows, key=lambda other: (str(other), str(other.uid)))
        return [row.embedded() for row in rows]
    return plain_value(form.instance, name)


def _take_back_what_is_wrong(form: BaseModelForm, saved: models.Model) -> None:
    """Give fields with errors the value that is saved: a wrong one may be none at all."""
    for name in form.errors:
        try:
            kind = saved._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if not kind.many_to_many:
            setattr(form.instance, name, getattr(saved, name))


def _say_what_is_wrong(form: BaseModelForm, called: str, typed: Typed) -> None:
    for name, errors in form.errors.items():
        words = {"row": called, "why": " ".join(errors)}
        if name == NON_FIELD_ERRORS or name not in form.fields:
            typed.unseen.append(_("“%(row)s”: %(why)s") % words)
        else:
            words["field"] = form.fields[name].label
            typed.unseen.append(_("“%(field)s” of “%(row)s”: %(why)s") % words)


# Rows


def _rows_of(part: Part, formset: BaseInlineFormSet, article: Article, typed: Typed) -> Data:
    """Return a part's data from the rows that stand in the form."""
    kept = []
    for form in _forms_kept(formset):
        saved = copy.copy(form.instance)
        if not form.instance.pk:
            # The same each time, so that the page keeps its place.
            saved.uid = form.instance.uid = uuid.uuid5(article.uid, form.prefix)
        if row := _shown_row(part, form, saved, typed):
            kept.append((row, form))
    # By their identity: rows without a key cannot be kept in a dictionary.
    forms_of = {id(row): form for row, form in kept}
    rows = []
    for row in part.in_order(row for row, _form_of_it in kept):
        form = forms_of[id(row)]
        plain = _read_row(part, row, form)
        rows.append(plain)
        place = f"row-{row.uid}" if row.pk else form.prefix
        if not row.pk:
            typed.new_rows[str(row.uid)] = f"id_{form.prefix}-"
        typed.places[place] = part.anchor(plain)
    for sentence in formset.non_form_errors():
        typed.unseen.append(f"{part.title}: {sentence}")
    return {"schema": part.schema, "rows": rows}


def _forms_kept(formset: BaseInlineFormSet) -> Iterator[Any]:
    for form in formset.forms:
        is_new = form not in formset.initial_forms
        if is_new and not form.has_changed():
            continue
        if formset.can_delete and form[forms.formsets.DELETION_FIELD_NAME].data:
            continue
        yield form


def _shown_row(part: Part, form: Any, saved: models.Model, typed: Typed) -> models.Model | None:
    """Return the row as typed; as saved if it contradicts itself; None if that is nothing."""
    called = str(saved) if saved.pk else str(part.title)
    form.is_valid()
    _say_what_is_wrong(form, called, typed)
    if form.non_field_errors():
        form.cleaned_data = {}
        return saved if saved.pk else None
    _take_back_what_is_wrong(form, saved)
    row = form.instance
    if not row.pk and row.article.pk and hasattr(row, "free_anchor") and not row.anchor:
        row.anchor = row.free_anchor()
    return row


def _read_row(part: Part, row: models.Model, form: Any) -> Row:
    """Read a row that may not be written yet, with what its form says of rows it refers to."""
    kinds = [part.model._meta.get_field(name) for name in part.fields]
    typed = {}
    for kind in kinds:
        if not kind.many_to_many:
            continue
        chosen = form.cleaned_data.get(kind.name)
        if chosen is not None or not row.pk:
            typed[kind.name] = kind.related_model.objects.none() if chosen is None else chosen
    # As if they had been fetched: the database is not asked for what is only typed.
    row._prefetched_objects_cache = typed
    is_new = row.pk is None
    if is_new:
        row.pk = 0  # Django asks for a key before it looks at what was fetched.
    try:
        return part.read_row(row)
    finally:
        if is_new:
            row.pk = None


def _listed(part: Part, article: Article, request: HttpRequest) -> Data:
    """Return a part whose rows have forms of their own, in the order that is typed."""
    data = part.read(article)
    inline = inline_of(part)
    uids = [uid for uid in request.POST.get(f"order-{part.name}", "").split(",") if uid]
    if uids and issubclass(inline, RowList) and inline.is_ordered:
        places = {uid: place for place, uid in enumerate(uids)}
        data["rows"].sort(key=lambda row: places.get(row["uid"], len(places)))
    return data


def _not_installed(article: Article | None) -> dict[str, Data]:
    latest = article.latest_revision if article else None
    return parts_not_installed(latest.document) if latest else {}
