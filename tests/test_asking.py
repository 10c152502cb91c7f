"""Ask: a question that the article does not answer, and the way back to whoever asked."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from comments import suggesting
from comments.models import LONGEST_QUESTION, Comment, Suggestion
from faq.models import Question
from tests import build, suggestions

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    made = build.article("open")
    build.question(made, question="Was it answered?", answer="Yes.", anchor="answered")
    build.published(made)
    return made


def test_the_questions_of_the_page_lead_to_the_form(client, article):
    page = client.get("/articles/open/").text
    part = page[page.index('id="faq"') : page.index('id="history"')]

    assert 'href="/articles/open/ask/"' in part


def test_a_page_without_questions_leads_there_too(client):
    build.published_article("bare")

    assert 'href="/articles/bare/ask/"' in client.get("/articles/bare/").text


def test_the_form_shows_what_is_answered_already(client, article):
    page = client.get("/articles/open/ask/")

    assert page.status_code == 200
    assert '<a href="/articles/open/#faq-answered">Was it answered?</a>' in page.text


def test_a_question_is_stored_on_one_line_and_leads_to_its_status(client, article):
    response = suggestions.ask(client, article, text="Who carried\r\nthe  telegram?")

    asked = Suggestion.objects.get()
    assert (asked.kind, asked.text) == ("question", "Who carried the telegram?")
    status = client.get(response["Location"]).text
    assert "Your question waits for an editor" in status
    assert "Your credit" not in status


def test_a_public_question_is_a_comment(client, article):
    suggestions.ask(client, article, audience="everybody", name="Ada")

    assert Comment.objects.get().body == "Who carried the telegram?"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": ""}, "Write your question."),
        ({"text": "x" * (LONGEST_QUESTION + 1)}, "Shorten this by 1 character"),
        ({"audience": "everybody"}, "Give a name, any name"),
    ],
)
def test_a_refused_question_says_why(client, article, fields, sentence):
    response = suggestions.ask(client, article, **fields)

    assert response.status_code == 422
    assert sentence in response.text
    assert "Your question was not sent" in response.text
    assert not Suggestion.objects.exists()


def test_the_same_question_twice_is_stored_once(client, article):
    suggestions.ask(client, article)
    again = suggestions.ask(client, article)

    assert "We already have this question" in client.get(again["Location"]).text
    assert Suggestion.objects.count() == 1


def test_taken_up_and_answered_its_asker_sees_where(client, article, clock):
    status = suggestions.ask(client, article)["Location"]

    row = suggestions.accepted(Suggestion.objects.get())
    assert "Accepted: the answer will appear with the next version" in client.get(status).text
    assert "Who carried" not in client.get("/articles/open/").text
    Question.objects.filter(pk=row.pk).update(answer="A courier.")
    clock.shift(timedelta(minutes=1))
    build.published(article, change_note="A question answered.")

    page = client.get(status).text
    assert "Your question is answered in version 2" in page
    assert 'href="/articles/open/history/2/changes/"' in page
    assert "Who carried the telegram?" in client.get("/articles/open/").text


def test_a_question_that_will_not_be_answered_says_why(client, article):
    status = suggestions.ask(client, article)["Location"]
    suggesting.decline(Suggestion.objects.get(), by=None, turn=0, reply="Nobody knows.")

    page = client.get(status).text
    assert "The editors will not answer this question" in page
    assert "Nobody knows." in page


def test_a_withdrawn_question_is_gone(client, article):
    status = suggestions.ask(client, article)["Location"]
    token = suggestions.token_in(status)

    client.post(status.split("?")[0], {"token": token, "withdraw": "yes"})

    assert "Your question is withdrawn" in client.get(status).text
    assert Suggestion.objects.get().text == ""
