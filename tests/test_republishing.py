"""Live pages take up what the library says now, from their live text and never from the draft."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.admin.standing import State, standing
from articles.deeds import publish, schedule, withdraw
from articles.models import AuditEntry, Publication, PublishedUse, RecordedFile
from articles.recording import record
from articles.republishing import outdated, republish, wordings
from articles.reviewing import record_review
from articles.verifying import verify
from library.uses import showings
from tests import build, desk

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def client():
    return desk.client_of(build.editor())


@pytest.fixture
def source():
    return build.source(key="state-2016", title="Relations with Russia")


def citing(source, **fields):
    """Make an article that cites the source, and publish it."""
    made = build.article(**fields)
    build.section(made, body=f"Cited.[@{source.key}]")
    build.published(made)
    return made


def rename(row, clock, **fields):
    clock.shift(HOUR)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def address_of(row) -> str:
    return reverse("admin:articles_article_republish", args=[row._meta.model_name, row.pk])


def again(article, row, **options) -> Publication:
    live = article.publications.live().get()
    return republish(live, row, **{"by": None, "change_note": "A title corrected.", **options})


# The deed


def test_readers_see_the_new_words_and_nothing_of_the_draft(source, clock, client):
    article = citing(source, title="As published")
    article.title = "Half-written"
    article.save()
    draft = record(article, by=None)
    rename(source, clock, title="U.S. Relations With Russia")

    made = again(article, source)

    document = made.revision.document
    assert document["article"]["title"] == "As published"
    assert document["sources"][0]["title"] == "U.S. Relations With Russia"
    page = client.get(f"/articles/{article.slug}/").content.decode()
    assert "U.S. Relations With Russia" in page
    assert "Half-written" not in page
    assert article.latest_revision == draft
    article.refresh_from_db()
    assert article.title == "Half-written"


def test_what_it_shows_is_a_revision_that_was_never_the_draft(source, clock):
    article = citing(source)
    article.title = "Half-written"
    article.save()
    draft = record(article, by=None)
    rename(source, clock, title="New title")

    made = again(article, source)

    assert made.revision.is_from_live
    assert made.revision.number == draft.number + 1
    later = article
    later.title = "Written"
    later.save()
    assert record(later, by=None).number == draft.number + 2


def test_a_form_that_is_open_meanwhile_is_not_out_of_date(source, clock, client):
    article = citing(source)
    article.title = "Half-written"
    article.save()
    record(article, by=None)
    form = desk.open_form(client, desk.address(article))
    rename(source, clock, title="New title")
    again(article, source)
    form["title"] = "Written"

    assert "Saved as revision" in form.send(follow=True).content.decode()


def test_where_the_draft_says_the_same_it_is_the_drafts_own_revision(source, clock):
    article = citing(source)
    rename(source, clock, title="New title")

    made = again(article, source)

    assert not made.revision.is_from_live
    assert article.latest_revision == made.revision
    assert standing(article).state == State.LIVE


def test_it_is_a_minor_change_and_keeps_its_end_and_the_chain(source, clock):
    article = citing(source)
    first = article.publications.get()
    Publication.objects.filter(pk=first.pk).update(
        expires_at=NOON + 9 * HOUR, ends_at=NOON + 9 * HOUR
    )
    rename(source, clock, title="New title")

    made = again(article, source, by=build.editor())

    assert (made.number, made.is_major, made.change_note) == (2, False, "A title corrected.")
    assert (made.expires_at, made.updated_at) == (NOON + 9 * HOUR, NOON)
    assert [verdict.state for verdict in verify(article)] == ["good", "good"]
    entry = AuditEntry.objects.filter(deed=AuditEntry.Deed.REPUBLISHED).get()
    assert (entry.version, entry.user_name) == (2, "editor")
    assert entry.details == {"row": str(source.uid)}


def test_what_is_scheduled_stays_scheduled(source, clock):
    article = citing(source)
    article.title = "To come"
    article.save()
    waiting = schedule(
        record(article, by=None), goes_live_at=NOON + 5 * HOUR, by=None, change_note="New."
    )
    rename(source, clock, title="New title")

    made = again(article, source)

    waiting.refresh_from_db()
    assert (waiting.cancelled_at, waiting.goes_live_at) == (None, NOON + 5 * HOUR)
    assert (made.number, waiting.number) == (2, 3)
    assert made.ends_at == waiting.goes_live_at
    clock.move_to(NOON + 6 * HOUR)
    assert [one.title for one in outdated(source)] == ["To come"]


@pytest.mark.parametrize("kind", ["topic", "person", "image", "portrait"])
def test_it_is_done_for_every_kind_of_row(kind, clock):
    article = build.article()
    image = build.image("olive")
    build.section(article, image=image)
    person = article.written_by.get()
    person.portrait = build.image("navy")
    person.save()
    build.question(article).topics.add(article.topics.get())
    build.published(article)
    row = {
        "topic": article.topics.get(), "person": person, "image": image, "portrait": person.portrait
    }[kind]  # fmt: skip
    rename(row, clock, **{"alt" if kind in ("image", "portrait") else "name": "Other words"})
    assert [one.pk for one in outdated(row)] == [article.publications.get().pk]

    made = again(article, row)

    assert "Other words" in made.revision.content
    assert not outdated(row).exists()
    assert made.revision == article.latest_revision


def test_the_person_of_a_review_is_brought_up_to_date_and_the_review_stays(clock):
    article = build.article()
    person = build.person(name="A reviewer")
    revision = record(article, by=None)
    record_review(revision, person=person, reviewed_on=NOON.date(), checked="All.", by=None)
    publish(revision, by=None, change_note="First.")
    rename(person, clock, credentials="Historian")

    made = again(article, person)

    assert made.reviews[0]["person"]["credentials"] == "Historian"
    assert made.revision == revision


def test_four_eyes_do_not_hold_back_what_readers_saw_already(source, clock, settings):
    settings.FOUR_EYES = True
    editor = build.editor()
    article = citing(source)
    article.title = "Half-written"
    article.save()
    record(article, by=editor)
    rename(source, clock, title="New title")

    assert again(article, source, by=editor).revision.is_from_live


def test_a_page_that_says_it_already_is_refused(source, clock):
    article = citing(source)
    with pytest.raises(ValidationError, match="shows what the library says already"):
        again(article, source)


def test_a_version_that_readers_no_longer_see_is_refused(source, clock):
    article = citing(source)
    seen = article.publications.get()
    rename(source, clock, title="New title")
    again(article, source)

    with pytest.raises(ValidationError, match="no longer see this version"):
        republish(seen, source, by=None, change_note="Again.")
    assert article.publications.count() == 2


# Where it shows


def test_uses_are_written_with_the_publication_and_found_without_reading_it(source, clock):
    article = citing(source)
    citing(build.source())
    build.section(build.article(), body=f"A draft.[@{source.key}]")
    assert PublishedUse.objects.live().filter(uid=source.uid).count() == 1
    rename(source, clock, title="New title")

    with CaptureQueriesContext(connection) as asked:
        found = showings(source)

    assert [(one.title, one.is_old) for one in found] == [(article.title, True)]
    assert len(asked) == 3
    assert not any('"content"' in query["sql"] for query in asked)
    withdraw(article, by=None)
    assert showings(source) == []


def test_finding_asks_as_often_for_many_articles_as_for_one(source, clock):
    citing(source)
    rename(source, clock, title="New title")
    with CaptureQueriesContext(connection) as few:
        assert len(showings(source)) == len(wordings(source, 6)) == 1
    for _ in range(4):
        citing(source)
    rename(source, clock, title="Newer title")
    with CaptureQueriesContext(connection) as many:
        assert len(showings(source)) == 5
        assert len(wordings(source, 6)) == 2

    assert len(many) == len(few)


def test_what_was_published_before_there_was_this_table_is_found_too(source, clock):
    person = build.person()
    article = build.full_article()
    build.section(article, body=f"Cited.[@{source.key}]")
    revision = record(article, by=None)
    record_review(revision, person=person, reviewed_on=NOON.date(), checked="All.", by=None)
    publish(revision, by=None, change_note="First.")
    uses, files = (
        lambda: set(PublishedUse.objects.values_list("publication", "uid", "digest")),
        lambda: set(RecordedFile.objects.values_list("article", "name")),
    )
    written = uses(), files()
    assert len(written[0]) > 6
    assert len(written[1]) == 2
    PublishedUse.objects.all().delete()
    RecordedFile.objects.all().delete()
    Publication.objects.update(shown_digest="")

    migration = import_module("articles.migrations.0009_find_uses_and_files_of_what_was_recorded")
    migration.find(apps, None)

    assert (uses(), files()) == written
    assert Publication.objects.get().shown_digest == revision.digest


# The page


def test_who_changes_a_row_is_led_to_the_page_that_publishes_again(client, source):
    citing(source, title="The article")
    form = desk.open_form(client, f"/admin/library/source/{source.pk}/change/")
    form["title"] = "New title"

    said = form.send(follow=True).content.decode()

    assert f'<a href="{address_of(source)}">Publish them again</a>' in said


def test_an_author_is_told_but_not_led_there(source, clock):
    citing(source, title="The article")
    rename(source, clock, title="New title")
    client = desk.client_of(build.author())

    page = client.get(f"/admin/library/source/{source.pk}/change/").content.decode()

    assert "shows what the library said before" in page
    assert address_of(source) not in page
    assert client.get(address_of(source)).status_code == 403
    assert client.post(address_of(source)).status_code == 403


def test_the_page_shows_what_changes_and_publishes_what_is_chosen(client, source, clock):
    one, other = citing(source, title="The one"), citing(source, title="The other")
    rename(source, clock, title="Relations with Russia today")
    page = client.get(address_of(source)).content.decode()
    assert "<ins>Russia today</ins>" in page
    form = desk.open_form(client, address_of(source))
    assert len(form.values["publications"]) == 2
    form["publications"] = [str(one.publications.get().pk)]
    form["change_note"] = "A title of a source corrected."

    said = form.send(follow=True).content.decode()

    assert "Published again from its live text: The one." in said
    assert one.publications.live().get().change_note == "A title of a source corrected."
    assert other.publications.count() == 1
    assert 'name="publications"' in said


def test_when_all_is_done_it_leads_back_to_the_row(client, source, clock):
    citing(source)
    rename(source, clock, title="New title")
    answer = desk.open_form(client, address_of(source)).send()
    assert answer["Location"] == f"/admin/library/source/{source.pk}/change/"


def test_the_failure_of_one_stops_no_other_and_is_told(client, source, clock):
    one, other = citing(source, title="A bad one"), citing(source, title="B good one")
    rename(source, clock, title="New title")
    form = desk.open_form(client, address_of(source))
    bad = one.publications.get().revision
    bad.redacted_at, bad.redaction_reason = NOON, "For the test"
    bad.content = bad.content.replace(
        '"characteristic":"Characteristic', '"characteristic":"","x":"'
    )
    bad.save()

    said = form.send(follow=True).content.decode()

    assert "Not published again: “A bad one”. A fact has no characteristic." in said
    assert other.publications.count() == 2
    assert one.publications.count() == 1


def test_nothing_is_chosen_and_nothing_said(client, source, clock):
    citing(source)
    rename(source, clock, title="New title")
    form = desk.open_form(client, address_of(source))
    form["publications"], form["change_note"] = [], ""

    said = form.send().content.decode()

    assert "Choose at least one page." in said
    assert "Say what changed." in said
    assert Publication.objects.count() == 1


def test_it_says_what_is_scheduled_and_what_becomes_of_a_review(client, source, clock):
    article = build.article()
    build.section(article, body=f"Cited.[@{source.key}]")
    revision = record(article, by=None)
    record_review(revision, person=build.person(), reviewed_on=NOON.date(), checked="All.", by=None)
    publish(revision, by=None, change_note="First.")
    schedule(revision, goes_live_at=NOON + 9 * HOUR, by=None, change_note="Again.")
    rename(source, clock, title="New title")

    page = client.get(address_of(source)).content.decode()

    assert "What is scheduled for 22 November 2026, 21:00 stays so" in page
    assert "Its review is of the text as it is" in page


def test_nobody_finds_a_row_or_a_kind_that_is_not_there(client, source):
    assert client.get(address_of(source).replace("source", "event")).status_code == 404
    source.delete()
    url = reverse("admin:articles_article_republish", args=["source", 1])
    assert client.get(url).status_code == 404


def test_the_page_asks_as_often_for_many_as_for_one(client, source, clock):
    citing(source)
    rename(source, clock, title="New title")
    with CaptureQueriesContext(connection) as few:
        client.get(address_of(source))
    for _ in range(5):
        citing(source)
    rename(source, clock, title="Newer title")
    with CaptureQueriesContext(connection) as many:
        client.get(address_of(source))

    assert len(many) == len(few)
