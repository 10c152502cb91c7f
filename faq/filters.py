"""Filters of the list of questions: a plain GET form, with counts beside the topics."""

import django_filters
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from articles.counted_filters import CountedFilterSet, Facet
from articles.models import PublishedPassage
from articles.searching import holds_words
from faq.models import PublishedQuestion
from faq.parts import Questions
from publishing.full_text import Asked
from publishing.full_text.asking import LONGEST_QUESTION


class QuestionFilter(CountedFilterSet):
    facets = {"topic": Facet("topics__slug", "topics__name")}

    q = django_filters.CharFilter(label=_("Words"), method="search", max_length=LONGEST_QUESTION)
    topic = django_filters.ChoiceFilter(
        label=_("Topic"),
        empty_label=_("All topics"),
        field_name="topics__slug",
    )

    class Meta:
        model = PublishedQuestion
        fields = ["q", "topic"]

    # What the words ask for, once they were searched.
    asked = Asked()

    def search(self, questions: QuerySet, _name: str, words: str) -> QuerySet:
        """Questions that hold every one of the words, in question or answer, by their stems."""
        passages = PublishedPassage.objects.filter(
            kind=Questions.found_as.name, publication=OuterRef("publication"), uid=OuterRef("uid")
        )
        self.asked, holding = holds_words(passages, words)
        found = questions.filter(Exists(holding))
        return found.annotate(passage=Subquery(holding.values("pk")[:1]))
