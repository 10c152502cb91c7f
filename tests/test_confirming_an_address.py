"""Confirming an address: by a button on a page that only the mailbox leads to."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail, signing
from django.utils import timezone

from comments import confirming, links, mailing
from comments.models import Comment, Follow, OutgoingMail, Reader, Transition
from comments.readers import (
    REMEMBERED_FOR,
    forget_in_browsers,
    known_reader,
    reader_of,
    token_for_browser,
)
from comments.tasks import send_mail
from comments.tells import Tells
from comments.writing import delete, mend, post
from tests import build

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
VICTIM = "victim@reader.example"
COMMENTS = "/articles/open/comments/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article():
    return build.published_article("open", title="Relations")


def write(article, *, body="Words of mine.", network="n", email=VICTIM, name="Anna", **fields):
    publication = article.publications.live().get()
    return post(publication, name=name, body=body, network=network, email=email, **fields).comment


def link_in(message) -> str:
    """Return the path of the first link in a mail, which is what it is about."""
    return urlsplit(re.search(r"http\S+/readers/\S+", message.body)[0]).path


def mailed_link() -> str:
    send_mail.call()
    return link_in(mail.outbox[-1])


# The mail


def test_a_comment_with_an_address_asks_it_once_for_confirmation(article, settings):
    settings.SITE_ADDRESS = "https://news.example"
    write(article)
    send_mail.call()

    (message,) = mail.outbox
    assert message.to == [VICTIM]
    assert message.subject == "On Record: please confirm your address"
    assert "wrote a comment on “Relations”" in message.body
    assert "https://news.example/readers/confirm/" in message.body
    assert "within three days" in message.body


def test_a_comment_without_an_address_asks_nobody(article):
    write(article, email="")
    assert not OutgoingMail.objects.exists()


def test_what_was_refused_at_once_asks_nobody(article, monkeypatch):
    from comments.pipeline import Verdict

    monkeypatch.setattr("comments.writing.judge", lambda _incoming: Verdict("spam", "spam"))
    write(article)
    assert not OutgoingMail.objects.exists()


def test_a_mail_bomb_of_21_anonymous_comments_is_at_most_three_mails_to_one_victim(article, clock):
    for number in range(21):
        write(article, body=f"Words {number}", network=f"network {number}")
        clock.shift(timedelta(hours=1, minutes=1))
    # Twenty-one hours: less than a day.
    send_mail.call()
    assert len(mail.outbox) == 3


def test_a_mail_bomb_within_an_hour_is_one_mail(article):
    for number in range(21):
        write(article, body=f"Words {number}", network=f"network {number}")
    send_mail.call()
    assert len(mail.outbox) == 1


def test_a_mail_bomb_from_one_network_to_many_victims_ends_after_five(article, clock):
    for number in range(21):
        write(article, body=f"Words {number}", email=f"victim-{number}@reader.example")
        clock.shift(timedelta(minutes=2, seconds=1))
    send_mail.call()
    assert len(mail.outbox) == 5


def test_an_address_that_wants_no_mail_is_not_asked(article):
    reader = reader_of(VICTIM, at=NOON)
    reader.wants_no_mail_since = NOON
    reader.save()
    write(article)
    send_mail.call()
    assert mail.outbox == []


def test_a_comment_deleted_in_the_meantime_asks_nobody(article):
    delete(write(article))
    send_mail.call()
    assert mail.outbox == []


def test_giving_another_address_asks_that_one_too(article):
    comment = write(article)
    mend(comment, name="Anna", email="other@reader.example", body=comment.body)
    send_mail.call()
    assert [message.to for message in mail.outbox] == [["other@reader.example"]]


def test_html_and_links_of_a_comment_are_in_no_mail(article):
    hostile = '<img src="https://evil.example/x.png"> <a href="https://evil.example/">Click</a>'
    write(article, name='<b>evil</b> "x"', body=hostile)
    send_mail.call()

    whole = mail.outbox[0].message().as_string()
    assert "evil" not in whole
    assert "text/html" not in whole


@pytest.mark.parametrize("name", ["Anna\r\nBcc: all@evil.example", "Bcc: all@evil.example"])
def test_header_injection_by_name_or_title_reaches_no_header(article, name):
    article.title = "Relations\r\nBcc: all@evil.example"
    article.save()
    build.published(article)
    reader = reader_of(VICTIM, at=NOON)
    build.comment(article, name=name, reader=reader, confirmed_at=NOON)
    row = OutgoingMail.objects.create(
        key="x",
        kind="decided",
        reader=reader,
        details={"article": article.pk, "comments": [Comment.objects.get().pk]},
        made_at=NOON,
        due_at=NOON,
    )
    send_mail.call()

    row.refresh_from_db()
    (message,) = mail.outbox
    assert row.sent_at
    assert message.recipients() == [VICTIM]
    assert "Bcc" not in message.message()
    assert "\n" not in message.subject


def test_an_address_with_a_line_break_is_no_address(client, article):
    response = client.post("/readers/", {"email": "a@b.example\nBcc: all@evil.example"})
    assert response.status_code == 422


# The page and its button


def test_confirmation_by_get_as_mail_scanners_do_confirms_nothing(client, article):
    comment = write(article)
    path = mailed_link()
    for method in (client.get, client.head, client.get):
        response = method(path)
        assert response.status_code == 200
        assert response["Cache-Control"] == "no-store"
        assert not response.cookies
    comment.refresh_from_db()
    assert comment.confirmed_at is None
    assert comment.reader.confirmed_at is None


def test_the_button_confirms_the_reader_the_comment_and_the_follow(client, article):
    comment = write(article, follow="replies")
    path = mailed_link()
    page = client.get(path)
    assert "Words of mine." in page.text
    assert page.text.count("checked") == 2

    response = client.post(
        path,
        {"answer": "yes", "comment": comment.pk, "follow": Follow.objects.get().pk},
    )

    assert response.status_code == 303
    thanks = client.get(response["Location"])
    assert "Your address is confirmed" in thanks.text
    comment.refresh_from_db()
    assert comment.confirmed_at == comment.reader.confirmed_at == NOON
    assert Follow.objects.get().confirmed_at == NOON
    assert comment.state == "pending"


def test_a_link_used_twice_says_so_kindly(client, article):
    comment = write(article)
    path = mailed_link()
    client.post(path, {"comment": comment.pk})
    again = client.get(path)
    assert again.status_code == 200
    assert "There is nothing left to confirm" in again.text
    assert client.post(path, {"comment": comment.pk}).status_code == 303


def test_an_expired_link_confirms_nothing_and_says_what_to_do(client, article, clock):
    comment = write(article)
    path = mailed_link()
    clock.shift(timedelta(days=3, seconds=1))

    page = client.get(path)
    assert page.status_code == 410
    assert "This link has expired" in page.text
    assert client.post(path, {"comment": comment.pk}).status_code == 410
    comment.refresh_from_db()
    assert comment.confirmed_at is None


@pytest.mark.parametrize("forge", ["x", "1:x:y", ""])
def test_a_forged_link_is_no_page(client, article, forge):
    write(article)
    path = mailed_link()
    forged = f"/readers/confirm/{forge}/" if forge else path[:-2] + "/"
    assert client.get(forged).status_code == 404
    assert client.post(forged).status_code == 404


def test_a_link_of_another_kind_opens_nothing(client, article):
    write(article)
    row = OutgoingMail.objects.get()
    signed = signing.TimestampSigner(salt="comments.my-data").sign(row.pk)
    assert client.get(f"/readers/confirm/{signed}/").status_code == 404


def test_a_comment_written_by_somebody_else_under_my_address_is_not_ticked(client, article):
    mine = write(article)
    theirs = write(article, name="Mallory", body="Not mine.", network="other")
    path = mailed_link()
    page = client.get(path)
    assert f'value="{mine.pk}" checked' in page.text
    assert f'value="{theirs.pk}">' in page.text

    client.post(path, {"comment": mine.pk})
    theirs.refresh_from_db()
    assert theirs.confirmed_at is None


def test_nobody_confirms_a_comment_of_another_reader(client, article):
    write(article)
    other = write(article, email="other@reader.example", body="Another.", network="other")
    send_mail.call()
    path = next(link_in(message) for message in mail.outbox if message.to == [VICTIM])
    client.post(path, {"comment": other.pk})
    other.refresh_from_db()
    assert other.confirmed_at is None


def test_without_a_tick_nothing_is_confirmed_and_the_page_says_so(client, article):
    write(article)
    response = client.post(mailed_link(), {"answer": "yes", "comment": "x"})
    assert response.status_code == 422
    assert "Nothing was confirmed" in response.text
    assert Reader.objects.get().confirmed_at is None


def test_whoever_wrote_none_of_it_has_their_address_taken_from_all(client, article):
    comment = write(article, follow="article")
    response = client.post(mailed_link(), {"answer": "none"})
    assert client.get(response["Location"]).status_code == 200
    comment.refresh_from_db()
    assert comment.reader is None
    assert not Reader.objects.exists()
    assert not Follow.objects.exists()


def test_saying_that_none_of_it_was_me_leaves_what_the_page_did_not_show(client, article, clock):
    long_ago = write(article, body="Long ago.")
    clock.shift(timedelta(days=4))
    write(article)
    client.post(mailed_link(), {"answer": "none"})
    long_ago.refresh_from_db()
    assert long_ago.reader.email == VICTIM


def test_another_site_cannot_press_the_button(client, article):
    comment = write(article)
    headers = {"Sec-Fetch-Site": "cross-site"}
    response = client.post(mailed_link(), {"comment": comment.pk}, headers=headers)
    assert response.status_code == 403
    comment.refresh_from_db()
    assert comment.confirmed_at is None


# What it leads to


def trust(article, email=VICTIM):
    reader = reader_of(email, at=NOON)
    reader.confirmed_at = NOON
    reader.save()
    for _ in range(3):
        build.comment(article, reader=reader, confirmed_at=NOON)
    return reader


def test_a_waiting_comment_of_a_trusted_reader_is_shown_once_confirmed(client, article):
    trust(article)
    comment = write(article)
    Comment.objects.filter(pk=comment.pk).update(held_by="newcomer")
    client.post(mailed_link(), {"comment": comment.pk})

    comment.refresh_from_db()
    assert comment.state == "approved"
    assert Transition.objects.filter(comment=comment).last().reason == "confirmed"


def test_a_stranger_typing_a_trusted_address_gets_nothing_shown(article):
    trust(article)
    comment = write(article)
    assert (comment.state, comment.confirmed_at) == ("pending", None)


def test_a_comment_held_for_its_words_waits_on(client, article):
    trust(article)
    comment = write(article)
    Comment.objects.filter(pk=comment.pk).update(held_by="words")
    client.post(mailed_link(), {"comment": comment.pk})
    comment.refresh_from_db()
    assert (comment.state, comment.confirmed_at) == ("pending", NOON)


def test_what_a_moderator_decided_stays_decided(client, article):
    from comments import moderating

    trust(article)
    comment = write(article)
    moderating.reject([comment], by=build.editor())
    client.post(mailed_link(), {"comment": comment.pk})
    comment.refresh_from_db()
    assert comment.state == "rejected"


def test_the_same_answer_twice_at_once_confirms_once(article):
    comment = write(article)
    row = OutgoingMail.objects.get()
    first = confirming.confirm(row, comments=[comment.pk], follows=[], at=NOON)
    second = confirming.confirm(row, comments=[comment.pk], follows=[], at=NOON)
    assert (len(first.comments), len(second.comments)) == (1, 0)


# Another address


def test_giving_another_readers_address_afterwards_proves_nothing(article):
    mine = trust(article, "mine@reader.example")
    comment = write(article, email="", tells=Tells(known=token_for_browser(mine)))
    assert comment.confirmed_at == NOON

    assert not OutgoingMail.objects.exists()
    mended = mend(comment, name="Anna", email=VICTIM, body=comment.body)

    mended.refresh_from_db()
    assert (mended.reader.email, mended.confirmed_at) == (VICTIM, None)
    assert OutgoingMail.objects.get().reader.email == VICTIM


# A browser that remembers


def test_a_browser_that_remembers_proves_whose_comment_it_is(article):
    reader = trust(article)
    comment = write(article, tells=Tells(known=token_for_browser(reader)))
    assert (comment.reader, comment.confirmed_at) == (reader, NOON)
    assert not OutgoingMail.objects.exists()


def test_a_token_does_not_prove_another_address(article):
    reader = trust(article)
    tells = Tells(known=token_for_browser(reader))
    comment = write(article, email="other@reader.example", tells=tells)
    assert (comment.reader.email, comment.confirmed_at) == ("other@reader.example", None)


def test_a_token_counts_for_ninety_days(article, clock):
    reader = trust(article)
    token = token_for_browser(reader)
    assert known_reader(token, timezone.now()) == reader
    clock.shift(REMEMBERED_FOR - timedelta(seconds=1))
    assert known_reader(token, timezone.now()) == reader
    clock.shift(timedelta(seconds=1))
    assert known_reader(token, timezone.now()) is None


def test_a_token_from_before_all_browsers_forgot_counts_for_nothing(article, clock):
    reader = trust(article)
    token = token_for_browser(reader)
    clock.shift(timedelta(hours=1))
    forget_in_browsers(reader, at=timezone.now())
    assert known_reader(token, timezone.now()) is None
    clock.shift(timedelta(hours=1))
    assert known_reader(token_for_browser(reader), timezone.now()) == reader


@pytest.mark.parametrize("token", ["", "x", "1:2:3", "1", ":::", "1:" + "a" * 60 + ":x"])
def test_a_forged_token_is_nobodys(article, token):
    trust(article)
    assert known_reader(token, NOON) is None


def test_a_token_of_a_reader_without_a_proved_address_is_nobodys(article):
    assert known_reader(token_for_browser(reader_of(VICTIM, at=NOON)), NOON) is None


def test_the_page_offers_to_remember_only_after_confirming(client, article):
    comment = write(article)
    path = mailed_link()
    assert "data-remember-reader" not in client.get(path).text
    client.post(path, {"comment": comment.pk})
    token = re.search(r'data-token="([^"]+)"', client.get(f"{path}?done").text)[1]
    assert known_reader(token, NOON) == Reader.objects.get()


def test_links_are_not_interchangeable(article):
    write(article)
    row = OutgoingMail.objects.get()
    signed = links.confirm_url(row).rstrip("/").rsplit("/", 1)[1]
    assert links.read_confirm(signed) == row.pk
    assert links.read_my_data(signed) is None
    assert links.read_stop(signed) is None
    assert known_reader(signed, NOON) is None


def test_two_who_ask_for_the_same_address_leave_one_mail(article):
    reader = reader_of(VICTIM, at=NOON)
    first = confirming.ask(reader, network="a", at=NOON)
    second = confirming.ask(reader, network="b", at=NOON)
    assert first is not None
    assert second is None
    assert mailing.has_room("a", NOON)
