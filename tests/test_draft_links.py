"""Draft links: one revision for a guest, for a while; kept nowhere, and nothing else is shown."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.deeds import withdraw
from articles.draft_links import make_link, renew_link, revoke_link
from articles.draft_views import MOST_REMARKS
from articles.models import AuditEntry, DraftLink, Remark, Review
from articles.places import OWN, Place
from articles.recording import record
from articles.remarking import leave_remark
from articles.reviewing import submit
from articles.tasks import send_notices
from publishing.pages import kept
from tests import build, desk

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def author():
    return build.author("anna", email="anna@desk.example")


@pytest.fixture
def article(author):
    made = build.full_article("one", title="The telegram")
    record(made, by=author)
    return made


def linked(article, author, **options) -> DraftLink:
    return make_link(article.latest_revision, by=author, **options)


def edited(article, by, title="The later telegram") -> None:
    article.title = title
    article.save()
    record(article, by=by)


def last_deed() -> str:
    return AuditEntry.objects.first().deed


# Reading


def test_a_guest_reads_the_revision_with_a_banner_that_says_until_when(client, article, author):
    link = linked(article, author)
    edited(article, author)
    page = client.get(link.get_absolute_url()).content.decode()
    assert "The telegram" in page
    assert "The later telegram" not in page
    assert "Draft, revision 1." in page
    assert "The link works until 24 November 2026, 12:00 UTC" in page
    assert "The editors have changed the draft since." in page
    assert "/admin/" not in page


def test_it_is_kept_nowhere_and_indexed_by_nobody(client, article, author):
    answer = client.get(linked(article, author).get_absolute_url())
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in answer.content.decode()
    assert not answer.cookies
    assert kept.bytes == 0


def test_it_lasts_48_hours_unless_chosen_otherwise(client, article, author, clock):
    usual, longer = linked(article, author), linked(article, author, lasts=72 * HOUR)
    clock.shift(48 * HOUR - timedelta(seconds=1))
    assert client.get(usual.get_absolute_url()).status_code == 200
    clock.shift(timedelta(seconds=1))
    answer = client.get(usual.get_absolute_url())
    assert answer.status_code == 404
    assert "This link to a draft has expired." in answer.content.decode()
    assert "telegram" not in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert client.get(longer.get_absolute_url()).status_code == 200
    with pytest.raises(ValidationError, match="60 days at the most"):
        linked(article, author, lasts=timedelta(days=61))


def test_what_is_forged_or_revoked_is_not_there_and_says_nothing(client, article, author):
    link = linked(article, author)
    other = linked(article, author)
    revoke_link(other, by=author)
    swapped = f"{other.uid.hex}.{link.signed.partition('.')[2]}"
    for signed in (link.uid.hex, f"{link.signed}x", swapped, "nonsense", other.signed):
        answer = client.get(f"/draft/{signed}/")
        assert answer.status_code == 404
        assert "expired" not in answer.content.decode()
        assert answer["Cache-Control"] == "no-store"
    assert client.get(link.get_absolute_url()).status_code == 200


def test_renewing_makes_the_same_address_work_again_and_revoking_ends_it(
    client, article, author, clock
):
    link = linked(article, author)
    clock.shift(50 * HOUR)
    renew_link(link, by=author, lasts=HOUR)
    assert client.get(link.get_absolute_url()).status_code == 200
    assert last_deed() == "renewed-link"
    revoke_link(link, by=author)
    assert last_deed() == "revoked-link"
    with pytest.raises(ValidationError, match="was revoked"):
        renew_link(link, by=author)


# Once it is published


def test_after_publication_of_that_revision_it_leads_to_the_live_page(
    client, article, author, clock
):
    link = linked(article, author)
    earlier = link.get_absolute_url()
    edited(article, author)
    build.published(article)
    assert client.get(earlier).status_code == 200

    clock.shift(HOUR)
    edited(article, author, title="The telegram")
    build.published(article)
    answer = client.get(earlier)
    assert (answer.status_code, answer["Location"]) == (302, "/articles/one/")
    assert answer["Cache-Control"] == "no-store"
    clock.shift(50 * HOUR)
    assert client.get(earlier)["Location"] == "/articles/one/"
    withdraw(article, by=None)
    assert client.get(earlier).status_code == 404


def test_a_revoked_link_leads_nowhere_even_then(client, article, author):
    link = linked(article, author)
    revoke_link(link, by=author)
    build.published(article)
    assert client.get(link.get_absolute_url()).status_code == 404


# Pictures


def test_the_drafts_pictures_are_shown_below_its_own_address_only(client, article, author, clock):
    link = linked(article, author)
    shown = article.sections.exclude(image=None).get().image
    name, other = shown.file, build.image("crimson").file
    address = f"{link.get_absolute_url()}files/{name}"
    assert address in client.get(link.get_absolute_url()).content.decode()

    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex"
    assert client.get(default_storage.url(name)).status_code == 404
    for wrong in (other, "../secret_key", f"x/{name}"):
        assert client.get(f"{link.get_absolute_url()}files/{wrong}").status_code == 404
    clock.shift(49 * HOUR)
    assert client.get(address).status_code == 404


# What a guest may do


def send(client, link, **values):
    return client.post(link.get_absolute_url(), values)


def test_a_guest_with_that_right_leaves_a_remark_and_another_does_not(client, article, author):
    link, mute = linked(article, author, may_remark=True), linked(article, author)
    place = Place(OWN, field="summary")
    values = {"remark": "1", "name": "Gus", "text": "Too long.", "place": place.key}
    answer = send(client, link, **values)
    assert answer.status_code == 303
    page = client.get(answer["Location"]).content.decode()
    assert "Thank you. The editors have your remark." in page
    assert "Too long." in page
    assert "About Summary" in page

    remark = Remark.objects.get()
    assert (remark.guest_name, remark.author, remark.link) == ("Gus", None, link)
    at_the_desk = desk.client_of(author).get(desk.address(article, "reviewing")).content.decode()
    assert "Gus (guest)" in at_the_desk
    assert send(client, mute, **values).status_code == 403
    assert Remark.objects.count() == 1


def test_a_guest_sees_only_what_came_through_the_same_link(client, article, author):
    link = linked(article, author, may_remark=True)
    leave_remark(article.latest_revision, text="Between us.", by=author)
    other = linked(article, author, may_remark=True)
    send(client, other, remark="1", name="Guy", text="Another guest's.")
    send(client, link, remark="1", name="Gus", text="Mine.")
    page = client.get(link.get_absolute_url()).content.decode()
    assert "Mine." in page
    assert "Between us." not in page
    assert "Another guest" not in page


def test_a_guest_answers_in_a_thread_of_the_same_link(client, article, author):
    link = linked(article, author, may_remark=True)
    send(client, link, remark="1", name="Gus", text="Too long.")
    thread = Remark.objects.get()
    send(client, link, remark="1", name="Gus", text="By half.", answers_to=thread.pk)
    assert thread.answers.get().text == "By half."
    foreign = leave_remark(article.latest_revision, text="Between us.", by=author)
    answer = send(client, link, remark="1", name="Gus", text="Ha.", answers_to=foreign.pk)
    assert answer.status_code == 422
    assert not foreign.answers.exists()


def test_a_remark_without_a_name_comes_back_with_what_was_typed(client, article, author):
    link = linked(article, author, may_remark=True)
    answer = send(client, link, remark="1", name="", text="Too long.")
    assert answer.status_code == 422
    assert "Give your name." in answer.content.decode()
    assert "Too long.</textarea>" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_forms_of_another_site_are_refused_and_no_token_is_asked_for(article, author):
    link = linked(article, author, may_remark=True)
    strict = desk.Client(enforce_csrf_checks=True)
    values = {"remark": "1", "name": "Gus", "text": "Too long."}
    foreign = strict.post(link.get_absolute_url(), values, headers={"sec-fetch-site": "cross-site"})
    assert foreign.status_code == 403
    own = strict.post(link.get_absolute_url(), values, headers={"sec-fetch-site": "same-origin"})
    assert own.status_code == 303


def test_a_link_takes_only_so_many_remarks_at_once(client, article, author):
    link = linked(article, author, may_remark=True)
    for number in range(MOST_REMARKS):
        assert send(client, link, remark="1", name="Gus", text=f"{number}").status_code == 303
    answer = send(client, link, remark="1", name="Gus", text="One more.")
    assert answer.status_code == 429
    assert "One more." in answer.content.decode()


def test_a_guest_with_that_right_approves_and_the_page_names_the_person(client, article, author):
    person = build.person(name="Gustava Holm")
    submit(article.latest_revision, by=author)
    link = linked(article, build.editor(), approves_as=person)
    answer = send(client, link, approve="1", name="Gus", text="The dates.")
    assert answer.status_code == 303
    assert "Your approval is recorded" in client.get(answer["Location"]).content.decode()

    review = Review.objects.get()
    assert (review.person, review.guest_name, review.recorded_by) == (person, "Gus", None)
    request = article.review_requests.get()
    assert (request.state, request.guest_name) == ("approved", "Gus")
    assert AuditEntry.objects.filter(deed="approved").get().details["is_guest"] is True
    build.published(article)
    assert "Gustava Holm" in client.get("/articles/one/").content.decode()


def test_a_guest_without_that_right_does_not_approve(client, article, author):
    link = linked(article, author, may_remark=True)
    assert send(client, link, approve="1", name="Gus", text="All.").status_code == 403
    assert not Review.objects.exists()


def test_what_was_edited_since_cannot_be_approved_by_the_old_link(client, article, author):
    link = linked(article, author, approves_as=build.person())
    edited(article, author)
    page = client.get(link.get_absolute_url()).content.decode()
    assert "cannot be approved here any more" in page
    answer = send(client, link, approve="1", name="Gus", text="All.")
    assert answer.status_code == 422
    assert not Review.objects.exists()


def test_whoever_made_the_link_is_told_what_the_guest_did(client, article, author):
    editor = build.editor("edith", email="edith@desk.example")
    link = linked(article, editor, may_remark=True)
    send(client, link, remark="1", name="Gus", text="Too long.")
    send_notices.call()
    told = {message.to[0] for message in mail.outbox}
    assert told == {"anna@desk.example", "edith@desk.example"}
    assert "Gus left a remark" in mail.outbox[0].body


# At the desk


def test_an_author_makes_copies_renews_and_revokes_a_link(article, author, clock):
    client = desk.client_of(author)
    page = desk.address(article, "links")
    form = desk.open_form(client, page)
    assert form["hours"] == "48"
    form["note"] = "Professor Holm"
    form["hours"] = "24"
    form["may_remark"] = "on"
    form.send()
    link = DraftLink.objects.get()
    assert (link.created_by, link.expires_at) == (author, NOON + 24 * HOUR)
    assert link.may_remark
    shown = client.get(page).content.decode()
    assert f'value="http://testserver{link.get_absolute_url()}"' in shown
    assert "Professor Holm" in shown
    assert "Expires on 23 November 2026, 12:00 UTC" in shown
    assert last_deed() == "made-link"

    clock.shift(25 * HOUR)
    assert "Expired on" in client.get(page).content.decode()
    client.post(desk.address(article, "link", link.pk), {"renew": "1", "hours": "2"})
    link.refresh_from_db()
    assert link.expires_at == NOON + 27 * HOUR
    client.post(desk.address(article, "link", link.pk), {"revoke": "1"})
    link.refresh_from_db()
    assert link.revoked_by == author
    assert "Revoked on" in client.get(page).content.decode()


def test_who_may_not_share_makes_no_link(article):
    reader = desk.client_of(build.user("reader", "view_article"))
    assert reader.post(desk.address(article, "links"), {"hours": "48"}).status_code == 403
    assert not DraftLink.objects.exists()


def test_the_right_to_approve_is_passed_on_only_by_who_may_review_or_publish(article, author):
    person = build.person()
    values = {"hours": "48", "approves_as": person.pk}
    desk.client_of(author).post(desk.address(article, "links"), values)
    assert DraftLink.objects.get().approves_as is None
    desk.client_of(build.reviewer()).post(desk.address(article, "links"), values)
    assert DraftLink.objects.order_by("pk").last().approves_as == person


def test_the_address_of_a_link_that_approves_is_its_makers_alone(article, author):
    editor = build.editor()
    link = linked(article, editor, approves_as=build.person())
    page = desk.address(article, "links")
    assert link.signed in desk.client_of(editor).get(page).content.decode()
    for other in (author, build.reviewer()):
        shown = desk.client_of(other).get(page).content.decode()
        assert "only editor sees its address" in shown
        assert link.signed not in shown
    with pytest.raises(ValidationError, match="Only whoever made"):
        renew_link(link, by=author)
    revoke_link(link, by=author)


def test_the_draft_costs_the_same_with_much_in_it(client, article, author):
    link = linked(article, author, may_remark=True)
    send(client, link, remark="1", name="Gus", text="One.")
    few = queries(client, link)
    for number in range(20):
        build.fact(article)
        send(client, link, remark="1", name="Gus", text=f"{number}")
    assert queries(client, link) == few


def queries(client, link) -> int:
    with CaptureQueriesContext(connection) as made:
        assert client.get(link.get_absolute_url()).status_code == 200
    return len(made)
