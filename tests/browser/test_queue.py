"""The moderators' queue in a browser: by keyboard alone, without scripts, without a network."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from comments.models import Comment, Report
from comments.moderating import reject
from tests import build
from tests.browser.axe import violations
from tests.browser.test_admin import log_in

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/admin/comments/comment/"
DECIDE = "**/decide/"


def waiting(count: int) -> list[Comment]:
    article = build.published_article("severed", title="Was it ever severed?")
    return [
        build.comment(article, "pending", name=f"Reader {n}", body=f"Words {n}.", network="n" * 64)
        for n in range(count)
    ]


def card(page: Page, comment: Comment):
    return page.get_by_role("article", name=comment.name, exact=True)


def states() -> list[str]:
    return list(Comment.objects.order_by("pk").values_list("state", flat=True))


def test_forty_comments_take_forty_keys_and_no_reload(page: Page):
    comments = waiting(40)
    log_in(page)
    page.goto(LIST)
    page.evaluate("window.isSamePage = true")
    page.keyboard.press("j")

    for number in range(39):
        expect(card(page, comments[number])).to_be_focused()
        page.keyboard.press("ars"[number % 3])
    expect(page.locator("[data-entry]")).to_have_count(1)
    expect(page.locator("[data-count=pending]")).to_have_text("1")
    page.keyboard.press("a")

    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    expect(page.get_by_role("heading", name="Comments", level=1)).to_be_focused()
    assert page.evaluate("window.isSamePage")
    assert states() == [("approved", "rejected", "spam")[n % 3] for n in range(39)] + ["approved"]


def test_everything_by_keyboard_choosing_undoing_banning_and_asking_for_help(page: Page):
    comments = waiting(5)
    log_in(page)
    page.goto(LIST)
    status = page.get_by_role("status").filter(has_text="wait")

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys").get_by_text("Next comment")).to_be_visible()
    page.keyboard.press("Escape")

    # Two chosen are put aside as one, and come back as one.
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("[data-chosen]")).to_have_text("2")
    page.keyboard.press("s")
    expect(status).to_have_text("2 comments put aside as spam. 3 wait.")
    expect(card(page, comments[2])).to_be_focused()
    page.keyboard.press("u")
    expect(status).to_have_text("2 decisions taken back. 5 wait.")
    expect(page.locator("[data-entry]")).to_have_count(5)

    # A ban asks; Escape lets everything as it is.
    page.keyboard.press("b")
    dialog = page.get_by_role("dialog", name="Ban the writer")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("b")
    dialog.get_by_label("Why").fill("Advertising")
    page.keyboard.press("Enter")
    expect(status).to_have_text("Banned. 1 comment rejected. 4 wait.")

    # A reason, in one's own words.
    page.keyboard.press("Shift+R")
    dialog = page.get_by_role("dialog", name="Reject a comment")
    dialog.get_by_label("Why").select_option("It breaks rule 2.")
    dialog.get_by_label("In your own words").fill("Please stay with the subject.")
    page.keyboard.press("Enter")
    expect(status).to_have_text("1 comment rejected. 3 wait.")
    page.keyboard.press("t")
    expect(page.locator("[data-thread-here]:visible")).to_be_visible()
    assert violations(page) == []


def test_the_second_moderator_is_told_what_the_first_did(page: Page):
    comments = waiting(3)
    log_in(page)
    page.goto(LIST)
    reject([comments[0]], by=build.editor("rosa", first_name="Rosa"))

    page.keyboard.press("j")
    page.keyboard.press("a")

    expect(card(page, comments[0])).to_contain_text("Rejected by Rosa just now.")
    expect(page.get_by_role("status").filter(has_text="wait")).to_have_text(
        "Rejected by Rosa just now. 2 wait."
    )
    assert states() == ["rejected", "pending", "pending"]


def test_without_a_network_a_comment_stays_where_it_is_and_says_so(page: Page, problems):
    problems.expect("ERR_FAILED")
    problems.expect("TypeError")
    comments = waiting(3)
    log_in(page)
    # From the start: a page that is open may still send by the way it had before it was caught.
    page.route(DECIDE, lambda route: route.abort())
    page.goto(LIST)
    page.keyboard.press("j")
    page.keyboard.press("a")

    expect(card(page, comments[0])).to_contain_text("The site could not be reached")
    expect(page.locator("[data-entry]")).to_have_count(3)
    page.unroute(DECIDE)
    card(page, comments[0]).get_by_role("button", name="Approve").click()

    expect(page.locator("[data-entry]")).to_have_count(2)
    assert states() == ["approved", "pending", "pending"]


def test_without_scripts_each_decision_is_a_form(page_without_scripts: Page):
    page = page_without_scripts
    comments = waiting(4)
    build.user("chief", is_superuser=True)
    page.goto("/admin/login/")
    page.get_by_label("Username").fill("chief")
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Log in").click()
    page.goto(LIST)

    card(page, comments[0]).get_by_role("button", name="Approve").click()
    expect(page.get_by_text("1 comment approved.")).to_be_visible()
    for comment in comments[1:3]:
        page.get_by_label(f"Choose the comment by {comment.name}").check()
    page.get_by_role("button", name="Put aside as spam those that are chosen").click()
    expect(page.get_by_text("2 comments put aside as spam.")).to_be_visible()
    card(page, comments[3]).get_by_role("link", name="Reject with a reason…").click()
    page.get_by_label("In your own words").fill("Not about this.")
    page.get_by_role("button", name="Reject", exact=True).click()
    expect(page.get_by_text("1 comment rejected.")).to_be_visible()
    page.get_by_role("button", name=re.compile("Spam: 2 comments")).click()
    expect(page.get_by_text("2 decisions taken back.")).to_be_visible()
    assert states() == ["approved", "pending", "pending", "rejected"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_queue_and_on_its_pages(
    new_page: Callable[..., Page], scheme: str
):
    comments = waiting(2)
    shown = build.comment(comments[0].article, body="Reported " * 40)
    Report.objects.create(comment=shown, category="spam", text="Look", made_at=shown.created_at)
    Comment.objects.filter(pk=shown.pk).update(open_reports=1)
    page = new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    log_in(page)

    page.goto(LIST)
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert violations(page) == []
    page.keyboard.press("b")
    expect(page.get_by_role("dialog", name="Ban the writer")).to_be_visible()
    assert violations(page) == []
    for address in (f"{LIST}?state=reported", f"{LIST}{shown.pk}/change/"):
        page.goto(address)
        assert violations(page) == []
