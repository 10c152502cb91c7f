"""The preview beside a form: the page of what is typed, and no trace of it anywhere."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Article, AuditEntry, Revision
from articles.recording import record
from publishing.models import Stamp
from tests import build, desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return desk.client_of(build.editor())


@pytest.fixture
def article() -> Article:
    made = build.full_article(title="Saved", question="Was it?")
    record(made, by=None)
    return made


def address(row=None, model: str = "articles_article") -> str:
    if row is None:
        return reverse(f"admin:{model}_beside_new")
    return reverse(f"admin:{model}_beside", args=[row.pk])


def drawn(form: desk.Form, url: str, **more) -> dict:
    """Send a form to where its preview is drawn."""
    response = form.client.post(url, {**form.values, **more})
    assert response.status_code == 200, response.content[:500]
    assert "no-store" in response["Cache-Control"]
    return response.json()


def words_of(answer: dict) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer["html"])).split())


def rows_of(form: desk.Form, prefix: str) -> dict[str, str]:
    """Return the prefixes of a formset's rows by the words in their first field."""
    return {
        form[name]: name.rpartition("-")[0]
        for name in form.values
        if re.fullmatch(rf"{prefix}-\d+-(heading|characteristic)", name)
    }


# The article's form


def test_the_page_shows_what_is_typed(client, article):
    form = desk.open_form(client, desk.address(article))
    section = next(name for name in form.values if re.fullmatch(r"sections-\d+-body", name))
    form["title"], form["short_answer"] = "Typed", "Never."
    form[section] = "**Bold** words, cited.[@" + article.citations.first().source.key + "]"

    answer = drawn(form, address(article))

    assert "<h1>Typed</h1>" in answer["html"]
    assert "<strong>Bold</strong> words, cited." in answer["html"]
    assert 'href="#source-1"' in answer["html"]
    assert answer["unseen"] == []
    assert Article.objects.get().title == "Saved"


def test_it_is_the_page_that_saving_would_make(client, article):
    form = desk.open_form(client, desk.address(article))
    form["title"] = "Typed"

    answer = drawn(form, address(article))
    form.send()
    saved = client.get(desk.address(article, "preview")).content.decode()

    def body(html: str) -> str:
        html = re.sub(r'<div class="page"><div class="banner.*?</div></div>', "", html)
        return re.sub(r"\s+", " ", html[html.index("<body") :])

    assert body(answer["html"]) == body(saved)


def test_nothing_is_written_and_nothing_is_locked(client, article):
    form = desk.open_form(client, desk.address(article))
    form["title"] = "Typed"
    before = [
        list(model.objects.order_by("pk").values()) for model in (Revision, Stamp, AuditEntry)
    ]
    with CaptureQueriesContext(connection) as queries:
        drawn(form, address(article))

    after = [list(model.objects.order_by("pk").values()) for model in (Revision, Stamp, AuditEntry)]
    assert after == before
    for query in queries:
        # Django looks at a row's own rules in savepoints when a test holds a transaction.
        is_reading = query["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT"))
        assert is_reading, query["sql"]
        assert "FOR UPDATE" not in query["sql"]


def test_rows_that_are_new_moved_and_deleted_are_shown_so(client, article):
    article.sections.all().delete()
    for heading in ("One", "Two", "Three"):
        build.section(article, heading=heading)
    record(article, by=None)
    form = desk.open_form(client, desk.address(article))
    rows = rows_of(form, "sections")
    form[f"{rows['One']}-position"] = "9"
    form[f"{rows['Two']}-DELETE"] = "on"
    new = f"sections-{len(rows) - 1}" if "" in rows else f"sections-{len(rows)}"
    form["sections-TOTAL_FORMS"] = str(max(int(form["sections-TOTAL_FORMS"]), len(rows)))
    form[f"{new}-heading"], form[f"{new}-body"] = "Four", "New words."

    text = words_of(drawn(form, address(article)))

    assert "Two" not in text
    assert "New words." in text
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", drawn(form, address(article))["html"], re.DOTALL)
    order = [one for one in ("Three", "One", "Four") if any(one in head for head in headings)]
    assert order == ["Three", "One", "Four"]


def test_an_incomplete_draft_is_shown_with_what_it_lacks(client):
    article = Article.objects.create()
    record(article, by=None)
    form = desk.open_form(client, desk.address(article))
    form["short_answer"] = "Only this."

    answer = drawn(form, address(article))

    assert "Only this." in words_of(answer)
    messages = [one["message"] for one in answer["findings"]["required"]]
    assert "Give the article a title." in messages
    assert "Write at least one section." in messages


