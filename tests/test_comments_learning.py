"""Learning: what moderators decide moves the counts, and nothing else does."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from comments import learning, moderating, writing
from comments.learning import ALL, MOST_TOKENS, counts_of, host_of, links_in, score, tokens_of
from comments.models import Comment, LearnedToken
from comments.states import lock, move
from tests import build

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
State = Comment.State


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(db, clock):
    return build.published_article("open")


@pytest.fixture
def moderator(db):
    return build.editor()


def waiting(article, body="Cheap watches at https://www.watches.example/now", **fields):
    return build.comment(article, "pending", name="Rolf", body=body, **fields)


def counts(*tokens):
    return {token: counts_of(tokens).get(token) for token in tokens}


def nothing_is_learned():
    return not LearnedToken.objects.exclude(spam=0, good=0).exists()


# Tokens


def test_a_comment_consists_of_its_words_its_links_and_signs_of_its_writer():
    tokens = tokens_of(
        name="Dr. Éva", body="Éva SAYS: see https://www.A.example/x and says", has_email=False
    )

    assert {"eva", "says", "host:a.example", "name:eva", "links:1", "email:no"} <= set(tokens)
    assert tokens == sorted(set(tokens))


def test_the_longest_comment_has_a_bounded_number_of_tokens_and_its_links_among_them():
    body = " ".join(f"word{number}" for number in range(900)) + " https://last.example/"

    tokens = tokens_of(name="Anna", body=body, has_email=True)

    assert len(tokens) == MOST_TOKENS
    assert "host:last.example" in tokens
    assert all(len(token) <= 64 for token in tokens_of(name="", body="x" * 900, has_email=True))


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("none, e.g. node.js", []),
        ("https://a.example/ and HTTP://B.example", ["https://a.example/", "HTTP://B.example"]),
        ("[x](https://a.example/) www.b.example", ["https://a.example/", "www.b.example"]),
        ("[x](//a.example) <https://b.example>", ["//a.example", "https://b.example"]),
        ("https://anna:secret@a.example:81/", ["https://anna:secret@a.example:81/"]),
    ],
)
def test_links_are_found_however_they_are_written(text, links):
    assert links_in(text) == links


@pytest.mark.parametrize(
    "link",
    ["https://www.A.example/x", "//a.example", "www.a.example", "http://u:p@a.example:81/?q#f"],
)
def test_the_host_of_a_link_is_found(link):
    assert host_of(link) == "a.example"


# The score


def test_where_nothing_is_known_the_score_is_in_the_middle():
    assert score(["a", "b"], {}) == 0.5
    assert score(["a", "b"], {ALL: (50, 2)}) == 0.5


def test_what_stood_in_spam_scores_high_and_what_stood_in_good_comments_low():
    known = {ALL: (10, 10), "cheap": (9, 0), "treaty": (0, 9)}

    assert score(["cheap"], known) == pytest.approx(10 / 11)
    assert score(["treaty"], known) == pytest.approx(1 / 11)
    assert score(["cheap", "treaty"], known) == pytest.approx(0.5)


def test_other_signs_add_to_the_odds():
    assert score([], {}, besides=2.0) > score([], {}, besides=0.4) > 0.5


TOKENS = st.sampled_from([ALL, "a", "b", "c", "d"])
COUNT = st.integers(0, 10**9)


@settings(deadline=None)
@given(st.dictionaries(TOKENS, st.tuples(COUNT, COUNT), max_size=5), st.lists(TOKENS, max_size=9))
def test_whatever_was_counted_the_score_is_a_share(known, tokens):
    assert 0 < score(tokens, known) < 1


def test_a_score_means_something_only_after_ten_decisions_of_each_kind():
    assert not learning.has_learned_enough({})
    assert not learning.has_learned_enough({ALL: (500, 9)})
    assert learning.has_learned_enough({ALL: (10, 10)})


# Learning


def test_what_moderators_approve_is_good_and_what_they_call_spam_is_spam(article, moderator):
    moderating.approve([waiting(article, "The treaty")], by=moderator)
    moderating.mark_as_spam([waiting(article)], by=moderator)

    assert counts(ALL, "treaty", "watches", "host:watches.example", "name:rolf") == {
        ALL: (1, 1),
        "treaty": (0, 1),
        "watches": (1, 0),
        "host:watches.example": (1, 0),
        "name:rolf": (1, 1),
    }


def test_a_decision_that_is_changed_moves_the_counts(article, moderator):
    comment = waiting(article)
    moderating.approve([comment], by=moderator)
    moderating.mark_as_spam([comment], by=moderator)

    assert counts(ALL, "watches") == {ALL: (1, 0), "watches": (1, 0)}

    moderating.approve([comment], by=moderator)

    assert counts(ALL, "watches") == {ALL: (0, 1), "watches": (0, 1)}


@pytest.mark.parametrize("first", ["approved", "spam"])
@pytest.mark.parametrize("then", ["pending", "rejected"])
def test_taking_a_decision_back_unlearns_it(article, moderator, first, then):
    comment = waiting(article)
    for state in (first, then):
        with transaction.atomic():
            move(lock([comment]), State(state), by=moderator)

    assert nothing_is_learned()


def test_the_same_decision_twice_teaches_once(article, moderator):
    comment = waiting(article)
    moderating.mark_as_spam([comment], by=moderator)
    moderating.mark_as_spam([comment], by=moderator)

    assert counts("watches") == {"watches": (1, 0)}


def test_what_the_pipeline_reports_and_writers_do_teaches_nothing(article):
    comment = waiting(article)
    for state in (State.APPROVED, State.PENDING, State.SPAM, State.APPROVED):
        with transaction.atomic():
            move(lock([comment]), state, reason="reports")

    assert nothing_is_learned()


def test_hiding_by_reports_leaves_what_a_moderator_taught_until_one_decides_again(
    article, moderator
):
    comment = waiting(article)
    moderating.approve([comment], by=moderator)
    with transaction.atomic():
        move(lock([comment]), State.PENDING, reason="reports")

    assert counts("watches") == {"watches": (0, 1)}
    moderating.mark_as_spam([comment], by=moderator)
    assert counts("watches") == {"watches": (1, 0)}


def test_what_the_newsroom_writes_teaches_nothing(article, moderator):
    comment = build.comment(article)
    answer = moderating.answer(comment, body="Thank you.", by=moderator)
    moderating.mark_as_spam([answer], by=moderator)

    assert nothing_is_learned()


def test_words_that_are_changed_or_deleted_by_their_writer_are_unlearned(article, moderator):
    changed, deleted = waiting(article), waiting(article)
    moderating.approve([changed, deleted], by=moderator)
    writing.mend(changed, name="Rolf", email="rolf@example.org", body="Other words")
    writing.delete(deleted)

    assert nothing_is_learned()
    assert set(Comment.objects.values_list("learned_as", flat=True)) == {""}


def test_many_decided_at_once_are_learned_in_two_statements(
    article, moderator, django_assert_max_num_queries
):
    comments = [waiting(article, f"Words {number}") for number in range(60)]
    one = waiting(article, "Some words")
    with django_assert_max_num_queries(40) as few:
        moderating.mark_as_spam([one], by=moderator)
    with django_assert_max_num_queries(40) as many:
        moderating.mark_as_spam(comments, by=moderator)

    assert len(many) <= len(few)
    assert counts("words") == {"words": (61, 0)}


def test_counts_are_added_in_sorted_order_so_that_nobody_waits_in_a_circle(
    article, moderator, django_assert_max_num_queries
):
    comment = waiting(article)
    with django_assert_max_num_queries(40) as queries:
        moderating.mark_as_spam([comment], by=moderator)

    (upsert,) = [one["sql"] for one in queries if "ON CONFLICT (token)" in one["sql"]]
    places = [upsert.index(f"'{token}'") for token in ("at", "cheap", "now", "watches")]
    assert places == sorted(places)


def test_a_score_learned_from_decisions_is_stored_with_the_next_comment(article, moderator):
    for number in range(10):
        moderating.mark_as_spam([waiting(article, f"Cheap watches {number}")], by=moderator)
        moderating.approve([waiting(article, f"The treaty of 18{number}")], by=moderator)

    def post(body, network):
        publication = article.publications.get()
        return writing.post(publication, name="Rolf", body=body, network=network).comment

    spam, good = post("Cheap watches", "m"), post("The treaty", "n")
    assert (spam.held_by, good.held_by) == ("spam", "newcomer")
    assert good.spam_score < 0.5 < 0.9 < spam.spam_score
    assert spam.state == State.PENDING


# Pruning


def token(name, spam=1, good=0, days=100):
    changed_on = NOON.date() - timedelta(days=days)
    return LearnedToken.objects.create(token=name, spam=spam, good=good, changed_on=changed_on)


@pytest.mark.django_db
def test_rare_tokens_that_no_decision_touched_for_long_are_pruned():
    token("rare")
    token("unlearned", spam=-1)
    token("frequent", spam=3)
    token("fresh", days=60)
    token(ALL, days=900)

    assert learning.prune(NOON.date()) == 2
    left = LearnedToken.objects.values_list("token", flat=True)
    assert set(left) == {"frequent", "fresh", ALL}
    assert learning.prune(NOON.date()) == 0


@pytest.mark.django_db
def test_the_table_is_bounded_whatever_stands_in_it():
    for number in range(10):
        token(f"token{number}", spam=50, days=number)
    token(ALL, days=900)

    assert learning.prune(NOON.date(), most=4) == 6
    left = LearnedToken.objects.exclude(token=ALL).values_list("token", flat=True)
    assert set(left) == {f"token{number}" for number in range(4)}


def test_a_count_below_nothing_is_taken_for_nothing(article, moderator):
    comment = waiting(article)
    moderating.mark_as_spam([comment], by=moderator)
    LearnedToken.objects.filter(token="watches").delete()
    moderating.approve([comment], by=moderator)

    assert LearnedToken.objects.get(token="watches").spam == -1
    assert counts("watches") == {"watches": (0, 1)}
