"""The outbox: every mail to a reader goes once, or not at all, whatever dies when."""

import smtplib
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from comments import mailing, moderating
from comments.following import follow_article
from comments.mailing import MOST_A_DAY, PAUSES
from comments.models import OutgoingMail
from comments.readers import reader_of
from comments.tasks import KEPT_FOR, send_mail
from tests import build
from tests.racing import at_once, errors

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article():
    return build.published_article("open", title="Relations")


@pytest.fixture
def reader():
    return proved("rita@reader.example")


def proved(email: str):
    made = reader_of(email, at=NOON)
    made.confirmed_at = NOON
    made.save()
    return made


def queued(reader, key="one", **details) -> OutgoingMail:
    return mailing.queue("my-data", reader, key=key, details=details)


def refuse(monkeypatch, error: Exception, *, on="send_messages"):
    def fail(*_args):
        raise error

    monkeypatch.setattr(EmailBackend, on, fail)


# Leaving a mail


def test_a_mail_is_left_once_for_each_key(reader):
    assert queued(reader) is not None
    assert queued(reader) is None
    assert send_mail.call() == 1
    assert queued(reader) is None
    assert len(mail.outbox) == 1


def test_the_task_is_queued_once_the_transaction_is_committed(
    reader, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        queued(reader, "one")
        queued(reader, "two")
    assert DBTaskResult.objects.filter(task_path="comments.tasks.send_mail").count() == 1


def test_a_mail_for_later_waits_until_then(reader, clock):
    due_at = NOON + timedelta(minutes=5)
    mailing.queue("my-data", reader, key="later", details={}, due_at=due_at)

    assert send_mail.call() == 0
    task = DBTaskResult.objects.get(task_path="comments.tasks.send_mail")
    assert task.run_after == due_at
    clock.move_to(due_at)
    assert send_mail.call() == 1


def test_mail_about_something_goes_only_to_a_proved_address(article):
    stranger = reader_of("nobody@reader.example", at=NOON)

    assert mailing.queue("suggestion", stranger, key="x", details={}) is None


# Sending


def test_a_mail_is_plain_text_with_a_stable_name_and_says_what_sent_it(reader, settings):
    settings.SITE_ADDRESS = "https://news.example"
    row = queued(reader)
    send_mail.call()

    (message,) = mail.outbox
    assert message.to == ["rita@reader.example"]
    assert message.attachments == []
    sent = message.message()
    assert sent.get_content_type() == "text/plain"
    assert sent["Message-ID"] == f"<reader-mail-{row.pk}-20261122120000@news.example>"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert "https://news.example/readers/mine/" in message.body


def test_a_worker_killed_while_sending_sends_nothing_twice(reader, monkeypatch, clock):
    """It had noted that it begins; whether the server got the mail, nobody knows."""
    row = queued(reader)
    with monkeypatch.context() as patch:
        refuse(patch, SystemExit())
        with pytest.raises(SystemExit):
            send_mail.call()
    clock.shift(timedelta(days=1))

    assert send_mail.call() == 0
    row.refresh_from_db()
    assert row.begun_at == NOON
    assert mailing.state_of(row) == "may-have-gone"


@pytest.mark.django_db(transaction=True)
def test_that_it_is_begun_is_committed_before_the_server_is_asked(reader, monkeypatch):
    seen = []

    def look(_server, _messages):
        seen.append((connection.in_atomic_block, OutgoingMail.objects.get().begun_at))
        return 1

    queued(reader)
    monkeypatch.setattr(EmailBackend, "send_messages", look)
    send_mail.call()

    assert seen == [(False, NOON)]


def test_a_server_that_cannot_be_reached_is_asked_again_ever_later_for_three_days(
    reader, monkeypatch, clock
):
    row = queued(reader)
    with monkeypatch.context() as patch:
        refuse(patch, ConnectionRefusedError(), on="open")
        for pause in PAUSES:
            assert send_mail.call() == 0
            row.refresh_from_db()
            assert row.due_at == datetime.now(UTC) + pause
            clock.move_to(row.due_at)
        send_mail.call()
    row.refresh_from_db()
    assert row.given_up_at is not None
    assert timedelta(days=2.5) < row.given_up_at - NOON < timedelta(days=3)
    assert send_mail.call() == 0


def test_what_was_refused_goes_when_the_server_takes_it_again(reader, monkeypatch, clock):
    queued(reader)
    with monkeypatch.context() as patch:
        refuse(patch, smtplib.SMTPDataError(451, b"Later"))
        assert send_mail.call() == 0
    assert send_mail.call() == 0
    clock.shift(PAUSES[0])
    assert send_mail.call() == 1
    assert len(mail.outbox) == 1


def test_a_box_that_is_not_there_is_given_up_at_once(reader, monkeypatch):
    row = queued(reader)
    refuse(monkeypatch, smtplib.SMTPRecipientsRefused({"rita@reader.example": (550, b"No")}))
    send_mail.call()
    row.refresh_from_db()
    assert mailing.state_of(row) == "given-up"


def test_a_line_that_breaks_while_the_server_is_told_may_have_sent_it(reader, monkeypatch, clock):
    row = queued(reader)
    with monkeypatch.context() as patch:
        refuse(patch, TimeoutError())
        send_mail.call()
    clock.shift(timedelta(days=1))
    assert send_mail.call() == 0
    row.refresh_from_db()
    assert mailing.state_of(row) == "may-have-gone"


def test_one_that_cannot_be_composed_holds_up_no_other(reader, monkeypatch):
    broken = queued(reader, "broken")
    queued(reader, "whole")
    really = mailing.composing.compose

    def compose(row):
        if row.pk == broken.pk:
            raise KeyError("article")
        return really(row)

    monkeypatch.setattr("comments.composing.compose", compose)
    assert send_mail.call() == 1
    broken.refresh_from_db()
    assert mailing.state_of(broken) == "given-up"


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_mail_once(reader):
    for number in range(3):
        queued(reader, f"mail-{number}")

    outcomes = at_once(send_mail.call, send_mail.call)

    assert errors(outcomes) == []
    assert sum(outcomes) == len(mail.outbox) == 3


def test_a_reader_gets_twenty_mails_a_day_and_the_rest_in_the_next(reader, clock):
    articles = [build.published_article() for _ in range(MOST_A_DAY + 3)]
    for article in articles:
        follow_article(reader, article.pk, at=NOON, is_proved=True)
        build.comment(article)
    clock.shift(timedelta(minutes=5))

    assert send_mail.call() == MOST_A_DAY
    build.comment(articles[-1])
    clock.shift(timedelta(minutes=10))
    assert send_mail.call() == 0
    clock.shift(timedelta(days=1))
    assert send_mail.call() == 3
    assert "2 new comments" in "".join(message.body for message in mail.outbox[-3:])


# Cleaning up


def test_the_outbox_forgets_after_thirty_days(reader, clock):
    queued(reader)
    send_mail.call()
    clock.shift(KEPT_FOR)
    send_mail.call()
    assert OutgoingMail.objects.exists()
    clock.shift(timedelta(seconds=1))
    send_mail.call()
    assert not OutgoingMail.objects.exists()


def test_the_outbox_keeps_no_word_of_a_comment(article, reader):
    follow_article(reader, article.pk, at=NOON, is_proved=True)
    build.comment(article, name="Zacharias", body="Unmistakable")
    waiting = build.comment(
        article, state="pending", reader=reader, confirmed_at=NOON, body="Unmistakable"
    )
    moderating.reject([waiting], by=build.editor())
    send_mail.call()

    kept = str(list(OutgoingMail.objects.values()))
    assert "Unmistakable" not in kept
    assert "Zacharias" not in kept


# The desk


def test_moderators_see_what_may_have_gone_and_others_nothing(client, reader, clock):
    row = queued(reader)
    OutgoingMail.objects.update(begun_at=NOON)
    clock.shift(timedelta(hours=1))
    address = reverse("admin:comments_outgoingmail_changelist")
    client.force_login(build.user("mod", "view_outgoingmail"))
    page = client.get(address, {"state": "may-have-gone"})
    one = client.get(reverse("admin:comments_outgoingmail_change", args=[row.pk]))

    assert "rita@reader.example" in page.text
    assert "May have gone" in page.text
    assert "so that nobody gets it twice" in one.text
    client.force_login(build.author())
    assert client.get(address).status_code == 403


def test_moderators_see_readers_with_their_standing_and_others_do_not(client, article, reader):
    build.comment(article, reader=reader, confirmed_at=NOON)
    build.comment(article, reader=reader, confirmed_at=NOON, state="rejected")
    build.comment(article, reader=reader, state="spam")
    address = reverse("admin:comments_reader_changelist")
    client.force_login(build.user("mod", "view_reader"))
    page = client.get(address).text

    assert "rita@reader.example" in page
    assert "1 approved, 1 refused" in page
    assert "?state=all&amp;q=rita%40reader.example" in page
    client.force_login(build.author())
    assert client.get(address).status_code == 403
