"""Rules of a discussion: which hold, what they close, and that pages say so at once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from articles.models import AuditEntry
from comments.models import Comment
from comments.rules import Rules, closes_at, rules_for, set_rules, takes_comments
from tests import build

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADDRESS = "/articles/open/comments/"
READ_FIRST = "An editor reads each one before it appears."


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    return build.published_article("open")


def post(client, **fields):
    return client.post(ADDRESS, {"name": "Anna", "body": "The treaty is missing.", **fields})


# Which hold


def test_without_any_rules_the_usual_ones_hold(article):
    assert rules_for(article.pk) == rules_for(None) == Rules()


def test_the_sites_rules_go_before_the_usual_ones_and_an_articles_before_those(article):
    other = build.article()
    set_rules(None, {"most_links": 5, "slow_mode_seconds": 60}, by=None)
    set_rules(article, {"most_links": 0}, by=None)

    assert rules_for(article.pk) == Rules(most_links=0, slow_mode_seconds=60)
    assert rules_for(other.pk) == Rules(most_links=5, slow_mode_seconds=60)
    assert rules_for(None) == rules_for(other.pk)


def test_an_article_may_do_without_what_the_site_does(article):
    set_rules(None, {"closes_after_days": 30, "is_moderated_first": True}, by=None)
    set_rules(article, {"closes_after_days": 0, "is_moderated_first": False}, by=None)

    assert rules_for(article.pk) == Rules(is_moderated_first=False)


def test_an_articles_words_are_added_to_the_sites(article):
    set_rules(None, {"held_words": "one\n\n two "}, by=None)
    set_rules(article, {"held_words": "three", "refused_words": "four"}, by=None)

    assert rules_for(article.pk).held_words == ("one", "two", "three")
    assert rules_for(article.pk).refused_words == ("four",)
    assert rules_for(None).held_words == ("one", "two")


def test_rules_cost_one_query(article, django_assert_num_queries):
    set_rules(None, {"most_links": 5}, by=None)
    set_rules(article, {"most_links": 0}, by=None)

    with django_assert_num_queries(1):
        rules_for(article.pk)


def test_a_change_is_logged_without_the_words_of_a_list(article):
    editor = build.editor()

    changed = set_rules(article, {"most_links": 4, "held_words": "secret\nwords"}, by=editor)
    again = set_rules(article, {"most_links": 4, "held_words": "secret\nwords"}, by=editor)

    entry = AuditEntry.objects.get(deed="set-comment-rules")
    assert (sorted(changed), again) == (["held_words", "most_links"], [])
    assert entry.details == {"most_links": "4", "held_words": 2}
    assert (entry.user_name, entry.article_uid) == ("editor", article.uid)


# Open and closed


def test_a_discussion_closes_so_many_days_after_the_article_first_went_live(article, clock):
    publication = article.publications.get()
    set_rules(None, {"closes_after_days": 30}, by=None)
    clock.shift(timedelta(days=20))
    article.title = "Changed"
    article.save()
    second = build.published(article, change_note="Changed.")

    assert closes_at(publication) == closes_at(second) == NOON + timedelta(days=30)
    assert takes_comments(second, NOON + timedelta(days=30) - timedelta(seconds=1))
    assert not takes_comments(second, NOON + timedelta(days=30))


def test_the_earlier_of_the_days_and_the_editors_own_moment_closes_it(article):
    publication = article.publications.get()
    set_rules(article, {"closes_after_days": 30}, by=None)

    publication.comments_until = NOON + timedelta(days=10)
    assert closes_at(publication) == NOON + timedelta(days=10)
    publication.comments_until = NOON + timedelta(days=40)
    assert closes_at(publication) == NOON + timedelta(days=30)
    publication.comments_open = False
    assert not takes_comments(publication, NOON)


def test_without_days_and_without_a_moment_it_stays_open(article):
    publication = article.publications.get()

    assert closes_at(publication) is None
    assert takes_comments(publication, NOON + timedelta(days=9_999))


def test_pages_say_that_it_is_closed_at_the_second_at_which_the_days_are_over(
    client, article, clock
):
    set_rules(None, {"closes_after_days": 30}, by=None)
    clock.move_to(NOON + timedelta(days=30) - timedelta(seconds=1))
    pages = ("/articles/open/", ADDRESS)
    before = [client.get(page).text for page in pages]
    clock.shift(timedelta(seconds=1))
    after = [client.get(page).text for page in pages]

    assert all("Leave a comment" in text for text in before)
    assert not any("Leave a comment" in text for text in after)
    assert all("Comments are closed" in text for text in after)
    assert post(client).status_code == 410
    assert not Comment.objects.exists()


def test_a_form_that_was_opened_before_the_end_loses_nothing_that_was_typed(client, article, clock):
    set_rules(article, {"closes_after_days": 1}, by=None)
    clock.shift(timedelta(days=1))

    answer = post(client, body="Typed for an hour.")

    assert answer.status_code == 410
    assert "Typed for an hour." in answer.text


@pytest.mark.parametrize("whose", ["site", "article"])
def test_kept_pages_follow_a_change_of_the_rules_at_once(client, article, whose):
    another = build.published_article("another")
    for page in ("/articles/open/", ADDRESS, "/articles/another/"):
        assert READ_FIRST in client.get(page).text

    of = article if whose == "article" else None
    set_rules(of, {"is_moderated_first": False, "slow_mode_seconds": 60}, by=None)

    for page in ("/articles/open/", ADDRESS):
        text = client.get(page).text
        assert READ_FIRST not in text
        assert "Comments appear at once. Slow mode" in text
    assert (READ_FIRST in client.get("/articles/another/").text) == (whose == "article")
    set_rules(of, {"closes_after_days": 0, "is_moderated_first": None}, by=None)
    assert READ_FIRST in client.get("/articles/open/").text
    assert another.pk


# Before or after publication


def test_read_first_a_comment_waits(client, article):
    own = post(client)["Location"]

    assert Comment.objects.get().state == Comment.State.PENDING
    assert Comment.objects.get().held_by == "newcomer"
    assert "Your comment waits for approval" in client.get(own).text


def test_read_afterwards_a_comment_that_passes_appears_at_once_on_kept_pages(client, article):
    set_rules(article, {"is_moderated_first": False}, by=None)
    for page in ("/articles/open/", ADDRESS):
        client.get(page)

    own = post(client)["Location"]

    comment = Comment.objects.get()
    assert (comment.state, comment.held_by) == (Comment.State.APPROVED, "passed")
    assert comment.decided_by is None
    assert comment.transitions.get().reason == "passed"
    for page in ("/articles/open/", ADDRESS):
        assert "The treaty is missing." in client.get(page).text
    assert "Your comment is on the page" in client.get(own).text


def test_read_afterwards_one_that_a_phase_holds_waits_all_the_same(client, article):
    set_rules(article, {"is_moderated_first": False, "most_links": 0}, by=None)

    post(client, body="See https://example.org/ for more.")

    comment = Comment.objects.get()
    assert (comment.state, comment.held_by) == (Comment.State.PENDING, "links")
    assert comment.transitions.get().reason == "links"


def test_read_afterwards_a_word_that_its_writer_mends_does_not_take_the_comment_away(
    client, article
):
    set_rules(article, {"is_moderated_first": False, "refused_words": "casino"}, by=None)
    own = post(client, body="The treaty of 1832 is mising from this page.")["Location"]
    comment = Comment.objects.get()
    client.get("/articles/open/")
    token = own.partition("token=")[2]

    def mend(body):
        fields = {"name": "Anna", "body": body, "token": token}
        assert client.post(f"/comments/{comment.pk}/", fields).status_code == 303
        comment.refresh_from_db()

    mend("The treaty of 1832 is missing from this page.")
    assert comment.state == Comment.State.APPROVED
    assert "is missing from this page." in client.get("/articles/open/").text
    mend("The treaty of 1832 is in the casino.")
    assert comment.state == Comment.State.PENDING
    assert "casino" not in client.get("/articles/open/").text


def test_a_refused_word_stores_the_comment_as_rejected_and_shows_it_nowhere(client, article):
    set_rules(None, {"refused_words": "casino", "is_moderated_first": False}, by=None)

    answer = post(client, body="The best CASINÓ in town.", headers={"Accept": "application/json"})

    comment = Comment.objects.get()
    assert answer.status_code == 303
    assert (comment.state, comment.held_by) == (Comment.State.REJECTED, "words")
    assert comment.body == "The best CASINÓ in town."
    assert "CASIN" not in client.get(ADDRESS).text
    own = client.get(answer["Location"], headers={"Accept": "application/json"})
    assert own.json()["status"] == "rejected"


def test_a_script_is_told_what_became_of_it(client, article):
    set_rules(article, {"is_moderated_first": False}, by=None)
    data = {"Accept": "application/json"}

    answer = client.post(ADDRESS, {"name": "Anna", "body": "Words"}, headers=data)

    assert answer.json()["status"] == "approved"


# Slow mode


def test_in_slow_mode_a_network_waits_its_turn_and_is_told_until_when(client, article, clock):
    set_rules(article, {"slow_mode_seconds": 300}, by=None)
    post(client)
    clock.shift(timedelta(seconds=100))

    early = post(client, body="A second one.")
    clock.shift(timedelta(seconds=199))
    still = post(client, body="A second one.")
    clock.shift(timedelta(seconds=1))
    late = post(client, body="A second one.")

    assert (early.status_code, still.status_code, late.status_code) == (429, 429, 303)
    assert early["Retry-After"] == "200"
    assert "slow mode" in early.text
    assert "There is room for it in 4 minutes." in early.text
    assert "There is room for it in 1 second." in still.text
    assert "A second one." in early.text


def test_slow_mode_is_of_one_discussion_and_of_one_network(client, article):
    build.published_article("another")
    set_rules(article, {"slow_mode_seconds": 300}, by=None)
    post(client)

    elsewhere = client.post("/articles/another/comments/", {"name": "Anna", "body": "Other words"})
    client.defaults["REMOTE_ADDR"] = "198.51.100.7"
    another = post(client, body="From elsewhere")

    assert (elsewhere.status_code, another.status_code) == (303, 303)


def test_a_double_click_in_slow_mode_is_the_same_and_not_too_early(client, article):
    set_rules(article, {"slow_mode_seconds": 300}, by=None)
    post(client)

    assert post(client)["Location"].endswith("?received")
