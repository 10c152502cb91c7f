"""Suggestions when several people act in the same instant, on whichever database there is."""

import pytest

from articles.models import Correction
from comments import suggesting
from comments.models import Suggestion
from comments.writing import AlreadyReceived
from tests import build, suggestions
from tests.racing import at_once, errors

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def article():
    return build.published_article("open")


def test_two_editors_who_accept_at_once_enter_one_correction(article):
    made = suggestions.made(article)
    editors = [build.editor("vera"), build.editor("nadia")]

    outcomes = at_once(*(lambda by=by: suggesting.accept(made, by=by, turn=0) for by in editors))

    (refused,) = errors(outcomes)
    assert isinstance(refused, suggesting.Overtaken)
    assert Correction.objects.get().uid == Suggestion.objects.get().led_to


def test_accepted_and_withdrawn_at_once_it_names_nobody(article):
    made = suggestions.made(article, name="Anna", credit="name")

    outcomes = at_once(
        lambda: suggesting.accept(made, by=None, turn=0), lambda: suggesting.withdraw(made)
    )

    assert all(isinstance(one, suggesting.Overtaken) for one in errors(outcomes))
    assert not Correction.objects.exclude(noticed_by="").exists()
    assert Suggestion.objects.get().state == Suggestion.State.WITHDRAWN


def test_a_double_click_stores_one(article):
    outcomes = at_once(*[lambda: suggestions.made(article, network="n")] * 2)

    (refused,) = errors(outcomes)
    assert isinstance(refused, AlreadyReceived)
    assert Suggestion.objects.count() == 1
