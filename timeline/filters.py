"""Filters of the site's timeline: a plain GET form."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from articles.filters import live_topics
from articles.lists import in_context
from publishing.dates import year_bounds
from timeline.models import PublishedActor, PublishedEvent

EARLIEST_YEAR, LATEST_YEAR = -9999, 9999


def live_kinds() -> list[tuple[str, str]]:
    """Return the kinds of live events as choices."""
    kinds = PublishedEvent.objects.live().exclude(kind="").order_by("kind")
    return [(kind, kind) for kind in kinds.values_list("kind", flat=True).distinct()]


def live_actors() -> list[tuple[str, str]]:
    """Return those who act in live events as choices."""
    events = PublishedEvent.objects.live()
    names = PublishedActor.objects.filter(event__in=events).order_by("name")
    return [(name, name) for name in names.values_list("name", flat=True).distinct()]


def live_articles() -> list[tuple[str, str]]:
    """Return (slug, title) of live articles with events as choices."""
    events = in_context(PublishedEvent.objects.live()).order_by("article_title")
    return list(events.values_list("article_slug", "article_title").distinct())


class YearFilter(django_filters.NumberFilter):
    field_class = forms.IntegerField


class EventFilter(django_filters.FilterSet):
    """Period, kind, who acted, topic, article, words; an event counts if it touches the period."""

    kind = django_filters.ChoiceFilter(
        label=_("Kind"), empty_label=_("All kinds"), choices=live_kinds
    )
    actor = django_filters.ChoiceFilter(
        label=_("Who"), empty_label=_("Anyone"), choices=live_actors, field_name="actors__name"
    )
    topic = django_filters.ChoiceFilter(
        label=_("Topic"),
        empty_label=_("All topics"),
        choices=live_topics,
        field_name="publication__publishedtopics__slug",
    )
    article = django_filters.ChoiceFilter(
        label=_("Explainer"),
        empty_label=_("All explainers"),
        choices=live_articles,
        field_name="publication__article__addresses__slug",
    )
    q = django_filters.CharFilter(label=_("Words"), method="search")

    class Meta:
        model = PublishedEvent
        fields = ["kind", "actor", "topic", "article", "q"]

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        """Put the two years first; "from" is a word of Python, so they cannot be attributes."""
        years = {
            name: YearFilter(
                label=label,
                method=method,
                min_value=EARLIEST_YEAR,
                max_value=LATEST_YEAR,
                error_messages={"invalid": not_a_year},
                widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 5}),
            )
            for name, label, not_a_year, method in (
                ("from", _("From year"), _("Give the first year in figures: 1917."), "from_year"),
                ("to", _("To year"), _("Give the last year in figures: 1933."), "to_year"),
            )
        }
        return {**years, **super().get_filters()}

    def from_year(self, events: QuerySet, _name: str, year: int) -> QuerySet:
        """Events that had not ended when the year began."""
        first_day, _last = year_bounds(int(year), None)
        return events.filter(Q(upper__isnull=True) | Q(upper__gte=first_day))

    def to_year(self, events: QuerySet, _name: str, year: int) -> QuerySet:
        """Events that had begun when the year ended."""
        _first, last_day = year_bounds(None, int(year))
        return events.filter(Q(lower__isnull=True) | Q(lower__lte=last_day))

    def search(self, events: QuerySet, _name: str, words: str) -> QuerySet:
        """Events that hold every one of the words."""
        for word in words.split():
            events = events.filter(Q(title__icontains=word) | Q(text__icontains=word))
        return events
