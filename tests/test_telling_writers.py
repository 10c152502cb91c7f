"""Telling writers: a held comment says what happens next, a refused one which rule it broke."""

import pytest

from comments.models import Comment
from comments.pipeline import PHASES
from comments.telling import RULES_PATH, linked_sentence_for, sentence_for

State = Comment.State
# The phases of the pipeline, and the other reasons of transitions.
PHASE_NAMES = ["length", "closed", "repeat", "banned", "staff", "words", "links", "history", "spam",
               "newcomer", "passed"]  # fmt: skip
REASONS = [
    *PHASE_NAMES,
    "work",
    "writer",
    "reports",
    "moderator",
    "undo",
    "confirmed",
    "imported",
    "",
]


@pytest.mark.parametrize("phase", REASONS)
def test_a_held_comment_says_what_happens_next(phase):
    told = sentence_for(phase, State.PENDING)
    assert told.endswith("You need do nothing: it appears once it is approved.")
    assert "%" not in told


@pytest.mark.parametrize("phase", REASONS)
def test_a_refused_comment_says_where_the_rules_are(phase):
    told = sentence_for(phase, State.REJECTED)
    assert RULES_PATH in told or phase == "closed"
    assert "%" not in told


def test_a_refused_comment_says_which_rule_a_moderator_named():
    assert "rule 3" in sentence_for("Rule 3", State.REJECTED)
    assert "rule 12" in sentence_for("breaks rule 12, badly", State.REJECTED)


def test_a_moderators_own_words_stay_at_the_desk():
    assert "troll" not in sentence_for("A known troll", State.REJECTED)
    assert "troll" not in sentence_for("A known troll, rule 2", State.REJECTED)


def test_a_spammer_is_told_no_more_than_that_it_was_refused():
    every = {sentence_for(phase, State.SPAM) for phase in [*REASONS, "rule 5"]}
    assert every == {sentence_for("", State.REJECTED)}


def test_what_is_shown_and_what_is_removed_is_said_so():
    assert "on the page" in sentence_for("newcomer", State.APPROVED)
    assert "at once" in sentence_for("confirmed", State.APPROVED)
    assert "deleted" in sentence_for("writer", State.REMOVED)


def test_on_a_page_the_rules_are_a_link():
    told = linked_sentence_for("rule 3", State.REJECTED)
    assert told.endswith('rules for comments: <a href="/comment-rules/">/comment-rules/</a>')
    assert "<a" not in linked_sentence_for("newcomer", State.PENDING)


def test_every_phase_there_is_has_a_sentence():
    assert {phase.__name__ for phase in PHASES} <= set(REASONS)
