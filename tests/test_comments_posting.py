"""Posting a comment: every answer of the forms' table, and what is stored by it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from articles.deeds import withdraw
from comments import writing
from comments.limits import MOST_COMMENTS, TooMany
from comments.models import Comment
from comments.threads import find_approved
from tests import build

pytestmark = pytest.mark.django_db

ADDRESS = "/articles/open/comments/"
FORM = {"name": "Anna", "email": "", "body": "The treaty of 1832 is missing."}
DATA = {"Accept": "application/json"}
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    return build.published_article("open")


def post(client, address=ADDRESS, headers=None, **fields):
    return client.post(address, {**FORM, **fields}, headers=headers)


def errors(client, **fields):
    response = post(client, headers=DATA, **fields)
    assert response.status_code == 422
    return response.json()["errors"]


# Taken


def test_a_comment_waits_and_its_writer_is_led_to_their_own_view(client, article):
    response = post(client, email="anna@example.org")

    comment = Comment.objects.get()
    assert response.status_code == 303
    assert response["Location"].startswith(f"/comments/{comment.pk}/?token=")
    assert comment.state == Comment.State.PENDING
    assert (comment.name, comment.reader.email) == ("Anna", "anna@example.org")
    assert comment.body == FORM["body"]
    assert comment.body_html == f"<p>{FORM['body']}</p>"
    assert comment.publication == article.publications.get()


def test_the_token_is_stored_nowhere(client, article):
    token = post(client)["Location"].partition("token=")[2]

    values = Comment.objects.values_list().get()
    assert token not in [str(value) for value in values]
    assert writing.is_writers_token(Comment.objects.get(), token)


def test_a_script_gets_the_same_outcome_as_data(client, article):
    response = post(client, headers=DATA)

    assert response.status_code == 303
    assert response.json() == {"status": "pending", "url": response["Location"]}
    own = client.get(response["Location"], headers=DATA)
    assert own.json()["status"] == "pending"


def test_a_waiting_comment_is_on_no_page(client, article):
    own = post(client, name="Secretive", body="Not for everybody")["Location"]

    pages = ("/articles/open/", ADDRESS, "/", own.partition("?")[0])
    for page in pages:
        text = client.get(page).text
        assert "Secretive" not in text
        assert "Not for everybody" not in text


def test_markup_and_links_are_kept_as_visible_text(client, article):
    typed = '<b>bold</b> [x](javascript:alert(1)) <a href="https://a.example">a</a> & **so on**'

    post(client, name="<i>Anna</i>", body=typed)

    comment = Comment.objects.get()
    assert (comment.name, comment.body) == ("<i>Anna</i>", typed)
    assert "<b>" not in comment.body_html
    assert "&lt;b&gt;bold&lt;/b&gt; [x](javascript:alert(1))" in comment.body_html


def test_line_ends_count_once_and_are_stored_alike(client, article):
    body = "\r\n".join(["line"] * 1000)
    assert len(body) > 5_000

    assert post(client, body=body).status_code == 303

    assert Comment.objects.get().body == "\n".join(["line"] * 1000)


def test_space_around_is_no_part_of_a_comment(client, article):
    post(client, name="  Anna ", body="\n\n  Words\n ")

    comment = Comment.objects.get()
    assert (comment.name, comment.body) == ("Anna", "Words")


def test_a_name_may_have_any_letters_but_none_that_turn_others_round(client, article):
    post(client, name="\u202eÅsa \u0434 王\u202c", body="Words")

    assert Comment.objects.get().name == "Åsa \u0434 王"


def test_a_comment_has_its_place_in_the_thread_by_its_number(client, article):
    post(client)

    comment = Comment.objects.get()
    assert comment.path == f"{comment.pk:010}"
    assert comment.depth == 0


def test_a_reply_stands_below_what_it_answers(client, article):
    root = build.comment(article)

    post(client, reply_to=root.pk)

    reply = Comment.objects.get(parent=root)
    assert reply.path == f"{root.pk:010}{reply.pk:010}"
    assert reply.depth == 1


def test_a_reply_to_a_reply_stands_below_it(client, article):
    root = build.comment(article)
    reply = build.comment(article, parent=root)

    post(client, reply_to=reply.pk)

    assert Comment.objects.latest("pk").parent == reply


def test_a_comment_may_speak_about_a_part_of_the_page(client):
    article = build.article("open")
    fact = build.fact(article, anchor="consul")
    build.section(article, anchor="1832")
    build.event(article, anchor="riga")
    build.question(article, anchor="why")
    build.published(article)

    for anchor in ("fact-consul", "1832", "event-riga", "faq-why", "facts", "timeline"):
        client.defaults["REMOTE_ADDR"] = f"203.0.{len(anchor)}.1"
        response = post(client, about=anchor)
        assert response.status_code == 303, anchor
    assert set(Comment.objects.values_list("about", flat=True)) >= {f"fact-{fact.anchor}", "1832"}


def test_a_comment_sent_to_an_old_address_is_taken(client, article):
    from articles.addressing import change_slug

    change_slug(article, "moved", by=None)

    assert post(client).status_code == 303
    assert Comment.objects.get().article == article


# Wrong


def test_an_empty_form_is_shown_again_with_what_is_wrong(client, article):
    response = client.post(ADDRESS, {})

    assert response.status_code == 422
    assert "<title>Your comment was not sent" in response.text
    assert '<a href="#comment-name">Give a name, any name.</a>' in response.text
    assert '<a href="#comment-body">Write something before you send.</a>' in response.text
    assert "data-focus" in response.text
    assert not Comment.objects.exists()


def test_a_refused_form_holds_all_that_was_typed(client, article):
    root = build.comment(article, name="Boris")

    response = post(client, name="", email="anna@example.org", body="<b>Mine</b>", reply_to=root.pk)

    assert response.status_code == 422
    assert 'value="anna@example.org"' in response.text
    assert "&lt;b&gt;Mine&lt;/b&gt;" in response.text
    assert f'name="reply_to" value="{root.pk}"' in response.text
    assert "Reply to Boris" in response.text


def test_what_is_wrong_is_said_as_data_too(client, article):
    assert errors(client, name="", body=" \n") == {
        "name": ["Give a name, any name."],
        "body": ["Write something before you send."],
    }


@pytest.mark.parametrize("nothing", ["\u200b", "\u3164", "\u2800\u00a0", "\u2060", "\u0301"])
def test_what_nobody_can_see_is_nothing(client, article, nothing):
    assert set(errors(client, name=nothing, body=nothing)) == {"name", "body"}


def test_a_signature_of_signs_only_is_a_name(client, article):
    assert post(client, name="🦉", body="!").status_code == 303


def test_too_long_a_text_is_told_by_how_much(client, article):
    assert errors(client, body="x" * 5_212)["body"] == [
        "Shorten this by 212 characters: at most 5,000 fit."
    ]
    assert errors(client, name="x" * 81)["name"] == ["Shorten this by 1 character: at most 80 fit."]
    assert post(client, name="x" * 80, body="x" * 5_000).status_code == 303


def test_the_browser_cuts_nothing_off(client, article):
    assert "maxlength" not in client.get(ADDRESS).text.partition("<main")[2]


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\x9b", "\x0b"])
def test_control_characters_are_refused(client, article, character):
    found = errors(client, name=f"An{character}na", body=f"Wor{character}ds")

    assert "control characters" in found["name"][0]
    assert "control characters" in found["body"][0]
    assert not Comment.objects.exists()


def test_a_name_is_one_line(client, article):
    assert "name" in errors(client, name="Anna\nEditor")
    assert "name" in errors(client, name="Anna\u2028Editor")


@pytest.mark.parametrize("email", ["anna", "anna@", "a b@example.org", "@example.org", "a@b\0.org"])
def test_an_address_that_is_none_is_refused(client, article, email):
    assert "email" in errors(client, email=email)


def test_a_reply_to_something_not_on_this_article_is_refused(client, article):
    elsewhere = build.comment(build.published_article())
    waiting = build.comment(article, state="pending")
    rejected = build.comment(article, state="rejected")

    for named in (elsewhere.pk, waiting.pk, rejected.pk, 999_999, "x", "-1", "²", "9" * 30):
        assert "reply_to" in errors(client, reply_to=named), named
    assert Comment.objects.count() == 3


def test_a_reply_that_is_refused_can_be_sent_again_as_a_comment(client, article):
    response = post(client, reply_to=999_999)

    assert response.status_code == 422
    assert 'name="reply_to" value=' not in response.text
    assert "Send again to leave yours as a comment of its own." in response.text
    assert FORM["body"] in response.text


def test_what_is_not_on_the_page_cannot_be_spoken_about(client, article):
    for anchor in ("nowhere", "fact-", "javascript:alert(1)", "x" * 90):
        assert "about" in errors(client, about=anchor)


# The same again


def test_the_same_again_is_received_once_and_said_neutrally(client, article):
    post(client)

    response = post(client)

    assert response.status_code == 303
    assert response["Location"] == f"{ADDRESS}?received"
    page = client.get(response["Location"])
    assert page["Cache-Control"] == "no-store"
    assert "<title>We already have this comment" in page.text
    assert "?token=" not in page.text
    assert Comment.objects.count() == 1


def test_the_same_again_is_said_as_data_too(client, article):
    post(client)

    response = post(client, headers=DATA)

    assert response.json() == {"status": "received", "url": f"{ADDRESS}?received"}


def test_the_same_words_from_another_network_or_under_another_name_are_another_comment(
    client, article
):
    post(client)
    post(client, name="Boris")
    client.defaults["REMOTE_ADDR"] = "198.51.100.7"
    post(client)

    assert Comment.objects.count() == 3


def test_the_same_words_in_reply_to_another_comment_are_another_comment(client, article):
    one, other = build.comment(article), build.comment(article)
    for answered in (one, other):
        post(client, reply_to=answered.pk)

    assert Comment.objects.filter(parent__isnull=False).count() == 2


def test_the_same_words_are_taken_again_after_an_hour(client, article, clock):
    post(client)
    clock.shift(timedelta(minutes=59))
    again = post(client)
    clock.shift(timedelta(minutes=1))
    later = post(client)

    assert again["Location"].endswith("?received")
    assert "token" in later["Location"]
    assert Comment.objects.count() == 2


def test_two_clicks_at_the_same_moment_store_one_comment(article, monkeypatch):
    """The second has looked for the same before the first was stored, and is stopped by the row."""
    fields = {"name": "Anna", "body": "Words", "network": "n"}
    publication = article.publications.get()
    first = writing.post(publication, **fields)
    looks = iter([False, True])
    refuse = writing._refuse_the_same
    monkeypatch.setattr(
        writing, "_refuse_the_same", lambda *args: refuse(*args) if next(looks) else None
    )

    with pytest.raises(writing.AlreadyReceived):
        writing.post(publication, **fields)

    assert list(Comment.objects.all()) == [first.comment]


def test_the_database_keeps_the_same_from_being_stored_twice(article):
    build.comment(article, fingerprint="the same")
    with pytest.raises(IntegrityError):
        build.comment(article, fingerprint="the same")


# Too often


def test_a_network_may_send_five_comments_in_ten_minutes(client, article, clock):
    for number in range(MOST_COMMENTS):
        assert post(client, body=f"Words {number}").status_code == 303
        clock.shift(timedelta(minutes=1))

    response = post(client, body="One too many")

    assert response.status_code == 429
    assert response["Retry-After"] == "300"
    assert "There is room for it in 5 minutes." in response.text
    assert "One too many" in response.text
    assert response["Cache-Control"] == "no-store"
    assert Comment.objects.count() == 5


def test_there_is_room_again_when_the_answer_said_so(client, article, clock):
    for number in range(MOST_COMMENTS + 1):
        response = post(client, body=f"Words {number}")
    clock.shift(timedelta(seconds=int(response["Retry-After"]) - 1))
    early = post(client, body="Again")
    clock.shift(timedelta(seconds=1))
    late = post(client, body="Again")

    assert (early.status_code, late.status_code) == (429, 303)


def test_another_network_has_room_of_its_own(client, article):
    for number in range(MOST_COMMENTS + 1):
        response = post(client, body=f"Words {number}")
    client.defaults["REMOTE_ADDR"] = "198.51.100.7"

    assert response.status_code == 429
    assert post(client, body="From elsewhere").status_code == 303


def test_a_double_click_on_the_last_one_is_no_excess(client, article):
    for number in range(MOST_COMMENTS):
        post(client, body=f"Words {number}")

    assert post(client, body=f"Words {MOST_COMMENTS - 1}").status_code == 303


def test_refused_forms_use_up_no_room(client, article):
    for _ in range(MOST_COMMENTS + 1):
        assert client.post(ADDRESS, {}).status_code == 422

    assert post(client).status_code == 303


def test_the_deed_itself_says_how_long_to_wait(article):
    publication = article.publications.get()
    for number in range(MOST_COMMENTS):
        writing.post(publication, name="Anna", body=f"Words {number}", network="n")

    with pytest.raises(TooMany) as many:
        writing.post(publication, name="Anna", body="More", network="n")

    assert 1 <= many.value.seconds <= 600


# Closed, gone, unknown


def test_a_closed_article_says_so_and_gives_the_words_back(client):
    build.published_article("closed", comments_open=False)

    response = post(client, "/articles/closed/comments/")

    assert response.status_code == 410
    assert "Comments on this article are closed" in response.text
    assert FORM["body"] in response.text
    assert not Comment.objects.exists()


def test_nobody_mends_a_form_that_is_closed(client):
    build.published_article("closed", comments_open=False)

    assert post(client, "/articles/closed/comments/", name="").status_code == 410


def test_comments_close_at_the_second_that_was_said(client, clock):
    build.published_article("closing", comments_until=NOON + timedelta(hours=1))
    clock.move_to(NOON + timedelta(hours=1) - timedelta(seconds=1))
    before = post(client, "/articles/closing/comments/")
    clock.shift(timedelta(seconds=1))
    after = post(client, "/articles/closing/comments/", body="Too late")

    assert (before.status_code, after.status_code) == (303, 410)


def test_what_is_not_before_readers_takes_no_comments(client, article):
    build.article("draft")
    withdraw(article, by=None, keep_history=True)

    for address in ("/articles/draft/comments/", ADDRESS, "/articles/nowhere/comments/"):
        response = post(client, address)
        assert response.status_code == 404
        assert FORM["body"] in response.text


def test_the_deed_itself_refuses_what_is_closed_or_gone(article):
    publication = article.publications.get()
    withdraw(article, by=None)
    publication.refresh_from_db()

    with pytest.raises(writing.Closed):
        writing.post(publication, name="Anna", body="Words", network="n")


# Finding


def test_only_an_approved_comment_of_the_article_is_found(article):
    shown = build.comment(article)
    waiting = build.comment(article, state="pending")

    assert find_approved(article.pk, str(shown.pk)) == shown
    assert find_approved(article.pk, str(waiting.pk)) is None
    assert find_approved(article.pk + 1, str(shown.pk)) is None
    assert find_approved(article.pk, "1; DROP TABLE") is None


def test_what_the_database_holds_of_a_comment_must_make_sense(article):
    for wrong in ({"name": ""}, {"body": ""}):
        with pytest.raises(IntegrityError), _savepoint():
            build.comment(article, **wrong)
    comment = build.comment(article, state="pending")
    for wrong in ({"state": "approved"}, {"state": "removed"}):
        with pytest.raises(IntegrityError), _savepoint():
            Comment.objects.filter(pk=comment.pk).update(decided_at=None, **wrong)
    with pytest.raises(IntegrityError), _savepoint():
        Comment.objects.filter(pk=comment.pk).update(
            state="approved", decided_at=timezone.now(), path=""
        )


def _savepoint():
    from django.db import transaction

    return transaction.atomic()
