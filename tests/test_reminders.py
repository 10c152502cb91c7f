"""Reminders of reviews: to whoever edited last, once for each due day."""

import logging
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command

from articles import reminding
from articles.deeds import withdraw
from articles.models import Article, AuditEntry
from articles.recording import record
from articles.reminding import owners, remind_of_reviews
from tests import build

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def person(name: str, **fields):
    return build.user(name, email=f"{name}@newsroom.example", **fields)


def edit(article: Article, by) -> None:
    article.summary = f"Edited by {by}, {article.revisions.count()}."
    article.save()
    record(article, by=by)


@pytest.fixture
def anna():
    return person("anna")


@pytest.fixture
def article(anna):
    made = build.article(title="Relations", review_due_on=date(2026, 11, 25))
    build.published(made, by=anna)
    return made


def told() -> list[str]:
    return [address for message in mail.outbox for address in message.to]


def test_who_edited_last_is_told_on_the_due_day(article, settings):
    assert remind_of_reviews() == 1

    assert told() == ["anna@newsroom.example"]
    assert "Relations" in mail.outbox[0].subject
    assert "25 November 2026" in mail.outbox[0].body
    address = f"{settings.SITE_ADDRESS}/admin/articles/article/{article.pk}/change/"
    assert address in mail.outbox[0].body


def test_nobody_is_told_before_the_day(article, clock):
    clock.move_to(NOON - timedelta(days=1))

    assert remind_of_reviews() == 0
    assert told() == []


def test_nobody_is_told_twice_of_one_day(article, clock):
    remind_of_reviews()
    clock.shift(timedelta(days=5))

    assert remind_of_reviews() == 0
    assert len(told()) == 1


def test_another_due_day_is_told_again(article, clock):
    remind_of_reviews()
    article.review_due_on = date(2026, 12, 1)
    article.save()
    clock.shift(timedelta(days=7))

    assert remind_of_reviews() == 1
    assert len(told()) == 2


def test_a_reminder_changes_no_content_and_is_in_the_log(article, anna):
    before = article.latest_revision

    remind_of_reviews()

    assert record(article, by=anna) == before
    entry = AuditEntry.objects.get(deed="reminded")
    assert entry.article_uid == article.uid
    assert entry.user_name == ""


def test_the_last_two_are_told_and_whoever_left_is_not(article, anna):
    bert, carla = person("bert"), person("carla", is_active=False)
    dora = build.user("dora")
    for by in (bert, carla, dora):
        edit(article, by)

    assert owners(article) == [bert, anna]
    edit(article, person("emil"))
    assert [one.username for one in owners(article)] == ["emil", "bert"]


def test_drafts_and_withdrawn_articles_are_not_due(article, anna):
    withdraw(article, by=None)
    draft = build.article(review_due_on=date(2026, 11, 1))
    record(draft, by=anna)

    assert remind_of_reviews() == 0


def test_an_article_without_anybody_to_tell_waits_until_there_is(article, anna, caplog):
    anna.email = ""
    anna.save()
    with caplog.at_level(logging.WARNING):
        assert remind_of_reviews() == 0
    assert "has an e-mail address" in caplog.text

    anna.email = "anna@newsroom.example"
    anna.save()
    assert remind_of_reviews() == 1


def test_what_could_not_be_sent_is_tried_again(article, monkeypatch):
    def fail(*_args) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr(reminding, "send_mail", fail)
        assert remind_of_reviews() == 0
    assert not AuditEntry.objects.filter(deed="reminded").exists()

    assert remind_of_reviews() == 1


def test_the_command_says_how_many(article):
    said = StringIO()
    call_command("remind_of_reviews", stdout=said)

    assert said.getvalue() == "Reminded of 1 article.\n"
