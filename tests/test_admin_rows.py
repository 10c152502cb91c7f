"""Events and questions in lists and forms of their own: each write is recorded on its article."""

import pytest

from articles.recording import record
from faq.models import Question
from tests import build, desk
from timeline.models import Event

pytestmark = pytest.mark.django_db

EVENTS = "/admin/timeline/event/"
QUESTIONS = "/admin/faq/question/"


@pytest.fixture
def client():
    return desk.client_of(build.editor())


@pytest.fixture
def article():
    made = build.article(title="The article")
    record(made, by=None)
    return made


def events_of(article):
    rows = article.latest_revision.document["parts"].get("timeline", {"rows": []})["rows"]
    return [row["title"] for row in rows]


def test_an_event_added_is_recorded_on_its_article(client, article):
    form = desk.open_form(client, f"{EVENTS}add/?article={article.pk}&from=article")
    assert form["article"] == str(article.pk)
    form["date"], form["title"] = "6 December 1917", "Contact barred"
    form["actors"] = "United States\n\nSoviet Russia\nUnited States"

    response = form.send()

    assert response["Location"] == f"{desk.address(article)}#tab-timeline"
    event = Event.objects.get()
    assert (event.date, event.actors) == ("1917-12-06", ["United States", "Soviet Russia"])
    assert events_of(article) == ["Contact barred"]
    assert article.latest_revision.created_by.username == "editor"


def test_an_event_changed_is_recorded(client, article):
    event = build.event(article)
    form = desk.open_form(client, f"{EVENTS}{event.pk}/change/")
    form["title"] = "Said anew"

    response = form.send()

    assert response["Location"] == EVENTS
    assert events_of(article) == ["Said anew"]


def test_an_event_deleted_is_recorded_and_leads_back(client, article):
    event = build.event(article)
    record(article, by=None)

    response = client.post(f"{EVENTS}{event.pk}/delete/?from=article", {"post": "yes"})

    assert response["Location"] == f"{desk.address(article)}#tab-timeline"
    assert events_of(article) == []
    assert article.latest_revision.created_by.username == "editor"


def test_events_deleted_from_the_list_are_recorded_on_each_article(client, article):
    other = build.article()
    chosen = [build.event(article), build.event(other)]
    for one in (article, other):
        record(one, by=None)

    client.post(
        EVENTS,
        {"action": "delete_selected", "_selected_action": [e.pk for e in chosen], "post": "yes"},
    )

    assert not Event.objects.exists()
    assert (events_of(article), events_of(other)) == ([], [])


def test_the_next_event_is_added_to_the_same_article(client, article):
    form = desk.open_form(client, f"{EVENTS}add/?article={article.pk}&from=article")
    form["date"], form["title"] = "1917", "First"

    response = form.send("_addanother")

    assert response["Location"] == f"{EVENTS}add/?article={article.pk}&from=article"


def test_a_date_that_cannot_be_read_is_refused_with_a_sentence(client, article):
    event = build.event(article)
    form = desk.open_form(client, f"{EVENTS}{event.pk}/change/")
    form["date"], form["text"] = "some day", "What was typed."

    page = form.send().content.decode()

    assert 'id="id_date_error"' in page
    assert "What was typed." in page
    event.refresh_from_db()
    assert event.date == "1917-12-06"


def test_how_a_date_is_read_is_said_while_it_is_typed(client, article):
    asked = f"{EVENTS}read-date/"
    read = client.get(asked, {"date": "Feb 2022"}).json()
    assert read["words"].startswith("Read as: February 2022.")
    assert client.get(asked, {"date": ""}).json() == {"words": "", "error": "", "choices": []}
    assert client.get(asked, {"date": "some day"}).json()["error"]


def test_a_state_needs_a_way_to_be_drawn(client, article):
    form = desk.open_form(client, f"{EVENTS}add/?article={article.pk}")
    form["date"], form["title"], form["state"] = "1917/1933", "Interrupted", "Interrupted"

    assert "give both, or neither" in form.send().content.decode()


def test_an_anchor_stands_once_in_an_article(client, article):
    build.event(article, anchor="taken")
    event = build.event(article)
    form = desk.open_form(client, f"{EVENTS}{event.pk}/change/")
    form["anchor"] = "taken"

    assert "has the same anchor" in form.send().content.decode()


def test_an_event_stays_with_its_article(client, article):
    event, other = build.event(article), build.article()
    form = desk.open_form(client, f"{EVENTS}{event.pk}/change/")
    form["article"] = other.pk

    form.send()

    event.refresh_from_db()
    assert event.article == article


def test_events_are_found_by_article_and_kind(client, article):
    build.event(article, title="A treaty", kind="Treaty")
    build.event(build.article(), title="A talk", kind="Talks")

    found = client.get(EVENTS, {"kind": "Treaty"}).content.decode()
    searched = client.get(EVENTS, {"q": "The article"}).content.decode()

    assert "A treaty" in found
    assert "A talk" not in found
    assert "A treaty" in searched
    assert "A talk" not in searched


def test_a_question_added_lands_last_and_is_recorded(client, article):
    build.question(article, question="First?")
    form = desk.open_form(client, f"{QUESTIONS}add/?article={article.pk}&from=article")
    form["question"], form["answer"] = "Second?", "Yes."
    form["topics"] = [build.topic(name="Treaties").pk]

    response = form.send()

    assert response["Location"] == f"{desk.address(article)}#tab-faq"
    rows = article.latest_revision.document["parts"]["faq"]["rows"]
    assert [row["question"] for row in rows] == ["First?", "Second?"]
    assert [topic["name"] for topic in rows[1]["topics"]] == ["Treaties"]


def test_without_scripts_a_question_is_placed_by_its_number(client, article):
    first, second = build.question(article), build.question(article)
    form = desk.open_form(client, f"{QUESTIONS}{second.pk}/change/")
    form["position"] = "1"
    form.send()
    form = desk.open_form(client, f"{QUESTIONS}{first.pk}/change/")
    form["position"] = "2"
    form.send()

    assert list(article.questions.all()) == [second, first]


@pytest.mark.parametrize("model", ["event", "question"])
def test_somebody_without_the_right_is_refused(article, model):
    row = getattr(build, model)(article)
    url = {"event": EVENTS, "question": QUESTIONS}[model]
    client = desk.client_of(build.user("looker", f"view_{model}"))

    assert client.get(f"{url}{row.pk}/change/").status_code == 200
    assert client.get(f"{url}add/").status_code == 403
    assert client.post(f"{url}{row.pk}/change/", {"title": "x"}).status_code == 403
    assert client.post(f"{url}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Event.objects.count() + Question.objects.count() == 1
    assert article.latest_revision.number == 1
