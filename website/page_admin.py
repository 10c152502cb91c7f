"""The form of the site's own pages."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.admin.rows import LibraryForm
from publishing.editing.desk import DeskAdmin
from website.models import Page
from website.pages import STANDING, delete_page, save_page


@admin.register(Page)
class PageAdmin(DeskAdmin):
    """Rules, privacy and whatever else the site says of itself. What readers saw is kept."""

    form = LibraryForm
    change_form_template = "admin/website/page_form.html"
    list_display = ["title", "slug", "is_public", "changed_at"]
    list_filter = ["is_public"]
    search_fields = ["title", "slug", "body"]
    search_help_text = gettext_lazy("Title, address or text")
    fields = ["title", "slug", "body", "is_public"]
    markdown_fields = {"body": 24}
    # A page has no list of sources, and stands alone without pictures.
    tools_left_out = ("cite", "image")

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> Sequence[str]:
        """The address of a page to which others lead stays, and so does that readers see it."""
        return ["slug", "is_public"] if obj and obj.slug in STANDING else []

    def view_on_site(self, page: Page) -> str | None:
        return page.get_absolute_url() if page.is_public else None

    def why_kept(self, row: models.Model) -> Sequence[str]:
        if row.slug not in STANDING:
            return ()
        return [_("Other pages lead to “%s”: rewrite it, but do not delete it.") % row]

    def save_model(self, request: HttpRequest, obj: Page, form: Any, change: bool) -> None:
        save_page(obj, by=request.user)

    def delete_model(self, request: HttpRequest, obj: Page) -> None:
        delete_page(obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for page in queryset:
            delete_page(page)
