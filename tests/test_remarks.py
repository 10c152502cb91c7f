"""Remarks: tied to a place by uid, answered, edited by their own, resolved by name and time."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from articles.models import Remark
from articles.models.reviewing import LONGEST_REMARK
from articles.places import OWN, WHOLE, Place, places_in, read_place, words_for
from articles.recording import record
from articles.redacting import redact
from articles.remarking import answer, edit, leave_remark, reopen, resolve
from articles.tasks import send_notices
from tests import build, desk
from tests.pull_quotes.models import PullQuote

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
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
    made = build.full_article("one")
    record(made, by=author)
    return made


def left(article, by, text="Is that so?", **options) -> Remark:
    return leave_remark(article.latest_revision, text=text, by=by, **options)


def page_of(article, account) -> str:
    address = desk.address(article, "reviewing")
    return desk.client_of(account).get(address).content.decode()


# Places


def test_every_part_offers_its_rows_and_the_fields_that_hold_words(article):
    quote = PullQuote.objects.create(article=article, words="Never again.")
    words = words_for(record(article, by=None).document)
    assert words[Place(OWN, field="question")] == "Question"
    section = article.sections.first()
    assert words[Place("sections", str(section.uid), "body")].endswith(", text")
    event = article.events.first()
    assert Place("timeline", str(event.uid), "title") in words
    # An added part is offered without a line changed, and an empty field is not.
    assert words[Place("pull-quotes", str(quote.uid), "words")].endswith(", words")
    assert Place("facts", str(article.facts.first().uid), "position") not in words


def test_a_place_reads_back_from_its_key_and_nonsense_does_not(article):
    for _group, places in places_in(article.latest_revision.document):
        for place, _words in places:
            assert read_place(place.key) == place
    assert read_place("") == WHOLE
    assert read_place("facts:nonsense:value") is None


def test_a_remark_leads_to_the_very_field_also_of_a_row_with_a_form_of_its_own(article, reviewer):
    fact, event = article.facts.first(), article.events.first()
    left(article, reviewer, place=Place(OWN, field="summary"))
    left(article, reviewer, place=Place("facts", str(fact.uid), "value"))
    left(article, reviewer, place=Place("timeline", str(event.uid), "title"))
    page = page_of(article, reviewer)
    form = desk.address(article)
    assert f'href="{form}#id_summary"' in page
    assert f'href="{form}#row-{fact.uid}-value"' in page
    assert f"/admin/timeline/event/{event.pk}/change/?from=article#id_title" in page


def test_a_remark_outlives_its_row_and_says_so(article, author, reviewer):
    fact = article.facts.first()
    left(article, reviewer, place=Place("facts", str(fact.uid), "value"))
    fact.delete()
    record(article, by=author)
    assert "a place that is gone since" in page_of(article, author)


# Who says what


def test_a_reviewer_leaves_a_remark_and_a_stranger_does_not(article, reviewer):
    page = desk.address(article, "reviewing")
    form = desk.open_form(desk.client_of(reviewer), page)
    form["text"] = "Is <b>that</b> so?"
    form["place"] = Place(OWN, field="title").key
    form.send("remark")

    remark = Remark.objects.get()
    assert (remark.author, remark.created_at, remark.revision_number) == (reviewer, NOON, 1)
    assert "Is &lt;b&gt;that&lt;/b&gt; so?" in page_of(article, reviewer)
    stranger = build.user("reader", "view_article")
    answer = desk.client_of(stranger).post(page, {"remark": "1", "text": "Hm.", "place": ""})
    assert answer.status_code == 403
    assert Remark.objects.count() == 1


def test_a_remark_needs_words_and_not_too_many(article, reviewer):
    form = desk.open_form(desk.client_of(reviewer), desk.address(article, "reviewing"))
    form["text"] = " "
    answer = form.send("remark")
    assert "Write something before you send." in answer.content.decode()
    for text in (" ", "x" * (LONGEST_REMARK + 1)):
        with pytest.raises(ValidationError):
            left(article, reviewer, text=text)
    assert not Remark.objects.exists()


def test_an_answer_stands_below_its_remark(article, author, reviewer):
    remark = left(article, reviewer)
    form = desk.open_form(desk.client_of(author), desk.address(article, "remark", remark.pk))
    form["text"] = "Yes, see the annex."
    form.send("send")
    assert remark.answers.get().author == author
    page = page_of(article, reviewer)
    assert page.index("Is that so?") < page.index("Yes, see the annex.")


def test_an_answer_has_no_place_of_its_own(article, reviewer):
    remark = left(article, reviewer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Remark.objects.create(
            article=article, revision_number=1, text="Hm.", answers_to=remark, part="facts",
            created_at=NOON,
        )  # fmt: skip


def test_only_its_writer_changes_a_remark_and_when_is_said(article, author, reviewer, clock):
    remark = left(article, reviewer)
    page = desk.address(article, "remark", remark.pk) + "?edit"
    clock.shift(timedelta(hours=1))
    form = desk.open_form(desk.client_of(reviewer), page)
    assert form["text"] == "Is that so?"
    form["text"] = "Is that really so?"
    form.send("send")
    remark.refresh_from_db()
    assert (remark.text, remark.edited_at) == ("Is that really so?", NOON + timedelta(hours=1))
    assert "edited 22 Nov 2026, 13:00" in page_of(article, author)

    answer = desk.client_of(author).post(page, {"edit": "1", "text": "Never mind."})
    assert "Only whoever wrote a remark can change it." in answer.content.decode()
    with pytest.raises(ValidationError, match="Only whoever wrote"):
        edit(remark, text="Never mind.", by=author)
    remark.refresh_from_db()
    assert remark.text == "Is that really so?"


def test_saying_the_same_again_is_no_edit(article, reviewer):
    remark = left(article, reviewer)
    edit(remark, text=" Is that so? ", by=reviewer)
    assert remark.edited_at is None


def test_who_resolved_it_and_when_is_kept_from_the_first(article, author, reviewer, clock):
    remark = left(article, reviewer)
    client = desk.client_of(author)
    client.post(desk.address(article, "remark", remark.pk), {"resolve": "1"})
    clock.shift(timedelta(hours=1))
    resolve(remark, by=reviewer)
    remark.refresh_from_db()
    assert (remark.resolved_by, remark.resolved_at) == (author, NOON)
    assert "by anna, 22 Nov 2026, 12:00" in page_of(article, reviewer)

    client.post(desk.address(article, "remark", remark.pk), {"reopen": "1"})
    remark.refresh_from_db()
    assert (remark.resolved_by, remark.resolved_at) == (None, None)


def test_who_may_not_remark_does_not_resolve(article, reviewer):
    remark = left(article, reviewer)
    reader = desk.client_of(build.user("reader", "view_article"))
    answered = reader.post(desk.address(article, "remark", remark.pk), {"resolve": "1"})
    assert answered.status_code == 403
    remark.refresh_from_db()
    assert remark.resolved_at is None


def test_an_answer_is_resolved_with_its_remark_only(article, author, reviewer):
    made = answer(left(article, reviewer), text="Yes.", by=author)
    with pytest.raises(ValidationError, match="with the remark that it answers"):
        resolve(made, by=author)


def test_a_remark_of_another_article_is_not_found_here(article, reviewer):
    other = build.article()
    record(other, by=None)
    remark = left(other, reviewer)
    client = desk.client_of(reviewer)
    assert client.get(desk.address(article, "remark", remark.pk)).status_code == 404
    assert client.get(desk.address(other, "remark", remark.pk)).status_code == 200


# Where it shows


def test_the_tab_counts_what_is_open(article, author, reviewer):
    first, _second = left(article, reviewer), left(article, reviewer, text="And this?")
    client = desk.client_of(author)
    assert (
        'Review <span class="desk-count">2</span>'
        in client.get(desk.address(article)).content.decode()
    )
    resolve(first, by=author)
    page = client.get(desk.address(article)).content.decode()
    assert 'Review <span class="desk-count">1</span>' in page
    assert "Is that so?" not in page
    reopen(first, by=author)
    assert "Is that so?" in client.get(desk.address(article)).content.decode()


def test_no_remark_is_content(article, reviewer):
    before = article.latest_revision
    left(article, reviewer)
    assert record(article, by=reviewer) == before


# Telling, and redacting


def test_those_concerned_are_told_of_a_remark_and_of_an_answer(article, author, reviewer):
    remark = left(article, reviewer)
    send_notices.call()
    assert [message.to for message in mail.outbox] == [["anna@desk.example"]]
    assert "rosa left a remark" in mail.outbox[0].body
    assert "Is that so?" in mail.outbox[0].body
    mail.outbox.clear()
    answer(remark, text="Yes.", by=author)
    send_notices.call()
    assert [message.to for message in mail.outbox] == [["rosa@desk.example"]]


def test_redaction_reaches_remarks_and_answers(article, author, reviewer):
    remark = left(article, reviewer, text="Is it Jane Roe?")
    answer(remark, text="It is Jane  Roe.", by=author)
    article.title = "Jane Roe"
    article.save()
    record(article, by=author)
    redact(article, passages=["Jane Roe"], reason="A court.", by=None)
    assert [one.text for one in Remark.objects.all()] == ["Is it [redacted]?", "It is [redacted]."]
