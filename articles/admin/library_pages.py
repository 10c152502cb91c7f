"""What articles add to a row of the library: publishing live pages again, and merging two rows."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods
from unfold.widgets import UnfoldAdminTextareaWidget

from articles.merging_rows import articles_using, may_merge, merge
from articles.models import Publication
from articles.republishing import outdated, republish, wordings
from library.models import LibraryRow
from library.uses import add_deed, uses
from publishing.comparing import FieldChange, compare_fields
from publishing.editing.choices import address_in_admin, choices_of
from publishing.editing.widgets import Picker
from publishing.whole_numbers import whole_number

PUBLISH, CHANGE = "articles.publish_article", "articles.change_article"
MOST_AT_ONCE = 50
"""Articles published again in one request."""
MOST_WORDINGS = 6


def urls(desk: Any) -> list[URLPattern]:
    """Return the addresses, which stand below that of the articles."""
    return [
        _at(desk, "library/<slug:kind>/<int:row>/republish/", republish_page, "republish"),
        _at(desk, "library/<slug:kind>/<int:row>/merge/", merge_page, "merge"),
    ]


def _at(desk: Any, route: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
    guarded = desk.admin_site.admin_view(partial(view, desk=desk))
    return path(route, guarded, name=f"articles_article_{name}")


def page_of_row(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make ``view(request, row, desk=…)`` a page about a row of the library for who may see it."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest, kind: str, row: int, *, desk: Any) -> HttpResponse:
        model = next((one for one in LibraryRow.__subclasses__() if _kind(one) == kind), None)
        if model is None:
            raise Http404
        found = get_object_or_404(model, pk=row)
        if not admin.site.get_model_admin(model).has_view_or_change_permission(request, found):
            raise PermissionDenied
        return view(request, found, desk=desk)

    return guarded


# Publishing again


class RepublishForm(forms.Form):
    """Which articles, and what their readers are told."""

    publications = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Pages"),
        queryset=Publication.objects.none(),
        error_messages={"required": gettext_lazy("Choose at least one page.")},
    )
    change_note = forms.CharField(
        label=gettext_lazy("What changed"),
        max_length=500,
        widget=UnfoldAdminTextareaWidget({"rows": 2}),
        help_text=gettext_lazy(
            "Readers see it in the history of each page. It is a minor change: the pages keep "
            "their “updated” date."
        ),
        error_messages={"required": gettext_lazy("Say what changed. Readers will see it.")},
    )


@page_of_row
def republish_page(request: HttpRequest, row: LibraryRow, *, desk: Any) -> HttpResponse:
    """Publish live pages again from what readers see, with the row as the library has it now."""
    if not request.user.has_perm(PUBLISH):
        raise PermissionDenied
    old = outdated(row)
    form = RepublishForm(request.POST or None, initial={"change_note": _suggested(row)})
    form.fields["publications"].queryset = old
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["publications"][:MOST_AT_ONCE]
        _republish(request, chosen, row, form.cleaned_data["change_note"])
        if old.exists():
            return redirect(request.path)
        return redirect(address_in_admin(row, "change", row.pk))
    offered = list(old[:MOST_AT_ONCE])
    ticked = form["publications"].value() if form.is_bound else [one.pk for one in offered]
    return _show(
        request,
        row,
        desk=desk,
        template="republish",
        title=_("Publish live pages again"),
        form=form,
        offered=offered,
        ticked=set(map(whole_number, ticked or ())),
        count=old.count(),
        most=MOST_AT_ONCE,
        wordings=[
            {"count": one.count, "fields": list(compare_fields(one.old, one.new))}
            for one in wordings(row, MOST_WORDINGS)
        ],
    )


def _republish(request: HttpRequest, chosen: Any, row: LibraryRow, change_note: str) -> None:
    """Publish one after the other; what one refuses stops no other, and is told."""
    done = []
    for publication in chosen:
        try:
            republish(publication, row, by=request.user, change_note=change_note)
        except (ValidationError, ValueError, DatabaseError) as error:
            said = error.messages if isinstance(error, ValidationError) else [str(error)]
            words = _("Not published again: “%(title)s”. %(why)s")
            words %= {"title": publication.title, "why": " ".join(said)}
            messages.error(request, words)
        else:
            done.append(publication.title)
    if done:
        words = ngettext(
            "Published again from its live text: %(titles)s.",
            "%(count)d pages published again from their live text: %(titles)s.",
            len(done),
        )
        messages.success(request, words % {"count": len(done), "titles": "; ".join(done)})


def _suggested(row: LibraryRow) -> str:
    words = _("What the page says of %(kind)s “%(row)s” was brought up to date.")
    return words % {"kind": row._meta.verbose_name, "row": str(row)[:200]}


# Merging


class MergeForm(forms.Form):
    """The row that stays, by its number, or by its name as a source's picker gives it."""

    keep = forms.CharField(max_length=120)

    def __init__(self, *args: Any, row: LibraryRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.fields["keep"].label = _("The one that stays")
        self.fields["keep"].widget = Picker(type(row))
        self.fields["keep"].error_messages["required"] = _("Choose the one that stays.")

    def clean_keep(self) -> LibraryRow:
        found = self._found(self.cleaned_data["keep"])
        if found is None:
            raise ValidationError(_("There is no such row in the library."))
        if found.pk == self.row.pk:
            raise ValidationError(_("Choose another row: this is the one that is to be merged."))
        self.fields["keep"].widget.chosen = found
        return found

    def _found(self, typed: str) -> LibraryRow | None:
        rows = type(self.row).objects
        named = rows.filter(**{self.row.known_by: typed}).first()
        numbered = rows.filter(pk=whole_number(typed)).first()
        return named or numbered if _chosen_by_name(self.row) else numbered or named


@page_of_row
def merge_page(request: HttpRequest, row: LibraryRow, *, desk: Any) -> HttpResponse:
    """Choose the row that stays, see what will change, and merge."""
    if not may_merge(type(row)):
        raise Http404
    if not request.user.has_perms([CHANGE, *_permissions(row)]):
        raise PermissionDenied
    asked = request.POST or request.GET
    form = MergeForm(asked if "keep" in asked else None, row=row)
    keep = form.cleaned_data["keep"] if form.is_bound and form.is_valid() else None
    if request.method == "POST" and keep:
        try:
            merged = merge(row, into=keep, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _say_merged(request, row, merged.kept, len(merged.articles))
    return _show(
        request,
        row,
        desk=desk,
        template="merge",
        title=_("Merge into another"),
        form=form,
        keep=keep,
        articles=articles_using(row) if keep else [],
        uses=uses(row) if keep else [],
        fields=_differing(row, keep) if keep else [],
        keep_value=choices_of(type(row)).choice(keep).value if keep else "",
        is_cited=_chosen_by_name(row),
    )


def _say_merged(request: HttpRequest, row: LibraryRow, kept: LibraryRow, count: int) -> Any:
    words = _("“%(row)s” was merged into “%(kept)s”; %(count)d drafts say so now.")
    messages.success(request, words % {"row": row, "kept": kept, "count": count})
    if request.user.has_perm(PUBLISH) and outdated(kept).exists():
        return redirect("admin:articles_article_republish", kept._meta.model_name, kept.pk)
    return redirect(address_in_admin(kept, "change", kept.pk))


def _differing(row: LibraryRow, keep: LibraryRow) -> list[FieldChange]:
    return list(compare_fields(row.embedded(), keep.embedded()))


def _chosen_by_name(row: LibraryRow) -> bool:
    """Does choosing such a row write its name, as with sources, which texts cite by it?"""
    return choices_of(type(row)).choice(row).value == getattr(row, row.known_by)


def _permissions(row: LibraryRow) -> list[str]:
    kind = _kind(row)
    return [f"library.{deed}_{kind}" for deed in ("change", "delete")]


# What both share, and how the library's forms come to offer them


def _kind(model: type[models.Model] | models.Model) -> str:
    return model._meta.model_name


def _show(
    request: HttpRequest, row: LibraryRow, *, desk: Any, template: str, title: str, **context: Any
) -> HttpResponse:
    request.current_app = desk.admin_site.name
    given = {
        **desk.admin_site.each_context(request),
        "title": title,
        "subtitle": str(row),
        "original": row,
        "row": row,
        "opts": row._meta,
        "article": row,
        "form_url": address_in_admin(row, "change", row.pk),
        **context,
    }
    return TemplateResponse(request, f"admin/articles/{template}.html", given)


@add_deed
def merging(row: models.Model, user: Any) -> tuple[str, str] | None:
    """Offer on a row's form to merge it, to those who may."""
    if not may_merge(type(row)) or not user.has_perms([CHANGE, *_permissions(row)]):
        return None
    address = reverse("admin:articles_article_merge", args=[_kind(row), row.pk])
    return address, _("Merge into another…")
