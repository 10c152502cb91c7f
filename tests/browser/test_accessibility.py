"""Pages that everybody can use: with a keyboard, with a screen reader, with weak eyes.

The desk's own pages are looked at in test_admin.py.
"""

import pytest
from playwright.sync_api import Page, expect

from tests import build
from tests.browser.axe import COLOURS, violations
from tests.browser.demonstration import EXPLAINER, PAGES, SHORTER

# Long pages, in the colours of the shorter article.
LONG = (EXPLAINER, "/timeline/", f"{SHORTER}history/1/")
PHONE = {"width": 360, "height": 740}

# What the Tab key has reached: its words, whether it is in the window, whether it is marked, and
# whether it stands behind what was reached before.
REACHED = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const { top, bottom, width, height } = element.getBoundingClientRect();
  const before = window.reachedBefore;
  window.reachedBefore = element;
  return {
    words: (element.labels?.[0] ?? element).innerText.trim() || element.ariaLabel,
    isSeen: width > 1 && height > 1 && bottom > 0 && top < innerHeight,
    isMarked: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    isInOrder: !before || Boolean(before.compareDocumentPosition(element) & 4),
  };
}"""


def test_axe_finds_nothing_wrong_with_public_pages(page: Page, problems, demonstration):
    problems.expect("404")  # the page that says that there is none
    wrong = {}
    for address in PAGES:
        demonstration.open(page, address)
        if found := violations(page, besides=COLOURS if address in LONG else ()):
            wrong[address] = found
    assert wrong == {}


def test_axe_finds_nothing_wrong_on_a_phone(page: Page, problems, demonstration):
    problems.expect("404")
    page.set_viewport_size(PHONE)
    wrong = {}
    for address in PAGES:
        demonstration.open(page, address)
        if found := violations(page, besides=COLOURS if address in LONG else ()):
            wrong[address] = found
    assert wrong == {}


def test_axe_can_read_every_word_in_the_dark(page: Page, problems, demonstration):
    problems.expect("404")
    page.emulate_media(color_scheme="dark")
    wrong = {}
    for address in PAGES:
        if address in LONG:
            continue
        demonstration.open(page, address)
        for width in (PHONE["width"], 1280):
            page.set_viewport_size({"width": width, "height": 800})
            if found := violations(page, only=COLOURS):
                wrong[address, width] = found
    assert wrong == {}


def test_axe_does_find_what_is_wrong(page: Page, demonstration, problems):
    problems.expect("data:,")  # which the policy keeps away
    demonstration.open(page, "/articles/")
    page.evaluate(
        """document.querySelector("main").insertAdjacentHTML("beforeend",
             '<img src="data:,"><button class="meta">+</button>')"""
    )
    assert {line.partition(":")[0] for line in violations(page)} >= {"image-alt"}


# The keyboard


def test_the_first_key_skips_to_the_article(page: Page, demonstration):
    demonstration.open(page, SHORTER)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the article")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("main a:focus")).to_have_count(1)
    expect(page.locator("main a").first).to_be_focused()


def test_the_tab_key_goes_down_the_page_seen_all_the_way_to_the_form(page: Page, live_server):
    build.published(build.full_article("full"))
    page.goto("/articles/full/")
    page.evaluate("document.documentElement.style.scrollBehavior = 'auto'")
    reached = []
    while not reached or reached[-1]["words"] != "Send for approval":
        page.keyboard.press("Tab")
        reached.append(page.evaluate(REACHED))
        assert reached[-1], "the Tab key left the page before it came to the form"
    for what in ("isSeen", "isMarked", "isInOrder"):
        assert [one["words"] for one in reached if not one[what]] == [], what
    words = [one["words"] for one in reached]
    expected = ["Skip to the article", "Yes", "No", "Name", "Comment"]
    assert [one for one in words if one in expected] == expected
    assert "Leave this empty" not in words


def test_a_question_opens_and_closes_by_key(page: Page, demonstration):
    demonstration.open(page, SHORTER)
    answer = page.locator(".question-answer").nth(1)
    page.locator(".question-item > summary").nth(1).focus()
    for key in ("Enter", "Space"):
        page.keyboard.press(key)
        expect(answer).to_be_visible()
        page.keyboard.press(key)
        expect(answer).to_be_hidden()


# A form that was refused


@pytest.fixture
def refused(page: Page, problems, live_server) -> Page:
    """What answers a comment without a name and without words."""
    build.published_article("one")
    problems.expect("422")
    page.goto("/articles/one/")
    form = page.get_by_role("form", name="Leave a comment")
    form.get_by_label("E-mail").fill("nobody")
    form.get_by_role("button", name="Send for approval").click()
    return page


def test_after_a_refusal_the_summary_has_the_focus_and_leads_to_the_fields(refused: Page):
    summary = refused.get_by_role("group", name="Your comment was not sent")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Give a name, any name.").press("Enter")
    name = refused.get_by_label("Name")
    expect(name).to_be_focused()
    expect(name).to_have_accessible_description("Error: Give a name, any name.")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(refused.get_by_label("E-mail")).to_have_value("nobody")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_a_refused_form(refused: Page, scheme: str):
    refused.emulate_media(color_scheme=scheme)
    assert violations(refused) == []
