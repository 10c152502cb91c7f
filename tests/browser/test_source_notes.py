"""A source where it is cited: in the margin, in place, and in the list of sources."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demonstration import EXPLAINER, SHORTER
from tests.browser.recorded import Recorded
from tests.browser.test_reader import DESK, PHONE, TWO_FRAMES, WATCH_SHIFTS

MARK = ".section p > a.cite"

# Notes in the margin that lie on another, or on what takes the whole width.
ON_ANOTHER = """() => {
  const found = [];
  let before;
  for (const note of document.querySelectorAll(".section > :is(.note, .notes, .margin-sources)")) {
    if (before && before.getBoundingClientRect().bottom > note.getBoundingClientRect().top) {
      found.push(note.textContent);
    }
    before = note;
  }
  for (const wide of document.querySelectorAll(".section > .wordings")) {
    const { top, bottom } = wide.getBoundingClientRect();
    for (const note of document.querySelectorAll(".section > .margin-sources")) {
      const { top: start, bottom: end } = note.getBoundingClientRect();
      if (start < bottom && end > top && note.checkVisibility({ visibilityProperty: true })) {
        found.push(note.textContent);
      }
    }
  }
  return found;
}"""


@pytest.fixture
def phone(new_page: Callable[..., Page], demonstration: Recorded) -> Page:
    """The shorter article on a phone."""
    page = new_page(viewport=PHONE, reduced_motion="reduce")
    demonstration.open(page, SHORTER)
    return page


def cited(page: Page) -> str:
    """The words of the source that the first mark of the explanation leads to."""
    source = page.locator(page.locator(MARK).first.get_attribute("href"))
    return source.locator("p").first.inner_text()


# In the margin


def test_at_a_desk_sources_stand_beside_the_paragraph_that_cites_them(page: Page, demonstration):
    demonstration.open(page, SHORTER)
    paragraph = page.locator(".section > p", has=page.locator("a.cite")).first
    number = paragraph.locator("a.cite").first.inner_text()
    words = page.locator(f"#source-{number} p").first.inner_text()
    note = page.locator(".margin-sources p", has_text=words).first
    expect(note).to_be_visible()
    assert note.locator(".note-mark").inner_text() == number
    beside, text = note.bounding_box(), paragraph.bounding_box()
    assert beside["x"] > text["x"] + text["width"]
    assert beside["y"] < text["y"] + text["height"]


def test_no_source_is_told_twice_beside_one_paragraph(page: Page, demonstration):
    demonstration.open(page, EXPLAINER)
    twice = page.evaluate(
        """[...document.querySelectorAll(".margin-sources")].filter((notes) => {
          const numbers = (of) => [...of.querySelectorAll("b")].map((number) => number.textContent);
          const before = notes.previousElementSibling;
          const told = before.matches(".note, .notes") ? numbers(before) : [];
          const added = numbers(notes);
          return new Set(added).size < added.length || added.some((one) => told.includes(one));
        }).length"""
    )
    assert twice == 0
    assert page.locator(".margin-sources").count() > 5


@pytest.mark.parametrize("width", [1250, 1280, 1920])
def test_no_note_in_the_margin_lies_on_another(page: Page, demonstration, width: int):
    page.set_viewport_size({"width": width, "height": 800})
    demonstration.open(page, EXPLAINER)
    expect(page.locator(".margin-sources").first).to_be_visible()
    assert page.evaluate(ON_ANOTHER) == []


def test_all_that_stands_in_the_margin_has_the_same_edges(page: Page, demonstration):
    demonstration.open(page, SHORTER)
    expect(page.locator(".margin-sources").first).to_be_visible()
    edges = page.locator(".section > :is(.note, .notes, .margin-sources)").evaluate_all(
        """(all) => all.map((one) => one.getBoundingClientRect())
          .map(({ left, right }) => `${Math.round(left)} to ${Math.round(right)}`)"""
    )
    assert len(edges) > 2
    assert len(set(edges)) == 1, edges


def test_nothing_moves_when_the_margin_fills(page: Page, demonstration):
    page.add_init_script(WATCH_SHIFTS)
    demonstration.open(page, EXPLAINER)
    expect(page.locator(".margin-sources").first).to_be_visible()
    page.locator(".section").nth(2).scroll_into_view_if_needed()
    page.evaluate(TWO_FRAMES)
    assert page.evaluate("shifted") == 0


def test_a_narrow_window_and_paper_have_nothing_in_the_margin(page: Page, demonstration):
    demonstration.open(page, SHORTER)
    notes = page.locator(".margin-sources")
    expect(notes.first).to_be_visible()
    page.set_viewport_size(PHONE)
    expect(notes.first).to_be_hidden()
    page.set_viewport_size(DESK)
    page.emulate_media(media="print")
    expect(notes.first).to_be_hidden()


# In place


def test_a_mark_opens_its_source_in_place(phone: Page):
    words = cited(phone)
    phone.locator(MARK).first.click()
    note = phone.get_by_role("dialog")
    expect(note).to_contain_text(words)
    expect(note.locator("a[href^=http]").first).to_be_visible()
    expect(note).to_have_accessible_name(
        f"Source {phone.locator(MARK).first.inner_text()}"
    )  # the same as its mark
    expect(note).to_be_in_viewport(ratio=1)
    assert phone.evaluate("location.hash") == ""


def test_pressing_the_mark_again_or_elsewhere_closes_it(phone: Page):
    mark, note = phone.locator(MARK).first, phone.get_by_role("dialog")
    mark.click()
    expect(note).to_be_visible()
    mark.click()
    expect(note).to_have_count(0)
    mark.click()
    phone.mouse.click(5, 5)
    expect(note).to_have_count(0)


def test_only_one_source_is_open_at_a_time(phone: Page):
    marks = phone.locator(MARK)
    marks.first.click()
    marks.nth(1).evaluate("mark => mark.click()")
    expect(phone.get_by_role("dialog")).to_have_accessible_name(
        marks.nth(1).get_attribute("aria-label")
    )


def test_with_the_keyboard_it_opens_is_read_and_gives_the_focus_back(phone: Page):
    mark, note = phone.locator(MARK).first, phone.get_by_role("dialog")
    mark.focus()
    phone.keyboard.press("Enter")
    expect(note).to_be_focused()
    phone.keyboard.press("Tab")
    expect(note.get_by_role("link").first).to_be_focused()
    phone.keyboard.press("Escape")
    expect(note).to_have_count(0)
    expect(mark).to_be_focused()


def test_it_closes_behind_a_reader_who_goes_on(phone: Page):
    phone.locator(MARK).first.focus()
    phone.keyboard.press("Enter")
    note = phone.get_by_role("dialog")
    for _ in range(note.get_by_role("link").count() + 1):
        phone.keyboard.press("Tab")
    expect(note).to_have_count(0)
    assert phone.evaluate("document.activeElement.closest('main') !== null")


def test_it_leads_on_to_the_list_of_sources(phone: Page):
    mark = phone.locator(MARK).first
    mark.click()
    phone.get_by_role("dialog").get_by_role("link", name="In the list of sources").click()
    expect(phone.get_by_role("dialog")).to_have_count(0)
    expect(phone.locator(mark.get_attribute("href"))).to_be_in_viewport()


def test_a_mark_opened_in_another_tab_stays_a_link(phone: Page):
    is_a_link = phone.locator(MARK).first.evaluate(
        """(mark) => new Promise((done) => {
          addEventListener("click", (event) => {
            done(!event.defaultPrevented);
            event.preventDefault(); // this one needs no other tab
          });
          mark.dispatchEvent(
            new MouseEvent("click", { ctrlKey: true, bubbles: true, cancelable: true })
          );
        })"""
    )
    assert is_a_link
    expect(phone.get_by_role("dialog")).to_have_count(0)


# Without scripts


def test_without_scripts_a_mark_leads_to_the_list_and_the_list_back(
    page_without_scripts: Page, demonstration
):
    page = page_without_scripts
    demonstration.open(page, SHORTER)
    expect(page.locator(".margin-sources")).to_have_count(0)
    mark = page.locator(MARK).first
    mark.click()
    source = page.locator(mark.get_attribute("href"))
    expect(source).to_be_in_viewport()
    source.locator(".back a").first.click()
    expect(page.locator(page.evaluate("location.hash"))).to_be_in_viewport()
