"""The preview beside a form, in a browser: drawn as one types, as each reader would see it."""

from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from articles.models import Article
from articles.recording import record
from tests import build, desk
from tests.browser.axe import violations
from tests.browser.test_admin import log_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def article() -> Article:
    made = build.full_article(title="Was it ever severed?")
    for number in range(6):
        build.section(made, heading=f"Chapter {number}", body="Many words.\n\n" * 12)
    record(made, by=None)
    return made


@pytest.fixture
def editor(page: Page) -> Page:
    page.set_viewport_size({"width": 1440, "height": 900})
    log_in(page)
    return page


def open_beside(page: Page, address: str) -> FrameLocator:
    page.goto(address)
    page.get_by_role("button", name="Preview beside").click()
    shown = page.frame_locator("[data-beside-window] iframe")
    expect(shown.locator("main")).to_be_visible()
    return shown


# The page in the preview has its styles: it is not clear like a page without any.
DRAWN = """() => {
  const page = document.querySelector('[data-beside-window] iframe').contentDocument;
  return getComputedStyle(page.documentElement).backgroundColor !== 'rgba(0, 0, 0, 0)';
}"""


def inside(page: Page, expression: str) -> Any:
    """Evaluate an expression in which ``page`` is the document in the preview."""
    frame = page.locator("[data-beside-window] iframe")
    return frame.evaluate(
        f"frame => {{ const page = frame.contentDocument; return {expression}; }}"
    )


def choose(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).check(force=True)


def test_the_page_is_drawn_as_one_types_and_typing_is_not_disturbed(editor: Page, article: Article):
    shown = open_beside(editor, desk.address(article))
    title = editor.get_by_label("Title", exact=True)
    title.fill("")
    title.press_sequentially("Typed words", delay=15)

    expect(shown.get_by_role("heading", level=1)).to_have_text("Typed words")
    expect(title).to_be_focused()
    expect(title).to_have_value("Typed words")
    title.press_sequentially(", and more")
    expect(shown.get_by_role("heading", level=1)).to_have_text("Typed words, and more")
    article.refresh_from_db()
    assert article.title == "Was it ever severed?"
    assert article.revisions.count() == 1


def test_it_goes_to_the_row_one_types_in_and_keeps_its_place(editor: Page, article: Article):
    shown = open_beside(editor, desk.address(article))
    section = article.sections.get(heading="Chapter 4")
    editor.get_by_role("tab", name="Sections").click()
    row = editor.locator(f"#row-{section.uid}")
    row.get_by_text("Write", exact=True).click()
    row.get_by_label("Heading").click()

    heading = shown.get_by_role("heading", name="Chapter 4")
    expect(heading).to_be_in_viewport()
    before = inside(editor, "page.defaultView.scrollY")
    assert before > 500
    row.get_by_label("Heading").fill("Chapter four")
    expect(shown.get_by_role("heading", name="Chapter four")).to_be_in_viewport()
    assert inside(editor, "page.defaultView.scrollY") == before


def test_phone_tablet_and_desk(editor: Page, article: Article):
    open_beside(editor, desk.address(article))
    for name, width in (("Phone", 390), ("Tablet", 820), ("Desk", 1280)):
        choose(editor, name)
        assert inside(editor, "page.defaultView.innerWidth") == width
        # Whole, however narrow the place for it is.
        box = editor.locator("[data-beside-window] iframe").bounding_box()
        place = editor.locator("[data-beside-window]").bounding_box()
        assert box["width"] <= place["width"] + 1


def test_light_dark_and_print(editor: Page, article: Article):
    open_beside(editor, desk.address(article))
    background = "getComputedStyle(page.documentElement).backgroundColor"
    navigation = "getComputedStyle(page.querySelector('.site-nav')).display"
    editor.wait_for_function(DRAWN)
    light = inside(editor, background)
    assert inside(editor, navigation) != "none"

    choose(editor, "Dark")
    dark = inside(editor, background)
    assert dark != light
    filtered = "getComputedStyle(page.querySelector('.figure img')).filter"
    assert "brightness" in inside(editor, filtered)

    choose(editor, "Print")
    editor.wait_for_function(
        "() => getComputedStyle(document.querySelector('[data-beside-window] iframe')"
        ".contentDocument.querySelector('.site-nav')).display === 'none'"
    )
    assert inside(editor, filtered) == "none"

    choose(editor, "Light")
    editor.wait_for_function(DRAWN)
    assert inside(editor, background) == light
    assert inside(editor, navigation) != "none"


def test_a_page_redrawn_keeps_its_look(editor: Page, article: Article):
    shown = open_beside(editor, desk.address(article))
    choose(editor, "Dark")
    dark = inside(editor, "getComputedStyle(page.documentElement).backgroundColor")
    editor.get_by_label("Title", exact=True).fill("Anew")
    expect(shown.get_by_role("heading", level=1)).to_have_text("Anew")
    assert inside(editor, "getComputedStyle(page.documentElement).backgroundColor") == dark