def test_what_is_wrong_is_shown_as_it_was_saved_and_said(client, article):
    fact = article.facts.first()
    form = desk.open_form(client, desk.address(article))
    row = rows_of(form, "facts")[fact.characteristic]
    form["title"] = "x" * 201
    form[f"{row}-as_of"] = "no day"
    form[f"{row}-value"] = "A new value."

    answer = drawn(form, address(article))

    assert "<h1>Saved</h1>" in answer["html"]
    assert "A new value." in words_of(answer)
    assert len(answer["unseen"]) == 2
    assert answer["unseen"][0].startswith("“Title” of “Saved”: ")
    assert answer["unseen"][1].startswith(f"“As of” of “{fact.characteristic}”: ")


def test_a_row_that_contradicts_itself_is_shown_as_it_was_saved(client, article):
    other = build.published_article(title="Another")
    form = desk.open_form(client, desk.address(article))
    form["seealsos-0-target"] = str(other.pk)  # and an address too

    answer = drawn(form, address(article))

    assert "Elsewhere" in words_of(answer)
    assert "Another" not in words_of(answer)
    assert answer["unseen"] == ["“Elsewhere”: Choose an article or give an address, not both."]


def test_an_article_that_is_not_saved_yet_is_shown_too(client):
    person = build.person(name="The Moscow desk")
    form = desk.open_form(client, reverse("admin:articles_article_add"))
    form["title"], form["written_by"] = "Brand new", [str(person.pk)]
    form["sections-0-heading"], form["sections-0-body"] = "First", "Its words."

    answer = drawn(form, address())

    assert "<h1>Brand new</h1>" in answer["html"]
    assert "The Moscow desk" in words_of(answer)
    assert "Its words." in words_of(answer)
    assert {one["url"] for one in answer["findings"]["required"]} == {
        "#id_question",
        "#id_short_answer",
        "#id_summary",
    }
    assert not Article.objects.exists()


def test_events_and_questions_are_there_in_the_order_that_is_typed(client, article):
    first = article.questions.get()
    second = build.question(article, question="The second?")
    record(article, by=None)
    form = desk.open_form(client, desk.address(article))
    form["order-faq"] = f"{second.uid},{first.uid}"

    text = words_of(drawn(form, address(article)))

    assert text.index("The second?") < text.index(first.question)
    assert "Interrupted" in text


def test_a_part_that_nobody_here_knows_is_shown_as_typed(article):
    client = desk.client_of(build.user("chief", is_superuser=True))
    form = desk.open_form(client, desk.address(article))
    form["pullquotes-0-words"] = "We leave tonight."
    assert "We leave tonight." in words_of(drawn(form, address(article)))


def test_each_row_says_where_it_stands_on_the_page(client, article):
    form = desk.open_form(client, desk.address(article))
    answer = drawn(form, address(article))
    for section in article.sections.all():
        place = answer["places"][f"row-{section.uid}"]
        assert f'id="{place}"' in answer["html"]


def test_findings_lead_to_the_fields(client, article):
    form = desk.open_form(client, desk.address(article))
    form["title"] = ""
    answer = drawn(form, address(article))
    assert answer["findings"]["required"] == [
        {"message": "Give the article a title.", "url": f"{desk.address(article)}#id_title"}
    ]
    assert answer["findings"]["recommended"]


def test_findings_in_rows_that_are_not_saved_yet_lead_to_their_fields(client, article):
    form = desk.open_form(client, desk.address(article))
    new = int(form["facts-INITIAL_FORMS"])
    form[f"facts-{new}-characteristic"] = "New"
    answer = drawn(form, address(article))
    [finding] = [one for one in answer["findings"]["required"] if "has no value" in one["message"]]
    assert finding["url"] == f"#id_facts-{new}-value"
    assert f'id="{finding["url"][1:]}"' in client.get(desk.address(article)).content.decode()

    form = desk.open_form(
        client, reverse("admin:timeline_event_add") + f"?article={article.pk}&from=article"
    )
    form["title"] = "New"
    answer = drawn(form, address(None, "timeline_event"))
    assert {"message": "“New” has no date.", "url": "#id_date"} in answer["findings"]["required"]


def test_only_the_checks_may_be_asked_for(client, article):
    form = desk.open_form(client, desk.address(article))
    answer = drawn(form, address(article), _only_checks="1")
    assert "html" not in answer
    assert answer["findings"]["required"] == []


def test_a_colleague_who_saved_meanwhile_is_no_obstacle(client, article):
    form = desk.open_form(client, desk.address(article))
    Article.objects.filter(pk=article.pk).update(title="By a colleague")
    record(article, by=None)
    form["title"] = "Typed"

    answer = drawn(form, address(article))

    assert "<h1>Typed</h1>" in answer["html"]
    assert answer["unseen"] == []


def test_the_pictures_of_drafts_are_shown(client, article):
    answer = drawn(desk.open_form(client, desk.address(article)), address(article))
    shown = article.sections.get(image__isnull=False).image.file
    assert f"/admin/library/image/file/{shown}" in answer["html"]


