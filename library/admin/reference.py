"""Topics, people and sources: their lists and forms."""

from typing import Any

from django.contrib import admin
from django.core.validators import URLValidator
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.admin.rows import LibraryAdmin, LibraryForm, NamedForm
from library.archiving import copies_page, copy_address, save_page
from library.models import Person, Source, Topic
from library.source_checking import check_sources_in_time
from publishing.editing.choices import Choice


@admin.register(Topic)
class TopicAdmin(LibraryAdmin):
    form = NamedForm
    list_display = ["name", "slug", "used"]
    search_fields = ["name", "slug"]
    fields = ["name", "slug", "description"]
    markdown_fields = {"description": 5}


@admin.register(Person)
class PersonAdmin(LibraryAdmin):
    form = NamedForm
    list_display = ["name", "credentials", "slug", "used"]
    search_fields = ["name", "credentials", "slug"]
    fields = ["name", "slug", "credentials", "bio", "portrait", "links"]
    markdown_fields = {"bio": 6}
    line_fields = {
        "links": {
            "longest": 500,
            "each": [URLValidator(schemes=["http", "https"])],
            "help_text": gettext_lazy("Addresses, one a line."),
        }
    }

    def choice_of(self, row: Person) -> Choice:
        return Choice(str(row.pk), row.name, row.credentials, address=self.address_of(row))


class SourceForm(LibraryForm):
    """A source whose archived copy can be filled in by a button, if it is not there yet."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        url = cleaned.get("url")
        if self.data.get("_continue") != "archive" or cleaned.get("archived_url"):
            return cleaned
        if not url:
            if "url" in cleaned:
                self.add_error("url", _("Give the address of which there is a copy."))
            return cleaned
        archived = copy_address(url)
        if len(archived) > Source._meta.get_field("archived_url").max_length:
            self.add_error("archived_url", _("The address of the copy would be too long."))
            return cleaned
        return {**cleaned, "archived_url": archived}


@admin.register(Source)
class SourceAdmin(LibraryAdmin):
    form = SourceForm
    list_display = ["title", "key", "publisher", "kind", "used"]
    list_filter = ["kind", "accessed_on", "address_state"]
    readonly_fields = ["address_answers"]
    search_fields = ["title", "key", "publisher", "author", "url"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "title",
                    ("publisher", "author"),
                    "url",
                    "address_answers",
                    ("published", "accessed_on"),
                ]
            },
        ),
        (None, {"fields": ["archived_url", "archiving", "kind", "key"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        own = ("archiving", "address_answers")
        return (*own, "key") if obj else own

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        check_sources_in_time()

    @admin.display(description=gettext_lazy("answers"))
    def address_answers(self, source: Source) -> str:
        """Say what came of asking the address, and when."""
        if not source.address_checked_at or source.address_asked != source.url:
            return _("Not asked yet. It is asked in the background, weekly while it is cited.")
        at = timezone.localtime(source.address_checked_at)
        return f"{source.get_address_state_display()}, {date_format(at, 'j F Y, H:i')}"

    @admin.display(description=gettext_lazy("Make an archived copy"))
    def archiving(self, source: Source) -> SafeString:
        context = {"save_url": "", "copies_url": ""}
        if source.url:
            context = {"save_url": save_page(source.url), "copies_url": copies_page(source.url)}
        return render_to_string("admin/library/_archive.html", context)

    def choice_of(self, row: Source) -> Choice:
        said = ", ".join(filter(None, [row.publisher, row.author, row.published]))
        return Choice(row.key, row.title, f"[@{row.key}] {said}", address=self.address_of(row))
