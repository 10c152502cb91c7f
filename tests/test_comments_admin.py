"""Comments at the desk: the queue, deciding about several, and one in its thread."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import writing
from comments.models import Comment
from comments.readers import reader_of
from tests import build

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LIST = "/admin/comments/comment/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    return build.published_article("open", title="Relations")


@pytest.fixture
def editor(client):
    user = build.editor()
    client.force_login(user)
    return user


def address(comment):
    return f"{LIST}{comment.pk}/change/"


def decide(client, action, comments, **fields):
    chosen = [comment.pk for comment in comments]
    data = {"action": action, "_selected_action": chosen, "index": "0", **fields}
    return client.post(LIST, data, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


# The queue


def test_the_list_opens_with_what_waits_the_oldest_first(client, editor, article):
    build.comment(article, body="Shown already")
    build.comment(article, state="rejected", body="Turned down")
    older = build.comment(article, state="pending", body="Older")
    newer = build.comment(article, state="pending", body="Newer")

    page = client.get(LIST)

    assert list(page.context["cl"].result_list) == [older, newer]
    assert "Shown already" not in page.text
    assert "Turned down" not in page.text


@pytest.mark.parametrize("state", ["approved", "rejected", "spam", "removed"])
def test_every_state_can_be_looked_through(client, editor, article, state):
    for each in ("pending", "approved", "rejected", "spam"):
        build.comment(article, state=each)
    writing.delete(build.comment(article, state="pending", created_at=NOON))

    results = client.get(f"{LIST}?state={state}").context["cl"].result_list

    assert [comment.state for comment in results] == [state]
    assert len(client.get(f"{LIST}?state=all").context["cl"].result_list) == 5


def test_the_text_and_its_article_are_in_view(client, editor, article):
    root = build.comment(article, name="Boris")
    build.comment(
        article,
        state="pending",
        name="Anna <i>",
        reader=reader_of("anna@example.org", at=timezone.now()),
        body="A text <b>of</b> one\n\nand two",
        parent=root,
        about="facts",
    )

    page = client.get(LIST).text

    assert "Anna &lt;i&gt;" in page
    assert "anna@example.org" in page
    assert "<p>A text &lt;b&gt;of&lt;/b&gt; one</p>\n<p>and two</p>" in page
    assert "in reply to Boris" in page
    assert '<a href="/articles/open/" class="desk-link">Relations</a>' in page
    assert "version 1, #facts" in page


def test_the_list_can_be_searched_and_narrowed_to_an_article(client, editor, article):
    other = build.published_article("other")
    here = build.comment(article, state="pending", body="Rapacki")
    build.comment(other, state="pending", body="Harris")

    def found(query):
        return list(client.get(f"{LIST}?{query}").context["cl"].result_list)

    assert found("q=rapacki") == [here]
    assert found(f"article={article.pk}") == [here]
    assert found("article=x") == found("article=²") == found("")


def test_the_list_costs_the_same_for_two_and_for_forty(client, editor, article):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        return len(queries)

    root = build.comment(article)
    for _ in range(2):
        build.comment(article, state="pending", parent=root)
    few = cost()
    for number in range(38):
        other = build.published_article(f"other-{number}") if number % 10 == 0 else article
        build.comment(other, state="pending", parent=root if other is article else None)

    assert cost() == few


# Several at once


def test_several_are_approved_and_the_page_shows_them(client, editor, article):
    waiting = [build.comment(article, state="pending", body=f"Words {n}") for n in range(3)]

    response = decide(client, "approve_chosen", waiting[:2])

    assert said(response) == ["2 comments approved."]
    page = client.get("/articles/open/").text
    assert "Words 0" in page
    assert "Words 1" in page
    assert "Words 2" not in page
    assert Comment.objects.get(pk=waiting[0].pk).decided_by == editor


@pytest.mark.parametrize(
    ("action", "state", "sentence"),
    [
        ("reject_chosen", "rejected", "1 comment rejected."),
        ("spam_chosen", "spam", "1 comment put aside as spam."),
    ],
)
def test_others_are_rejected_or_put_aside(client, editor, article, action, state, sentence):
    waiting = build.comment(article, state="pending")

    response = decide(client, action, [waiting])

    assert said(response) == [sentence]
    waiting.refresh_from_db()
    assert waiting.state == state


def test_what_another_editor_did_meanwhile_is_told(client, editor, article):
    waiting = build.comment(article, state="pending")
    shown = build.comment(article)

    response = decide(client, "approve_chosen", [waiting, shown], state="all")
    assert said(response) == ["1 comment approved."]
    response = client.post(
        f"{LIST}?state=all",
        {"action": "approve_chosen", "_selected_action": [waiting.pk, shown.pk], "index": "0"},
        follow=True,
    )

    assert said(response) == ["2 were so already."]


def test_what_its_writer_changed_meanwhile_is_not_approved_unseen(client, editor, article, clock):
    waiting = build.comment(article, state="pending", created_at=NOON)
    page = client.get(LIST)
    seen_at = page.context["action_form"].initial.get("seen_at")
    field = page.context["action_form"]["seen_at"]
    assert seen_at is None
    assert str(field.value()) in page.text
    clock.shift(timedelta(seconds=5))
    writing.mend(waiting, name="Anna", email="", body="Something else")
    clock.shift(timedelta(seconds=5))

    response = decide(client, "approve_chosen", [waiting], seen_at=field.value())

    assert said(response) == ["1 was changed by its writer after you had seen it. Read it again."]
    waiting.refresh_from_db()
    assert waiting.state == "pending"
    again = client.get(LIST).context["action_form"]["seen_at"].value()
    assert said(decide(client, "approve_chosen", [waiting], seen_at=again)) == [
        "1 comment approved."
    ]


@pytest.mark.parametrize("seen_at", ["", "yesterday", "2026-99-99T00:00", "2026-11-22T12:00"])
def test_a_form_that_does_not_say_when_it_was_made_decides_all_the_same(
    client, editor, article, seen_at
):
    waiting = build.comment(article, state="pending")

    assert said(decide(client, "approve_chosen", [waiting], seen_at=seen_at)) == [
        "1 comment approved."
    ]


def test_nothing_is_added_changed_or_deleted_here(client, article):
    from django.contrib.auth.models import User

    client.force_login(User.objects.create_superuser("chief", password="secret"))
    comment = build.comment(article, state="pending")

    assert client.get(f"{LIST}add/").status_code == 403
    assert client.get(f"{LIST}{comment.pk}/delete/").status_code == 403
    actions = client.get(LIST).context["action_form"].fields["action"].choices
    assert [name for name, _label in actions if name] == [
        "approve_chosen",
        "reject_chosen",
        "spam_chosen",
    ]


# One


def test_a_comment_is_shown_in_its_thread_with_buttons(client, editor, article):
    root = build.comment(article, name="Boris", body="The question")
    build.comment(article, parent=root, state="rejected", body="Turned down")
    waiting = build.comment(article, parent=root, state="pending", body="Words")
    build.comment(article, body="Elsewhere")

    page = client.get(address(waiting)).text

    assert [text in page for text in ("The question", "Turned down", "Words")] == [True] * 3
    assert "Elsewhere" not in page
    for deed in ("approve", "reject", "spam"):
        assert f'name="decide" value="{deed}"' in page
    assert "Once it is approved, you can answer it here." in page


def test_deciding_leads_to_the_next_that_waits(client, editor, article):
    first = build.comment(article, state="pending")
    second = build.comment(article, state="pending")

    to_next = client.post(address(first), {"decide": "approve", "seen_at": ""})
    to_list = client.post(address(second), {"decide": "reject"})

    assert to_next["Location"] == address(second)
    assert to_list["Location"] == LIST
    assert [comment.state for comment in Comment.objects.order_by("pk")] == ["approved", "rejected"]


def test_one_changed_meanwhile_is_not_approved_unseen_either(client, editor, article, clock):
    waiting = build.comment(article, state="pending", created_at=NOON)
    seen_at = client.get(address(waiting)).context["seen_at"]
    clock.shift(timedelta(seconds=5))
    writing.mend(waiting, name="Anna", email="", body="Something else")

    client.post(address(waiting), {"decide": "approve", "seen_at": seen_at})

    waiting.refresh_from_db()
    assert waiting.state == "pending"


def test_an_approved_comment_can_be_answered(client, editor, article):
    comment = build.comment(article)

    response = client.post(address(comment), {"send": "answer", "answer": "We will say so."})

    assert response["Location"] == address(comment)
    assert "We will say so." in client.get("/articles/open/").text
    assert "Your answer is on the page." in client.get(address(comment)).text


def test_an_answer_that_is_wrong_is_shown_with_what_was_typed(client, editor, article):
    comment = build.comment(article)
    waiting = build.comment(article, state="pending")

    empty = client.post(address(comment), {"answer": " "})
    long = client.post(address(comment), {"answer": "x" * 5_001})
    early = client.post(address(waiting), {"answer": "Too early"})

    assert [one.status_code for one in (empty, long, early)] == [422] * 3
    assert "Write something before you send." in empty.text
    assert "x" * 5_001 in long.text
    assert "Approve the comment before you answer it." in str(early.context["form"].errors)
    assert Comment.objects.filter(is_staff=True).count() == 0


def test_a_comment_that_is_not_there_is_not_found(client, editor):
    for unknown in ("999999", "x", "9" * 30):
        assert client.get(f"{LIST}{unknown}/change/").status_code in (302, 404)


# Who may


def test_who_may_not_moderate_is_refused_beside_who_may(client, article):
    waiting = build.comment(article, state="pending", body="Words")
    seer = build.user("seer", "view_comment")
    moderator = build.user("moderator", "moderate_comment")

    client.force_login(build.stranger())
    assert client.get(LIST).status_code == 403
    assert client.get(address(waiting)).status_code == 403
    assert client.post(address(waiting), {"decide": "approve"}).status_code == 403

    client.force_login(build.author())
    assert client.get(LIST).status_code == 403

    client.force_login(seer)
    assert "Words" in client.get(LIST).text
    assert 'name="decide"' not in client.get(address(waiting)).text
    assert client.post(address(waiting), {"decide": "approve"}).status_code == 403
    assert client.post(address(waiting), {"answer": "Yes."}).status_code == 403
    decide(client, "approve_chosen", [waiting])
    waiting.refresh_from_db()
    assert waiting.state == "pending"

    client.force_login(moderator)
    assert "Words" in client.get(LIST).text
    decide(client, "approve_chosen", [waiting])
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by) == ("approved", moderator)


def test_nobody_decides_without_logging_in(client, article):
    waiting = build.comment(article, state="pending")

    for request in (client.get(LIST), client.post(address(waiting), {"decide": "approve"})):
        assert request.status_code == 302
        assert request["Location"].startswith("/admin/login/")
    waiting.refresh_from_db()
    assert waiting.state == "pending"


def test_deciding_needs_the_token_of_the_form(article):
    from django.test import Client

    waiting = build.comment(article, state="pending")
    client = Client(enforce_csrf_checks=True)
    client.force_login(build.editor())

    assert client.post(address(waiting), {"decide": "approve"}).status_code == 403


# In the list of articles


def test_the_list_of_articles_says_how_many_wait(client, editor, article):
    for state in ("pending", "pending", "approved", "rejected"):
        build.comment(article, state=state)

    page = client.get("/admin/articles/article/").text

    assert f'<a href="{LIST}?article={article.pk}">2</a>' in page
