"""Several who change one discussion at the same moment: nobody waits for ever, no count drifts."""

import random
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from comments import moderating, states, writing
from comments.counting import recount
from comments.models import Comment, Discussion
from tests import build
from tests.racing import at_once, errors
from tests.test_comments_states import assert_whole

pytestmark = pytest.mark.django_db(transaction=True)

State = Comment.State
ROUNDS = 4


def tree(article, state="pending"):
    """Make a comment with three replies, each with two replies; return all ten."""
    top = build.comment(article, state)
    replies = [build.comment(article, state, parent=top) for _ in range(3)]
    below = [build.comment(article, state, parent=reply) for reply in replies for _ in range(2)]
    return [top, *replies, *below]


def in_turns(comments, deed, seed):
    """Return a deed that does ``deed`` with each of the comments, in an order of its own."""
    order = random.Random(seed).sample(comments, len(comments))

    def do():
        for comment in order:
            deed([comment], by=None)

    return do


def test_moderators_who_approve_ancestors_and_siblings_at_once_miscount_nothing():
    for number in range(ROUNDS):
        article = build.published_article()
        comments = tree(article)
        outcomes = at_once(*(in_turns(comments, moderating.approve, seed) for seed in range(3)))
        assert errors(outcomes) == []
        assert Discussion.objects.get(pk=article.pk).shown == len(comments), number
        assert_whole(article)


def test_moderators_who_want_the_opposite_leave_the_counts_right():
    for _ in range(ROUNDS):
        article = build.published_article()
        comments = tree(article)
        outcomes = at_once(
            in_turns(comments, moderating.approve, 1),
            in_turns(comments, moderating.reject, 2),
            in_turns(comments, moderating.mark_as_spam, 3),
        )
        assert errors(outcomes) == []
        assert_whole(article)
        assert recount(article.pk) == 0


def test_moderators_of_several_articles_do_not_wait_for_each_other_in_a_circle():
    articles = [build.published_article() for _ in range(3)]
    comments = [comment for article in articles for comment in tree(article)]
    mixed = [random.Random(seed).sample(comments, len(comments)) for seed in range(4)]
    outcomes = at_once(*(lambda some=some: moderating.approve(some, by=None) for some in mixed))
    assert errors(outcomes) == []
    for article in articles:
        assert_whole(article)


def test_replies_that_are_shown_at_once_meet_a_moderator_of_what_they_answer():
    """Whoever answers holds a key on what is answered; that must not cross the moderator's lock."""
    for _ in range(ROUNDS):
        article = build.published_article()
        top, *others = tree(article, "approved")

        def answer(top=top):
            for _ in range(5):
                build.comment(top.article, "approved", parent=top)

        outcomes = at_once(
            answer,
            answer,
            in_turns([top, *others] * 2, moderating.reject, 1),
            in_turns([top, *others] * 2, moderating.approve, 2),
        )
        assert errors(outcomes) == []
        assert_whole(article)


def test_posting_goes_on_while_a_moderator_decides():
    publication = build.published(build.article())
    article = publication.article
    waiting = tree(article)

    def post(writer):
        for number in range(5):
            words = f"Words {number} of {writer}"
            writing.post(publication, name="Anna", body=words, network=writer)

    outcomes = at_once(
        lambda: post("one"),
        lambda: post("two"),
        in_turns(waiting, moderating.approve, 1),
    )
    assert errors(outcomes) == []
    assert Comment.objects.filter(state=State.PENDING).count() == 10
    assert_whole(article)


def test_a_reader_who_deletes_and_a_moderator_who_approves_leave_one_outcome():
    for _ in range(ROUNDS):
        article = build.published_article()
        top, *others = tree(article)
        outcomes = at_once(
            lambda top=top: writing.delete(top), in_turns([top, *others], moderating.approve, 1)
        )
        assert errors(outcomes) == []
        top.refresh_from_db()
        assert (top.state, top.body) == (State.REMOVED, "")
        assert_whole(article)


def test_a_recount_beside_moderators_writes_nothing_wrong():
    for _ in range(ROUNDS):
        article = build.published_article()
        comments = tree(article)
        outcomes = at_once(
            in_turns(comments, moderating.approve, 1),
            lambda article=article: [recount(article.pk) for _ in range(5)],
        )
        assert errors(outcomes) == []
        assert outcomes[1] == [0] * 5
        assert_whole(article)


def test_the_first_comments_of_an_article_count_in_one_row():
    article = build.published_article()
    outcomes = at_once(*(lambda: build.comment(article, "approved") for _ in range(4)))
    assert errors(outcomes) == []
    assert Discussion.objects.get(pk=article.pk).shown == 4


def test_a_reply_is_stored_while_a_moderator_holds_what_it_answers():
    """A reader does not wait for a moderator's long list to be decided."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one lock for all.")
    article = build.published_article()
    top = build.comment(article)

    def hold_and_let_answer():
        with transaction.atomic():
            states.lock([top])
            outcomes = at_once(lambda: build.comment(article, "pending", parent=top))
        return outcomes

    begun = timezone.now()
    assert errors(hold_and_let_answer()) == []
    assert timezone.now() - begun < timedelta(seconds=20)
