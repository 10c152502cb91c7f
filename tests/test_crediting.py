"""What readers' suggestions led to: beside comments, in the history, and by mail, on time."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.deeds import cancel, withdraw
from articles.recording import record
from comments import crediting, moderating, suggesting, suggestion_mail
from comments.models import Comment, OutgoingMail, Suggestion
from tests import build, suggestions

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
IN_AN_HOUR = NOON + timedelta(hours=1)
Kind = Suggestion.Kind
IN_VERSION_2 = "Led to a correction in version 2"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    made = build.full_article("open")
    build.published(made)
    clock.shift(timedelta(seconds=1))
    return made


@pytest.fixture
def public(article):
    """A public suggestion whose comment readers see."""
    made = suggestions.made(article, is_public=True, name="Anna", email="anna@reader.example")
    moderating.approve(Comment.objects.all(), by=None)
    return made


def publish(article, **options):
    return build.published(article, change_note="Mended.", **options)


def publish_now(article, clock):
    clock.shift(timedelta(minutes=1))
    return publish(article)


def led_to(article, at):
    """Return, by the comment's key, where the link of what it led to goes, and its words."""
    link = re.compile('<p class="comment-mark"><a href="(.+?)">(.+?)</a></p>')
    marks = crediting.marks(article.pk, at)
    return {key: found.groups() for key, mark in marks.items() if (found := link.search(mark))}


# Beside comments


def test_nothing_led_to_anything_before_it_is_published(article, public):
    assert led_to(article, NOON + timedelta(days=1)) == {}

    suggestions.accepted(public)
    assert led_to(article, NOON + timedelta(days=1)) == {}


def test_a_comment_led_to_the_first_version_that_has_the_correction(article, public, clock):
    suggestions.accepted(public)
    publish_now(article, clock)
    build.section(article)
    publish_now(article, clock)

    assert led_to(article, timezone.now()) == {
        public.comment_id: ("/articles/open/history/2/changes/", IN_VERSION_2)
    }


def test_a_scheduled_one_leads_to_it_at_its_second(client, article, public, clock):
    suggestions.accepted(public)
    publish(article, goes_live_at=IN_AN_HOUR)
    key = public.comment_id

    assert led_to(article, IN_AN_HOUR - timedelta(seconds=1)) == {}
    assert led_to(article, IN_AN_HOUR) == {key: ("/articles/open/history/2/changes/", IN_VERSION_2)}
    for address in ("/articles/open/", "/articles/open/comments/", f"/comments/{key}/"):
        clock.move_to(IN_AN_HOUR - timedelta(seconds=1))
        assert "Suggests a correction</p>" in client.get(address).text
        clock.move_to(IN_AN_HOUR)
        page = client.get(address).text
        assert (
            '<a href="/articles/open/history/2/changes/">Led to a correction in version 2</a>'
            in page
        )
        assert "Suggests a correction</p>" not in page


def test_a_cancelled_one_leads_to_nothing(article, public):
    suggestions.accepted(public)
    cancel(publish(article, goes_live_at=IN_AN_HOUR), by=None)

    assert led_to(article, IN_AN_HOUR) == {}


def test_a_withdrawn_history_tells_of_nothing(article, public, clock):
    suggestions.accepted(public)
    publish_now(article, clock)
    withdraw(article, by=None)

    assert led_to(article, timezone.now()) == {}


def test_one_for_the_editors_only_is_beside_no_comment(article, clock):
    suggestions.accepted(suggestions.made(article))
    publish_now(article, clock)

    assert crediting.marks(article.pk, timezone.now()) == {}


def test_a_question_is_answered_in_a_version(client, article, clock):
    asked = suggestions.made(
        article, kind=Kind.QUESTION, text="Who carried it?", is_public=True, name="Ada"
    )
    moderating.approve(Comment.objects.all(), by=None)
    assert "Asks a question of the article" in client.get("/articles/open/comments/").text

    row = suggestions.accepted(asked)
    row.answer = "A courier."
    row.save()
    publish_now(article, clock)

    assert led_to(article, timezone.now()) == {
        asked.comment_id: ("/articles/open/history/2/changes/", "Answered in version 2")
    }
    assert "Answered in version 2" in client.get("/articles/open/comments/").text


def test_it_costs_one_query_whatever_there_is(article, public, clock):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            crediting.marks(article.pk, timezone.now())
            crediting.by_version(article.pk, timezone.now())
        return len(queries)

    assert cost() == 2
    suggestions.accepted(public)
    for number in range(20):
        suggestions.accepted(suggestions.made(article, text=f"Wrong {number}"))
    publish_now(article, clock)
    assert cost() == 2


# In the public history


def test_the_history_counts_what_readers_contributed_to_each_version(client, article, clock):
    for number in range(3):
        suggestions.accepted(suggestions.made(article, text=f"Wrong {number}"))
    publish_now(article, clock)
    row = suggestions.accepted(suggestions.made(article, kind=Kind.QUESTION, text="Who?"))
    row.answer = "A courier."
    row.save()
    suggestions.accepted(suggestions.made(article, text="One more"))
    publish_now(article, clock)

    page = client.get("/articles/open/history/").text
    second = page[page.index("/history/2/") : page.index("/history/1/")]
    assert "3 corrections suggested by readers" in second
    third = page[: page.index("/history/2/")]
    assert "1 correction suggested by a reader, 1 question of a reader answered" in third
    assert "suggested by" not in page[page.index("/history/1/") :]
    live = client.get("/articles/open/").text
    assert "1 correction suggested by a reader, 1 question of a reader answered" in live


