"""Following: told of what was approved, in one mail, and no more than one wants."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from articles.deeds import withdraw
from comments import moderating
from comments.announcing import UNDO_WINDOW, WAITS_AT_MOST, announce
from comments.following import follow_article, follow_comment
from comments.models import STEP, Announcement, Comment, Follow, OutgoingMail, Reader
from comments.readers import reader_of, token_for_browser
from comments.states import lock, move
from comments.tasks import send_mail
from comments.writing import delete
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
def editor():
    return build.editor()


def proved(email: str) -> Reader:
    made = reader_of(email, at=NOON)
    made.confirmed_at = NOON
    made.save()
    return made


@pytest.fixture
def follower(article):
    reader = proved("fiona@reader.example")
    follow_article(reader, article.pk, at=NOON, is_proved=True)
    return reader


def sent(clock, after=UNDO_WINDOW) -> list:
    """Return what is mailed once the time to undo is over."""
    clock.shift(after)
    before = len(mail.outbox)
    send_mail.call()
    return mail.outbox[before:]


# Who is told


def test_a_follower_is_told_of_a_new_comment_without_a_word_of_it(article, follower, clock):
    comment = build.comment(article, name="Mallory", body="Visit https://evil.example now")
    (message,) = sent(clock)

    assert message.to == ["fiona@reader.example"]
    assert message.subject == "On Record: new comments on “Relations”"
    assert "1 new comment on “Relations”." in message.body
    assert f"/comments/{comment.pk}/" in message.body
    assert "evil" not in message.message().as_string()
    assert "Mallory" not in message.body


def test_nobody_is_told_before_the_comment_is_approved(article, follower, editor, clock):
    waiting = build.comment(article, state="pending")
    assert sent(clock) == []
    moderating.approve([waiting], by=editor)
    assert len(sent(clock)) == 1


def test_nobody_is_told_who_did_not_prove_their_address(article, clock):
    follow_article(reader_of("nobody@reader.example", at=NOON), article.pk, at=NOON)
    build.comment(article)
    assert sent(clock) == []


def test_nobody_is_told_of_their_own_comment(article, follower, clock):
    build.comment(article, reader=follower, confirmed_at=NOON)
    assert sent(clock) == []


def test_the_writer_of_a_comment_is_told_of_answers_below_it_and_of_nothing_else(article, clock):
    writer = proved("will@reader.example")
    own = build.comment(article, reader=writer, confirmed_at=NOON)
    follow_comment(writer, own, at=NOON, is_proved=True)
    build.comment(article)
    answer = build.comment(article, parent=own)
    deeper = build.comment(article, parent=answer)
    (message,) = sent(clock)

    assert message.subject == "On Record: answers to your comment on “Relations”"
    assert "2 answers were written" in message.body
    assert f"/comments/{answer.pk}/" in message.body
    assert f"/comments/{deeper.pk}/" in message.body


def test_whoever_follows_both_gets_one_mail(article, follower, clock):
    own = build.comment(article, reader=follower, confirmed_at=NOON)
    follow_comment(follower, own, at=NOON, is_proved=True)
    build.comment(article, parent=own)
    (message,) = sent(clock)
    assert "1 new comment" in message.body
    assert len(OutgoingMail.objects.get().details["follows"]) == 2


def test_nobody_is_told_of_what_was_approved_before_they_followed(article, follower, clock):
    build.comment(article)
    clock.shift(timedelta(minutes=1))
    late = proved("late@reader.example")
    follow_article(late, article.pk, at=timezone.now(), is_proved=True)
    assert [message.to for message in sent(clock)] == [["fiona@reader.example"]]


def test_an_answer_of_the_newsroom_is_told_too(article, follower, editor, clock):
    asked = build.comment(article, reader=follower, confirmed_at=NOON)
    moderating.answer(asked, body="Yes.", by=editor)
    assert len(sent(clock)) == 1


def test_what_came_from_another_site_is_told_to_nobody(article, follower, clock):
    build.comment(article, held_by="imported")
    assert sent(clock) == []


def test_nobody_is_told_about_an_article_that_was_withdrawn(article, follower, clock):
    build.comment(article)
    withdraw(article, by=None, keep_history=True)
    assert sent(clock) == []


# How often


def test_500_approvals_in_a_row_are_one_mail_to_a_follower(article, follower, editor, clock):
    waiting = waiting_comments(article, 500)
    for start in range(0, 500, 50):
        moderating.approve(waiting[start : start + 50], by=editor)
        clock.shift(timedelta(minutes=2))
        send_mail.call()
    assert mail.outbox == []
    (message,) = sent(clock)
    assert "500 new comments" in message.body
    assert message.body.count("/comments/") == 11
    assert "and 490 more" in message.body


def waiting_comments(article, count: int) -> list[Comment]:
    """Write many comments at once, which wait."""
    publication = article.publications.live().get()
    return Comment.objects.bulk_create(
        Comment(
            article=article,
            publication=publication,
            path=f"{number:0{STEP}}",
            name=f"Reader {number}",
            body="Words.",
            body_html="<p>Words.</p>",
            created_at=NOON,
        )
        for number in range(1, count + 1)
    )


def test_where_there_is_always_something_new_followers_wait_an_hour_at_most(
    article, follower, clock
):
    for _ in range(40):
        build.comment(article)
        clock.shift(timedelta(minutes=2))
        send_mail.call()
        if mail.outbox:
            break
    assert datetime.now(UTC) - NOON <= WAITS_AT_MOST + timedelta(minutes=2)
    assert len(mail.outbox) == 1


def test_a_comment_is_told_of_once_whatever_becomes_of_it(article, follower, editor, clock):
    comment = build.comment(article)
    assert len(sent(clock)) == 1
    moderating.reject([comment], by=editor)
    moderating.approve([comment], by=editor)
    assert sent(clock) == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_announce_a_comment_once(article, follower, clock):
    build.comment(article)
    clock.shift(UNDO_WINDOW)
    now = timezone.now()
    outcomes = at_once(lambda: announce(now), lambda: announce(now))
    assert errors(outcomes) == []
    assert sorted(outcomes) == [0, 1]
    assert OutgoingMail.objects.count() == 1


# Undoing


def test_an_approval_taken_back_in_time_is_told_to_nobody(article, follower, editor, clock):
    comment = build.comment(article, state="pending")
    moderating.approve([comment], by=editor)
    clock.shift(UNDO_WINDOW - timedelta(seconds=1))
    move(lock([comment]), Comment.State.PENDING, by=editor, reason="undo")
    assert sent(clock, timedelta(hours=1)) == []
    assert not Announcement.objects.exists()


def test_one_deleted_by_its_writer_in_time_is_told_to_nobody(article, follower, clock):
    comment = build.comment(article)
    delete(comment)
    assert sent(clock) == []


def test_one_taken_down_while_the_mail_waits_is_not_in_it(article, follower, editor, clock):
    build.comment(article)
    gone = build.comment(article)
    clock.shift(UNDO_WINDOW)
    announce(timezone.now())
    moderating.reject([gone], by=editor)
    (message,) = sent(clock, timedelta(0))
    assert "1 new comment on" in message.body


# What became of one's own comment


def test_a_proved_writer_is_told_that_their_comment_was_approved_by_somebody(
    article, editor, clock
):
    writer = proved("will@reader.example")
    own = build.comment(article, state="pending", reader=writer, confirmed_at=NOON)
    moderating.approve([own], by=editor)
    assert sent(clock, timedelta(minutes=4)) == []
    (message,) = sent(clock, timedelta(minutes=1))
    assert message.subject == "On Record: your comment on “Relations”"
    assert "is on the page:" in message.body
    assert f"/comments/{own.pk}/" in message.body


def test_a_refused_writer_is_told_which_rule_and_where_the_rules_are(
    article, editor, clock, settings
):
    settings.SITE_ADDRESS = "https://news.example"
    writer = proved("will@reader.example")
    own = build.comment(article, state="pending", reader=writer, confirmed_at=NOON)
    reason = "Rule 3, and he is a known troll"
    move(lock([own]), Comment.State.REJECTED, by=editor, reason=reason)
    (message,) = sent(clock)
    assert "will not be shown" in message.body
    assert "rule 3 of the rules for comments: https://news.example/comment-rules/" in message.body
    assert "troll" not in message.body


def test_several_decisions_about_one_readers_comments_are_one_mail(article, editor, clock):
    writer = proved("will@reader.example")
    own = [
        build.comment(article, state="pending", reader=writer, confirmed_at=NOON) for _ in range(12)
    ]
    for one in own:
        moderating.approve([one], by=editor)
    (message,) = sent(clock)
    assert message.body.count("is on the page") == 10
    assert "2 more were decided" in message.body


def test_a_decision_that_is_changed_in_time_is_told_as_it_is_in_the_end(article, editor, clock):
    writer = proved("will@reader.example")
    own = build.comment(article, state="pending", reader=writer, confirmed_at=NOON)
    moderating.reject([own], by=editor)
    moderating.approve([own], by=editor)
    (message,) = sent(clock)
    assert "is on the page" in message.body
    moderating.reject([own], by=editor)
    (message,) = sent(clock)
    assert "will not be shown" in message.body


@pytest.mark.parametrize(
    "fields", [{"confirmed_at": None}, {"reader": None}], ids=["unproved", "without address"]
)
def test_a_writer_who_proved_no_address_is_told_nothing(article, editor, clock, fields):
    writer = proved("will@reader.example")
    given = {"reader": writer, "confirmed_at": NOON, **fields}
    moderating.approve([build.comment(article, state="pending", **given)], by=editor)
    assert sent(clock) == []


def test_a_spammer_is_told_nothing(article, editor, clock):
    writer = proved("will@reader.example")
    own = build.comment(article, state="pending", reader=writer, confirmed_at=NOON)
    moderating.mark_as_spam([own], by=editor)
    assert sent(clock) == []


def test_what_goes_live_at_once_is_not_told_to_its_writer(article, clock):
    build.comment(article, reader=proved("will@reader.example"), confirmed_at=NOON)
    assert sent(clock) == []


# Ending


def stop_path(message) -> str:
    return urlsplit(message.extra_headers["List-Unsubscribe"].strip("<>")).path


def test_one_click_unsubscribing_needs_no_cookie_no_origin_and_leads_nowhere(
    client, article, follower, clock
):
    build.comment(article)
    (message,) = sent(clock)
    assert message.message()["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop_path(message) in message.body

    response = client.post(stop_path(message), {"List-Unsubscribe": "One-Click"})

    assert response.status_code == 200
    assert not Follow.objects.exists()
    assert Reader.objects.get().wants_no_mail_since is None
    again = client.post(stop_path(message), {"List-Unsubscribe": "One-Click"})
    assert again.status_code == 200


def test_one_click_in_the_other_encoding_works_too(client, article, follower, clock):
    build.comment(article)
    (message,) = sent(clock)
    client.post(
        stop_path(message),
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
    )
    assert not Follow.objects.exists()


def test_looking_at_the_page_ends_nothing(client, article, follower, clock):
    build.comment(article)
    (message,) = sent(clock)
    page = client.get(stop_path(message))
    assert page.status_code == 200
    assert "New comments on" in page.text
    assert "End these" in page.text
    assert Follow.objects.exists()


def test_the_page_ends_this_or_all(client, article, follower, clock):
    own = build.comment(article, reader=follower, confirmed_at=NOON)
    follow_comment(follower, own, at=NOON, is_proved=True)
    build.comment(article)
    (message,) = sent(clock)
    response = client.post(stop_path(message), {"what": "these"})
    assert "You do not follow this any more" in client.get(response["Location"]).text
    assert [follow.comment for follow in Follow.objects.all()] == [own]

    response = client.post(stop_path(message), {"what": "all"})
    assert "You get no more mail" in client.get(response["Location"]).text
    build.comment(article, parent=own)
    assert sent(clock) == []


def test_unsubscribing_somebody_else_by_a_changed_address_is_no_page(
    client, article, follower, clock
):
    other = proved("other@reader.example")
    follow_article(other, article.pk, at=NOON, is_proved=True)
    build.comment(article)
    path = stop_path(sent(clock)[0])
    words, _colon, rest = path.rsplit("/", 2)[1].partition(":")
    forged = f"/readers/stop/{other.pk}-{words.partition('-')[2]}:{rest}/"
    assert client.post(forged, {"List-Unsubscribe": "One-Click"}).status_code == 404
    assert Follow.objects.count() == 2


def test_mail_that_waited_is_not_sent_to_whoever_ended_it(client, article, follower, clock):
    build.comment(article)
    clock.shift(UNDO_WINDOW)
    announce(timezone.now())
    Follow.objects.all().delete()
    assert sent(clock, timedelta(0)) == []


# Following without commenting


FOLLOW = "/readers/follow/open/"


def test_an_article_is_followed_with_an_address_and_its_confirmation(client, article, clock):
    page = client.get(FOLLOW)
    assert page.status_code == 200
    assert "csrf" not in page.text
    response = client.post(FOLLOW, {"email": "new@reader.example"})
    assert response.status_code == 303
    assert "Look into your mailbox" in client.get(response["Location"]).text
    build.comment(article)
    (message,) = sent(clock)
    assert "asked to be told of new comments on “Relations”" in message.body

    path = urlsplit(re.search(r"http\S+/readers/confirm\S+", message.body)[0]).path
    client.post(path, {"follow": Follow.objects.get().pk})
    build.comment(article)
    assert "1 new comment" in sent(clock)[0].body


def test_one_comment_can_be_followed_without_writing(client, article):
    comment = build.comment(article, name="Ada")
    page = client.get(f"{FOLLOW}?comment={comment.pk}")
    assert "Follow the answers to Ada" in page.text
    client.post(FOLLOW, {"email": "new@reader.example", "comment": comment.pk})
    assert Follow.objects.get().comment == comment


def test_a_comment_that_readers_do_not_see_cannot_be_followed(client, article):
    waiting = build.comment(article, state="pending", name="Secretive")
    assert "Secretive" not in client.get(f"{FOLLOW}?comment={waiting.pk}").text


def test_a_browser_that_remembers_follows_at_once(client, article):
    reader = proved("rita@reader.example")
    given = {"email": "Rita@reader.example", "known": token_for_browser(reader)}
    response = client.post(FOLLOW, given)
    assert "You follow this discussion" in client.get(response["Location"]).text
    assert Follow.objects.get().confirmed_at == NOON
    client.post(FOLLOW, {**given, "email": "other@reader.example"})
    assert Follow.objects.get(reader__email="other@reader.example").confirmed_at is None


def test_the_answer_is_the_same_whatever_is_known_of_an_address(client, article, follower):
    answers = set()
    for email in ("fiona@reader.example", "unknown@reader.example"):
        response = client.post(FOLLOW, {"email": email})
        answers.add((response.status_code, response["Location"]))
    assert len(answers) == 1


def test_a_flood_of_addresses_from_one_network_leaves_five(client, article):
    for number in range(21):
        response = client.post(FOLLOW, {"email": f"victim-{number}@reader.example"})
        assert response.status_code == 303
    assert Reader.objects.count() == OutgoingMail.objects.count() == 5


def test_a_wrong_address_is_said_and_a_program_gets_nothing(client, article):
    assert client.post(FOLLOW, {"email": "nobody"}).status_code == 422
    client.post(FOLLOW, {"email": "new@reader.example", "website": "https://x.example"})
    assert not Reader.objects.exists()


def test_nobody_follows_what_is_not_published(client):
    build.article("draft")
    for slug in ("draft", "nowhere"):
        assert client.get(f"/readers/follow/{slug}/").status_code == 404
        response = client.post(f"/readers/follow/{slug}/", {"email": "a@b.example"})
        assert response.status_code == 404


# From the form of a comment


@pytest.mark.parametrize(
    ("wish", "count"), [("", 0), ("article", 1), ("replies", 1), ("nonsense", 0)]
)
def test_a_writer_follows_what_they_asked_for(article, wish, count):
    from comments.writing import post

    publication = article.publications.live().get()
    given = {"name": "A", "body": "B", "network": "n", "email": "a@reader.example"}
    posted = post(publication, **given, follow=wish)
    assert Follow.objects.count() == count
    if wish == "replies":
        assert Follow.objects.get().comment == posted.comment
