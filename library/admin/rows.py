"""What the forms of all library rows share: where a row is used, and who saved it meanwhile."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from library.uses import showings, uses
from publishing.editing.choices import address_in_admin
from publishing.editing.desk import DeskAdmin, DeskForm


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
            "showings": showings(row) if row else [],
        }
        return super().render_change_form(request, context, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        old = [showing.title for showing in showings(obj) if showing.is_old] if change else []
        if old:
            messages.warning(
                request,
                _(
                    "Saved in the library. These pages go on showing what it said before, until "
                    "they are published again: %s."
                )
                % "; ".join(old),
            )

    def _address(self, row: models.Model) -> str:
        """Return the form of what uses a row: its own, or that of the article around it."""
        for target in (row, getattr(row, "article", None)):
            if target is not None and self.admin_site.is_registered(type(target)):
                return address_in_admin(target, "change", target.pk)
        return ""


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
