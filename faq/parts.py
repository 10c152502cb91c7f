"""Frequently asked questions as a part of the article's page."""

import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from articles.freshness import checked
from articles.lists import address_of, in_context
from articles.models import Article, Publication
from faq.models import PublishedQuestion, PublishedQuestionTopic, Question
from publishing.checks import Check
from publishing.markup.safe_html import trusted
from publishing.markup.words import citations, plain_text
from publishing.parts import Brought, CitingText, Data, FoundAs, Part, Preparing, Problem, Row

QUESTIONS_OF_A_TOPIC = 8

# For translators: see articles.comparing.
FIELD_NAMES = [
    gettext_noop("Answer"),
]


class Questions(Part):
    name = "faq"
    title = gettext_lazy("Questions")
    order = 55
    template = "faq/_questions.html"
    model = Question
    fields = ("question", "answer", "anchor", "topics", "as_of")
    body = "answer"
    inline = "faq.inlines.QuestionList"
    takes = "question"
    public_model = PublishedQuestion
    found_as = FoundAs("answer", gettext_lazy("Answer"), gettext_lazy("Answers"), weight=1.2)
    checks = (
        Check(
            "answer-undated",
            gettext_lazy("Answers are dated"),
            gettext_lazy("Every answer says on which day it was last true."),
        ),
        Check(
            "answer-unsourced",
            gettext_lazy("Answers are sourced"),
            gettext_lazy("Every answer cites a source."),
        ),
        Check(
            "duplicate-question",
            gettext_lazy("Questions are asked once"),
            gettext_lazy("No question stands twice here, or in another live article."),
        ),
    )

    def row_title(self, row: Row) -> str:
        return row["question"] or super().row_title(row)

    def take_up(self, article: Article, brought: Brought) -> Question:
        longest = Question._meta.get_field("question").max_length
        return Question.objects.create(article=article, question=brought.words[:longest])

    def citing_texts(self, data: Data) -> Iterator[CitingText]:
        for number, citing in enumerate(super().citing_texts(data), start=1):
            label = _("question %d") % number
            yield CitingText(citing.text, citing.anchor, label, citing.uid, citing.field)

    def problems(self, data: Data) -> Iterator[Problem]:
        for row in data["rows"]:
            if not row["question"]:
                yield self.problem(row, "question", _("A question has no words."))
            if not plain_text(row["answer"] or ""):
                yield self.problem(row, "answer", _("“%s” has no answer.") % self.row_title(row))
            elif not citations(row["answer"]):
                message = _("The answer to “%s” cites no source.") % self.row_title(row)
                yield self.problem(row, "answer", message, "answer-unsourced")
            if not row["as_of"]:
                message = _("Say on which day the answer to “%s” was last true.")
                message %= self.row_title(row)
                yield self.problem(row, "as_of", message, "answer-undated")
        yield from self._asked_twice(data)

    def _asked_twice(self, data: Data) -> Iterator[Problem]:
        asked: set[str] = set()
        for row in data["rows"]:
            words = words_of(row["question"] or "")
            if words and words in asked:
                message = _("“%s” is asked twice.") % self.row_title(row)
                yield self.problem(row, "question", message, "duplicate-question")
            asked.add(words)

    def problems_beyond(self, data: Data, article_uid: str) -> Iterator[Problem]:
        """Yield the questions that another live article asks in the same words; one query."""
        elsewhere = _asked_elsewhere(data["rows"], article_uid)
        for row in data["rows"]:
            if title := elsewhere.get(words_of(row["question"] or "")):
                message = _("“%(question)s” is asked in “%(article)s” too.")
                message %= {"question": self.row_title(row), "article": title}
                yield self.problem(row, "question", message, "duplicate-question")

    def prepare_row(self, row: Row, preparing: Preparing) -> Row:
        """Return one row with its HTML, and its answer for machines under ``plain``."""
        return {**super().prepare_row(row, preparing), "plain": plain_text(row["answer"] or "")}

    def context(self, rows: list[Row], page: Any) -> dict[str, Any]:
        return {"questions": [as_shown(row, page) for row in rows]}

    def structured_data(self, rows: list[Row], page: Any) -> dict[str, Any]:
        return {
            "hasPart": {
                "@type": "FAQPage",
                "@id": f"{page.absolute_url}#faq",
                "mainEntity": [
                    {
                        "@type": "Question",
                        "name": row["question"],
                        "url": f"{page.absolute_url}#{row['id']}",
                        "acceptedAnswer": {"@type": "Answer", "text": row["plain"]},
                    }
                    for row in rows
                ],
            }
        }

    def about_topic(self, slug: str, page: Any) -> SafeString | str:
        found = PublishedQuestion.objects.live(page.at).filter(topics__slug=slug)
        if not (count := found.count()):
            return ""
        questions = in_context(found)[:QUESTIONS_OF_A_TOPIC]
        context = {
            "questions": [{"question": one.question, **address_of(one)} for one in questions],
            "count": count,
            "url": f"{reverse('faq:list')}?{urlencode({'topic': slug})}",
        }
        return render_to_string("faq/_about_topic.html", context)

    def publish(self, publication: Publication, data: Data) -> None:
        PublishedQuestion.objects.filter(publication=publication).delete()
        shown = publication.prepared["parts"].get(self.name, [])
        questions = PublishedQuestion.objects.bulk_create(
            PublishedQuestion(
                publication=publication,
                uid=row["uid"],
                anchor=row["id"],
                position=position,
                question=row["question"],
                answer=row["plain"],
                shown=row,
            )
            for position, row in enumerate(shown, start=1)
        )
        articles_own = publication.revision.document["article"]["topics"]
        PublishedQuestionTopic.objects.bulk_create(
            PublishedQuestionTopic(question=question, slug=topic["slug"], name=topic["name"])
            for question in questions
            for topic in question.shown["topics"] or articles_own
        )


def words_of(question: str) -> str:
    """Return the words of a question alone, by which two are the same question."""
    return " ".join(re.findall(r"\w+", question.casefold()))


def _asked_elsewhere(rows: list[Row], article_uid: str) -> dict[str, str]:
    """Return the questions of ``rows`` that other live articles ask: their words, and where."""
    wanted = {words for row in rows if (words := words_of(row["question"] or ""))}
    if not wanted:
        return {}
    # Told apart by words in Python: databases fold letters and marks each in its own way. The
    # longest word of plain letters is one that all of them find.
    likely = Q()
    for words in wanted:
        plain = [word for word in words.split() if word.isascii()]
        likely |= Q(question__icontains=max(plain, key=len)) if plain else ~Q(pk=None)
    live = PublishedQuestion.objects.live().exclude(publication__article__uid=article_uid)
    found = live.filter(likely).order_by("pk").values_list("question", "publication__title")
    return {words: title for question, title in found if (words := words_of(question)) in wanted}


def as_shown(row: Row, page: Any) -> dict[str, Any]:
    """Return a prepared question as ``faq/_question.html`` wants it on a page."""
    return {
        "id": row["id"],
        "question": row["question"],
        "html": trusted(row["html"]),
        "checked": checked(row, page),
    }
