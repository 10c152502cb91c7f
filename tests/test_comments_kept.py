"""What a reader typed survives every refusal."""

import re
from datetime import UTC, datetime

import pytest
import time_machine

from articles.models import Article
from comments import writing
from comments.limits import MOST_COMMENTS
from comments.models import Comment
from tests import build

pytestmark = pytest.mark.django_db

ADDRESS = "/articles/open/comments/"
WORDS = "Words & <b>more</b> that must not be lost."
SHOWN = "Words &amp; &lt;b&gt;more&lt;/b&gt; that must not be lost."
FORM = {"name": "Anna", "email": "anna@example.org", "body": WORDS}
DATA = {"Accept": "application/json"}
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def article():
    with time_machine.travel(NOON, tick=False):
        yield build.published_article("open")


def in_textarea(response):
    return re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", response.text, re.DOTALL)[1]


def post(client, address=ADDRESS, headers=None, **fields):
    return client.post(address, {**FORM, **fields}, headers=headers)


def from_elsewhere(client):
    return post(client, headers={"Sec-Fetch-Site": "cross-site"})


def unknown(client):
    return post(client, "/articles/nowhere/comments/")


def closed(client):
    build.published_article("closed", comments_open=False)
    return post(client, "/articles/closed/comments/")


def too_many(client):
    for number in range(MOST_COMMENTS):
        post(client, body=f"Words {number}")
    return post(client)


def wrong(client):
    return post(client, name="")


def not_theirs(client):
    one = build.comment(Article.objects.get())
    return post(client, f"/comments/{one.pk}/", token="x")


@pytest.mark.parametrize(
    ("refuse", "status"),
    [(wrong, 422), (from_elsewhere, 403), (unknown, 404), (not_theirs, 404), (closed, 410),
     (too_many, 429)],
)  # fmt: skip
def test_the_words_come_back_with_every_refusal(client, refuse, status):
    response = refuse(client)

    assert response.status_code == status
    assert in_textarea(response) == SHOWN
    assert response["Cache-Control"] == "no-store"


def test_a_text_of_more_than_64_kb_comes_back_whole(client):
    words = "Too much. " * 10_000

    response = post(client, body=words)

    assert response.status_code == 413
    assert in_textarea(response) == words
    assert not Comment.objects.exists()


def test_what_is_larger_than_anybody_types_is_refused_unread(client):
    response = post(client, body="x" * 600_000)

    assert response.status_code == 413
    assert "<textarea" not in response.text


def test_one_too_many_comes_back_with_the_whole_form_to_send_again_later(client, article):
    root = build.comment(article)
    for number in range(MOST_COMMENTS):
        post(client, body=f"Words {number}")

    response = post(client, reply_to=root.pk, follow="article")

    assert response.status_code == 429
    assert int(response["Retry-After"]) == 600
    assert "There is room for it in 10 minutes." in response.text
    assert 'value="anna@example.org"' in response.text
    assert f'name="reply_to" value="{root.pk}"' in response.text
    assert re.search(r'name="follow" value="article"[^>]* checked', response.text)
    assert "Send for approval" in response.text


def test_a_script_is_told_of_one_too_many_in_a_sentence(client):
    for number in range(MOST_COMMENTS):
        post(client, body=f"Words {number}")

    response = post(client, headers=DATA)

    assert response.status_code == 429
    assert response["Retry-After"] == "600"
    assert "There is room for it" in response.json()["error"]


def test_a_change_that_comes_too_late_comes_back(client, article):
    one = build.comment(
        article, token_hash=writing.hash_of("t"), created_at=datetime(2026, 11, 1, tzinfo=UTC)
    )

    response = post(client, f"/comments/{one.pk}/", token="t")

    assert response.status_code == 410
    assert in_textarea(response) == SHOWN


# Mail that is asked for


@pytest.fixture
def followed(monkeypatch):
    told = []
    monkeypatch.setattr(
        writing, "after_post", lambda comment, follow, at: told.append((comment.pk, follow, at))
    )
    return told


@pytest.mark.parametrize("follow", ["", "replies", "article"])
def test_what_a_writer_wants_to_follow_is_passed_on(client, followed, follow):
    post(client, follow=follow)

    assert followed == [(Comment.objects.get().pk, follow, NOON)]


def test_what_was_not_followed_was_not_stored_and_can_be_sent_again(client, monkeypatch):
    """Killed in between, it must not be "already received" without the mail that was asked for."""
    with monkeypatch.context() as patch:
        patch.setattr(writing, "after_post", lambda *args, **options: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            post(client, follow="replies")

    assert "token" in post(client, follow="replies")["Location"]


def test_who_wants_mail_has_to_say_where_to(client, followed):
    errors = post(client, headers=DATA, follow="replies", email="").json()["errors"]

    assert errors == {
        "email": ["Give an address to which we can write, or choose that you want no mail."]
    }
    assert set(post(client, headers=DATA, follow="replies", email="x@").json()["errors"]) == {
        "email"
    }
    assert followed == []


def test_nobody_follows_something_else(client, followed):
    assert post(client, headers=DATA, follow="everything").json()["errors"] == {
        "follow": ["Choose one of these."]
    }
