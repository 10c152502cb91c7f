"""Filters of the list of questions: a plain GET form."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from faq.models import PublishedQuestion, PublishedQuestionTopic


def live_topics() -> list[tuple[str, str]]:
    """Return (slug, name) of the topics of live questions, by name."""
    questions = PublishedQuestion.objects.live()
    topics = PublishedQuestionTopic.objects.filter(question__in=questions).order_by("name")
    return list(dict(topics.values_list("slug", "name")).items())


class QuestionFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Words"), method="search")
    topic = django_filters.ChoiceFilter(
        label=_("Topic"),
        empty_label=_("All topics"),
        choices=live_topics,
        field_name="topics__slug",
    )

    class Meta:
        model = PublishedQuestion
        fields = ["q", "topic"]

    def search(self, questions: QuerySet, _name: str, words: str) -> QuerySet:
        """Questions that hold every one of the words, in question or answer."""
        for word in words.split():
            questions = questions.filter(Q(question__icontains=word) | Q(answer__icontains=word))
        return questions