def test_all_of_it_by_keyboard(editor: Page, article: Article):
    editor.goto(desk.address(article))
    toggle = editor.get_by_role("button", name="Preview beside")
    toggle.focus()
    editor.keyboard.press("Enter")
    expect(toggle).to_have_attribute("aria-expanded", "true")
    expect(editor.get_by_role("complementary", name="Preview")).to_be_visible()

    editor.get_by_role("radio", name="Desk").focus()
    editor.keyboard.press("ArrowLeft")
    expect(editor.get_by_role("radio", name="Tablet")).to_be_checked()
    assert inside(editor, "page.defaultView.innerWidth") == 820
    editor.keyboard.press("Tab")
    editor.keyboard.press("ArrowRight")
    expect(editor.get_by_role("radio", name="Dark")).to_be_checked()

    editor.get_by_role("button", name="Hide the preview").focus()
    editor.keyboard.press("Enter")
    expect(editor.get_by_role("complementary", name="Preview")).to_be_hidden()
    expect(toggle).to_be_focused()


def test_this_browser_remembers_what_was_chosen(editor: Page, article: Article):
    open_beside(editor, desk.address(article))
    choose(editor, "Phone")
    choose(editor, "Dark")
    editor.reload()

    expect(editor.get_by_role("complementary", name="Preview")).to_be_visible()
    expect(editor.get_by_role("radio", name="Phone")).to_be_checked()
    expect(editor.get_by_role("radio", name="Dark")).to_be_checked()
    event = article.events.first()
    editor.goto(f"/admin/timeline/event/{event.pk}/change/")
    expect(editor.get_by_role("complementary", name="Preview")).to_be_visible()


def test_what_cannot_be_shown_is_said(editor: Page, article: Article):
    event = build.event(article, title="The note", date="1917-12-06")
    record(article, by=None)
    shown = open_beside(editor, f"/admin/timeline/event/{event.pk}/change/?from=article")
    expect(shown.get_by_text("The note")).to_be_in_viewport()

    editor.get_by_label("Date", exact=True).fill("someday")
    editor.get_by_label("Title", exact=True).fill("The second note")

    aside = editor.get_by_role("complementary", name="Preview")
    expect(aside.get_by_text("“Date” of “The note”:")).to_be_visible()
    expect(shown.get_by_text("The second note")).to_be_in_viewport()


def test_the_checks_follow_and_lead_to_the_field(editor: Page, article: Article):
    open_beside(editor, desk.address(article))
    editor.get_by_label("Question", exact=True).fill("")
    editor.get_by_role("tab", name="Key facts").click()

    editor.get_by_role("button", name="1 to mend").click()
    editor.get_by_role("link", name="Say which question the article answers.").click()

    expect(editor.get_by_label("Question", exact=True)).to_be_focused()
    editor.get_by_label("Question", exact=True).fill("Was it?")
    expect(editor.get_by_role("button", name="to mend")).to_have_count(0)


def test_the_checks_are_counted_while_the_preview_is_hidden(editor: Page, article: Article):
    editor.goto(desk.address(article))
    expect(editor.get_by_role("complementary", name="Preview")).to_be_hidden()
    editor.get_by_label("Question", exact=True).fill("")
    expect(editor.get_by_role("button", name="1 to mend")).to_be_visible()


def test_links_and_forms_of_the_page_lead_nowhere(editor: Page, article: Article):
    shown = open_beside(editor, desk.address(article))
    shown.get_by_role("link", name="Timeline").first.click()
    expect(shown.get_by_role("heading", level=1)).to_have_text("Was it ever severed?")
    assert editor.url.endswith(desk.address(article))


def test_a_session_that_ended_is_said_and_nothing_is_lost(editor: Page, article: Article, problems):
    open_beside(editor, desk.address(article))
    problems.expect("beside")
    problems.expect("autosave")
    editor.context.clear_cookies()
    editor.get_by_label("Title", exact=True).fill("Still here")

    expect(editor.get_by_text("The preview stopped: your session may have ended.")).to_be_visible()
    expect(editor.get_by_label("Title", exact=True)).to_have_value("Still here")


@pytest.mark.parametrize("width", [768, 1280, 1600])
def test_axe_finds_nothing_with_the_preview_open(editor: Page, article: Article, width: int):
    editor.set_viewport_size({"width": width, "height": 900})
    editor.goto(desk.address(article))
    toggle = editor.get_by_role("button", name="Preview beside")
    if toggle.get_attribute("aria-expanded") == "false":
        toggle.click()
    editor.locator("[data-beside-checks]").evaluate("one => { one.open = true; }")
    expect(editor.get_by_text("Shown as typed")).to_be_visible()
    assert violations(editor, without=("[data-beside-window] iframe",)) == []
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert editor.evaluate(overflow) <= 0


@pytest.mark.parametrize(
    "address",
    ["/admin/articles/article/coming/", "/admin/articles/checklevel/", "checks", "publish", "end"],
)
def test_axe_finds_nothing_on_the_pages_of_publishing(editor: Page, article: Article, address: str):
    build.published(article)
    build.fact(article, value="No source.", as_of=None)
    record(article, by=None)
    given = {
        "end": lambda: desk.address(article, "end", article.publications.get().pk),
        "checks": lambda: desk.address(article, "checks"),
        "publish": lambda: desk.address(article, "publish"),
    }
    editor.goto(given[address]() if address in given else address)
    assert violations(editor) == []


def test_without_scripts_there_are_links_instead(
    page_without_scripts: Page, article: Article, live_server
):
    page = page_without_scripts
    log_in(page)
    page.goto(desk.address(article))
    expect(page.get_by_role("button", name="Preview beside")).to_have_count(0)
    expect(page.get_by_role("complementary", name="Preview")).to_be_hidden()
    page.get_by_role("link", name="Checks").first.click()
    expect(page.get_by_role("heading", name="Checks", level=1)).to_be_visible()
