"""Counting comments anew: what is wrong is found, told and mended; what is right costs no lock."""

import io
import logging

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.counting import recount, recount_all
from comments.models import Comment, Discussion
from publishing.stamps import comments_stamp, tokens
from tests import build
from tests.test_comments_states import assert_whole

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    """An article with two threads, in which something of each state stands."""
    made = build.published_article("open")
    top = build.comment(made)
    hidden = build.comment(made, "rejected", parent=top)
    build.comment(made, parent=hidden)
    build.comment(made, "pending", parent=top)
    build.comment(made, "spam")
    return made


def test_a_comment_that_claims_replies_it_has_not_is_mended(article):
    rows = Comment.objects.filter(state="spam")
    rows.update(replies_shown=7, has_place=True)
    assert recount(article.pk) == 1
    assert_whole(article)


def test_a_comment_that_lost_its_place_gets_it_again(article):
    Comment.objects.filter(state="rejected").update(replies_shown=0, has_place=False)
    assert recount(article.pk) == 1
    assert_whole(article)


@pytest.mark.parametrize("said", [0, 1, 99])
def test_an_article_that_shows_another_number_is_mended(article, said):
    Discussion.objects.update(shown=said)
    assert recount(article.pk) == 1
    assert_whole(article)


def test_an_article_without_its_row_of_counts_gets_one(article):
    Discussion.objects.all().delete()
    assert recount(article.pk) == 1
    assert_whole(article)


def test_an_article_without_comments_is_right_at_nought():
    article = build.published_article()
    assert recount(article.pk) == 0
    Discussion.objects.create(article=article, shown=3)
    assert recount(article.pk) == 1


def test_what_was_wrong_is_in_the_log(article, caplog):
    Comment.objects.filter(state="spam").update(replies_shown=7, has_place=True)
    Discussion.objects.update(shown=9)
    with caplog.at_level(logging.WARNING):
        recount(article.pk)
    told = " ".join(caplog.messages)
    spam = Comment.objects.get(state="spam")
    assert f"Comment {spam.pk}: 0 below it, not 7." in told
    assert f"Article {article.pk}: it shows 2 comments, not 9." in told


def test_pages_are_told_only_if_something_was_wrong(article):
    key = comments_stamp(article.uid)
    before = tokens([key])
    recount(article.pk)
    assert tokens([key]) == before
    Discussion.objects.update(shown=9)
    recount(article.pk)
    assert tokens([key]) != before


def test_what_is_right_is_only_read(article):
    with CaptureQueriesContext(connection) as asked:
        assert recount(article.pk) == 0
    # A cursor of PostgreSQL's is declared; it reads as well.
    assert {query["sql"].split()[0] for query in asked} <= {"SELECT", "DECLARE"}


def test_every_article_of_the_site_is_counted(article):
    other = build.published_article()
    build.comment(other)
    build.published_article("without comments".replace(" ", "-"))
    Discussion.objects.update(shown=5)
    found = recount_all()
    assert (found.articles, found.comments, found.mended) == (2, 6, 2)
    assert_whole(article)
    assert_whole(other)


def test_the_nightly_command_says_what_it_found(article):
    def said():
        out = io.StringIO()
        call_command("recount_comments", stdout=out)
        return out.getvalue()

    assert said() == "Comments counted: 5; articles: 1; counts: all right.\n"
    Discussion.objects.update(shown=5)
    assert said() == "Comments counted: 5; articles: 1; counts: 1 wrong, mended.\n"


def test_it_is_done_every_day():
    from deploy.serve import DAILY

    assert "recount_comments" in DAILY
