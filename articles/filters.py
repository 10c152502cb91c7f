"""Filters of the list of explainers: a plain GET form."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from articles.models import Publication, PublishedTopic
from publishing.day_input import DayInput


def live_topics() -> list[tuple[str, str]]:
    """Return (slug, name) of the topics of live publications, by name."""
    topics = PublishedTopic.objects.live().order_by("name").values_list("slug", "name")
    return list(dict(topics).items())


class PublicationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Words"), method="search")
    topic = django_filters.ChoiceFilter(
        label=_("Topic"), empty_label=_("All topics"), choices=live_topics, method="of_topic"
    )
    since = django_filters.DateFilter(
        label=_("Updated since"),
        field_name="updated_at",
        lookup_expr="date__gte",
        widget=DayInput(),
    )

    class Meta:
        model = Publication
        fields = ["q", "topic", "since"]

    def search(self, publications: QuerySet, _name: str, words: str) -> QuerySet:
        """Publications that hold every one of the words."""
        for word in words.split():
            publications = publications.filter(
                Q(title__icontains=word) | Q(search_text__icontains=word)
            )
        return publications

    def of_topic(self, publications: QuerySet, _name: str, slug: str) -> QuerySet:
        """Publications that name the topic."""
        return publications.filter(publishedtopics__slug=slug)
