"""Nobody finds what is not before readers: drafts, what waits, what was taken back or redacted."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from articles.deeds import cancel, expire, schedule, withdraw
from articles.models import Article, PublishedPassage
from articles.recording import record
from articles.redacting import redact
from tests import build
from tests.test_searching import results, suggested, text

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock) -> Article:
    """An article whose every kind of row has the word “zebra” in its title."""
    article = build.article(title="Zebra", question="Zebra?", short_answer="Zebra.")
    article.topics.set([build.topic(name="Zebra topic", slug="zebra")])
    article.written_by.set([build.person(name="Zebra Desk", slug="zebra", bio="Zebra.")])
    build.section(article, heading="Zebra section", body="Zebra.")
    build.event(article, title="Zebra event", text="Zebra.")
    build.question(article, question="Zebra asked?", answer="Zebra.")
    build.fact(article, characteristic="Zebra", value="Zebra.")
    return article


def is_found(client) -> bool:
    """Is the word found, suggested, offered as a correction or a topic? All of it, or none."""
    told = [
        bool(results(text(client, "q=zebra"))),
        bool(suggested(client, "zeb")),
        "holds “zebra”" in text(client, "q=zebraa"),
        'value="zebra"' in text(client, ""),
        'class="question-item"' in client.get("/faq/?q=zebra").content.decode(),
    ]
    assert len(set(told)) == 1, told
    return told[0]


def test_a_draft_is_found_by_nobody(client, article):
    record(article, by=None)
    assert not is_found(client)


def test_what_is_published_is_found_at_once(client, article):
    build.published(article)
    assert is_found(client)
    assert len(results(text(client, "q=zebra"))) == 5


def test_what_is_scheduled_is_found_from_its_second_on(client, article, clock):
    schedule(record(article, by=None), goes_live_at=NOON + HOUR, by=None, change_note="Later.")

    clock.move_to(NOON + HOUR - SECOND)
    assert not is_found(client)
    clock.move_to(NOON + HOUR)
    assert is_found(client)


def test_what_expires_is_found_until_its_second(client, article, clock):
    expire(build.published(article), at=NOON + HOUR, by=None)

    clock.move_to(NOON + HOUR - SECOND)
    assert is_found(client)
    clock.move_to(NOON + HOUR)
    assert not is_found(client)


@pytest.mark.parametrize("keep_history", [True, False], ids=["history kept", "all gone"])
def test_what_is_withdrawn_is_found_no_more(client, article, clock, keep_history):
    build.published(article)
    clock.shift(HOUR)
    withdraw(article, by=None, keep_history=keep_history)

    assert not is_found(client)
    assert not PublishedPassage.objects.exists()


def test_what_is_cancelled_never_is_found(client, article, clock):
    waiting = schedule(
        record(article, by=None), goes_live_at=NOON + HOUR, by=None, change_note="Later."
    )
    cancel(waiting, by=None)

    clock.move_to(NOON + HOUR)
    assert not is_found(client)
    assert not PublishedPassage.objects.exists()


def test_the_old_words_of_a_live_page_are_found_until_the_new_ones_are(client, article, clock):
    build.published(article)
    Article.objects.filter(pk=article.pk).update(
        title="Okapi", question="Okapi?", short_answer="Okapi."
    )
    for rows in (article.sections, article.events, article.questions, article.facts):
        rows.all().delete()
    build.section(article, heading="Okapi section", body="Okapi.")
    article.topics.clear()
    article.written_by.set([build.person()])
    record(article, by=None)
    assert results(text(client, "q=okapi")) == []

    schedule(record(article, by=None), goes_live_at=NOON + HOUR, by=None, change_note="Other.")
    clock.move_to(NOON + HOUR - SECOND)
    assert is_found(client)
    assert results(text(client, "q=okapi")) == []

    clock.move_to(NOON + HOUR)
    assert not is_found(client)
    assert len(results(text(client, "q=okapi"))) == 2


def test_passages_of_what_has_ended_are_not_kept(article, clock):
    first = build.published(article)
    clock.shift(HOUR)
    build.published(article)
    clock.shift(HOUR)
    build.published(article)

    assert not PublishedPassage.objects.filter(publication=first).exists()
    assert PublishedPassage.objects.filter(publication=article.publications.live().get()).exists()


def test_redacted_words_are_in_neither_passages_nor_index(client, article):
    build.published(article)
    redact(article, passages=["Zebra", "zebra"], reason="A court.", by=None)

    assert results(text(client, "q=zebra")) == []
    assert suggested(client, "zeb") == []
    assert "holds “zebra”" not in text(client, "q=zebraa")
    for passage in PublishedPassage.objects.all():
        assert "zebra" not in f"{passage.title} {passage.text}".lower()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for index in ("words", "letters"):
                cursor.execute(f"SELECT block FROM articles_publishedpassage_{index}_data")
                blocks = b"".join(bytes(row[0]) for row in cursor.fetchall())
                assert b"zebra" not in blocks
                assert b"ebr" not in blocks


def test_a_failed_publication_leaves_nothing_in_the_index(client, article, monkeypatch):
    def fails(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("articles.deeds.recompute", fails)
    with pytest.raises(RuntimeError):
        build.published(article)

    assert not is_found(client)


def test_a_deleted_article_is_found_no_more(client, article):
    build.published(article)
    article.publications.all().delete()

    assert results(text(client, "q=zebra")) == []
