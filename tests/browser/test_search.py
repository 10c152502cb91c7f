"""The search box: what is suggested, by keyboard alone, and without scripts."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import build
from tests.browser.axe import COLOURS, violations

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def treaty(live_server) -> None:
    """One explainer before readers, with rows of several kinds."""
    article = build.article("treaty", title="The treaty")
    build.section(article, heading="Recognition", body="A treaty is signed.")
    build.event(article, title="Recognised at last", text="By treaty.")
    build.published(article)


def suggested(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def test_a_suggestion_is_chosen_by_keyboard_alone(page: Page, treaty):
    page.goto("/faq/")
    field = page.get_by_role("combobox", name="Search for")
    field.focus()
    page.keyboard.type("recog")
    options = suggested(page)
    expect(options.first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")

    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(field).not_to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(field).to_have_value("recog")
    expect(field).to_be_focused()

    page.keyboard.type("n")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", re.compile(r"-0$"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/articles/[^/]+/#"))


def test_enter_searches_where_no_suggestion_is_chosen(page: Page, treaty):
    page.goto("/faq/")
    page.get_by_role("combobox", name="Search for").fill("treaty")
    expect(suggested(page).first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=treaty")
    expect(page.locator("mark").first).to_be_visible()


def test_on_a_phone_the_box_opens_over_the_page_without_scripts(page_without_scripts: Page, treaty):
    page = page_without_scripts
    page.set_viewport_size(PHONE)
    page.goto("/articles/treaty/")
    expect(page.locator("#search-box")).to_be_hidden()
    page.locator(".masthead-search > summary").click()
    page.locator("#search-box").fill("treaty")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=treaty")
    expect(page.locator("mark").first).to_be_visible()


def test_axe_finds_nothing_wrong_with_the_search(page: Page, treaty):
    wrong = {}
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for query in ("q=recogntion", "q=zebra&type=person"):
                page.goto(f"/search/?{query}")
                if found := violations(page, only=COLOURS if scheme == "dark" else ()):
                    wrong[width, scheme, query] = found
    page.get_by_role("combobox", name="Search for").fill("recog")
    expect(suggested(page).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    if found := violations(page):
        wrong["suggestions"] = found
    assert wrong == {}
