"""Votes: one for each reader and comment, counted once, changed and taken back."""

import random
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from comments import voting
from comments.counting import recount_votes
from comments.limits import TooMany
from comments.models import Comment, Vote
from comments.tasks import forget_networks
from comments.voting import wilson_lower_bound
from publishing.stamps import comments_stamp, tokens
from tests import build

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def comment(clock):
    return build.comment(build.published_article("open"))


def cast(comment, voter="v", is_helpful=True, network=""):
    return voting.vote(comment, voter=voter, is_helpful=is_helpful, network=network)


def counts(comment):
    comment.refresh_from_db()
    return comment.helpful, comment.unhelpful


def test_each_reader_counts_once_however_often_they_vote(comment):
    cast(comment, "anna")
    cast(comment, "anna")
    cast(comment, "boris")

    assert counts(comment) == (2, 0)
    assert Vote.objects.count() == 2


def test_a_vote_may_be_changed_and_taken_back(comment):
    cast(comment)
    cast(comment, is_helpful=False)
    changed = counts(comment)
    cast(comment, is_helpful=None)

    assert changed == (0, 1)
    assert counts(comment) == (0, 0)
    assert comment.score == 0
    assert not Vote.objects.exists()
    cast(comment, is_helpful=None)
    assert counts(comment) == (0, 0)


def test_the_database_keeps_one_vote_of_each_voter(comment):
    cast(comment)
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(comment=comment, voter="v", is_helpful=True, cast_at=NOON)


@pytest.mark.parametrize("state", ["pending", "rejected", "spam"])
def test_nobody_votes_on_what_readers_do_not_see(comment, state):
    hidden = build.comment(comment.article, state)

    with pytest.raises(voting.NotShown):
        cast(hidden)
    assert counts(hidden) == (0, 0)


def test_votes_touch_no_page(comment):
    before = tokens([comments_stamp(comment.article.uid)])

    cast(comment)

    assert tokens([comments_stamp(comment.article.uid)]) == before


# The score


@pytest.mark.parametrize(
    ("helpful", "unhelpful", "bound"),
    [(0, 0, 0), (0, 5, 0), (1, 0, 0.2065), (9, 1, 0.5958), (90, 10, 0.8256), (10, 10, 0.2993)],
)
def test_the_score_is_the_lower_bound_of_wilson(helpful, unhelpful, bound):
    assert wilson_lower_bound(helpful, unhelpful) == pytest.approx(bound, abs=5e-5)


def test_the_score_follows_the_votes(comment):
    for number in range(9):
        cast(comment, f"v{number}")
    cast(comment, "other", is_helpful=False)

    comment.refresh_from_db()
    assert comment.score == pytest.approx(wilson_lower_bound(9, 1))


def test_a_recount_finds_nothing_to_mend_and_mends_what_is_wrong(comment):
    for number in range(4):
        cast(comment, f"v{number}", is_helpful=number != 2)
    assert recount_votes(comment.article_id) == 0

    Comment.objects.filter(pk=comment.pk).update(helpful=40, score=1)

    assert recount_votes(comment.article_id) == 1
    assert counts(comment) == (3, 1)
    assert comment.score == pytest.approx(wilson_lower_bound(3, 1))


def test_whatever_is_voted_in_whatever_order_the_counters_are_what_a_recount_finds(comment):
    chance = random.Random(1927)
    for _ in range(60):
        cast(comment, f"v{chance.randrange(7)}", is_helpful=chance.choice((True, False, None)))

    votes = Vote.objects.filter(comment=comment)
    assert counts(comment) == (
        votes.filter(is_helpful=True).count(),
        votes.filter(is_helpful=False).count(),
    )
    assert recount_votes(comment.article_id) == 0


# Stuffing


def test_stuffing_votes_from_one_network_under_many_browsers_is_stopped(comment):
    for number in range(voting.MOST_ON_ONE_COMMENT):
        cast(comment, f"v{number}", network="n")

    with pytest.raises(voting.EnoughFromHere):
        cast(comment, "one more", network="n")
    cast(comment, "v0", is_helpful=False, network="n")
    cast(comment, "elsewhere", network="m")

    assert counts(comment) == (voting.MOST_ON_ONE_COMMENT, 1)


def test_a_network_votes_only_so_often(comment, clock):
    rows = [build.comment(comment.article) for _ in range(voting.MOST_VOTES + 1)]
    for row in rows[:-1]:
        cast(row, network="n")

    with pytest.raises(TooMany):
        cast(rows[-1], network="n")
    clock.shift(timedelta(minutes=10))
    cast(rows[-1], network="n")

    assert counts(rows[-1]) == (1, 0)


def test_voters_are_forgotten_after_thirty_days_and_their_votes_stay_counted(comment, clock):
    cast(comment, network="n")
    clock.shift(timedelta(days=30))
    assert forget_networks.call() == 0
    clock.shift(timedelta(seconds=1))

    assert forget_networks.call() == 1

    vote = Vote.objects.get()
    assert (vote.voter, vote.network) == (None, "")
    assert counts(comment) == (1, 0)
    assert recount_votes(comment.article_id) == 0
