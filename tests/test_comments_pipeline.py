"""The pipeline: each phase alone, with somebody it decides about beside somebody it passes on."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comments import pipeline
from comments.models import LONGEST_BODY, LONGEST_NAME, Comment
from comments.pipeline import GRAVITY, PHASES, SPAM_HELD_FROM, Incoming, judge
from comments.rules import Rules
from comments.wordlists import name_key

State = Comment.State
AT_ONCE = Rules(is_moderated_first=False)
PASSES = Incoming(name="Anna", body="The treaty of 1832 is missing.", rules=AT_ONCE)

# Phase: what it decides about, what that is given, and what comes close and passes.
DECIDES = {
    "length": [
        ({"body": "x" * (LONGEST_BODY + 1)}, State.REJECTED, {"body": "x" * LONGEST_BODY}),
        ({"name": "x" * (LONGEST_NAME + 1)}, State.REJECTED, {"name": "x" * LONGEST_NAME}),
        ({"body": " \n"}, State.REJECTED, {"body": "!"}),
        ({"name": ""}, State.REJECTED, {"name": "🦉"}),
    ],
    "closed": [({"is_open": False}, State.REJECTED, {"is_open": True})],
    "repeat": [({"is_repeated": True}, State.PENDING, {"is_repeated": False})],
    "banned": [({"is_banned": True}, State.REJECTED, {"is_banned": False})],
    "staff": [
        (
            {"name": "ON  Record!", "taken_names": frozenset({name_key("On Record")})},
            State.PENDING,
            {"name": "On Records", "taken_names": frozenset({name_key("On Record")})},
        )
    ],
    "words": [
        (
            {"body": "Buy VIÁGRA now", "rules": replace(AT_ONCE, held_words=("viagra",))},
            State.PENDING,
            {"body": "Buy viagrafalls", "rules": replace(AT_ONCE, held_words=("viagra",))},
        ),
        (
            {"name": "Casino King", "rules": replace(AT_ONCE, refused_words=("casino king",))},
            State.REJECTED,
            {"name": "King Casino", "rules": replace(AT_ONCE, refused_words=("casino king",))},
        ),
    ],
    "links": [({"links": 3}, State.PENDING, {"links": 2})],
    "history": [({"is_refused_lately": True}, State.PENDING, {"is_refused_lately": False})],
    "spam": [
        ({"is_trapped": True}, State.SPAM, {"is_trapped": False}),
        ({"is_too_young": True}, State.PENDING, {"is_too_young": False}),
        (
            {"spam_score": SPAM_HELD_FROM, "has_learned_enough": True},
            State.PENDING,
            {"spam_score": SPAM_HELD_FROM - 0.01, "has_learned_enough": True},
        ),
        (
            {"spam_score": 1.0, "has_learned_enough": True},
            State.PENDING,
            {"spam_score": 1.0, "has_learned_enough": False},
        ),
    ],
    "work": [
        (
            {"rules": replace(AT_ONCE, asks_proof_of_work=True)},
            State.PENDING,
            {"rules": replace(AT_ONCE, asks_proof_of_work=True), "has_worked": True},
        ),
        (
            {"rules": replace(AT_ONCE, asks_proof_of_work=True)},
            State.PENDING,
            {"rules": replace(AT_ONCE, asks_proof_of_work=True), "is_trusted": True},
        ),
    ],
    "newcomer": [
        ({"rules": Rules()}, State.PENDING, {"rules": Rules(), "is_trusted": True}),
        ({"rules": Rules()}, State.PENDING, {"rules": AT_ONCE}),
    ],
}
CASES = [(phase, *case) for phase, cases in DECIDES.items() for case in cases]


def test_the_phases_come_in_the_order_in_which_they_are_documented():
    assert [phase.__name__ for phase in PHASES] == list(DECIDES)


@pytest.mark.parametrize(("name", "held", "state", "passed"), CASES)
def test_a_phase_decides_about_one_and_passes_the_other_on(name, held, state, passed):
    phase = getattr(pipeline, name)

    assert phase(replace(PASSES, **held)) == state
    assert phase(replace(PASSES, **passed)) is None


@pytest.mark.parametrize(("name", "held", "state", "passed"), CASES)
def test_the_verdict_says_which_phase_decided(name, held, state, passed):
    verdict = judge(replace(PASSES, **held))
    other = judge(replace(PASSES, **passed))

    assert (verdict.state, verdict.phase) == (state, name)
    assert (other.state, other.phase) == (State.APPROVED, "passed")


def test_what_every_phase_passes_on_appears_at_once():
    assert judge(PASSES) == pipeline.Verdict(State.APPROVED, "passed")


def test_a_refusal_counts_more_than_a_hold_that_comes_before_it():
    repeated = replace(PASSES, is_repeated=True)

    assert judge(repeated).phase == "repeat"
    assert judge(replace(repeated, is_banned=True)).phase == "banned"
    assert judge(replace(repeated, is_trapped=True)).state == State.SPAM


def test_of_equally_grave_decisions_the_first_says_why():
    assert judge(replace(PASSES, links=9, is_repeated=True)).phase == "repeat"
    assert judge(replace(PASSES, is_banned=True, is_open=False)).phase == "closed"


WORDS = st.lists(st.text(max_size=8), max_size=3).map(tuple)
INCOMING = st.builds(
    Incoming,
    name=st.text(max_size=100),
    body=st.one_of(st.text(max_size=200), st.just("x" * (LONGEST_BODY + 1))),
    rules=st.builds(
        Rules,
        is_moderated_first=st.booleans(),
        most_links=st.integers(0, 5),
        held_words=WORDS,
        refused_words=WORDS,
        asks_proof_of_work=st.booleans(),
    ),
    is_open=st.booleans(),
    is_repeated=st.booleans(),
    is_banned=st.booleans(),
    taken_names=st.frozensets(st.text(max_size=5), max_size=3),
    links=st.integers(0, 10),
    is_refused_lately=st.booleans(),
    is_trapped=st.booleans(),
    is_too_young=st.booleans(),
    spam_score=st.floats(0, 1),
    has_learned_enough=st.booleans(),
    has_worked=st.booleans(),
    is_trusted=st.booleans(),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(INCOMING)
def test_whatever_comes_gets_exactly_one_verdict_and_always_the_same(incoming):
    verdict = judge(incoming)

    assert verdict == judge(incoming)
    decisions = {phase.__name__: phase(incoming) for phase in PHASES}
    decided = {name: state for name, state in decisions.items() if state is not None}
    if not decided:
        assert verdict == pipeline.Verdict(State.APPROVED, "passed")
    else:
        assert decided[verdict.phase] == verdict.state
        assert GRAVITY[verdict.state] == max(GRAVITY[state] for state in decided.values())


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(INCOMING)
def test_no_filter_removes_anything_and_only_passing_all_of_them_shows_it(incoming):
    verdict = judge(incoming)

    assert verdict.state != State.REMOVED
    assert (verdict.state == State.APPROVED) == (verdict.phase == "passed")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(INCOMING)
def test_being_trusted_makes_no_verdict_graver(incoming):
    trusted, stranger = (judge(replace(incoming, is_trusted=one)) for one in (True, False))

    gravity = {State.APPROVED: 0, **GRAVITY}
    assert gravity[trusted.state] <= gravity[stranger.state]
