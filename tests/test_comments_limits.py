"""Limits, spent work and learned counts, with several at the same moment, for real."""

from functools import partial

import pytest

from comments import moderating, writing
from comments.learning import ALL, counts_of
from comments.limits import MOST_COMMENTS, TooMany
from comments.models import Comment
from comments.rules import set_rules
from comments.tells import Tells
from tests import build
from tests.racing import at_once, errors

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def publication():
    return build.published(build.article("open"))


def post(publication, number, network="n", **options):
    words = f"Words {number}"
    return writing.post(publication, name="Anna", body=words, network=network, **options)


def test_whoever_sends_many_at_the_same_moment_has_no_more_room_than_others(publication):
    """The attack: a limit that is looked at before anything is stored lets all of them through."""
    outcomes = at_once(*[partial(post, publication, n) for n in range(MOST_COMMENTS + 1)])

    assert [type(error) for error in errors(outcomes)] == [TooMany]
    assert Comment.objects.count() == MOST_COMMENTS


def test_in_slow_mode_one_of_several_at_the_same_moment_is_taken(publication):
    set_rules(publication.article, {"slow_mode_seconds": 600}, by=None)

    outcomes = at_once(*[partial(post, publication, number) for number in range(4)])

    assert len(errors(outcomes)) == 3
    assert Comment.objects.count() == 1


def test_other_networks_do_not_wait_for_each_other_in_vain(publication):
    outcomes = at_once(*[partial(post, publication, n, network=f"n{n}") for n in range(6)])

    assert errors(outcomes) == []
    assert Comment.objects.count() == 6


def test_work_that_is_handed_in_by_several_at_the_same_moment_buys_one_comment(
    publication, monkeypatch
):
    """The attack: one solution, sent from many machines at once."""
    set_rules(
        publication.article, {"asks_proof_of_work": True, "is_moderated_first": False}, by=None
    )
    monkeypatch.setattr("comments.gathering.is_solved", lambda *args: "signature")
    tells = Tells(work="solved")

    outcomes = at_once(
        *[partial(post, publication, n, network=f"n{n}", tells=tells) for n in range(4)]
    )

    assert errors(outcomes) == []
    held = Comment.objects.values_list("held_by", flat=True)
    assert sorted(held) == ["passed", "work", "work", "work"]


def test_two_moderators_who_decide_at_once_teach_all_they_decided_and_meet_no_deadlock():
    moderators = [build.editor("one"), build.editor("two")]
    articles = [build.published_article(f"article-of-{number}") for number in range(2)]
    words = ["alpha omega beta", "omega beta alpha"]
    waiting = [
        [build.comment(article, "pending", body=f"{text} {n}") for n in range(6)]
        for article, text in zip(articles, words, strict=True)
    ]

    outcomes = at_once(
        partial(moderating.mark_as_spam, waiting[0], by=moderators[0]),
        partial(moderating.approve, waiting[1], by=moderators[1]),
    )

    assert errors(outcomes) == []
    counts = counts_of(["alpha", "omega", "beta"])
    assert set(counts.values()) == {(6, 6)}
    assert ALL in counts
