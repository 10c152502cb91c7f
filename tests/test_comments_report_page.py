"""The page for reports: a category and a text, and thanks that say what happens next."""

import pytest

from comments.models import Report
from tests import build

pytestmark = pytest.mark.django_db

DATA = {"Accept": "application/json"}


@pytest.fixture
def comment():
    return build.comment(build.published_article("open"), name="Boris", body="*So* it is.")


def address(comment):
    return f"/comments/{comment.pk}/report/"


def send(client, comment, headers=None, **fields):
    return client.post(address(comment), {"category": "abuse", **fields}, headers=headers)


def test_the_page_shows_the_comment_and_what_may_be_wrong_with_it(client, comment):
    page = client.get(address(comment))

    assert page["Cache-Control"] == "no-store"
    assert "<title>Report the comment by Boris" in page.text
    assert "<em>So</em> it is." in page.text
    for category, label in Report.Category.choices:
        assert f'value="{category}"' in page.text
        assert str(label) in page.text


def test_a_report_is_kept_and_thanked_for(client, comment):
    response = send(client, comment, text="He threatens her.")

    made = Report.objects.get()
    assert (made.category, made.text) == ("abuse", "He threatens her.")
    assert response.status_code == 303
    page = client.get(response["Location"]).text
    assert "<title>Thank you for your report" in page
    assert "A moderator reads it" in page
    assert f'href="/comments/{comment.pk}/"' in page


def test_what_was_typed_comes_back_with_what_is_wrong(client, comment):
    response = send(client, comment, category="", text="His <b>words</b>")

    assert response.status_code == 422
    assert '<a href="#report-category">Choose what is wrong with it.</a>' in response.text
    assert "His &lt;b&gt;words&lt;/b&gt;" in response.text
    assert set(send(client, comment, headers=DATA, text="x" * 601).json()["errors"]) == {"text"}
    assert not Report.objects.exists()


def test_what_a_program_fills_in_is_thanked_for_and_not_kept(client, comment):
    response = send(client, comment, website="https://spam.example")

    assert response["Location"].endswith("?thanks")
    assert not Report.objects.exists()


def test_once_it_is_hidden_the_thanks_tell_nothing_of_it(client, comment):
    for number in range(3):
        client.defaults["REMOTE_ADDR"] = f"203.0.{number}.1"
        response = send(client, comment)

    page = client.get(response["Location"])
    assert page.status_code == 200
    assert f"/comments/{comment.pk}/" not in page.text
    assert client.get(address(comment)).status_code == 404
    assert client.get("/comments/999/report/?thanks").text == page.text


def test_flooding_with_reports_is_refused_with_the_words_given_back(client, comment):
    for _ in range(10):
        send(client, build.comment(comment.article))

    response = send(client, comment, text="The eleventh")

    assert response.status_code == 429
    assert "The eleventh" in response.text
    assert int(response["Retry-After"]) > 0


def test_a_report_of_what_readers_do_not_see_is_answered_as_if_there_were_nothing(client, comment):
    waiting = build.comment(comment.article, "pending")

    response = send(client, waiting, text="My words")

    assert response.status_code == 404
    assert "My words" in response.text
    assert client.get(address(waiting)).status_code == 404