def test_the_log_of_corrections_names_readers_as_they_wish(client, article, clock):
    for credit, name in (("name", "Anna"), ("reader", ""), ("none", "Berta")):
        made = suggestions.made(article, text=f"Wrong {credit}", credit=credit, name=name)
        suggestions.accepted(made)
    publish_now(article, clock)

    page = client.get("/corrections/").text
    assert "Noticed by Anna" in page
    assert "Noticed by a reader" in page
    assert "Berta" not in page


# By mail


def mails() -> list[tuple]:
    return list(OutgoingMail.objects.order_by("pk").values_list("key", "due_at"))


def words(mail: OutgoingMail):
    return suggestion_mail.words_of(mail.details)


def test_the_writer_is_told_once_when_it_goes_live(article, public, clock, settings):
    settings.SITE_ADDRESS = "https://record.example"
    suggestions.accepted(public)
    publish_now(article, clock)
    build.section(article)
    publish_now(article, clock)

    mail = OutgoingMail.objects.get()
    assert (mail.kind, mail.reader) == ("suggestion", public.reader)
    subject, lines = words(mail)
    text = "\n".join(lines)
    assert "Article" in subject
    assert "led to a correction in version 2" in text
    assert "https://record.example/articles/open/history/2/changes/" in text
    assert "It closed in 1934" not in subject + text


def test_the_mail_leads_to_the_status_page(client, article, public, clock, settings):
    settings.SITE_ADDRESS = "https://record.example"
    suggestions.accepted(public)
    publish_now(article, clock)

    _subject, lines = words(OutgoingMail.objects.get())
    address = lines[-1].split("https://record.example")[1]
    assert client.get(address).status_code == 200
    other = suggestions.made(article, text="Another")
    stolen = address.replace(f"/{public.pk}/", f"/{other.pk}/")
    assert client.get(stolen).status_code == 404


def test_of_a_scheduled_one_they_are_told_when_its_time_has_come(article, public, clock):
    suggestions.accepted(public)
    publish(article, goes_live_at=IN_AN_HOUR)

    mail = OutgoingMail.objects.get()
    assert mail.due_at == IN_AN_HOUR
    assert words(mail) is None
    clock.move_to(IN_AN_HOUR)
    assert words(mail) is not None


def test_of_a_cancelled_one_nobody_is_told(article, public, clock):
    suggestions.accepted(public)
    cancel(publish(article, goes_live_at=IN_AN_HOUR), by=None)

    clock.move_to(IN_AN_HOUR)
    assert words(OutgoingMail.objects.get()) is None


def test_of_two_publications_the_first_before_readers_tells(article, public, clock):
    suggestions.accepted(public)
    later = publish(article, goes_live_at=IN_AN_HOUR)
    clock.shift(timedelta(minutes=1))
    earlier = build.published(article, change_note="At once.", scheduled="keep")

    clock.move_to(IN_AN_HOUR)
    told = {mail.details["which"]: words(mail) for mail in OutgoingMail.objects.all()}
    assert told[later.pk] is None
    assert told[earlier.pk] is not None


def test_who_gave_no_address_is_told_nothing(article, clock):
    suggestions.accepted(suggestions.made(article))
    publish_now(article, clock)

    assert not OutgoingMail.objects.exists()


def test_who_withdrew_is_told_nothing(article, public, clock):
    suggestions.accepted(public)
    publish(article, goes_live_at=IN_AN_HOUR)
    suggesting.withdraw(public)

    clock.move_to(IN_AN_HOUR)
    assert words(OutgoingMail.objects.get()) is None


def test_declined_and_answered_are_told_with_the_editors_words(article, public):
    suggesting.answer(public, by=None, turn=0, reply="Which box?")
    answered = OutgoingMail.objects.get()
    assert "Which box?" in words(answered)[1]

    suggesting.decline(public, by=None, turn=1, reply="Not in the register.")
    assert words(answered) is None
    declined = OutgoingMail.objects.exclude(pk=answered.pk).get()
    assert "Not in the register." in words(declined)[1]


# In the draft and in what is scheduled


def test_accepting_leaves_what_is_scheduled_as_it_is(article, public):
    build.section(article, heading="Later")
    scheduled = publish(article, goes_live_at=IN_AN_HOUR)
    digest = scheduled.digest

    suggestions.accepted(public)

    scheduled.refresh_from_db()
    assert scheduled.digest == digest


def test_a_changed_credit_leaves_reviews_and_the_rest_of_what_is_scheduled(article, public):
    suggestions.accepted(public)
    record(article, by=None)
    scheduled = publish(article, goes_live_at=IN_AN_HOUR)
    before = scheduled.revision.document

    suggesting.credit_otherwise(public, credit="name", name="Anna")

    scheduled.refresh_from_db()
    after = scheduled.revision.document
    changed = [
        (old, new)
        for old, new in zip(
            before["parts"]["corrections"]["rows"],
            after["parts"]["corrections"]["rows"],
            strict=True,
        )
        if old != new
    ]
    assert [(old["noticed_by"], new["noticed_by"]) for old, new in changed] == [("", "Anna")]
    assert {**before, "parts": 0} == {**after, "parts": 0}
    assert scheduled.goes_live_at == IN_AN_HOUR


def test_what_has_begun_is_never_amended(article, public, clock):
    suggestions.accepted(public)
    begun = publish_now(article, clock)
    seal = begun.seal

    with pytest.raises(suggesting.TooLate):
        suggesting.credit_otherwise(public, credit="name", name="Anna")

    begun.refresh_from_db()
    assert begun.seal == seal
