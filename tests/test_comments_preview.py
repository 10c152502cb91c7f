"""Preview: a comment as it would be shown, before anything is stored."""

import re

import pytest

from comments import writing
from comments.limits import MOST_COMMENTS
from comments.models import Comment, Reader
from tests import build

pytestmark = pytest.mark.django_db

ADDRESS = "/articles/open/comments/"
FORM = {"name": "Anna", "email": "anna@example.org", "body": "*Words* <b>"}
SHOWN = '<div class="comment-body"><p><em>Words</em> &lt;b&gt;</p></div>'


@pytest.fixture
def article():
    return build.published_article("open")


def preview(client, address=ADDRESS, **fields):
    return client.post(address, {**FORM, "preview": "yes", **fields})


def test_a_preview_shows_the_comment_as_it_would_be_shown(client, article):
    page = preview(client)

    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    assert "<title>Preview of your comment" in page.text
    assert SHOWN in page.text
    assert "nothing is sent yet" in page.text
    assert "data-focus" in page.text


def test_all_that_was_typed_stands_below_it(client, article):
    root = build.comment(article, name="Boris")

    page = preview(client, reply_to=root.pk, follow="replies").text

    assert "*Words* &lt;b&gt;</textarea>" in page
    assert 'value="Anna"' in page
    assert 'value="anna@example.org"' in page
    assert f'name="reply_to" value="{root.pk}"' in page
    assert re.search(r'name="follow" value="replies"[^>]* checked', page)
    assert "Reply to Boris" in page


def test_a_script_gets_a_preview_as_data(client, article):
    one = build.comment(article, "pending", token_hash=writing.hash_of("t"))
    expected = {"status": "preview", "name": "Anna", "body": "<p><em>Words</em> &lt;b&gt;</p>"}

    for address in (ADDRESS, f"/comments/{one.pk}/"):
        fields = {**FORM, "token": "t", "preview": "yes"}
        assert (
            client.post(address, fields, headers={"Accept": "application/json"}).json() == expected
        )


def test_a_preview_stores_nothing_and_uses_up_nothing(client, article):
    for _ in range(MOST_COMMENTS + 1):
        preview(client)

    assert not Comment.objects.exists()
    assert not Reader.objects.exists()
    assert client.post(ADDRESS, FORM).status_code == 303


def test_what_is_wrong_is_said_before_anything_is_shown(client, article):
    page = preview(client, name="")

    assert page.status_code == 422
    assert "nothing is sent yet" not in page.text
    assert "Give a name, any name." in page.text


def test_nothing_is_previewed_where_nothing_is_taken(client):
    build.published_article("closed", comments_open=False)

    assert preview(client, "/articles/closed/comments/").status_code == 410


def test_the_enter_key_sends_and_does_not_preview(client, article):
    """A browser presses the first button of a form."""
    form = re.search(
        r'<form class="form" id="comment-form".*?</form>', client.get(ADDRESS).text, re.S
    )
    first = re.search(r"<button[^>]*>", form[0])[0]

    assert "preview" not in first


def test_a_change_is_previewed_above_its_form_and_not_saved(client, article):
    one = build.comment(article, "pending", token_hash=writing.hash_of("t"), body="Before")

    page = preview(client, f"/comments/{one.pk}/", token="t")

    assert page.status_code == 200
    assert SHOWN in page.text
    assert "<p>Before</p>" in page.text
    assert 'name="token" value="t"' in page.text
    one.refresh_from_db()
    assert (one.body, one.edited_at) == ("Before", None)


def test_nobody_previews_a_change_of_what_is_not_theirs(client, article):
    one = build.comment(article, "pending", token_hash=writing.hash_of("t"))

    assert preview(client, f"/comments/{one.pk}/", token="x").status_code == 404


# What may be written is said


def test_the_form_says_what_may_be_written_and_which_rules_hold(client, article):
    page = client.get(ADDRESS).text

    assert "<code>**word**</code>" in page
    assert '<a href="/comment-rules/">the rules for comments</a>' in page
    assert "Only for mail that you ask for" in page
