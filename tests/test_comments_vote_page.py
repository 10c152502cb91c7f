"""The page for votes: read, voted, changed, taken back, refused; the same as data for scripts."""

import pytest

from articles.deeds import withdraw
from comments import voting
from comments.models import Vote
from tests import build

pytestmark = pytest.mark.django_db

DATA = {"Accept": "application/json"}


@pytest.fixture
def comment():
    return build.comment(build.published_article("open"), name="Boris", body="*So* it is.")


def address(comment):
    return f"/comments/{comment.pk}/vote/"


def vote(client, comment, said="helpful", **options):
    return client.post(address(comment), {"vote": said} if said else {}, **options)


def counts(comment):
    comment.refresh_from_db()
    return comment.helpful, comment.unhelpful


def test_the_page_shows_the_comment_and_two_buttons(client, comment):
    page = client.get(address(comment))

    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    assert not page.cookies
    assert "<em>So</em> it is." in page.text
    assert 'value="helpful"' in page.text
    assert 'value="unhelpful"' in page.text
    assert 'value="withdraw"' not in page.text
    assert '<meta name="robots" content="noindex">' in page.text


def test_a_vote_is_counted_and_the_page_says_so(client, comment):
    response = vote(client, comment)

    assert response.status_code == 303
    page = client.get(response["Location"]).text
    assert "<title>Your vote is counted" in page
    assert "1 reader found it helpful." in page
    assert 'value="helpful" aria-pressed="true"' in page
    assert counts(comment) == (1, 0)


def test_a_vote_is_changed_and_taken_back(client, comment):
    vote(client, comment)
    vote(client, comment, "unhelpful")
    changed = counts(comment)
    response = vote(client, comment, "withdraw")

    assert changed == (0, 1)
    assert counts(comment) == (0, 0)
    assert "<title>Your vote is taken back" in client.get(response["Location"]).text


def test_unhelpful_votes_are_shown_to_nobody(client, comment):
    vote(client, comment, "unhelpful")
    client.defaults["REMOTE_ADDR"] = "198.51.100.7"

    for page in (address(comment), "/articles/open/", "/articles/open/comments/"):
        assert "1 reader" not in client.get(page).text
    data = client.get(address(comment), headers=DATA).json()
    assert (data["helpful"], data["vote"], data["label"]) == (0, "", "Helpful")


def test_a_script_gets_the_words_to_show(client, comment):
    response = vote(client, comment, headers=DATA)

    assert response.status_code == 303
    data = client.get(response["Location"], headers=DATA).json()
    assert (data["vote"], data["label"]) == ("helpful", "Helpful (1)")
    assert data["said"] == "Your vote is counted."


def test_another_browser_of_the_same_network_has_a_vote_of_its_own(client, comment):
    vote(client, comment, headers={"User-Agent": "One"})
    vote(client, comment, headers={"User-Agent": "Other"})
    vote(client, comment, headers={"User-Agent": "Other"})

    assert counts(comment) == (2, 0)


def test_stuffing_votes_by_calling_the_browser_anew_is_stopped(client, comment):
    for number in range(voting.MOST_ON_ONE_COMMENT + 3):
        response = vote(client, comment, headers={"User-Agent": f"Browser {number}"})

    assert response.status_code == 429
    assert "no more are counted" in response.text
    assert counts(comment) == (voting.MOST_ON_ONE_COMMENT, 0)


def test_nothing_of_the_voter_is_stored_that_could_be_read(client, comment):
    vote(client, comment, headers={"User-Agent": "Telling words"})

    stored = " ".join(map(str, Vote.objects.values_list().get()))
    assert "Telling" not in stored
    assert "127.0.0" not in stored


@pytest.mark.parametrize("said", ["", "very", "true"])
def test_a_form_without_a_button_is_asked_again(client, comment, said):
    response = vote(client, comment, said)

    assert response.status_code == 422
    assert "press one of the buttons" in response.text
    assert vote(client, comment, said, headers=DATA).json() == {
        "errors": {"vote": ["Say whether it helped."]}
    }
    assert counts(comment) == (0, 0)


def test_a_vote_that_another_site_makes_a_reader_send_is_refused(client, comment):
    response = vote(client, comment, headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 403
    assert counts(comment) == (0, 0)


def test_reading_the_page_votes_for_nothing(client, comment):
    client.get(f"{address(comment)}?vote=helpful")

    assert counts(comment) == (0, 0)


def test_what_readers_do_not_see_has_no_page(client, comment):
    waiting = build.comment(comment.article, "pending")
    assert client.get(address(waiting)).status_code == 404
    assert vote(client, waiting).status_code == 404

    withdraw(comment.article, by=None)

    assert client.get(address(comment)).status_code == 404
    assert vote(client, comment).status_code == 404
