"""A reader’s address in a browser: confirmed by keyboard, remembered, forgotten; and axe."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from comments import links
from comments.following import follow_article
from comments.models import Comment, OutgoingMail
from comments.readers import known_reader, reader_of
from comments.tasks import send_mail
from comments.writing import post
from tests import build
from tests.browser.axe import violations

KEPT = "JSON.parse(localStorage.getItem('on-record-reader'))?.token ?? ''"
ADDRESS = "rita@reader.example"


@pytest.fixture
def article(live_server):
    return build.published_article("one", title="Relations")


def write(article, **fields) -> Comment:
    given = {"name": "Rita", "body": "Words of mine.", "network": "n", "email": ADDRESS, **fields}
    return post(article.publications.get(), **given).comment


def path_of(url: str) -> str:
    return urlsplit(url).path


def test_an_address_is_confirmed_by_keyboard_and_the_browser_remembers_until_told_otherwise(
    page: Page, article
):
    comment = write(article, follow="article")
    send_mail.call()
    page.goto(path_of(re.search(r"http\S+/confirm/\S+", mail.outbox[0].body)[0]))
    assert violations(page) == []

    page.get_by_role("checkbox", name="A comment on").focus()
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Confirm")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your address is confirmed")).to_be_focused()
    comment.refresh_from_db()
    assert comment.confirmed_at

    remember = page.get_by_role("button", name="Remember me in this browser")
    remember.press("Enter")
    expect(page.get_by_role("status")).to_have_text("This browser remembers you.")
    assert known_reader(page.evaluate(KEPT), timezone.now()) == comment.reader
    assert violations(page) == []

    page.goto("/readers/follow/one/")
    field = page.locator('input[name="known"]')
    expect(field).not_to_have_value("")
    assert known_reader(field.input_value(), timezone.now()) == comment.reader

    page.go_back()
    page.get_by_role("button", name="Forget me in this browser").press("Enter")
    expect(page.get_by_role("status")).to_have_text("This browser has forgotten you.")
    assert page.evaluate(KEPT) == ""


def test_axe_finds_nothing_wrong_with_pages_about_a_readers_address(page: Page, problems, article):
    problems.expect("410")
    problems.expect("422")
    now = timezone.now()
    comment = write(article)
    reader = reader_of(ADDRESS, at=now)
    reader.confirmed_at = now
    reader.save()
    follow = follow_article(reader, article.pk, at=now, is_proved=True)
    build.comment(article, reader=reader, confirmed_at=now)
    row = OutgoingMail.objects.get()
    assert comment.reader == reader
    wrong = {}
    for name, address in {
        "ask": "/readers/",
        "sent": "/readers/?sent",
        "deleted": "/readers/?deleted",
        "follow": "/readers/follow/one/",
        "followed": "/readers/follow/one/?sent",
        "confirm": path_of(links.confirm_url(row)),
        "mine": path_of(links.my_data_url(reader)),
        "stop": path_of(links.stop_url(reader, [follow.pk])),
        "rules": "/comment-rules/",
        "privacy": "/privacy/",
    }.items():
        page.goto(address)
        if found := violations(page):
            wrong[name] = found
    page.goto("/readers/")
    page.get_by_label("E-mail").fill("nobody")
    page.get_by_role("button", name="Mail me the link").press("Enter")
    expect(page.get_by_role("group", name="Nothing was sent")).to_be_focused()
    wrong |= {"refused": found} if (found := violations(page)) else {}
    assert wrong == {}


def test_without_scripts_everything_can_be_deleted(page_without_scripts: Page, article):
    now = timezone.now() - timedelta(minutes=1)
    reader = reader_of(ADDRESS, at=now)
    comment = build.comment(article, reader=reader, body="To be gone.")
    page = page_without_scripts
    page.goto(path_of(links.my_data_url(reader)))
    page.get_by_text("Delete everything of mine").click()
    page.get_by_role("button", name="Delete everything for good").click()
    expect(page.get_by_role("heading", name="Everything of yours is deleted")).to_be_visible()
    comment.refresh_from_db()
    assert comment.body == ""
