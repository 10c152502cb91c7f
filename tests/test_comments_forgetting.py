"""Networks are forgotten after thirty days, in the background."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.tasks import default_task_backend

from comments import feedback, writing
from comments.models import Comment, Feedback
from comments.tasks import forget_networks
from tests import build

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    return build.published_article("open")


def networks(model):
    return list(model.objects.order_by("pk").values_list("network", "fingerprint"))


def write(article, body):
    return writing.post(article.publications.get(), name="Anna", body=body, network="n")


def test_a_network_is_forgotten_when_it_is_thirty_days_old(article, clock):
    write(article, "Old")
    feedback.give(article.publications.get(), helped=True, network="n")
    clock.shift(timedelta(days=29))
    write(article, "Not so old")
    clock.shift(timedelta(days=1))
    assert forget_networks.call() == 0

    clock.shift(timedelta(seconds=1))

    assert forget_networks.call() == 2
    assert networks(Comment)[0] == networks(Feedback)[0] == ("", None)
    assert networks(Comment)[1][0] == "n"
    assert forget_networks.call() == 0
    assert Comment.objects.last().body == "Old"


@pytest.mark.parametrize("write_again", ["comment", "feedback"])
def test_a_new_entry_has_old_networks_forgotten(
    article, clock, settings, write_again, django_capture_on_commit_callbacks
):
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
    write(article, "Old")
    clock.shift(timedelta(days=31))

    with django_capture_on_commit_callbacks(execute=True):
        if write_again == "comment":
            write(article, "New")
        else:
            feedback.give(article.publications.get(), helped=True, network="n")

    assert networks(Comment)[0] == ("", None)


def test_nothing_is_asked_for_while_nothing_is_due(
    article, settings, django_capture_on_commit_callbacks
):
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}

    with django_capture_on_commit_callbacks(execute=True):
        write(article, "New")

    assert default_task_backend.results == []


def test_a_failing_task_loses_no_comment(
    article, clock, monkeypatch, django_capture_on_commit_callbacks
):
    write(article, "Old")
    clock.shift(timedelta(days=31))
    monkeypatch.setattr("comments.tasks._due", lambda now: 1 / 0)

    with django_capture_on_commit_callbacks() as callbacks:
        write(article, "New")
    for callback in callbacks:
        with pytest.raises(ZeroDivisionError):
            callback()

    assert Comment.objects.count() == 2
