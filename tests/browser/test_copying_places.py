"""Links to a place on the article's page: to words that are selected, and to one of its rows."""

from collections.abc import Callable
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demonstration import SHORTER
from tests.browser.recorded import Recorded
from tests.browser.test_reader import DESK

CLIPBOARD = "navigator.clipboard.readText()"
COPY = "Copy link to the selected words"
TEXT = """
<article style="padding-top: 2000px">
  <p id="quotes">He wrote “never, ever” &amp; then the follow-up — “so-called” peace.</p>
  <p id="one">The talks began in <em>Geneva</em> and <a class="cite" href="#s">2</a> ended.</p>
  <p id="two" style="margin-top: 900px">The talks began in Paris.</p>
  <p id="long" style="margin-top: 900px">First of all come many words. LONG
    And last of all come these.</p>
  <div id="outer">Outside <p>inside</p></div>
</article>
<p id="elsewhere">Not of the article.</p>
<ul data-share-actions data-link="https://site.example/one/" data-selection-label="Copy words"
    data-copied-label="Link copied" data-copy-failed-label="Not copied. The address is">
  <li><a href="mailto:">E-mail</a></li>
</ul>
""".replace("LONG", "and more words " * 30)

# Selects from the first words in one element to the last words in another.
SELECT = """([from, first, to, last]) => {
  const place = (id, words, isEnd) => {
    const texts = document.createTreeWalker(document.querySelector(id), NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const at = texts.currentNode.data.indexOf(words);
      if (at >= 0) return [texts.currentNode, at + (isEnd ? words.length : 0)];
    }
  };
  const range = new Range();
  range.setStart(...place(from, first, false));
  range.setEnd(...place(to, last, true));
  document.querySelector(to).scrollIntoView();
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


@pytest.fixture
def select(new_page: Callable[..., Page], live_server) -> Callable[..., Page]:
    """Selects words on a page of the tests' own; returns the page."""
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    names = ("copy-selection", "selection-address")
    tags = [f'<script type="module" src="/static/js/{name}.js"></script>' for name in names]
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>One</title>'
    for sheet in ("components", "reading"):
        head += f'<link rel="stylesheet" href="/static/css/{sheet}.css">'
    body = f"{head}{TEXT}{''.join(tags)}"
    page.route("**/one/**", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto("/one/")

    def select_words(start: str, first: str, end: str = "", last: str = "") -> Page:
        page.evaluate(SELECT, [start, first, end or start, last or first])
        return page

    return select_words


def copied(page: Page) -> str:
    """The text fragment that the button copies."""
    page.locator(".copy-selection").click()
    expect(page.get_by_role("status")).to_have_text("Link copied")
    address = page.evaluate(CLIPBOARD)
    assert address.startswith("https://site.example/one/#:~:text=")
    return address.partition("#:~:text=")[2]


def expect_to_lead_to(page: Page, fragment: str, element: str) -> None:
    """Follow the text fragment: the browser goes to the words, far down the page."""
    page.set_viewport_size({"width": 400, "height": 90})
    page.goto("about:blank")
    page.goto("/one/")
    expect(page.locator(element)).not_to_be_in_viewport()
    page.goto("about:blank")
    page.goto(f"/one/#:~:text={fragment}")
    expect(page.locator(element)).to_be_in_viewport()


# The words


def test_quotes_commas_and_hyphens_are_written_as_the_specification_asks(select):
    page = select("#quotes", "“never, ever”", "#quotes", "“so-called”")
    fragment = copied(page)
    assert fragment == (
        "%E2%80%9Cnever%2C%20ever%E2%80%9D%20%26%20then%20the%20follow%2Dup%20%E2%80%94%20"
        "%E2%80%9Cso%2Dcalled%E2%80%9D"
    )
    expect_to_lead_to(page, fragment, "#quotes")


def test_half_a_word_becomes_a_whole_one_as_browsers_find_no_other(select):
    assert unquote(copied(select("#quotes", "ote", "#quotes", "nev"))) == "wrote “never"


def test_words_that_occur_twice_bring_what_stands_around_them(select):
    page = select("#two", "talks began")
    fragment = copied(page)
    assert fragment == "The-,talks%20began,-in%20Paris."
    expect_to_lead_to(page, fragment, "#two")


def test_a_number_of_a_source_inside_the_words_is_part_of_them(select):
    page = select("#one", "Geneva", "#one", "ended")
    fragment = copied(page)
    assert unquote(fragment) == "Geneva and 2 ended"
    expect_to_lead_to(page, fragment, "#one")


def test_of_a_long_selection_the_address_has_its_beginning_and_its_end(select):
    page = select("#long", "First", "#long", "these.")
    fragment = copied(page)
    assert unquote(fragment) == "First of all come many words.,And last of all come these."
    assert len(fragment) < 120
    expect_to_lead_to(page, fragment, "#long")


def test_a_selection_over_several_paragraphs_has_words_of_its_first_and_last(select):
    page = select("#quotes", "peace", "#two", "Paris")
    fragment = copied(page)
    assert unquote(fragment) == "peace.,The talks began in Paris"
    expect_to_lead_to(page, fragment, "#quotes")


def test_words_in_front_of_a_block_within_their_own_are_told_apart_from_it(select):
    assert unquote(copied(select("#outer", "Outside", "#outer", "inside"))) == "Outside,inside"


# The button


def test_the_button_comes_with_the_selection_and_goes_with_it(select):
    page = select("#two", "Paris")
    near = page.locator(".copy-selection")
    expect(near).to_be_visible()
    page.evaluate("getSelection().removeAllRanges()")
    expect(near).to_be_hidden()
    expect(page.get_by_role("listitem").filter(has_text="Copy words")).to_be_hidden()


def test_words_outside_the_article_bring_no_button(select):
    page = select("#two", "Paris")
    expect(page.locator(".copy-selection")).to_be_visible()
    select("#elsewhere", "Not of")
    expect(page.locator(".copy-selection")).to_be_hidden()


def test_the_keyboard_reaches_it_and_the_words_stay_selected(select):
    page = select("#two", "Paris")
    button = page.get_by_role("listitem").get_by_role("button", name="Copy words")
    expect(button).to_be_visible()
    for _ in range(6):
        page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Link copied")
    assert page.evaluate("getSelection().toString()") == "Paris"
    assert page.evaluate(CLIPBOARD).endswith("#:~:text=Paris")


def test_a_refused_copy_shows_the_address_instead(select):
    page = select("#two", "Paris")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()) }")
    page.locator(".copy-selection").click()
    expect(page.get_by_role("status")).to_have_text(
        "Not copied. The address is https://site.example/one/#:~:text=Paris"
    )


