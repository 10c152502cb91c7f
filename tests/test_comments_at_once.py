"""Several at the same moment, for real: threads with connections of their own."""

import threading
from collections import Counter

import pytest
from django.db import connection

from comments import feedback, moderating, reporting, voting, writing
from comments.models import Comment, Feedback, Report, Vote
from tests import build

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(deed, count):
    """Do ``deed(number)`` in ``count`` threads at the same moment; return what came of each."""
    outcomes, start = [], threading.Barrier(count)

    def run(number):
        try:
            start.wait()
            outcomes.append(deed(number))
        except Exception as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_the_same_comment_is_stored_once_however_often_it_is_sent():
    publication = build.published(build.article("open"))

    def post(_number):
        writing.post(publication, name="Anna", body="The same words", network="n")
        return "stored"

    assert Counter(at_once(post, 6)) == {"stored": 1, "AlreadyReceived": 5}
    assert Comment.objects.count() == 1


def test_the_same_answer_is_counted_once_however_often_it_is_clicked():
    publication = build.published(build.article("open"))

    outcomes = at_once(
        lambda number: feedback.give(publication, helped=bool(number % 2), network="n").pk, 6
    )

    assert len(set(outcomes)) == 1
    assert Feedback.objects.count() == 1


def test_editors_who_approve_the_same_comments_approve_each_once():
    articles = [build.published_article(f"article-of-{number}") for number in range(3)]
    waiting = [build.comment(article, "pending") for article in articles for _ in range(3)]

    def approve(number):
        in_their_order = waiting if number % 2 else waiting[::-1]
        return len(moderating.approve(in_their_order, by=None).done)

    assert sorted(at_once(approve, 4)) == [0, 0, 0, 9]


def test_votes_at_the_same_moment_count_once_for_each_reader():
    comment = build.comment(build.published_article("open"))

    at_once(lambda number: voting.vote(comment, voter=f"v{number % 3}", is_helpful=True).pk, 6)

    comment.refresh_from_db()
    assert comment.helpful == Vote.objects.count() == 3


def test_reports_at_the_same_moment_hide_a_comment_once():
    comment = build.comment(build.published_article("open"))

    at_once(
        lambda number: (
            reporting.report(comment, category="abuse", text="", network=f"n{number % 3}").pk
        ),
        6,
    )

    comment.refresh_from_db()
    assert comment.open_reports == Report.objects.count() == 3
    assert list(comment.transitions.values_list("reason", flat=True)).count("reports") == 1
