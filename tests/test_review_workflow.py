"""From a draft to an approval: submitted, claimed, sent back, approved; and who is told."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.deeds import NotReady
from articles.models import AuditEntry, Notice, Review, ReviewRequest
from articles.places import Place
from articles.recording import record
from articles.redacting import redact
from articles.reviewing import (
    claim,
    is_approved,
    open_request,
    record_review,
    release,
    send_back,
    submit,
    waiting_for_review,
    withdraw_request,
)
from articles.tasks import GIVEN_UP_AFTER, TAKEN_FOR, send_notices
from tests import build, desk

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
QUEUE = "/admin/articles/reviewrequest/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def author():
    return build.author("anna", email="anna@desk.example")


@pytest.fixture
def reviewer():
    return build.reviewer("rosa", email="rosa@desk.example")


@pytest.fixture
def article(author):
    made = build.article("one", title="One")
    record(made, by=author)
    return made


def submitted(article, author, **options) -> ReviewRequest:
    return submit(article.latest_revision, by=author, **options)


def edited(article, by, title="Two") -> None:
    article.title = title
    article.save()
    record(article, by=by)


def approved(article, by, **options) -> Review:
    given = {"person": build.person(), "reviewed_on": date(2026, 11, 22), "checked": "All of it."}
    return record_review(article.latest_revision, by=by, **{**given, **options})


def last_deed() -> str:
    return AuditEntry.objects.first().deed


# Submitting


def test_an_author_submits_with_a_remark_and_a_day(article, author):
    client = desk.client_of(author)
    form = desk.open_form(client, desk.address(article, "submit"))
    form["remark"] = "The figures are new."
    form["due_on"] = "2026-11-25"
    answer = form.send(follow=True)

    request = open_request(article)
    assert request.submitted_by == author
    assert request.remark == "The figures are new."
    assert request.due_on == date(2026, 11, 25)
    assert (request.revision_number, request.digest) == (1, article.latest_revision.digest)
    assert "Submitted" in answer.content.decode()
    assert last_deed() == "submitted"


def test_who_may_not_write_does_not_submit(article, reviewer):
    answer = desk.client_of(reviewer).post(desk.address(article, "submit"), {"revision": "1"})
    assert answer.status_code == 403
    assert open_request(article) is None


def test_what_is_required_is_asked_for_when_submitting_and_not_when_saving(article, author):
    client = desk.client_of(author)
    form = desk.open_form(client, desk.address(article))
    form["question"] = ""
    assert form.send(follow=True).status_code == 200

    page = client.get(desk.address(article, "submit")).content.decode()
    assert "Say which question the article answers." in page
    assert f"{desk.address(article)}#id_question" in page
    with pytest.raises(NotReady):
        submitted(article, author)


def test_the_button_saves_what_was_typed_and_goes_on_to_submitting(article, author):
    form = desk.open_form(desk.client_of(author), desk.address(article))
    form["title"] = "Typed"
    answer = form.send("_submit")
    assert answer["Location"] == desk.address(article, "submit")
    article.refresh_from_db()
    assert article.title == "Typed"


def test_an_article_waits_for_one_review_at_a_time(article, author):
    request = submitted(article, author)
    with pytest.raises(ValidationError, match="waits for a review already"):
        submitted(article, author)
    with pytest.raises(IntegrityError):
        ReviewRequest.objects.create(
            article=article, revision_number=1, digest=request.digest, submitted_at=NOON
        )


def test_it_cannot_be_due_yesterday_nor_be_an_earlier_revision(article, author):
    with pytest.raises(ValidationError, match="has passed"):
        submitted(article, author, due_on=date(2026, 11, 21))
    first = article.latest_revision
    edited(article, author)
    with pytest.raises(ValidationError, match="Revision 2 has been recorded since"):
        submit(first, by=author)


def test_its_author_takes_it_back(article, author):
    request = submitted(article, author)
    client = desk.client_of(author)
    client.post(desk.address(article, "reviewing"), {"withdraw": "1", "request": request.pk})
    assert open_request(article) is None
    assert last_deed() == "withdrew-request"
    submitted(article, author)


# Claiming


def test_a_reviewer_says_that_they_are_reviewing_it(article, author, reviewer):
    request = submitted(article, author)
    client = desk.client_of(reviewer)
    page = desk.address(article, "reviewing")
    client.post(page, {"claim": "1", "request": request.pk})
    assert open_request(article).claimed_by == reviewer
    assert "You are reviewing it." in client.get(page).content.decode()
    assert "rosa is reviewing it" in desk.client_of(author).get(page).content.decode()
    assert last_deed() == "claimed"

    client.post(page, {"release": "1", "request": request.pk})
    assert open_request(article).claimed_by is None


def test_an_author_does_not_claim(article, author):
    request = submitted(article, author)
    answer = desk.client_of(author).post(
        desk.address(article, "reviewing"), {"claim": "1", "request": request.pk}
    )
    assert answer.status_code == 403
    assert open_request(article).claimed_by is None


def test_a_claim_is_taken_over_by_another_and_given_up_only_by_its_own(article, author, reviewer):
    request = submitted(article, author)
    claim(request, by=reviewer)
    other = build.reviewer("rolf")
    claim(request, by=other)
    assert open_request(article).claimed_by == other
    with pytest.raises(ValidationError, match="Somebody else"):
        release(request, by=reviewer)


# Deciding


def test_a_reviewer_sends_it_back_with_a_remark_on_a_place(article, author, reviewer):
    submitted(article, author)
    fact = article.facts.get()
    client = desk.client_of(reviewer)
    form = desk.open_form(client, desk.address(article, "send_back"))
    form["text"] = "Of which year?"
    form["place"] = Place("facts", str(fact.uid), "value").key
    form.send()

    request = article.review_requests.get()
    assert (request.state, request.decided_by) == ("sent-back", reviewer)
    remark = article.remarks.get()
    assert (remark.part, remark.row_uid, remark.field) == ("facts", fact.uid, "value")
    page = desk.client_of(author).get(desk.address(article)).content.decode()
    assert f"{desk.address(article)}#row-{fact.uid}-value" in page
    assert "Of which year?" in page
    assert last_deed() == "sent-back"


def test_an_author_does_not_send_back_or_approve(article, author):
    submitted(article, author)
    client = desk.client_of(author)
    assert client.post(desk.address(article, "send_back"), {"text": "No."}).status_code == 403
    assert client.post(desk.address(article, "review"), {}).status_code == 403
    assert open_request(article)


def test_approving_records_the_review_that_the_page_shows(client, article, author, reviewer):
    person = build.person(name="History desk")
    submitted(article, author)
    form = desk.open_form(desk.client_of(reviewer), desk.address(article, "review"))
    form["person"] = str(person.pk)
    form["checked"] = "The figures."
    form.send()

    request = article.review_requests.get()
    assert (request.state, request.decided_by) == ("approved", reviewer)
    assert is_approved(article.latest_revision)
    assert last_deed() == "approved"
    build.published(article)
    page = client.get("/articles/one/").content.decode()
    assert "Reviewed by" in page
    assert "History desk" in page


def test_an_approval_is_of_one_revision(client, article, author, reviewer):
    submitted(article, author)
    approved(article, reviewer)
    edited(article, author)
    assert not is_approved(article.latest_revision)
    build.published(article)
    assert "Reviewed by" not in client.get("/articles/one/").content.decode()

    edited(article, author, title="One")
    assert is_approved(article.latest_revision)


def test_what_was_edited_since_it_was_shown_is_not_approved(article, author, reviewer):
    submitted(article, author)
    form = desk.open_form(desk.client_of(reviewer), desk.address(article, "review"))
    edited(article, author)
    form["person"] = str(build.person().pk)
    form["checked"] = "All of it."
    answer = form.send()
    assert "Revision 2 has been recorded since" in answer.content.decode()
    assert not Review.objects.exists()
    page = desk.client_of(reviewer).get(desk.address(article, "reviewing")).content.decode()
    assert "It was edited since" in page


def test_a_reviewer_is_offered_the_person_they_approved_as_before(article, author, reviewer):
    page = desk.address(article, "review")
    named = build.person(name="Rosa Reed")
    reviewer.first_name, reviewer.last_name = "Rosa", "Reed"
    reviewer.save()
    assert desk.open_form(desk.client_of(reviewer), page)["person"] == str(named.pk)
    other = build.person()
    approved(article, reviewer, person=other)
    assert desk.open_form(desk.client_of(reviewer), page)["person"] == str(other.pk)


def test_what_is_decided_is_decided_once(article, author, reviewer):
    request = submitted(article, author)
    withdraw_request(request, by=author)
    for deed in (
        lambda: claim(request, by=reviewer),
        lambda: send_back(request, by=reviewer, text="No."),
        lambda: withdraw_request(request, by=author),
    ):
        with pytest.raises(ValidationError, match="decided already: withdrawn"):
            deed()


# The queue


def test_the_queue_shows_what_presses_first_and_who_is_reviewing(article, author, reviewer, clock):
    others = [build.article(title=title) for title in ("Undated", "Later", "Sooner")]
    for other, due_on in zip(others, (None, date(2026, 12, 9), date(2026, 11, 23)), strict=True):
        record(other, by=author)
        submit(other.latest_revision, by=author, due_on=due_on)
    claim(open_request(others[1]), by=reviewer)
    clock.shift(timedelta(days=2))

    assert [str(one.article) for one in waiting_for_review()] == ["Sooner", "Later", "Undated"]
    page = desk.client_of(reviewer).get(QUEUE).content.decode()
    assert page.index("Sooner") < page.index("Later") < page.index("Undated")
    assert page.count("Overdue</span>") == 1
    mine = desk.client_of(reviewer).get(f"{QUEUE}?reviewer=me").content.decode()
    assert "Later" in mine
    assert "Sooner" not in mine
    overdue = desk.client_of(reviewer).get(f"{QUEUE}?due=overdue").content.decode()
    assert "Sooner" in overdue
    assert "Undated" not in overdue
    assert "Reviews" in page


def test_what_is_decided_leaves_the_queue_and_can_be_looked_up(article, author, reviewer):
    submitted(article, author)
    approved(article, reviewer)
    client = desk.client_of(reviewer)
    assert "revision 1" not in client.get(QUEUE).content.decode()
    assert "revision 1" in client.get(f"{QUEUE}?state=approved").content.decode()


def test_nothing_is_added_changed_or_deleted_in_the_queue(article, author):
    request = submitted(article, author)
    client = desk.client_of(build.user("chief", "delete_article", "view_article", "change_article"))
    assert client.get(f"{QUEUE}add/").status_code == 403
    assert client.post(f"{QUEUE}{request.pk}/delete/", {"post": "yes"}).status_code == 403
    answer = client.get(f"{QUEUE}{request.pk}/change/")
    assert answer["Location"] == desk.address(article, "reviewing")
    assert desk.client_of(build.stranger()).get(QUEUE).status_code == 403


def test_an_article_is_deleted_with_its_requests(article, author):
    submitted(article, author)
    editor = desk.client_of(build.editor())
    assert editor.post(desk.address(article, "delete"), {"post": "yes"}).status_code == 302
    assert not ReviewRequest.objects.exists()


def test_the_queue_and_the_page_cost_the_same_with_much_in_them(article, author, reviewer):
    client = desk.client_of(reviewer)
    submitted(article, author)
    send_back(open_request(article), by=reviewer, text="No.")
    submitted(article, author)
    pages = (QUEUE, desk.address(article, "reviewing"), desk.address(article))
    few = [queries(client, page) for page in pages]
    for number in range(12):
        other = build.article()
        record(other, by=author)
        submit(other.latest_revision, by=author)
        send_back(open_request(article), by=reviewer, text=f"No, {number}.")
        submitted(article, author)
    assert [queries(client, page) for page in pages] == few


def queries(client, page) -> int:
    with CaptureQueriesContext(connection) as made:
        assert client.get(page).status_code == 200
    return len(made)


# E-mail


def sent_to() -> list[str]:
    return sorted(recipient for message in mail.outbox for recipient in message.to)


def test_reviewers_are_told_by_e_mail_with_a_link(
    article, author, reviewer, settings, django_capture_on_commit_callbacks
):
    settings.SITE_ADDRESS = "https://news.example"
    build.stranger("stan")
    with django_capture_on_commit_callbacks(execute=True):
        submitted(article, author, remark="Look at the figures.", due_on=date(2026, 11, 25))
    assert send_notices.call() == 1

    (message,) = mail.outbox
    assert message.to == ["rosa@desk.example"]
    assert message.subject == "To review: One"
    assert "anna submitted “One” for review." in message.body
    assert "due on 25 November 2026" in message.body
    assert "Look at the figures." in message.body
    assert f"https://news.example{desk.address(article, 'reviewing')}" in message.body


def test_the_task_is_queued_once_the_deed_is_committed(
    article, author, reviewer, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as callbacks:
        submitted(article, author)
    assert len(callbacks) == 1


def test_doing_the_task_again_sends_nothing_twice(article, author, reviewer):
    submitted(article, author)
    assert send_notices.call() == 1
    assert send_notices.call() == 0
    assert len(mail.outbox) == 1
    assert not Notice.objects.exists()


def test_what_a_worker_did_not_finish_is_sent_later(article, author, reviewer, clock, monkeypatch):
    def fail(*_args, **_options):
        raise OSError("The post office is closed.")

    submitted(article, author)
    with monkeypatch.context() as patch:
        patch.setattr("articles.tasks.send_mail", fail)
        with pytest.raises(OSError, match="post office"):
            send_notices.call()
    assert send_notices.call() == 0
    clock.shift(TAKEN_FOR + timedelta(seconds=1))
    assert send_notices.call() == 1


def test_what_is_left_is_tried_again_by_one_task(article, author, reviewer, monkeypatch):
    def fail(*_args, **_options):
        raise OSError("The post office is closed.")

    submitted(article, author)
    with monkeypatch.context() as patch:
        patch.setattr("articles.tasks.send_mail", fail)
        with pytest.raises(OSError, match="post office"):
            send_notices.call()
        send_notices.call()  # of a second deed: finds it taken
    again = DBTaskResult.objects.filter(run_after__gt=timezone.now())
    assert [one.task_path for one in again] == ["articles.tasks.send_notices"]


def test_nothing_waits_once_all_is_sent(article, author, reviewer):
    submitted(article, author)
    send_notices.call()
    assert not DBTaskResult.objects.filter(run_after__gt=timezone.now()).exists()


def test_one_that_fails_holds_up_no_other_and_is_given_up_in_the_end(
    article, author, reviewer, clock, monkeypatch
):
    build.reviewer("rolf", email="rolf@desk.example")
    submitted(article, author)
    really = mail.send_mail

    def refuse_rosa(subject, text, sender, recipients):
        if recipients == ["rosa@desk.example"]:
            raise OSError("No such box.")
        really(subject, text, sender, recipients)

    monkeypatch.setattr("articles.tasks.send_mail", refuse_rosa)
    with pytest.raises(OSError, match="No such box"):
        send_notices.call()
    assert sent_to() == ["rolf@desk.example"]
    clock.shift(GIVEN_UP_AFTER + timedelta(seconds=1))
    assert send_notices.call() == 0
    assert not Notice.objects.exists()


def test_everyone_concerned_is_told_but_not_whoever_did_it(article, author, reviewer):
    build.editor("edith", email="edith@desk.example")
    build.editor("emil")  # has no address
    told = []
    for deed in (
        lambda: submitted(article, author),
        lambda: claim(open_request(article), by=reviewer),
        lambda: send_back(open_request(article), by=reviewer, text="Of which year?"),
        lambda: submitted(article, author),
        lambda: withdraw_request(open_request(article), by=author),
        lambda: submitted(article, author),
        lambda: approved(article, reviewer),
    ):
        mail.outbox.clear()
        deed()
        send_notices.call()
        told.append(sent_to())
    anna, edith, rosa = "anna@desk.example", "edith@desk.example", "rosa@desk.example"
    assert told == [
        [edith, rosa], [anna], [anna], [edith, rosa], [], [edith, rosa], [anna, edith],
    ]  # fmt: skip


def test_a_line_break_in_a_title_stays_out_of_the_subject(article, author, reviewer):
    edited(article, author, title="One\nBcc: all@desk.example")
    submitted(article, author)
    send_notices.call()
    assert mail.outbox[0].subject == "To review: One Bcc: all@desk.example"


# Redaction


def test_redaction_reaches_what_was_said_when_submitting(article, author):
    submitted(article, author, remark="Ask Jane Roe.")
    edited(article, author, title="Jane Roe")
    redact(article, passages=["Jane Roe"], reason="A court.", by=None)
    assert article.review_requests.get().remark == "Ask [redacted]."