# The forms of rows


@pytest.mark.parametrize(
    ("model", "field", "rows"),
    [("timeline_event", "text", "events"), ("faq_question", "answer", "questions")],
)
def test_a_row_is_shown_in_its_article_as_typed(client, article, model, field, rows):
    row = getattr(article, rows).order_by("pk").last()
    form = desk.open_form(client, reverse(f"admin:{model}_change", args=[row.pk]))
    form[field] = "**Typed** words."

    answer = drawn(form, address(row, model))

    assert "<strong>Typed</strong> words." in answer["html"]
    assert "<h1>Saved</h1>" in answer["html"]
    assert f'id="{answer["places"]["form"]}"' in answer["html"]
    row.refresh_from_db()
    assert "Typed" not in getattr(row, field)


def test_an_event_moves_to_where_its_date_puts_it(client, article):
    early = build.event(article, title="Early", date="1700")
    build.event(article, title="Late", date="1800")
    record(article, by=None)
    form = desk.open_form(client, reverse("admin:timeline_event_change", args=[early.pk]))
    text = words_of(drawn(form, address(early, "timeline_event")))
    assert text.index("Early") < text.index("Late")

    form["date"] = "March 1805"
    text = words_of(drawn(form, address(early, "timeline_event")))
    assert text.index("Late") < text.index("Early")


def test_a_date_that_cannot_be_read_is_shown_as_it_was(client, article):
    event = build.event(article, title="Dated", date="1917-12-06")
    record(article, by=None)
    form = desk.open_form(client, reverse("admin:timeline_event_change", args=[event.pk]))
    form["date"] = "someday"

    answer = drawn(form, address(event, "timeline_event"))

    assert answer["unseen"][0].startswith("“Date” of “Dated”: ")
    assert "6 December" in words_of(answer)


def test_a_state_without_a_shape_is_shown_as_it_was(client, article):
    event = build.event(article, title="Dated")
    record(article, by=None)
    form = desk.open_form(client, reverse("admin:timeline_event_change", args=[event.pk]))
    form["state"], form["title"] = "In force", "Typed"

    answer = drawn(form, address(event, "timeline_event"))

    assert "Dated" in words_of(answer)
    assert answer["unseen"] == [
        "“Dated”: A state needs a name and a way to be drawn: give both, or neither."
    ]


def test_a_new_row_is_shown_in_the_article_it_is_for(client, article):
    form = desk.open_form(
        client, reverse("admin:faq_question_add") + f"?article={article.pk}&from=article"
    )
    topic = build.topic(name="Embassies")
    form["question"], form["answer"] = "A new one?", "Yes."
    form["topics"] = [str(topic.pk)]

    answer = drawn(form, address(None, "faq_question"))

    assert "A new one?" in words_of(answer)
    assert article.questions.count() == 1


def test_a_new_row_without_an_article_asks_for_it(client):
    form = desk.open_form(client, reverse("admin:timeline_event_add"))
    answer = drawn(form, address(None, "timeline_event"))
    assert (answer["html"], answer["unseen"]) == ("", ["Choose the article first."])


# Who, and how


def test_who_may_not_edit_gets_no_preview(article):
    event = article.events.first()
    for user in (build.stranger(), build.user("reader", "view_article", "view_event")):
        client = desk.client_of(user)
        for url in (address(article), address(), address(event, "timeline_event")):
            assert client.post(url, {}).status_code == 403
    assert desk.Client().post(address(article), {}).status_code == 302


def test_it_is_never_opened_by_a_link(client, article):
    assert client.get(address(article)).status_code == 405
    assert client.get(address()).status_code == 405


def test_another_site_cannot_ask_for_it(article):
    client = desk.Client(enforce_csrf_checks=True)
    client.force_login(build.editor())
    assert client.post(address(article), {"title": "x"}).status_code == 403


def test_what_is_not_there_has_no_preview(client):
    assert client.post(reverse("admin:articles_article_beside", args=[999]), {}).status_code == 404


def test_a_form_that_lost_its_rows_is_shown_with_those_that_are_saved(client, article):
    answer = client.post(address(article), {"title": "Bare"}).json()
    assert "<h1>Bare</h1>" in answer["html"]
    assert article.sections.first().heading in answer["html"]


def test_the_form_brings_what_the_preview_needs(client, article):
    page = client.get(desk.address(article)).content.decode()
    assert f'data-beside-url="{address(article)}"' in page
    event = article.events.first()
    page = client.get(reverse("admin:timeline_event_change", args=[event.pk])).content.decode()
    assert f'data-beside-url="{address(event, "timeline_event")}"' in page


def test_who_may_only_look_is_offered_no_preview(article):
    client = desk.client_of(build.user("reader", "view_article"))
    assert "data-beside" not in client.get(desk.address(article)).content.decode()
