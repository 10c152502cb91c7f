"""My data: seen, downloaded and deleted by whoever reads the address's mail, and by nobody else."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command

from comments import my_data
from comments.following import follow_article
from comments.models import Comment, Follow, OutgoingMail, Reader, Suggestion
from comments.readers import (
    KEPT_WITHOUT_PROOF,
    forget_unproved_follows,
    forget_unproved_readers,
    reader_of,
)
from comments.tasks import send_mail
from tests import build

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINE, OTHER = "rita@reader.example", "other@reader.example"
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
    return reader_of(MINE, at=NOON)


def asked(client, email=MINE) -> str:
    """Ask for the link; return the path that was mailed."""
    client.post("/readers/", {"email": email})
    send_mail.call()
    return urlsplit(re.search(r"http\S+/readers/mine/\S+", mail.outbox[-1].body)[0]).path


def suggestion(article, reader, **fields) -> Suggestion:
    return Suggestion.objects.create(
        kind="correction",
        article=article,
        publication=article.publications.get(),
        text="It was 1832.",
        name="Rita",
        credit="name",
        reader=reader,
        token_hash="x",
        made_at=NOON,
        **fields,
    )


# Asking


def test_the_link_goes_to_the_mailbox_and_nowhere_else(client, article, reader):
    build.comment(article, reader=reader)
    response = client.post("/readers/", {"email": "RITA@reader.example"})
    assert response.status_code == 303
    page = client.get(response["Location"])
    assert "Look into your mailbox" in page.text
    assert "/readers/mine/" not in page.text
    send_mail.call()
    assert mail.outbox[0].to == [MINE]


def test_enumeration_of_addresses_learns_nothing(client, article, reader):
    build.comment(article, reader=reader)
    answers = {}
    for email in (MINE, "unknown@reader.example"):
        for _ in range(7):
            response = client.post("/readers/", {"email": email})
            page = client.get(response["Location"])
            answers.setdefault((response.status_code, response["Location"], page.text), email)
    assert len(answers) == 1
    assert not Reader.objects.filter(email="unknown@reader.example").exists()


def test_an_address_gets_three_links_a_day(client, article, reader, clock):
    for number in range(21):
        client.defaults["REMOTE_ADDR"] = f"203.0.{number}.1"
        client.post("/readers/", {"email": MINE})
        clock.shift(timedelta(minutes=10))
    send_mail.call()
    assert len(mail.outbox) == 3


def test_one_network_has_five_links_an_hour_sent(client, clock):
    for number in range(21):
        reader_of(f"r{number}@reader.example", at=NOON)
        client.post("/readers/", {"email": f"r{number}@reader.example"})
    send_mail.call()
    assert len(mail.outbox) == 5


def test_whoever_wants_no_mail_still_gets_what_they_ask_for_but_once_a_day(client, reader):
    Reader.objects.update(wants_no_mail_since=NOON)
    path = asked(client)
    client.post("/readers/", {"email": MINE})
    send_mail.call()
    assert len(mail.outbox) == 1
    assert "You want no mail" in client.get(path).text
    client.post(path, {"mail": "resume"})
    assert Reader.objects.get().wants_no_mail_since is None


def test_a_wrong_address_is_said(client):
    response = client.post("/readers/", {"email": "rita"})
    assert response.status_code == 422
    assert 'value="rita"' in response.text


# Seeing


def test_the_page_shows_all_of_ones_own_and_nothing_of_others(client, article, reader):
    build.comment(article, reader=reader, body="Mine, shown.")
    build.comment(article, reader=reader, body="Mine, <b>waiting</b>.", state="pending")
    build.comment(article, reader=reader_of(OTHER, at=NOON), body="Another's.")
    suggestion(article, reader)
    follow_article(reader, article.pk, at=NOON)
    page = client.get(asked(client))

    assert page["Cache-Control"] == "no-store"
    assert "Mine, shown." in page.text
    assert "Mine, &lt;b&gt;waiting&lt;/b&gt;." in page.text
    assert "An editor reads it first" in page.text
    assert "It was 1832." in page.text
    assert "New comments on" in page.text
    assert "Another" not in page.text


def test_the_page_says_of_spam_no_more_than_that_it_was_refused(client, article, reader):
    build.comment(article, reader=reader, state="spam", held_by="spam")
    page = client.get(asked(client)).text
    assert "It does not fit the rules for comments" in page
    assert "spam" not in page.lower()


def test_the_link_opens_for_half_an_hour(client, reader, clock):
    path = asked(client)
    clock.shift(timedelta(minutes=30))
    assert client.get(path).status_code == 200
    clock.shift(timedelta(seconds=1))
    assert client.get(path).status_code == 410
    assert client.post(path, {"everything": "delete"}).status_code == 410
    assert client.get(f"{path}everything.json").status_code == 410
    assert Reader.objects.exists()


@pytest.mark.parametrize("signed", ["x", "1", "1:a:b"])
def test_a_forged_link_opens_nothing(client, reader, signed):
    for tail in ("", "everything.json"):
        assert client.get(f"/readers/mine/{signed}/{tail}").status_code == 404
    assert client.post(f"/readers/mine/{signed}/", {"everything": "1"}).status_code == 404


def test_the_page_of_somebody_who_wrote_much_shows_a_hundred_and_the_way_to_more(
    client, article, reader, django_assert_num_queries
):
    for number in range(105):
        build.comment(article, reader=reader, body=f"Number {number}.")
    path = asked(client)
    with django_assert_num_queries(6):
        page = client.get(path).text
    assert "Number 104." in page
    assert "Number 4." not in page
    older = re.search(r'href="(\?before=\d+)"', page)[1]
    assert "Number 4." in client.get(f"{path}{older}").text


def test_the_file_holds_everything(client, article, reader):
    root = build.comment(article)
    build.comment(article, reader=reader, body="Mine.", parent=root, confirmed_at=NOON)
    build.comment(article, reader=reader, state="spam")
    suggestion(article, reader)
    follow_article(reader, article.pk, at=NOON)
    response = client.get(f"{asked(client)}everything.json")

    assert response["Content-Disposition"] == 'attachment; filename="everything.json"'
    assert response["Cache-Control"] == "no-store"
    data = response.json()
    assert data["format"] == my_data.FORMAT
    assert data["email"] == MINE
    assert [one["state"] for one in data["comments"]] == ["rejected", "approved"]
    assert data["comments"][1]["text"] == "Mine."
    assert data["comments"][1]["in_reply_to"] == root.pk
    assert data["suggestions"][0]["text"] == "It was 1832."
    assert data["follows"][0]["article"] == "open"
    assert [one["kind"] for one in data["mail"]] == ["my-data"]


# Deleting


def test_a_comment_with_answers_leaves_its_place_and_another_vanishes(client, article, reader):
    answered = build.comment(article, reader=reader, body="Answered.")
    answer = build.comment(article, parent=answered, body="An answer.")
    alone = build.comment(article, reader=reader, body="Alone.")
    path = asked(client)
    for one in (answered, alone):
        assert client.post(path, {"delete": one.pk}).status_code == 303

    thread = client.get("/articles/open/comments/").text
    assert "Answered." not in thread
    assert "Alone." not in thread
    assert "An answer." in thread
    alone.refresh_from_db()
    assert (alone.state, alone.body, alone.name, alone.reader) == ("removed", "", "", None)
    answered.refresh_from_db()
    assert (answered.state, answered.has_place) == ("removed", True)
    answer.refresh_from_db()
    assert answer.state == "approved"


def test_nobody_deletes_a_comment_of_another(client, article, reader):
    other = build.comment(article, reader=reader_of(OTHER, at=NOON))
    client.post(asked(client), {"delete": other.pk})
    other.refresh_from_db()
    assert other.state == "approved"


def test_deleting_everything_leaves_nothing_that_names_the_reader(client, article, reader):
    build.comment(article, reader=reader, name="Rita", body="Words of Rita.")
    build.comment(article, reader=reader, name="Rita", state="pending", confirmed_at=NOON)
    suggestion(article, reader)
    follow_article(reader, article.pk, at=NOON)
    path = asked(client)
    response = client.post(path, {"everything": "delete"})

    assert "Everything of yours is deleted" in client.get(response["Location"]).text
    assert not Reader.objects.exists()
    assert not Follow.objects.exists()
    assert not OutgoingMail.objects.exists()
    suggested = Suggestion.objects.get()
    assert (suggested.state, suggested.text, suggested.name) == ("withdrawn", "", "")
    assert (suggested.reader, suggested.credit) == (None, "none")
    assert "Rita" not in str(list(Comment.objects.values()))
    assert client.get(path).status_code == 404


def test_deleting_everything_can_go_on_where_it_was_stopped(article, reader, monkeypatch):
    monkeypatch.setattr(my_data, "AT_ONCE", 2)
    for _ in range(5):
        build.comment(article, reader=reader)
    really, rounds = my_data.delete_comments, []

    def stop_after_one(*args, **options):
        if rounds:
            raise KeyboardInterrupt
        rounds.append(1)
        return really(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(my_data, "delete_comments", stop_after_one)
        with pytest.raises(KeyboardInterrupt):
            my_data.delete_everything(reader, at=NOON)
    assert my_data.delete_everything(reader, at=NOON) == 3
    assert not Reader.objects.exists()


def test_looking_at_the_page_deletes_nothing(client, article, reader):
    build.comment(article, reader=reader)
    path = asked(client)
    client.get(f"{path}?everything=delete")
    client.post(path, {})
    assert Comment.objects.get().state == "approved"


def test_a_follow_is_ended_and_all_browsers_forget(client, article, reader):
    Reader.objects.update(confirmed_at=NOON)
    follow = follow_article(reader, article.pk, at=NOON, is_proved=True)
    path = asked(client)
    client.post(path, {"unfollow": follow.pk})
    client.post(path, {"browsers": "forget"})
    assert not Follow.objects.exists()
    assert Reader.objects.get().forgotten_by_browsers_at == NOON


# Forgetting


def test_an_address_without_proof_and_without_words_is_forgotten_after_thirty_days(article, clock):
    plain = reader_of("plain@reader.example", at=NOON)
    wrote = reader_of("wrote@reader.example", at=NOON)
    build.comment(article, reader=wrote)
    proved = reader_of("proved@reader.example", at=NOON)
    Reader.objects.filter(pk=proved.pk).update(confirmed_at=NOON)
    clock.shift(KEPT_WITHOUT_PROOF)
    assert forget_unproved_readers(datetime.now(UTC)) == 0
    clock.shift(timedelta(seconds=1))
    assert forget_unproved_readers(datetime.now(UTC)) == 1
    assert not Reader.objects.filter(pk=plain.pk).exists()
    assert forget_unproved_readers(datetime.now(UTC)) == 0


def test_of_whoever_wants_no_mail_the_hash_stays_and_the_address_goes(clock):
    Reader.objects.filter(pk=reader_of(OTHER, at=NOON).pk).update(wants_no_mail_since=NOON)
    clock.shift(KEPT_WITHOUT_PROOF + timedelta(seconds=1))
    now = datetime.now(UTC)
    assert forget_unproved_readers(now) == 1
    kept = Reader.objects.get()
    assert kept.email == ""
    again = reader_of(OTHER, at=now)
    assert (again, again.email) == (kept, OTHER)
    assert again.wants_no_mail_since == NOON


def test_a_wish_to_follow_that_nobody_confirmed_is_forgotten(article, reader, clock):
    follow_article(reader, article.pk, at=NOON)
    clock.shift(KEPT_WITHOUT_PROOF + timedelta(seconds=1))
    now = datetime.now(UTC)
    assert forget_unproved_follows(now) == 1
    assert forget_unproved_readers(now) == 1


def test_the_daily_command_forgets_and_says_how_much(reader, clock, capsys):
    clock.shift(timedelta(days=31))
    call_command("tidy_comments")
    assert ", 0 mails, 0 follows, 1 addresses." in capsys.readouterr().out
