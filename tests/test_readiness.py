"""What stands in the way of publishing is said in a sentence, before the database refuses it."""

import pytest
from django.core.exceptions import ValidationError

from articles.deeds import NotReady, publish
from articles.models import Publication
from articles.recording import record
from tests import build

pytestmark = pytest.mark.django_db


def problems_of(article):
    """Return (part, field, sentence) of all that stands in the way, nothing if nothing does."""
    try:
        build.published(article)
    except NotReady as refused:
        return [(one.part, one.field, one.message) for one in refused.problems]
    return []


def test_a_complete_article_is_ready():
    assert problems_of(build.full_article()) == []


def test_an_article_without_sections_is_not():
    article = build.article()
    article.sections.all().delete()

    assert problems_of(article) == [("sections", "", "Write at least one section.")]


@pytest.mark.parametrize("empty", ["", "  \n ", "[@kept]", "***", "[@kept, p. 3: its words]"])
def test_a_text_without_words_is_no_text(empty):
    build.source(key="kept")
    article = build.article()
    section = build.section(article, heading="Why", body=empty)
    fact = build.fact(article, characteristic="Embassy", value=empty)
    question = build.question(article, question="Was it closed?", answer=empty)

    assert problems_of(article) == [
        ("facts", "value", "“Embassy” has no value."),
        ("sections", "body", "“Why” has no text."),
        ("faq", "answer", "“Was it closed?” has no answer."),
    ]
    for row, field in ((section, "body"), (fact, "value"), (question, "answer")):
        setattr(row, field, "Words.[@kept]")
        row.save()
    assert problems_of(article) == []


def test_a_period_with_a_state_needs_a_beginning():
    article = build.article()
    event = build.event(article, date="../1917", title="Before", state="None", state_shape="break")

    assert problems_of(article) == [("timeline", "date", "The period “Before” needs a beginning.")]
    event.date = "1809/1917"
    event.save()
    assert problems_of(article) == []


def test_an_actor_s_name_fits_the_list_that_filters_by_it():
    article = build.article()
    event = build.event(article, title="The treaty", actors=["Both sides", "x" * 81])

    assert problems_of(article) == [
        ("timeline", "actors", "Somebody who acted in “The treaty” has more than 80 letters.")
    ]
    event.actors = ["Both sides", "x" * 80]
    event.save()
    assert problems_of(article) == []


def test_a_drawing_that_cannot_be_drawn_is_told_with_its_section():
    article = build.article()
    build.section(article, heading="By year", body="```bars\ntitle: By year\n```")

    [(part, field, message)] = problems_of(article)

    assert (part, field) == ("sections", "body")
    assert message.startswith("“By year”: ")


@pytest.mark.parametrize("note", ["", "   ", "x" * 501])
def test_what_changed_is_said_and_fits(note):
    revision = record(build.article(), by=None)

    with pytest.raises(ValidationError, match=r"(Say what|What) changed"):
        publish(revision, by=None, change_note=note)
    assert not Publication.objects.exists()

    assert publish(revision, by=None, change_note="x" * 500).number == 1
