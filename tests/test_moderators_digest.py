"""The moderators' digest: one e-mail for any number that waits, at most once an hour."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command

from comments import digesting, moderating
from comments.digesting import tell_moderators
from comments.models import Comment
from tests import build
from tests.racing import at_once

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(db, clock):
    return build.published_article("open")


def person(name, *rights, **fields):
    return build.user(name, *rights, **{"email": f"{name}@newsroom.example", **fields})


def told():
    return sorted(address for message in mail.outbox for address in message.to)


def waits(article, count=1):
    return [build.comment(article, "pending", body="A reader's words") for _ in range(count)]


def test_five_hundred_waiting_are_one_e_mail_without_a_readers_words(article, clock, settings):
    settings.SITE_ADDRESS = "https://site.example"
    person("rosa", "moderate_comment")
    waits(article, 500)
    clock.shift(HOUR)

    assert tell_moderators() == 1

    (message,) = mail.outbox
    assert message.subject == "On Record: 500 comments wait"
    assert "500 comments wait for a decision." in message.body
    assert "The first has waited since 22 November 2026, 12:00." in message.body
    assert "https://site.example/admin/comments/comment/" in message.body
    assert "A reader's words" not in message.body


def test_only_whoever_may_decide_and_has_an_address_is_told(article, clock):
    person("rosa", "moderate_comment")
    person("author", "add_article")
    person("gone", "moderate_comment", is_active=False)
    build.user("nowhere", "moderate_comment")
    waits(article)
    clock.shift(HOUR)

    tell_moderators()

    assert told() == ["rosa@newsroom.example"]


def test_nobody_is_told_of_what_has_not_waited_for_an_hour_or_is_decided(article, clock):
    person("rosa", "moderate_comment")
    moderating.reject(waits(article), by=None)
    clock.shift(HOUR - timedelta(seconds=1))
    waits(article)

    assert tell_moderators() == 0
    clock.shift(timedelta(minutes=59))
    assert tell_moderators() == 0


def test_somebody_is_told_again_within_the_day_only_of_something_new(article, clock):
    person("rosa", "moderate_comment")
    waits(article)
    clock.shift(HOUR)
    assert tell_moderators() == 1
    assert tell_moderators() == 0
    clock.shift(2 * HOUR)
    assert tell_moderators() == 0

    waits(article)
    clock.shift(HOUR)
    assert tell_moderators() == 1
    waits(article)
    clock.shift(timedelta(minutes=30))
    assert tell_moderators() == 0
    clock.shift(timedelta(minutes=30))
    assert tell_moderators() == 1
    clock.shift(24 * HOUR)
    assert tell_moderators() == 1


def test_a_digest_that_could_not_be_sent_is_tried_again(article, clock, monkeypatch):
    person("rosa", "moderate_comment")
    waits(article)
    clock.shift(HOUR)

    def fail(*args, **options):
        raise OSError("No mail server.")

    with monkeypatch.context() as patch:
        patch.setattr(digesting, "send_mail", fail)
        assert tell_moderators() == 0
    assert tell_moderators() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_tell_each_moderator_once(clock):
    article = build.published_article("open")
    person("rosa", "moderate_comment")
    waits(article)
    clock.shift(HOUR)

    outcomes = at_once(tell_moderators, tell_moderators)

    assert sorted(outcomes) == [0, 1]
    assert told() == ["rosa@newsroom.example"]
    assert Comment.objects.waiting().count() == 1


def test_the_command_says_how_many_were_told(article, clock):
    person("rosa", "moderate_comment")
    waits(article)
    clock.shift(HOUR)
    said = StringIO()

    call_command("tell_moderators", stdout=said)

    assert said.getvalue() == "Told 1 moderator.\n"
