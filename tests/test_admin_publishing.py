"""The pages of the deeds: publish, publish at, cancel, withdraw, review, redact, change address."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.deeds import schedule
from articles.models import Publication, Review
from articles.recording import record
from tests import build, desk

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def client(clock):
    return desk.client_of(build.editor())


@pytest.fixture
def article(clock):
    made = build.full_article(title="Ready")
    record(made, by=None)
    return made


def live():
    return [publication.title for publication in Publication.objects.live()]


# Publish


def test_the_public_note_is_asked_for(client, article):
    form = desk.open_form(client, desk.address(article, "publish"))

    page = form.send().content.decode()

    assert "Say what changed. Readers will see it." in page
    assert live() == []


def test_publishing_puts_the_latest_revision_before_readers(client, article):
    form = desk.open_form(client, desk.address(article, "publish"))
    form["change_note"] = "First published."

    response = form.send()

    assert response["Location"] == desk.address(article)
    publication = article.publications.get()
    assert publication.revision == article.latest_revision
    assert (publication.change_note, publication.is_major) == ("First published.", True)
    assert publication.created_by.username == "editor"
    assert live() == ["Ready"]


def test_a_minor_change_and_an_end(client, article):
    form = desk.open_form(client, desk.address(article, "publish"))
    form["change_note"], form["is_major"] = "A slip.", "no"
    form["expires_at"] = "2026-12-01T09:30"
    form.send()

    publication = article.publications.get()
    assert not publication.is_major
    assert publication.expires_at == datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


def test_what_is_missing_is_listed_with_a_link_to_its_field(client, article):
    article.title = ""
    article.save()
    section = build.section(article, heading="Empty", body="")
    event = build.event(article, title="")
    record(article, by=None)

    page = client.get(desk.address(article, "publish")).content.decode()

    form = desk.address(article)
    assert f'<a href="{form}#id_title">Give the article a title.</a>' in page
    assert f'<a href="{form}#row-{section.uid}-body">“Empty” has no text.</a>' in page
    assert f'<a href="/admin/timeline/event/{event.pk}/change/?from=article#id_title">' in page
    assert 'name="change_note"' not in page


def test_the_field_that_a_link_names_is_in_the_form(client, article):
    section = build.section(article, heading="Empty", body="")
    page = client.get(desk.address(article)).content.decode()

    assert 'id="id_title"' in page
    assert f'id="row-{section.uid}-body"' in page


def test_an_incomplete_article_is_not_published_by_a_form_opened_before(client, article):
    form = desk.open_form(client, desk.address(article, "publish"))
    article.question = ""
    article.save()
    record(article, by=None)
    form["change_note"], form["revision"] = "First.", "2"

    assert "Say which question the article answers." in form.send().content.decode()
    assert live() == []


def test_a_revision_that_nobody_looked_at_is_not_published(client, article):
    form = desk.open_form(client, desk.address(article, "publish"))
    form["change_note"] = "First published."
    article.title = "Changed by somebody else"
    article.save()
    record(article, by=None)

    response = form.send()

    assert "Revision 2 holds it now" in response.content.decode()
    assert live() == []
    again = desk.form_in(response, client, form.url)
    assert (again["change_note"], again["revision"]) == ("First published.", "2")
    again.send()
    assert live() == ["Changed by somebody else"]


def test_what_the_library_says_since_is_shown_before_it_is_published(client, article):
    form = desk.open_form(client, desk.address(article, "publish"))
    form["change_note"] = "First published."
    topic = article.topics.get()
    topic.name = "Renamed"
    topic.save()

    response = form.send()

    assert "what the library says" in response.content.decode()
    desk.form_in(response, client, form.url).send()
    topics = article.publications.get().revision.document["article"]["topics"]
    assert [one["name"] for one in topics] == ["Renamed"]


def test_with_something_scheduled_the_choice_is_asked_for(client, article):
    schedule(article.latest_revision, goes_live_at=NOON + HOUR, by=None, change_note="Later.")
    form = desk.open_form(client, desk.address(article, "publish"))
    assert "Keep it: it will replace this one" in client.get(form.url).content.decode()
    form["change_note"] = "Now."

    assert "Say what becomes of the scheduled publication." in form.send().content.decode()

    form["scheduled"] = "cancel"
    form.send()
    assert [one.change_note for one in article.publications.filter(cancelled_at=None)] == ["Now."]


def test_what_is_scheduled_may_be_kept(client, article):
    schedule(article.latest_revision, goes_live_at=NOON + HOUR, by=None, change_note="Later.")
    form = desk.open_form(client, desk.address(article, "publish"))
    form["change_note"], form["scheduled"] = "Now.", "keep"
    form.send()

    notes = article.publications.filter(cancelled_at=None).order_by("goes_live_at")
    assert [one.change_note for one in notes] == ["Now.", "Later."]


def test_something_scheduled_meanwhile_asks_too(client, article):
    form = desk.open_form(client, desk.address(article, "publish"))
    schedule(article.latest_revision, goes_live_at=NOON + HOUR, by=None, change_note="Later.")
    form["change_note"] = "Now."

    page = form.send().content.decode()

    assert "Something is scheduled already" in page
    assert live() == []


def test_an_author_does_not_publish(article):
    client = desk.client_of(build.author())

    assert client.get(desk.address(article, "publish")).status_code == 403
    answer = client.post(
        desk.address(article, "publish"),
        {"change_note": "Now.", "is_major": "yes", "revision": "1"},
    )
    assert answer.status_code == 403
    assert live() == []


def test_nothing_recorded_nothing_to_publish(client):
    page = client.get(desk.address(build.article(), "publish")).content.decode()
    assert "Save the draft first" in page


# Publish at, cancel


def test_publish_at_a_moment_in_the_sites_own_time(client, article, settings):
    settings.TIME_ZONE = "Europe/London"
    form = desk.open_form(client, desk.address(article, "schedule"))
    form["change_note"], form["goes_live_at"] = "In summer.", "2027-06-01T09:30"

    form.send()

    assert article.publications.get().goes_live_at == datetime(2027, 6, 1, 8, 30, tzinfo=UTC)


def test_the_page_says_which_zone_is_meant(client, article, settings):
    settings.TIME_ZONE = "Europe/London"
    page = client.get(desk.address(article, "schedule")).content.decode()
    assert 'data-zone="Europe/London"' in page


@pytest.mark.parametrize("moment", ["2026-11-22T11:59", "2020-01-01T00:00"])
def test_a_moment_that_has_passed_is_refused(client, article, moment):
    form = desk.open_form(client, desk.address(article, "schedule"))
    form["change_note"], form["goes_live_at"] = "Too late.", moment

    assert "Choose a moment in the future" in form.send().content.decode()
    assert not article.publications.exists()


def test_what_is_scheduled_is_shown_and_cancelled(client, article):
    publication = schedule(
        article.latest_revision, goes_live_at=NOON + HOUR, by=None, change_note="Later."
    )
    cancel = desk.address(article, "cancel", publication.pk)
    assert f'href="{cancel}"' in client.get(desk.address(article)).content.decode()

    assert client.get(cancel).status_code == 200
    publication.refresh_from_db()
    assert publication.cancelled_at is None

    assert client.post(cancel).status_code == 302
    publication.refresh_from_db()
    assert publication.cancelled_at == NOON


def test_what_has_begun_cannot_be_cancelled(client, article, clock):
    publication = schedule(
        article.latest_revision, goes_live_at=NOON + HOUR, by=None, change_note="Later."
    )
    clock.move_to(NOON + 2 * HOUR)

    answer = client.post(desk.address(article, "cancel", publication.pk), follow=True)

    assert "has already begun" in answer.content.decode()
    assert live() == ["Ready"]


def test_a_publication_of_another_article_is_not_cancelled_here(client, article):
    other = build.article()
    publication = schedule(
        record(other, by=None), goes_live_at=NOON + HOUR, by=None, change_note="Later."
    )
    assert client.post(desk.address(article, "cancel", publication.pk)).status_code == 404


# Withdraw


@pytest.mark.parametrize(("choice", "is_hidden"), [("no", True), ("yes", False)])
def test_withdrawing_asks_about_the_history(client, article, choice, is_hidden):
    build.published(article)
    form = desk.open_form(client, desk.address(article, "withdraw"))
    assert live() == ["Ready"]
    form["keep_history"] = choice

    form.send()

    assert live() == []
    assert article.publications.get().is_hidden is is_hidden


def test_an_author_does_not_withdraw(article):
    build.published(article)
    client = desk.client_of(build.author())

    assert client.post(desk.address(article, "withdraw"), {"keep_history": "no"}).status_code == 403
    assert live() == ["Ready"]


def test_what_was_never_published_cannot_be_withdrawn(client, article):
    answer = client.post(desk.address(article, "withdraw"), {"keep_history": "no"})
    assert "has not been published" in answer.content.decode()


# Review


def test_a_review_is_recorded_of_the_latest_revision(client, article):
    person = build.person(name="The fact desk")
    form = desk.open_form(client, desk.address(article, "review"))
    form["person"], form["checked"] = person.pk, "Every date against its source."

    form.send()

    review = Review.objects.get()
    assert (review.person, review.digest) == (person, article.latest_revision.digest)
    assert review.recorded_by.username == "editor"
    page = client.get(desk.address(article)).content.decode()
    assert "the draft as it is now" in page


def test_a_review_no_longer_counts_when_the_text_changed(client, article):
    build.published(article)
    form = desk.open_form(client, desk.address(article, "review"))
    form["person"], form["checked"] = build.person().pk, "Every date."
    article.title = "Changed"
    article.save()
    record(article, by=None)

    assert "has been recorded since" in form.send().content.decode()
    assert not Review.objects.exists()


def test_a_review_in_the_future_and_one_without_words_are_refused(client, article):
    form = desk.open_form(client, desk.address(article, "review"))
    form["person"], form["checked"] = build.person().pk, "Dates."
    form["reviewed_on"] = "2026-11-23"
    assert "lies in the future" in form.send().content.decode()

    form["reviewed_on"], form["checked"] = "2026-11-22", "  "
    assert form.send().status_code == 200
    assert not Review.objects.exists()


def test_who_may_not_review_does_not(article):
    client = desk.client_of(build.author())
    assert client.get(desk.address(article, "review")).status_code == 403


# Redact


@pytest.fixture
def administrator(clock):
    return desk.client_of(build.user("chief", *build.WRITING, "redact_article"))


def test_an_administrator_redacts(administrator, article):
    build.section(article, heading="About her", body="Her address is 5 High Street.")
    build.published(article)
    form = desk.open_form(administrator, desk.address(article, "redact"))
    form["passages"], form["reason"] = "5 High Street", "The right to privacy"
    form["is_sure"] = "on"

    form.send()

    publication = article.publications.get()
    assert publication.redaction_reason == "The right to privacy"
    assert "5 High Street" not in publication.revision.content
    assert "5 High Street" not in article.latest_revision.content


def test_it_offers_the_pictures_that_any_revision_showed(administrator, article):
    page = administrator.get(desk.address(article, "redact")).content.decode()
    assert article.image.file in page
    assert "A field of navy" in page


def test_every_picture_that_was_ever_shown_can_be_chosen(administrator, article):
    section = build.section(article, image=build.image("gold", alt="The seal of the treaty"))
    record(article, by=None)
    section.delete()
    record(article, by=None)

    page = administrator.get(desk.address(article, "redact")).content.decode()

    assert "The seal of the treaty" in page


def test_that_page_reads_no_revision(administrator, article):
    record(article, by=None)
    with CaptureQueriesContext(connection) as asked:
        administrator.get(desk.address(article, "redact"))

    assert not any('"content"' in query["sql"] for query in asked)


def test_redacting_is_not_done_by_accident(administrator, article):
    form = desk.open_form(administrator, desk.address(article, "redact"))
    form["passages"], form["reason"] = "A value", "Privacy"

    assert form.send().status_code == 200
    assert "A value" in article.latest_revision.content


def test_an_editor_does_not_redact(client, article):
    assert client.get(desk.address(article, "redact")).status_code == 403
    answer = client.post(
        desk.address(article, "redact"), {"passages": "A value", "reason": "x", "is_sure": "on"}
    )
    assert answer.status_code == 403
    assert "A value" in article.latest_revision.content


# Address


def test_the_address_is_changed_and_old_ones_are_listed(client, article):
    old = article.slug
    form = desk.open_form(client, desk.address(article, "address"))
    form["slug"] = "was-it-ever-severed"
    form.send()

    assert article.slug == "was-it-ever-severed"
    page = client.get(desk.address(article, "address")).content.decode()
    assert f"/articles/{old}/" in page


def test_an_address_that_was_ever_another_articles_is_refused(client, article):
    other = build.article("taken")
    form = desk.open_form(client, desk.address(article, "address"))
    form["slug"] = other.slug

    assert "Another article has or had this address" in form.send().content.decode()


def test_an_author_changes_the_address_of_a_draft_only(article):
    client = desk.client_of(build.author())
    assert client.get(desk.address(article, "address")).status_code == 200

    build.published(article)
    assert client.get(desk.address(article, "address")).status_code == 403
    answer = client.post(desk.address(article, "address"), {"slug": "moved"})
    assert answer.status_code == 403


# The remark, and what differs from what is scheduled


def test_a_remark_is_for_the_desk_alone(client, article):
    form = desk.open_form(client, desk.address(article, "publish"))
    form["change_note"], form["remark"] = "First published.", "The ministry asked for it."
    form.send()

    assert article.publications.get().remark == "The ministry asked for it."
    history = client.get(desk.address(article, "history")).content.decode()
    assert "For the desk: The ministry asked for it." in history
    for address in ("", "history/", "history/1/", ".json"):
        path = f"/articles/{article.slug}{'' if address == '.json' else '/'}{address}"
        answer = desk.Client().get(path)
        assert answer.status_code == 200, path
        assert "ministry" not in answer.content.decode()


def test_a_remark_may_be_left_out_and_is_not_endless(client, article):
    form = desk.open_form(client, desk.address(article, "publish"))
    form["change_note"], form["remark"] = "First published.", "x" * 1001
    assert form.send().status_code == 200
    assert live() == []

    form["remark"] = ""
    form.send()
    assert article.publications.get().remark == ""


def test_a_remark_is_redacted_like_all_else(administrator, article):
    build.published(article, remark="She lives at 5 High Street.")
    form = desk.open_form(administrator, desk.address(article, "redact"))
    form["passages"], form["reason"], form["is_sure"] = "5 High Street", "Privacy", "on"
    form.send()

    publication = article.publications.get()
    assert publication.remark == "She lives at [redacted]."
    # Readers never saw it, so they are told nothing.
    assert publication.redacted_at is None


def test_the_difference_from_what_is_scheduled_is_shown_both_ways(client, article):
    build.section(article, heading="Only later", body="The scheduled one has this.")
    schedule(record(article, by=None), goes_live_at=NOON + HOUR, by=None, change_note="Later.")
    article.sections.filter(heading="Only later").delete()
    build.section(article, heading="Only now", body="This one has that.")
    record(article, by=None)

    for deed in ("publish", "schedule"):
        page = client.get(desk.address(article, deed)).content.decode()
        assert "How revision 3 differs from it" in page
        assert "<del>The scheduled one has this.</del>" in page
        assert "<ins>This one has that.</ins>" in page


def test_what_is_scheduled_may_say_the_same(client, article):
    schedule(article.latest_revision, goes_live_at=NOON + HOUR, by=None, change_note="Later.")
    page = client.get(desk.address(article, "publish")).content.decode()
    assert "It says the same, word for word." in page
