"""What the forms of all library rows share: where a row is used, and who saved it meanwhile."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.uses import MOST_TOLD, Showing, add_use_count, deeds, showings, uses
from publishing.editing.choices import address_in_admin
from publishing.editing.desk import DeskAdmin, DeskForm

MOST_SHOWN = 50
"""Live pages named on a row's form."""


class LibraryForm(DeskForm):
    """A row that remembers when it was last saved: nobody's save is written over unseen."""

    opened_on = forms.CharField(required=False, widget=forms.HiddenInput)
    overwrite = forms.CharField(required=False, widget=forms.HiddenInput)
    # When the row was saved meanwhile, if it was: what the tick to save over it sends.
    saved_meanwhile = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.is_bound:
            self.initial["opened_on"] = self.instance.changed_at.isoformat()

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.instance.pk:
            self._refuse_lost_update()
        return self.cleaned_data

    def _refuse_lost_update(self) -> None:
        rows = self._meta.model.objects.select_for_update().filter(pk=self.instance.pk)
        saved_at = rows.values_list("changed_at", flat=True).get().isoformat()
        if saved_at in (self.cleaned_data.get("opened_on"), self.cleaned_data.get("overwrite")):
            return
        self.saved_meanwhile = saved_at
        raise ValidationError(
            _(
                "Not saved: somebody saved this after you opened it. Everything you typed is "
                "still here."
            )
        )


class LibraryAdmin(DeskAdmin):
    """What a row of the library says of its uses, and why a used one stays."""

    form = LibraryForm
    change_form_template = "admin/library/row_form.html"
    # Pages of people and topics have no list of sources, and stand alone without pictures.
    tools_left_out = ("cite", "image")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return add_use_count(super().get_queryset(request))

    @admin.display(description=gettext_lazy("used"), ordering="use_count")
    def used(self, row: Any) -> str:
        return str(row.use_count) if row.use_count else "–"

    def why_kept(self, row: models.Model) -> Sequence[str]:
        used = uses(row)
        if not used:
            return ()
        words = "; ".join(use.words for use in used)
        return [
            _("“%(row)s” is used, so it stays. Take it out there first: %(uses)s.")
            % {"row": row, "uses": words}
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], **kwargs: Any
    ) -> HttpResponse:
        row = kwargs.get("obj")
        used = uses(row) if row else []
        told = [{"words": use.words, "url": self._address(use.row)} for use in used]
        context |= {
            "form": context["adminform"].form,
            "uses": told,
            **_shown(request, row),
            "deeds": deeds(row, request.user) if row else [],
        }
        return super().render_change_form(request, context, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        old = [showing for showing in showings(obj) if showing.is_old] if change else []
        if old:
            messages.warning(request, _said_of_old(request, old))

    def _address(self, row: models.Model) -> str:
        """Return the form of what uses a row: its own, or that of the article around it."""
        for target in (row, getattr(row, "article", None)):
            if target is not None and self.admin_site.is_registered(type(target)):
                return address_in_admin(target, "change", target.pk)
        return ""


def _shown(request: HttpRequest, row: models.Model | None) -> dict[str, Any]:
    """Return what the form says of live pages: those with old words first, no more than can be."""
    found = showings(row) if row else []
    found.sort(key=lambda showing: not showing.is_old)
    return {
        "showings": found[:MOST_SHOWN],
        "more_showings": max(0, len(found) - MOST_SHOWN),
        "old_count": sum(1 for showing in found if showing.is_old),
        "mend_url": _mend_url(request, found),
    }


def _mend_url(request: HttpRequest, found: Sequence[Showing]) -> str:
    """Return where pages with old words are published again, nothing for who may not."""
    old = next((one for one in found if one.is_old), None)
    return old.mend_url if old and request.user.has_perm(old.mend_permission) else ""


def _said_of_old(request: HttpRequest, old: Sequence[Showing]) -> str:
    titles = "; ".join(showing.title for showing in old[:MOST_TOLD])
    if len(old) > MOST_TOLD:
        titles = _("%(titles)s and %(count)d more") % {
            "titles": titles,
            "count": len(old) - MOST_TOLD,
        }
    said = _(
        "Saved in the library. These pages go on showing what it said before, until they are "
        "published again: %s."
    )
    if not (url := _mend_url(request, old)):
        return said % titles
    return format_html('{} <a href="{}">{}</a>', said % titles, url, _("Publish them again"))


class NamedForm(LibraryForm):
    """A row with an address made from its name, if none is given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("Made from the name if left empty.")

    def clean_slug(self) -> str:
        given = self.cleaned_data["slug"]
        return given or self._free_slug(slugify(self.data.get("name", ""))[:70] or "unnamed")

    def _free_slug(self, stem: str) -> str:
        slug, number = stem, 2
        while self._meta.model.objects.filter(slug=slug).exclude(pk=self.instance.pk).exists():
            slug, number = f"{stem}-{number}", number + 1
        return slug
