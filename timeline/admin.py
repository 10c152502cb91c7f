"""Events: their list and their form."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F, Field, QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from articles.admin.finders import in_article
from articles.admin.rows import RowAdmin
from articles.admin.trays import grown_old, may_see, old_hint, old_line
from publishing.dates import (
    HistoricalDate,
    describe,
    from_day_number,
    possible_dates,
    read_date,
    read_old_style,
)
from publishing.dates.days import MONTHS, year_name
from publishing.editing.finding import Finder, Found, add_finder
from publishing.editing.first_page import Tray, add_tray
from publishing.editing.rows import row_address
from timeline.models import Event


class KindFilter(admin.AllValuesFieldListFilter):
    """The kinds that editors have used so far."""


@admin.register(Event)
class EventAdmin(RowAdmin):
    list_display = ["title_or_none", "when", "kind", "state", "article"]
    list_filter = [("kind", KindFilter), "state_shape", "precision"]
    search_fields = ["title", "text", "date", "kind", "article__title"]
    search_help_text = _("Title, text, date, kind or article")
    markdown_fields = {"text": 8}
    line_fields = {"actors": {"longest": 80, "help_text": _("One a line: United States.")}}
    fieldsets = [
        (None, {"fields": ["article", ("date", "calendar_note"), "title", "text"]}),
        (None, {"fields": [("kind", "as_of"), "actors", "image"]}),
        (
            _("A period that the band shows"),
            {
                "fields": [("state", "state_shape")],
                "description": _(
                    "Only for a period: the band under the answer draws it in this way."
                ),
            },
        ),
        (_("Address on the page"), {"fields": ["anchor"], "classes": ["collapse"]}),
    ]

    def own_field(self, db_field: Field) -> forms.Field | None:
        """Say of the date, while it is typed, how it will be read."""
        if db_field.name != "date":
            return super().own_field(db_field)
        read = reverse("admin:timeline_event_read_date")
        return db_field.formfield(widget=UnfoldAdminTextInputWidget({"data-read-date": read}))

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return [F("lower").asc(nulls_first=True), F("upper").desc(nulls_first=True), "pk"]

    @admin.display(description=_("title"), ordering="title")
    def title_or_none(self, event: Event) -> str:
        return str(event)

    @admin.display(description=_("date"), ordering="lower")
    def when(self, event: Event) -> str:
        return event.date_in_words or "–"

    def get_urls(self) -> list[URLPattern]:
        read = self.admin_site.admin_view(self.read_date_view)
        return [path("read-date/", read, name="timeline_event_read_date"), *super().get_urls()]

    def read_date_view(self, request: HttpRequest) -> JsonResponse:
        """Say how a date that is being typed would be read."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        typed = request.GET.get("date", "").strip()[:64]
        if not typed:
            return JsonResponse({"words": "", "error": "", "choices": []})
        return JsonResponse(how_read(typed))


def how_read(typed: str) -> dict[str, Any]:
    """Return how a date was read, as a sentence; or what is wrong, and what it might mean."""
    try:
        old = read_old_style(typed)
        when = old[0] if old else read_date(typed)
    except ValidationError as error:
        words = [str(describe(one)) for one in possible_dates(typed)]
        choices = words if len(words) > 1 else []
        return {"words": "", "error": " ".join(error.messages), "choices": choices}
    sentence = _("Read as: %s.") % describe(when)
    if old:
        sentence += " " + _("Note on the calendar: %s.") % old[1]
    if when.lower != when.upper:
        sentence += " " + _between(when)
    return {"words": sentence, "error": "", "choices": []}


def _between(when: HistoricalDate) -> str:
    """Return the days between which it stands in the timeline."""
    first, last = (_day(number) for number in (when.lower, when.upper))
    if when.lower is None:
        return _("It stands in the timeline until %s.") % last
    if when.upper is None:
        return _("It stands in the timeline from %s on.") % first
    return _("It stands in the timeline from %(first)s to %(last)s.") % {
        "first": first,
        "last": last,
    }


def _day(number: int | None) -> str:
    if number is None:
        return ""
    year, month, day = from_day_number(number)
    return f"{day} {MONTHS[month - 1]} {year_name(year)}"


# On the desk


def old_events(request: HttpRequest) -> QuerySet | None:
    """Events whose "as of" has grown old."""
    return grown_old(Event.objects.all()) if may_see(request, Event) else None


add_tray(
    Tray(
        name="old-events",
        title=_("Events grown old"),
        order=30,
        rows=old_events,
        line=lambda event: old_line(event, row_address(event)),
        needs_a_look=True,
        hint=old_hint,
    )
)
add_finder(
    Finder(
        name="events",
        title=_("Events"),
        order=40,
        fields=("title", "text", "date", "kind"),
        rows=lambda: Event.objects.select_related("article").order_by("title", "pk"),
        show=lambda event: Found(
            str(event),
            row_address(event),
            ", ".join(filter(None, [event.date_in_words, in_article(event.article)])),
        ),
        may_see=lambda request: may_see(request, Event),
    )
)
