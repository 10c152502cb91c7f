"""Pages that editors write: public when they say so, with what readers saw before."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.urls import reverse

from comments.telling import RULES_PATH
from tests import build, desk
from website.models import Page
from website.pages import STANDING, delete_page, make_standing_pages, save_page

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def page(slug="house-rules", **fields) -> Page:
    given = {"title": "House rules", "body": "1. **Be kind.**", "is_public": True, **fields}
    return save_page(Page(slug=slug, **given), by=None)


@pytest.fixture
def editor():
    account = build.editor()
    account.user_permissions.add(*Permission.objects.filter(content_type__model="page"))
    return account


# For readers


def test_a_public_page_is_read_at_its_address(client):
    page()
    response = client.get("/house-rules/")
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, no-cache"
    assert "<strong>Be kind.</strong>" in response.text
    assert "Last changed on 22 November 2026." in response.text


def test_a_draft_and_what_is_not_there_are_no_pages(client):
    page(is_public=False)
    assert client.get("/house-rules/").status_code == 404
    assert client.get("/house-rules/1/").status_code == 404
    assert client.get("/nothing/").status_code == 404


def test_a_page_hides_nothing_else_of_the_site(client):
    for address in ("/articles/", "/timeline/", "/faq/", "/corrections/", "/readers/"):
        assert client.get(address).status_code == 200


def test_a_change_is_seen_on_the_next_request_and_what_it_said_before_stays(client, clock):
    made = page()
    client.get("/house-rules/")
    clock.shift(timedelta(days=3))
    made.body = "1. Be brief."
    save_page(made, by=None)

    now = client.get("/house-rules/").text
    assert "Be brief." in now
    assert "Be kind." not in now
    assert "Last changed on 25 November 2026." in now
    assert '<a href="/house-rules/1/">22 November 2026, 12:00</a>' in now
    before = client.get("/house-rules/1/").text
    assert "Be kind." in before
    assert "So it stood from 22 November 2026 to 25 November 2026." in before
    assert '<meta name="robots" content="noindex">' in before


def test_what_readers_never_saw_is_no_version(client):
    made = page(is_public=False)
    made.body = "Shown at last."
    made.is_public = True
    save_page(made, by=None)
    save_page(made, by=None)
    assert [version.body for version in made.versions.all()] == ["Shown at last."]


def test_a_page_that_is_not_public_any_more_is_gone_with_its_history(client):
    made = page()
    client.get("/house-rules/")
    made.is_public = False
    save_page(made, by=None)
    assert client.get("/house-rules/").status_code == 404
    assert client.get("/house-rules/1/").status_code == 404


def test_markup_of_a_page_is_safe(client):
    page(body="<script>alert(1)</script> [x](javascript:alert(1))")
    text = client.get("/house-rules/").text
    assert "<script>alert" not in text
    assert 'href="javascript' not in text


def test_headings_of_a_page_leave_out_no_level(client):
    page(body="## First\n\nText.\n\n### Below it\n\nText.")

    text = client.get("/house-rules/").text
    assert "<h2>First</h2>" in text
    assert "<h3>Below it</h3>" in text


# Those that always stand


def test_every_site_has_the_pages_that_others_lead_to(client):
    home = client.get("/").text
    for slug in STANDING:
        response = client.get(f"/{slug}/")
        assert response.status_code == 200, slug
        assert f'href="/{slug}/"' in home
        for sign in ("**", "](", "+++"):
            assert sign not in response.text


def test_the_rules_are_numbered_and_stand_where_refusals_say(client):
    text = client.get(RULES_PATH).text
    assert "<ol>" in text
    assert text.count("<li>") >= 8


def test_pages_that_were_rewritten_are_left_as_they_are():
    made = Page.objects.get(slug="about")
    made.body = "Our own words."
    save_page(made, by=None)
    assert make_standing_pages() == 0
    assert Page.objects.get(slug="about").body == "Our own words."


def test_a_standing_page_cannot_be_deleted():
    with pytest.raises(ValueError, match="refer to this one"):
        delete_page(Page.objects.get(slug="privacy"))


# At the desk


@pytest.mark.parametrize("slug", ["articles", "admin", "faq", "readers", "search-not-there"])
def test_an_address_at_which_something_else_answers_is_refused(slug):
    made = Page(slug=slug, title="A", body="B", is_public=True, changed_at=NOON)
    if slug == "search-not-there":
        made.full_clean()
    else:
        with pytest.raises(ValidationError, match="Something else stands"):
            made.full_clean()


def test_an_editor_writes_a_page_and_readers_see_it(client, editor):
    form = desk.open_form(desk.client_of(editor), reverse("admin:website_page_add"))
    form["title"], form["slug"], form["body"] = "Imprint", "imprint", "Write to **us**."
    form["is_public"] = "on"
    assert form.send().status_code == 302
    assert "Write to <strong>us</strong>." in client.get("/imprint/").text
    assert Page.objects.get(slug="imprint").versions.get().by == editor


def test_an_author_may_not(client):
    author = desk.client_of(build.author())
    assert author.get(reverse("admin:website_page_add")).status_code == 403
    assert author.get(reverse("admin:website_page_changelist")).status_code == 403


def test_a_standing_page_is_rewritten_but_keeps_its_address(client, editor):
    rules = Page.objects.get(slug="comment-rules")
    address = reverse("admin:website_page_change", args=[rules.pk])
    browser = desk.client_of(editor)
    form = desk.open_form(browser, address)
    assert "slug" not in form
    form["body"] = "1. Be kind."
    form["slug"] = "other"
    form.send()
    rules.refresh_from_db()
    assert (rules.slug, rules.body, rules.is_public) == ("comment-rules", "1. Be kind.", True)
    delete = reverse("admin:website_page_delete", args=[rules.pk])
    assert "rewrite it, but do not delete it" in browser.get(delete).text
    browser.post(delete, {"post": "yes"})
    assert Page.objects.filter(pk=rules.pk).exists()


def test_two_editors_do_not_write_over_each_other(editor, clock):
    made = page()
    address = reverse("admin:website_page_change", args=[made.pk])
    browser = desk.client_of(editor)
    first, second = desk.open_form(browser, address), desk.open_form(browser, address)
    clock.shift(timedelta(minutes=1))
    first["body"] = "First."
    assert first.send().status_code == 302
    second["body"] = "Second."
    response = second.send()
    assert "Somebody saved this since you opened it." in response.text
    assert "Second." in response.text
    made.refresh_from_db()
    assert made.body == "First."