def test_the_article_offers_it_with_scripts_only(
    page: Page, page_without_scripts: Page, demonstration: Recorded
):
    select = "getSelection().selectAllChildren(document.querySelector('.section p'))"
    demonstration.open(page, SHORTER)
    page.evaluate(select)
    expect(page.locator(".copy-selection")).to_have_text(COPY)
    demonstration.open(page_without_scripts, SHORTER)
    expect(page_without_scripts.get_by_text(COPY)).to_have_count(0)


# Rows and sections


@pytest.fixture
def shorter(new_page: Callable[..., Page], demonstration: Recorded) -> Page:
    """The shorter article, in a browser that lets pages copy."""
    page = new_page(
        viewport=DESK, reduced_motion="reduce", permissions=["clipboard-read", "clipboard-write"]
    )
    demonstration.open(page, SHORTER)
    return page


def test_a_heading_leads_to_its_section_and_copies_its_address(shorter: Page):
    heading = shorter.locator(".section h2").nth(1)
    heading.get_by_role("link").click()
    expect(shorter.locator(".place-copied")).to_have_text("Link copied")
    assert shorter.evaluate(CLIPBOARD) == shorter.url
    assert shorter.url.endswith(f"#{heading.get_attribute('id')}")
    expect(heading).to_be_in_viewport()


def test_it_copies_with_the_keyboard_too_and_says_so_politely(shorter: Page):
    heading = shorter.locator(".section h2").nth(1)
    expect(shorter.get_by_role("status").and_(shorter.locator(".place-copied"))).to_be_attached()
    heading.get_by_role("link").focus()
    shorter.keyboard.press("Enter")
    expect(shorter.locator(".place-copied")).to_have_text("Link copied")
    assert shorter.evaluate(CLIPBOARD).endswith(f"#{heading.get_attribute('id')}")


@pytest.mark.parametrize("part", ["#facts", "#timeline"])
def test_each_fact_and_each_event_has_a_link_of_its_own(shorter: Page, part: str):
    link = shorter.locator(f"{part} .row-links > a[href^='#']").first
    link.focus()
    shorter.keyboard.press("Enter")
    expect(shorter.locator(".place-copied")).to_have_text("Link copied")
    assert shorter.evaluate(CLIPBOARD).endswith(link.get_attribute("href"))


def test_without_scripts_they_are_plain_links(page_without_scripts: Page, demonstration: Recorded):
    page = page_without_scripts
    demonstration.open(page, SHORTER)
    heading = page.locator(".section h2").nth(1)
    heading.get_by_role("link").click()
    assert page.url.endswith(f"#{heading.get_attribute('id')}")
    expect(heading).to_be_in_viewport()
    assert page.locator("#facts .row-links > a[href^='#fact-']").count() > 1
