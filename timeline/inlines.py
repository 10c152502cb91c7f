"""The timeline in the article's form: a compact list, each event with a form of its own."""

from django.utils.translation import gettext_lazy as _

from articles.models import Article
from publishing.editing.rows import Entry, RowList, row_address
from timeline.models import Event, order_of


class EventList(RowList):
    model = Event
    add_label = _("Add an event")
    empty_label = _("No event yet.")

    def rows(self, article: Article) -> list[Event]:
        """Return the events in the order of the page."""
        return sorted(
            super().rows(article),
            key=lambda row: (*order_of(row.lower, row.upper), row.date, row.position),
        )

    def entry(self, row: Event) -> Entry:
        return Entry(
            uid=str(row.uid),
            address=row_address(row),
            lead=row.date_in_words or str(_("No date")),
            title=str(row),
            detail=row.state or row.kind,
        )
