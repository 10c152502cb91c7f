"""The writer's own view: what became of a comment, and mending or deleting it while it is fresh."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from articles.deeds import withdraw
from comments import moderating, writing
from comments.models import Comment
from publishing.stamps import comments_stamp, tokens
from tests import build

pytestmark = pytest.mark.django_db

DATA = {"Accept": "application/json"}
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FORM = {"name": "Anna", "email": "anna@example.org", "body": "First words"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    return build.published_article("open")


@pytest.fixture
def own(client, article):
    """The address that only the writer of a fresh comment has."""
    return client.post("/articles/open/comments/", FORM)["Location"]


def token_in(own):
    return own.partition("?token=")[2]


def mend(client, own, headers=None, **fields):
    address = own.partition("?")[0]
    return client.post(address, {**FORM, "token": token_in(own), **fields}, headers=headers)


def comment():
    return Comment.objects.get()


def approve():
    return moderating.approve([comment()], by=None)


# Seeing


def test_the_writer_sees_what_waits_and_until_when_it_can_be_mended(client, own):
    page = client.get(own)

    assert page.status_code == 200
    assert "<title>Your comment waits for approval" in page.text
    assert "<p>First words</p>" in page.text
    assert "until 12:15 UTC" in page.text
    assert 'value="anna@example.org"' in page.text
    assert "data-focus>Your comment waits for approval</h1>" in page.text


def test_the_view_is_stored_nowhere_and_indexed_nowhere(client, own):
    page = client.get(own)

    assert page["Cache-Control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in page.text
    assert "ETag" not in page
    assert not page.cookies


def test_a_wrong_token_finds_nothing(client, own):
    address = own.partition("?")[0]

    for token in ("", "x", token_in(own)[:-1], token_in(own) + "x", "\N{SNOWMAN}", "%FF"):
        assert client.get(f"{address}?token={token}").status_code == 404
        response = client.post(address, {**FORM, "token": token, "body": "Not mine"})
        assert response.status_code == 404
        assert "Not mine" in response.text
    assert comment().body == "First words"


def test_the_token_of_one_comment_opens_no_other(client, article, own):
    other = build.comment(article, state="pending")

    assert client.get(f"/comments/{other.pk}/?token={token_in(own)}").status_code == 404
    assert client.get(f"/comments/{other.pk}/?token=").status_code == 404


def test_the_view_answers_head_and_refuses_other_methods(client, own):
    head = client.head(own)

    assert (head.status_code, head.content) == (200, b"")
    assert client.put(own).status_code == 405


def test_an_approved_comment_is_led_to(client, own):
    approve()

    page = client.get(own).text

    assert "<title>Your comment is on the page" in page
    assert f'href="/comments/{comment().pk}/"' in page


@pytest.mark.parametrize("decide", [moderating.reject, moderating.mark_as_spam])
def test_a_comment_turned_down_is_said_to_be_so_and_cannot_be_mended(client, own, decide):
    decide([comment()], by=None)

    page = client.get(own).text

    assert "<title>Your comment will not be shown" in page
    assert "spam" not in page.lower()
    assert "comment-form" not in page
    assert client.get(own, headers=DATA).json()["status"] == "rejected"
    assert mend(client, own, body="Try again").status_code == 410


def test_nothing_of_a_withdrawn_article_is_seen(client, article, own):
    withdraw(article, by=None)

    assert client.get(own).status_code == 404


# Mending


def test_a_fresh_comment_can_be_mended(client, own):
    response = mend(client, own, body="Better <b>words</b>", name="Anna B.", email="")

    assert response.status_code == 303
    assert response["Location"] == own
    mended = comment()
    assert (mended.name, mended.reader, mended.body) == ("Anna B.", None, "Better <b>words</b>")
    assert mended.body_html == "<p>Better &lt;b&gt;words&lt;/b&gt;</p>"
    assert mended.edited_at == NOON
    page = client.get(own).text
    assert "<title>Your change is saved and waits for approval" in page


def test_a_change_that_is_wrong_is_shown_with_what_was_typed(client, own):
    response = mend(client, own, name="", body="Typed anew")

    assert response.status_code == 422
    assert response["Cache-Control"] == "no-store"
    assert "<title>Your change was not saved" in response.text
    assert '<a href="#comment-name">Give a name, any name.</a>' in response.text
    assert "Typed anew</textarea>" in response.text
    assert token_in(own) in response.text
    assert comment().body == "First words"
    assert mend(client, own, headers=DATA, body="").json() == {
        "errors": {"body": ["Write something before you send."]}
    }


def test_a_comment_can_be_mended_for_fifteen_minutes_from_writing(client, own, clock):
    clock.shift(timedelta(minutes=14, seconds=59))
    just = mend(client, own, body="Just in time")
    clock.shift(timedelta(seconds=1))
    late = mend(client, own, body="Too late, but not lost")

    assert (just.status_code, late.status_code) == (303, 410)
    assert "Too late, but not lost" in late.text
    assert comment().body == "Just in time"
    page = client.get(own).text
    assert "comment-form" not in page
    assert "until" not in page


def test_changing_an_approved_comment_takes_it_off_the_page_until_it_is_read_again(
    client, article, own
):
    approve()
    assert "First words" in client.get("/articles/open/").text
    before = tokens([comments_stamp(article.uid)])

    mend(client, own, body="Other words")

    page = client.get("/articles/open/").text
    assert "First words" not in page
    assert "Other words" not in page
    assert comment().state == "pending"
    assert comment().decided_at is None
    assert tokens([comments_stamp(article.uid)]) != before
    approve()
    assert "Other words" in client.get("/articles/open/").text


def test_saving_the_same_words_again_changes_nothing(client, own):
    approve()

    mend(client, own)

    assert comment().state == "approved"
    assert comment().edited_at is None


def test_an_address_may_be_changed_without_being_approved_again(client, own):
    approve()

    mend(client, own, email="other@example.org")

    assert (comment().state, comment().reader.email) == ("approved", "other@example.org")


def test_another_address_is_not_proved_by_the_one_before(client, own):
    Comment.objects.update(confirmed_at=NOON)

    mend(client, own)
    unchanged = comment().confirmed_at
    mend(client, own, email="other@example.org")

    assert (unchanged, comment().confirmed_at) == (NOON, None)


def test_changing_a_comment_that_went_live_at_once_is_a_new_moderation(client, article, own):
    one = build.comment(article, held_by="passed", token_hash=writing.hash_of("t"))

    client.post(f"/comments/{one.pk}/", {**FORM, "token": "t", "body": "Buy my watches"})

    one.refresh_from_db()
    assert one.state == "pending"
    assert one.transitions.last().reason == "writer"
    assert "watches" not in client.get("/articles/open/").text


def test_mending_a_waiting_comment_changes_no_page(article, client, own):
    before = tokens([comments_stamp(article.uid)])

    mend(client, own, body="Other words")

    assert tokens([comments_stamp(article.uid)]) == before


def test_the_first_words_sent_again_by_a_late_click_are_still_the_same(client, article, own):
    mend(client, own, body="Other words")

    response = client.post("/articles/open/comments/", FORM)

    assert response["Location"].endswith("?received")


def test_a_script_learns_the_state_and_how_long_it_may_be_mended(client, own):
    assert client.get(own, headers=DATA).json() == {
        "status": "pending",
        "mend_until": "2026-11-22T12:15:00Z",
    }
    assert mend(client, own, headers=DATA, body="Other").json() == {
        "status": "pending",
        "url": own,
    }


# Why


def test_the_writer_is_told_why_with_a_link_to_the_rules(client, own):
    waiting = client.get(own).text
    moderating.reject([comment()], by=None)
    refused = client.get(own).text

    assert "An editor reads it" in waiting
    assert '<a href="/comment-rules/">' in waiting
    assert "<title>Your comment will not be shown" in refused
    assert 'the rules for comments: <a href="/comment-rules/">read them</a>' in refused


def test_a_spammer_is_told_no_more_than_that_it_is_not_shown(client, own):
    moderating.mark_as_spam([comment()], by=None)

    page = client.get(own).text
    assert "<title>Your comment will not be shown" in page
    assert "pam" not in page


# Deleting


def delete(client, own):
    return client.post(own.partition("?")[0], {"token": token_in(own), "delete": "yes"})


def test_a_fresh_comment_can_be_deleted_with_all_that_was_told(client, own):
    response = delete(client, own)

    assert response.status_code == 303
    gone = comment()
    assert gone.state == Comment.State.REMOVED
    assert (gone.name, gone.reader, gone.body, gone.body_html) == ("", None, "", "")
    page = client.get(response["Location"]).text
    assert "<title>Your comment is deleted" in page
    assert "comment-form" not in page


def test_deleting_twice_is_deleting_once(client, own):
    delete(client, own)

    assert delete(client, own).status_code == 303


def test_what_is_deleted_is_off_the_page_at_once(client, own):
    approve()
    assert "First words" in client.get("/articles/open/").text

    delete(client, own)

    assert "First words" not in client.get("/articles/open/").text


def test_what_is_deleted_cannot_be_mended_or_approved(client, own):
    delete(client, own)

    assert mend(client, own, body="Back again").status_code == 410
    assert approve().already == [comment()]
    assert comment().state == Comment.State.REMOVED


def test_nothing_can_be_deleted_after_fifteen_minutes(client, own, clock):
    clock.shift(timedelta(minutes=15))

    assert delete(client, own).status_code == 410
    assert comment().body == "First words"


def test_after_deleting_the_same_words_may_be_sent_again(client, article, own):
    delete(client, own)

    assert "token" in client.post("/articles/open/comments/", FORM)["Location"]


def test_deleting_makes_no_room_for_more(client, article):
    for number in range(5):
        own = client.post("/articles/open/comments/", {**FORM, "body": f"Words {number}"})
        delete(client, own["Location"])

    response = client.post("/articles/open/comments/", {**FORM, "body": "More"})

    assert response.status_code == 429


def test_an_answered_comment_leaves_its_place_when_it_is_deleted(client, article, own):
    approve()
    build.comment(article, parent=comment(), body="The answer stays")

    delete(client, own)

    page = client.get("/articles/open/").text
    assert "The comment that stood here was removed by its writer." in page
    assert "The answer stays" in page


# Two at once


def test_a_comment_mended_while_it_was_read_is_decided_as_it_is_now(article):
    """The writer's and the editor's deeds each look again once they hold the row."""
    seen_by_editor = build.comment(article, state="pending", created_at=NOON)
    seen_by_writer = Comment.objects.get(pk=seen_by_editor.pk)
    moderating.approve([seen_by_editor], by=None)

    writing.mend(seen_by_writer, name="Anna", email="", body="Changed")

    now = comment()
    assert (now.state, now.body, now.decided_by) == ("pending", "Changed", None)
