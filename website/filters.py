"""Filters of the search: a plain GET form."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from articles.filters import live_topics
from articles.models import PublishedPassage
from articles.passages import kinds
from publishing.day_input import DayInput
from publishing.full_text.asking import LONGEST_QUESTION

_DAY = DayInput()


class PassageFilter(django_filters.FilterSet):
    """Words and kind are read from its form: what is found is counted by kind and ranked."""

    q = django_filters.CharFilter(
        label=_("Search for"),
        max_length=LONGEST_QUESTION,
        method="leave",
        widget=forms.TextInput(
            attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}
        ),
    )
    type = django_filters.ChoiceFilter(
        label=_("What"),
        empty_label=_("Everything"),
        choices=lambda: [(kind.name, kind.many) for kind in kinds()],
        method="leave",
    )
    topic = django_filters.ChoiceFilter(
        label=_("Topic"),
        empty_label=_("All topics"),
        choices=live_topics,
        field_name="publication__publishedtopics__slug",
    )
    since = django_filters.DateFilter(
        label=_("Updated since"),
        field_name="publication__updated_at",
        lookup_expr="date__gte",
        widget=_DAY,
    )
    until = django_filters.DateFilter(
        label=_("Updated until"),
        field_name="publication__updated_at",
        lookup_expr="date__lte",
        widget=_DAY,
    )

    class Meta:
        model = PublishedPassage
        fields = ["q", "type", "topic", "since", "until"]

    def leave(self, passages: QuerySet, _name: str, _value: str) -> QuerySet:
        return passages
