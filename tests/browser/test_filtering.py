"""Filters of the timeline: without reload where scripts run, and a plain form where they do not."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests import build


@pytest.fixture
def events(live_server) -> None:
    """Three events before readers, of two kinds."""
    article = build.article("relations", title="Relations")
    for title, kind in (("Recognition", "Treaty"), ("Trade", "Treaty"), ("Talks", "Talks")):
        build.event(article, title=title, kind=kind)
    build.published(article)


def test_choosing_renews_list_count_and_address_without_reload(page: Page, events):
    page.goto("/timeline/")
    page.evaluate("document.body.dataset.same = 'page'")
    page.get_by_label("Kind").select_option("Talks")

    expect(page.locator("ol.events > li")).to_have_count(1)
    expect(page.locator(".result-count")).to_have_text("1 of 3 events")
    expect(page).to_have_url(re.compile(r"/timeline/\?kind=Talks$"))
    page.get_by_label("Words", exact=True).fill("trade")
    expect(page.get_by_role("heading", name="No event fits all of that")).to_be_visible()
    expect(page.get_by_label("Kind").locator("option:checked")).to_have_text("Talks (0)")
    page.get_by_role("link", name="without Kind “Talks”").click()
    expect(page.get_by_role("heading", name="Trade")).to_be_visible()
    expect(page.get_by_label("Kind")).to_have_value("")
    expect(page.locator(".take-away-snippet")).to_contain_text("/timeline/embed/?q=trade")
    expect(page.locator("body")).to_have_attribute("data-same", "page")


def test_the_form_filters_without_scripts(page_without_scripts: Page, events):
    page = page_without_scripts
    page.goto("/timeline/")
    page.get_by_label("Kind").select_option("Talks")
    page.get_by_role("button", name="Filter", exact=True).click()

    page.wait_for_url(re.compile("kind=Talks"))
    expect(page.locator("ol.events > li")).to_have_count(1)
