"""What readers suggest, at the desk: who may decide, what accepting does, two editors at once."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import AuditEntry, Correction
from comments import moderating, suggesting
from comments.models import Comment, Suggestion, SuggestionStep
from faq.models import Question
from tests import build, desk, suggestions

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LIST = "/admin/comments/suggestion/"
Kind, State = Suggestion.Kind, Suggestion.State


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    made = build.full_article("open")
    build.fact(made, characteristic="Embassy", value="Closed in 1934.", anchor="embassy")
    build.published(made)
    return made


@pytest.fixture
def suggestion(article):
    return suggestions.made(
        article,
        right="It closed in 1933.",
        source="https://archive.example/box7",
        about="fact-embassy",
        about_title="Embassy",
        name="Anna",
        credit="name",
    )


@pytest.fixture
def question(article):
    return suggestions.made(article, kind=Kind.QUESTION, text="Who carried the telegram?")


@pytest.fixture
def editor():
    return desk.client_of(build.editor())


def page_of(suggestion: Suggestion) -> str:
    return reverse("admin:comments_suggestion_change", args=[suggestion.pk])


def decide(client, suggestion, button, reply="", turn=None):
    suggestion.refresh_from_db()
    turn = suggestion.turn if turn is None else turn
    return client.post(page_of(suggestion), {"decide": button, "reply": reply, "turn": turn})


# Reading


def test_the_page_shows_the_row_the_words_and_the_history(editor, suggestion):
    page = editor.get(page_of(suggestion))

    assert page.status_code == 200
    for words in (
        "Correction by Anna",
        "It closed in 1934.",
        "It closed in 1933.",
        "Noticed by Anna",
        "Closed in 1934.",
        "Written",
    ):
        assert words in page.text
    assert 'href="https://archive.example/box7" rel="noopener noreferrer nofollow"' in page.text


def test_it_shows_what_the_draft_says_otherwise(editor, article, suggestion):
    fact = article.facts.get(anchor="embassy")
    fact.value = "Closed in 1935."
    fact.save()

    page = editor.get(page_of(suggestion)).text

    assert "<del>1934</del>" in page.replace(".</del>", "</del>")
    assert "1935" in page


def test_a_row_that_is_gone_is_no_error(editor, article, suggestion):
    article.facts.get(anchor="embassy").delete()

    page = editor.get(page_of(suggestion)).text

    assert "It is not in the draft any more." in page
    assert decide(editor, suggestion, "accept").status_code == 302


def test_the_list_shows_what_waits_unless_asked_otherwise(editor, article, suggestion, question):
    declined = suggestions.made(article, text="Declined words")
    suggesting.decline(declined, by=None, turn=0, reply="No.")

    waiting = editor.get(LIST).text
    assert "It closed in 1934." in waiting
    assert "Who carried the telegram?" in waiting
    assert "Declined words" not in waiting
    assert "Declined words" in editor.get(f"{LIST}?state=declined").text
    assert "Declined words" in editor.get(f"{LIST}?state=all").text
    assert "telegram" not in editor.get(f"{LIST}?kind__exact=correction").text
    assert "It closed in 1934." in editor.get(f"{LIST}?article={article.pk}").text
    other = build.published_article("other")
    assert "It closed in 1934." not in editor.get(f"{LIST}?article={other.pk}").text
    assert editor.get(f"{LIST}?state=nonsense&article=x").status_code == 200


def test_the_list_tells_apart_what_is_in_the_draft_and_what_readers_see(
    editor, article, suggestion, clock
):
    suggestions.accepted(suggestion)
    assert "In the draft" in editor.get(f"{LIST}?state=accepted").text
    assert "It closed in 1934." not in editor.get(f"{LIST}?state=published").text

    clock.shift(timedelta(minutes=1))
    build.published(article)
    assert "Since version 2" in editor.get(f"{LIST}?state=published").text
    assert "It closed in 1934." not in editor.get(f"{LIST}?state=accepted").text


def test_spam_does_not_wait_at_the_desk(article):
    made = suggestions.made(article, is_public=True, name="Bot")
    assert Suggestion.objects.waiting().get() == made

    moderating.mark_as_spam(Comment.objects.all(), by=None)

    assert not Suggestion.objects.waiting().exists()


# Accepting a correction


def test_accepting_enters_a_correction_and_leads_to_the_row(editor, article, suggestion):
    revision = article.latest_revision.number

    response = decide(editor, suggestion, "accept")

    row = Correction.objects.get(uid=Suggestion.objects.get().led_to)
    assert row.article == article
    assert (row.wrong, row.right, row.noticed_by) == (
        "It closed in 1934.",
        "It closed in 1933.",
        "Anna",
    )
    assert (row.corrected_on, row.about) == (NOON.date(), "fact-embassy")
    assert article.latest_revision.number == revision + 1
    assert article.latest_revision.created_by.username == "editor"
    fact = article.facts.get(anchor="embassy")
    assert response.status_code == 302
    assert response["Location"] == f"{desk.address(article)}#row-{fact.uid}-value"
    told = editor.get(response["Location"]).text
    assert "A correction is in the draft." in told
    assert f"#row-{row.uid}-right" in told
    entry = AuditEntry.objects.get(deed="decided-suggestion")
    assert entry.details == {
        "suggestion": suggestion.pk,
        "kind": "correction",
        "decision": "accepted",
        "row": str(row.uid),
    }
    assert entry.deed_words == "Decided about a suggestion"


def test_readers_see_nothing_of_it_before_it_is_published(client, editor, suggestion):
    decide(editor, suggestion, "accept", reply="Thank you, Anna.")

    assert "It closed in 1933." not in client.get("/articles/open/").text


def test_one_about_the_whole_article_leads_to_the_correction_itself(editor, article):
    made = suggestions.made(article)

    response = decide(editor, made, "accept")

    row = Correction.objects.get(wrong="It closed in 1934.")
    assert row.noticed_by == ""
    assert response["Location"] == f"{desk.address(article)}#row-{row.uid}-right"


def test_accepted_twice_is_accepted_once(editor, suggestion):
    decide(editor, suggestion, "accept", turn=0)

    again = decide(editor, suggestion, "accept", turn=0)

    assert again.status_code == 409
    assert Correction.objects.filter(wrong="It closed in 1934.").count() == 1


def test_deleting_its_row_puts_it_back_to_the_waiting(editor, article, suggestion):
    decide(editor, suggestion, "accept")
    form = desk.open_form(editor, desk.address(article))
    row = Correction.objects.get(wrong="It closed in 1934.")
    number = next(
        name.split("-")[1]
        for name, values in form.values.items()
        if name.startswith("corrections-") and name.endswith("-uid") and values == [str(row.uid)]
    )
    form[f"corrections-{number}-DELETE"] = "on"
    assert form.send().status_code == 302
    assert not Correction.objects.filter(uid=row.uid).exists()

    page = editor.get(page_of(suggestion)).text
    assert "Waiting again" in page
    assert "Accept: enter a correction" in page
    assert "It closed in 1934." in editor.get(LIST).text
    assert decide(editor, suggestion, "accept").status_code == 302


# A question


def test_accepting_a_question_leads_to_its_answer(editor, article, question):
    response = decide(editor, question, "accept")

    row = Question.objects.get(question="Who carried the telegram?")
    assert (row.article, row.answer) == (article, "")
    assert Suggestion.objects.get().led_to == row.uid
    assert response["Location"].startswith(reverse("admin:faq_question_change", args=[row.pk]))
    form = editor.get(response["Location"])
    assert "Write its answer." in form.text


# Declining and answering


def test_declining_needs_a_reason_and_goes_on_to_the_next(editor, article, suggestion, question):
    refused = decide(editor, suggestion, "decline")
    assert refused.status_code == 422
    assert "Tell its writer why." in refused.text

    done = decide(editor, suggestion, "decline", reply="The register says 1934.")
    assert done["Location"] == page_of(question)
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.reply) == (State.DECLINED, "The register says 1934.")
    assert suggestion.decided_by.username == "editor"
    assert "Declined" in editor.get(page_of(suggestion)).text


def test_a_declined_one_can_still_be_accepted(editor, suggestion):
    decide(editor, suggestion, "decline", reply="No.")

    assert decide(editor, suggestion, "accept", reply="After all.").status_code == 302
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.reply) == (State.ACCEPTED, "After all.")


def test_what_stands_in_the_draft_is_not_declined_beside_it(editor, suggestion):
    decide(editor, suggestion, "accept")

    assert decide(editor, suggestion, "decline", reply="No.").status_code == 409
    suggestion.refresh_from_db()
    assert suggestion.state == State.ACCEPTED


def test_an_answer_that_is_too_long_stays_in_the_form(editor, suggestion):
    refused = decide(editor, suggestion, "answer", reply="x" * 2_003)

    assert refused.status_code == 422
    assert "Shorten this by 3 characters" in refused.text
    assert "x" * 2_003 in refused.text


def test_every_step_is_kept(editor, suggestion):
    decide(editor, suggestion, "answer", reply="Which box?")
    decide(editor, suggestion, "decline", reply="Not there.")

    deed = SuggestionStep.Deed
    steps = list(suggestion.steps.values_list("deed", "text", "by__username"))
    assert steps == [
        (deed.MADE, "", None),
        (deed.ANSWERED, "Which box?", "editor"),
        (deed.DECLINED, "Not there.", "editor"),
    ]


# Two at once


@pytest.mark.parametrize("button", ["accept", "decline", "answer"])
def test_the_second_editor_is_told_and_loses_nothing(editor, suggestion, button):
    other = desk.client_of(build.editor("vera", first_name="Vera", last_name="Figner"))
    shown = desk.open_form(other, page_of(suggestion))
    decide(editor, suggestion, "decline", reply="The register says 1934.")

    shown["reply"] = "I looked it up."
    answer = other.post(shown.url, {**shown.values, "decide": [button]})

    assert answer.status_code == 409
    assert "Nothing was changed. editor was there first: declined" in answer.text
    assert "I looked it up." in answer.text
    suggestion.refresh_from_db()
    assert suggestion.reply == "The register says 1934."
    assert not Correction.objects.filter(wrong="It closed in 1934.").exists()
    again = desk.form_in(answer, other, page_of(suggestion))
    assert again["turn"] == "1"


def test_what_was_withdrawn_is_not_accepted(editor, suggestion):
    shown = desk.open_form(editor, page_of(suggestion))
    suggesting.withdraw(suggestion)

    answer = editor.post(shown.url, {**shown.values, "decide": ["accept"]})

    assert answer.status_code == 409
    assert "Its writer has withdrawn it meanwhile" in answer.text
    assert decide(editor, suggestion, "answer", reply="Why?").status_code == 409


# Who may


def test_who_may_only_moderate_answers_and_declines(suggestion):
    moderator = desk.client_of(build.user("mo", "moderate_comment", "view_comment"))

    page = moderator.get(page_of(suggestion))
    assert page.status_code == 200
    assert "Accept: enter" not in page.text
    assert decide(moderator, suggestion, "accept").status_code == 403
    assert decide(moderator, suggestion, "answer", reply="We look.").status_code == 302
    assert decide(moderator, suggestion, "decline", reply="No.").status_code == 302


def test_an_author_may_accept_into_the_draft(suggestion):
    author = desk.client_of(build.author())

    assert decide(author, suggestion, "accept").status_code == 302


def test_a_stranger_sees_nothing(suggestion):
    stranger = desk.client_of(build.stranger())

    assert stranger.get(LIST).status_code == 403
    assert stranger.get(page_of(suggestion)).status_code == 403
    assert decide(stranger, suggestion, "decline", reply="No.").status_code == 403
    assert "Suggestions" not in stranger.get("/admin/").text
    suggestion.refresh_from_db()
    assert suggestion.state == State.NEW


def test_nobody_sees_the_writers_address_here(editor, article):
    made = suggestions.made(article, email="anna@reader.example")

    assert "anna@reader.example" not in editor.get(page_of(made)).text
    assert "anna@reader.example" not in editor.get(LIST).text


# On the desk


def test_they_lie_in_a_tray_on_the_first_page(editor, suggestion, question):
    page = editor.get("/admin/").text

    assert "Suggestions and questions of readers" in page
    assert page_of(suggestion) in page
    assert page_of(question) in page
    assert editor.get("/admin/desk/suggestions/").status_code == 200


def test_figures_say_how_much_comes_of_them_and_how_soon(editor, article, suggestion, clock):
    slow = suggestions.made(article, text="Something else")
    suggestions.made(article, text="A third")
    clock.shift(timedelta(days=2))
    suggestions.accepted(suggestion)
    build.published(article)
    clock.shift(timedelta(days=2))
    suggestions.accepted(slow)
    build.published(article)

    for address in ("/admin/", desk.address(article, "doing")):
        page = editor.get(address).text
        figures = page[page.index("What readers make better") :]
        figures = figures[: figures.index("</section>")]
        found = re.findall(r"<dd>(?:<a[^>]*>)?([^<]*)", figures)
        assert found == ["3", "2", "2", "3 days", "0", "0", "–"]


def test_the_search_over_everything_finds_them(editor, suggestion):
    assert page_of(suggestion) in editor.get("/admin/find/?q=closed+1934").text


def test_the_list_and_the_page_cost_the_same_whatever_there_is(editor, article, clock):
    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(address).status_code == 200
        return len(queries)

    first = suggestions.made(article, text="First", about="fact-embassy")
    addresses = [LIST, f"{LIST}?state=all", page_of(first), "/admin/desk/suggestions/"]
    for address in addresses:
        cost(address)
    little = [cost(address) for address in addresses]
    for number in range(60):
        clock.shift(timedelta(hours=2))
        made = suggestions.made(article, text=f"Wrong {number}", network=f"{number}")
        if number % 3 == 0:
            suggestions.accepted(made)
    build.published(article)

    assert [cost(address) for address in addresses] == little
