"""The page of one comment at the desk: its thread, its log, its buttons, an answer."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import moderating, writing
from comments.models import Comment
from comments.seen import token_of
from tests import build

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LIST = "/admin/comments/comment/"
DECIDE = f"{LIST}decide/"
UNDO = 'name="decide" value="undo"'


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


def decide(client, deed, comment):
    data = {"decide": deed, "seen": token_of(comment), "page": comment.pk}
    return client.post(DECIDE, data)


def test_a_comment_is_shown_in_its_thread_with_buttons(client, editor, article):
    root = build.comment(article, name="Boris", body="The question")
    build.comment(article, parent=root, state="rejected", body="Turned down")
    waiting = build.comment(article, parent=root, state="pending", body="Words")
    build.comment(article, parent=waiting, state="spam", body="Below it")
    build.comment(article, body="Elsewhere")

    page = client.get(address(waiting)).text

    texts = ("The question", "Turned down", "Words", "Below it")
    assert [text in page for text in texts] == [True] * 4
    assert "Elsewhere" not in page
    for deed in ("approve", "reject", "spam"):
        assert f'name="decide" value="{deed}"' in page
    assert "Once it is approved, you can answer it here." in page


def test_the_page_costs_the_same_in_a_long_thread(client, editor, article):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(waiting)).status_code == 200
        return len(queries)

    root = build.comment(article)
    waiting = build.comment(article, parent=root, state="pending")
    few = cost()
    for number in range(45):
        state = "pending" if number % 3 else "approved"
        build.comment(article, parent=root if number % 2 else waiting, state=state)

    assert cost() == few


def test_deciding_leads_to_the_next_that_waits(client, editor, article):
    first = build.comment(article, state="pending")
    second = build.comment(article, state="pending")

    to_next = decide(client, "approve", first)
    to_list = decide(client, "reject", second)

    assert to_next["Location"] == address(second)
    assert to_list["Location"] == LIST
    assert [comment.state for comment in Comment.objects.order_by("pk")] == ["approved", "rejected"]


def test_what_was_not_done_leads_back_to_the_comment(client, editor, article, clock):
    waiting = build.comment(article, state="pending", created_at=NOON)
    build.comment(article, state="pending")
    clock.shift(timedelta(seconds=5))
    writing.mend(waiting, name="Anna", email="", body="Something else")

    response = decide(client, "approve", waiting)

    assert response["Location"] == address(waiting)
    assert "Changed by its writer just now. Read it again." in client.get(address(waiting)).text
    waiting.refresh_from_db()
    assert waiting.state == "pending"


def test_the_log_says_who_did_what_when_and_why(client, editor, article, clock):
    waiting = build.comment(article, state="pending", held_by="links")
    clock.shift(timedelta(minutes=5))
    moderating.reject([waiting], by=build.editor("rosa", first_name="Rosa"), reason="Rule 3.")
    clock.shift(timedelta(minutes=5))
    moderating.approve([waiting], by=editor)

    page = client.get(address(waiting))

    assert [
        (row["when"], row["who"], row["before"], row["after"], row["why"])
        for row in page.context["log"]
    ] == [
        ("22 Nov 2026, 12:10", "editor", "Rejected", "Approved", ""),
        ("22 Nov 2026, 12:05", "Rosa", "Waiting", "Rejected", "Rule 3."),
        (
            "22 Nov 2026, 12:00",
            "The system",
            "New",
            "Waiting",
            "It has more links than the rules allow.",
        ),
    ]
    assert "Rosa" in page.text


def test_ones_own_last_decision_can_be_taken_back_here(client, editor, article, clock):
    waiting = build.comment(article, state="pending")
    moderating.reject([waiting], by=editor)
    assert UNDO in client.get(address(waiting)).text
    row = client.get(address(waiting)).context["undo"]

    client.post(DECIDE, {"decide": "undo", "decision": row.pk, "alone": "1", "page": waiting.pk})

    waiting.refresh_from_db()
    assert waiting.state == "pending"
    assert UNDO not in client.get(address(waiting)).text


def test_another_ones_decision_is_not_offered_to_be_taken_back(client, editor, article):
    waiting = build.comment(article, state="pending")
    moderating.reject([waiting], by=build.editor("rosa"))

    assert UNDO not in client.get(address(waiting)).text


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


def test_a_removed_comment_is_shown_without_buttons(client, editor, article):
    comment = build.comment(article, state="pending", created_at=NOON)
    writing.delete(comment)

    page = client.get(address(comment))

    assert page.status_code == 200
    assert 'name="decide"' not in page.text
    assert [row["who"] for row in page.context["log"]] == ["Its writer", "The system"]


def test_who_may_not_moderate_is_refused_beside_who_may(client, article):
    waiting = build.comment(article, state="pending", body="Words")

    client.force_login(build.stranger())
    assert client.get(address(waiting)).status_code == 403

    client.force_login(build.user("seer", "view_comment"))
    page = client.get(address(waiting)).text
    assert "Words" in page
    assert 'name="decide"' not in page
    assert client.post(address(waiting), {"answer": "Yes."}).status_code == 403

    client.force_login(build.user("moderator", "moderate_comment"))
    assert 'name="decide"' in client.get(address(waiting)).text
