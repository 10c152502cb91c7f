"""A reader suggests, an editor accepts and publishes, the reader sees what became of it.

Without scripts; what axe finds on the way is looked at with them.
"""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from tests import build, suggestions
from tests.browser.axe import violations
from tests.browser.logging_in import log_in_as

ARTICLE = "/articles/telegram/"
WINDOW = {"viewport": {"width": 1280, "height": 900}}


def log_in(page: Page) -> None:
    log_in_as(page, User.objects.get(username="vera"))


@pytest.fixture
def article(live_server):
    build.editor("vera")
    made = build.article("telegram", title="The telegram that was answered late")
    made.facts.all().delete()
    build.fact(made, characteristic="Days waited", value="Twelve.", anchor="days")
    build.question(made, question="Was anybody blamed?", answer="Nobody was.")
    build.published(made)
    return made


def test_from_a_suggestion_to_the_correction_it_led_to(
    new_page: Callable[..., Page], problems, article
):
    reader = new_page(**WINDOW, java_script_enabled=False)
    desk = new_page(**WINDOW, java_script_enabled=False)

    reader.goto(ARTICLE)
    row = reader.get_by_role("row", name="Days waited")
    row.get_by_role("link", name="Suggest a correction to “Days waited”").click()
    expect(reader.get_by_text("Twelve.")).to_be_visible()
    reader.get_by_label("What is wrong").fill("It waited eleven days, not twelve.")
    reader.get_by_label("What would be right").fill("Eleven.")
    reader.get_by_label("Where that can be read").fill("Office diary, page 3")
    reader.get_by_label("Everybody, as a comment").check()
    reader.get_by_role("group", name="credit me").get_by_label("With my name").check()
    reader.get_by_role("textbox", name="Name").fill("Anna")
    reader.get_by_role("button", name="Send to the editors").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(
        "Your suggestion waits for an editor"
    )
    status = reader.url

    log_in(desk)
    desk.goto("/admin/")
    desk.get_by_role("region", name="Suggestions and questions of readers").get_by_role(
        "link", name="It waited eleven days"
    ).click()
    expect(desk.get_by_text("Noticed by Anna")).to_be_visible()
    expect(desk.get_by_role("row", name="Value")).to_contain_text("Twelve.")
    desk.get_by_role("button", name="Accept: enter a correction").click()
    expect(desk.get_by_text("A correction is in the draft.")).to_be_visible()
    facts = desk.get_by_role("region", name="Key facts")
    facts.get_by_label("Value", exact=True).first.fill("Eleven.")
    desk.get_by_role("button", name="Save draft").click()
    desk.get_by_role("button", name="Publish…").click()
    desk.get_by_label("What changed").fill("Corrected how long it waited.")
    desk.get_by_role("button", name="Publish now").click()
    expect(desk.get_by_text("Readers see version 2 now")).to_be_visible()
    desk.goto("/admin/comments/comment/")
    desk.get_by_role("link", name="Anna").click()
    desk.get_by_role("button", name="Approve").click()

    reader.goto(status)
    expect(reader.get_by_role("heading", level=1)).to_have_text(
        "What you suggested led to a correction in version 2."
    )
    reader.goto(ARTICLE)
    expect(reader.locator("#corrections")).to_contain_text("Noticed by Anna")
    expect(reader.locator("#history")).to_contain_text("1 correction suggested by a reader")
    comment = reader.locator("#comments").get_by_role("listitem").filter(has_text="Anna")
    comment.get_by_role("link", name="Led to a correction in version 2").click()
    expect(reader).to_have_url(f"{ARTICLE}history/2/changes/")
    expect(reader.locator("main")).to_contain_text("Eleven.")


def test_axe_finds_nothing_wrong_from_the_form_to_the_desk(
    new_page: Callable[..., Page], problems, article
):
    problems.expect("422")
    page = new_page(viewport={"width": 360, "height": 740})

    page.goto(f"{ARTICLE}suggest/?about=fact-days")
    assert violations(page) == []
    page.get_by_role("button", name="Send to the editors").click()
    summary = page.get_by_role("group", name="Your suggestion was not sent")
    expect(summary).to_be_focused()
    assert violations(page) == []
    page.get_by_label("What is wrong").fill("It waited eleven days.")
    page.get_by_role("button", name="Send to the editors").click()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []

    made = suggestions.made(article, about="fact-days", about_title="Days waited")
    log_in(page)
    page.goto(f"/admin/comments/suggestion/{made.pk}/change/")
    assert violations(page) == []
    page.goto("/admin/comments/suggestion/")
    assert violations(page) == []


def test_a_row_shows_its_links_to_the_keyboard_alone(new_page: Callable[..., Page], article):
    """With a mouse they keep out of sight until somebody is at the row."""
    page = new_page(**WINDOW)
    page.goto(ARTICLE)
    link = page.get_by_role("link", name="Suggest a correction to “Days waited”")
    expect(link).to_have_css("opacity", "0")

    link.focus()

    expect(link).to_have_css("opacity", "1")
