"""Filters of the site's timeline: a plain GET form, with counts beside its choices."""

from typing import Any

import django_filters
from django import forms
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from articles.counted_filters import CountedFilterSet, Facet
from articles.models import PublishedPassage
from articles.searching import holds_words
from publishing.dates import year_bounds
from publishing.full_text.asking import LONGEST_QUESTION
from publishing.known_rows import KnownRows
from timeline.models import PublishedEvent
from timeline.parts import Timeline
from timeline.years import YearField, YearSpan, year_spans

LONGEST_YEAR = 10


class YearFilter(django_filters.Filter):
    field_class = YearField


class EventFilter(CountedFilterSet):
    """Period, kind, who acted, topic, article, words; an event counts if it touches the period."""

    facets = {
        "kind": Facet("kind", "kind"),
        "actor": Facet("actors__name", "actors__name"),
        "topic": Facet(
            "publication__publishedtopics__slug",
            "publication__publishedtopics__name",
            by="publication",
        ),
        "article": Facet(
            "publication__article__addresses__slug",
            "publication__title",
            (("publication__article__addresses__is_current", True),),
            by="publication",
        ),
    }

    kind = django_filters.ChoiceFilter(label=_("Kind"), empty_label=_("All kinds"))
    actor = django_filters.ChoiceFilter(
        label=_("Who"), empty_label=_("Anyone"), field_name="actors__name"
    )
    topic = django_filters.ChoiceFilter(
        label=_("Topic"),
        empty_label=_("All topics"),
        field_name="publication__publishedtopics__slug",
    )
    article = django_filters.ChoiceFilter(
        label=_("Explainer"),
        empty_label=_("All explainers"),
        field_name="publication__article__addresses__slug",
    )
    q = django_filters.CharFilter(label=_("Words"), method="search", max_length=LONGEST_QUESTION)

    class Meta:
        model = PublishedEvent
        fields = ["kind", "actor", "topic", "article", "q"]

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        """Put the two years first; "from" is a word of Python, so they cannot be attributes."""
        years = {
            name: YearFilter(
                label=label,
                method=f"{name}_year",
                error_messages={"invalid": not_a_year},
                widget=forms.TextInput(attrs={"maxlength": LONGEST_YEAR, "autocomplete": "off"}),
            )
            for name, label, not_a_year in (
                ("from", _("From year"), _("Give the first year in figures: 1917, or 44 BC.")),
                ("to", _("To year"), _("Give the last year in figures: 1933, or 27 BC.")),
            )
        }
        return {**years, **super().get_filters()}

    @cached_property
    def _held(self) -> dict[str, KnownRows]:
        return {}

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters that are set; of years in the wrong order only one meaning is possible."""
        chosen = super().chosen
        if {"from", "to"} <= chosen.keys():
            chosen["from"], chosen["to"] = sorted((chosen["from"], chosen["to"]))
        return chosen

    def from_year(self, events: QuerySet, _name: str, year: int) -> QuerySet:
        """Events that had not ended when the year began."""
        first_day, _last = year_bounds(year, None)
        return events.filter(Q(upper__isnull=True) | Q(upper__gte=first_day))

    def to_year(self, events: QuerySet, _name: str, year: int) -> QuerySet:
        """Events that had begun when the year ended."""
        _first, last_day = year_bounds(None, year)
        return events.filter(Q(lower__isnull=True) | Q(lower__lte=last_day))

    def search(self, events: QuerySet, _name: str, words: str) -> QuerySet:
        """Events that hold all of the words, by their stems: in title, text, date, who acted."""
        return self._holding(words).among(events)

    def _holding(self, words: str) -> KnownRows:
        """Return all events that hold the words; one query, however often asked.

        The index of words is much to ask, and there is a count beside every choice.
        """
        if words not in self._held:
            event = PublishedEvent.objects.filter(
                publication=OuterRef("publication"), uid=OuterRef("uid")
            )
            passages = PublishedPassage.objects.filter(kind=Timeline.found_as.name)
            _asked, holding = holds_words(passages, words)
            keys = holding.order_by().values_list(
                Subquery(event.order_by().values("pk")), flat=True
            )
            self._held[words] = KnownRows(key for key in keys if key is not None)
        return self._held[words]

    def periods(self) -> list[YearSpan]:
        """Return periods to choose from, counted among what the other filters leave; one query."""
        bounds = self.narrowed("from", "to").order_by().values_list("lower", "upper")
        return year_spans(bounds, (self.chosen.get("from"), self.chosen.get("to")))
