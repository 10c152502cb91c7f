"""Keys of the desk: what they do, that they can be switched off, and that no field is a trap."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article
from articles.recording import record
from tests import build, desk
from tests.browser.axe import violations
from tests.browser.test_admin import log_in

pytestmark = pytest.mark.django_db(transaction=True)

OTHER_LIST = "/admin/library/source/"


@pytest.fixture
def article() -> Article:
    made = build.article("severed", title="Was it ever severed?")
    made.facts.all().delete()
    for name in ("First", "Second", "Third"):
        build.fact(made, characteristic=name)
    record(made, by=None)
    return made


@pytest.fixture
def editor(page: Page) -> Page:
    log_in(page)
    return page


def order(page: Page) -> list[str]:
    """Return the names of the facts as they stand on the page."""
    return (
        page.get_by_role("tabpanel", name="Key facts")
        .locator("[data-order-name]")
        .all_inner_texts()
    )


def open_facts(page: Page, article: Article) -> None:
    page.goto(desk.address(article) + "#tab-facts")
    expect(page.get_by_role("button", name="Up: Third")).to_be_visible()


# The list of keys


def test_a_question_mark_lists_the_keys_that_work_here(editor: Page, article: Article):
    editor.goto(OTHER_LIST)
    editor.keyboard.press("?")
    dialog = editor.get_by_role("dialog", name="Keys")
    expect(dialog.get_by_text("Search everything")).to_be_visible()
    expect(dialog.get_by_text("Next part of the article")).to_be_hidden()
    assert violations(editor) == []
    editor.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    open_facts(editor, article)
    editor.locator("#content").evaluate("element => element.focus()")
    editor.keyboard.press("?")
    expect(dialog.get_by_text("Next part of the article")).to_be_visible()
    expect(dialog.get_by_text("Move the row in which the focus is")).to_be_visible()


def test_a_question_mark_that_is_typed_stays_a_question_mark(editor: Page, article: Article):
    editor.goto(desk.address(article))
    field = editor.get_by_label("Question", exact=True)
    field.fill("Why")
    field.press("End")
    editor.keyboard.type("?/")

    expect(field).to_have_value("Why?/")
    expect(editor.get_by_role("dialog")).to_have_count(0)


def test_the_keys_can_be_switched_off_and_on(editor: Page):
    editor.goto(OTHER_LIST)
    editor.get_by_role("button", name="Keys").click()
    editor.get_by_label("Use these keys in this browser").uncheck()
    editor.get_by_role("button", name="Close").click()
    for key in ("?", "/", "Control+k"):
        editor.keyboard.press(key)
    expect(editor.get_by_role("dialog")).to_have_count(0)
    editor.reload()
    editor.keyboard.press("?")
    expect(editor.get_by_role("dialog")).to_have_count(0)

    editor.get_by_role("button", name="Keys").click()
    editor.get_by_label("Use these keys in this browser").check()
    editor.get_by_role("button", name="Close").click()
    editor.keyboard.press("?")
    expect(editor.get_by_role("dialog", name="Keys")).to_be_visible()


# Searching


def test_a_list_is_searched_with_a_slash(editor: Page):
    build.source(title="Severed ties")
    editor.goto(OTHER_LIST)
    editor.keyboard.press("/")
    expect(editor.locator("#searchbar")).to_be_focused()


def test_anything_is_found_from_anywhere_by_keyboard(editor: Page, article: Article):
    editor.goto(OTHER_LIST)
    editor.keyboard.press("Control+k")
    expect(editor.get_by_role("combobox", name="Words")).to_be_focused()
    editor.keyboard.type("first")
    expect(editor.get_by_text("1 found.")).to_be_visible()
    expect(editor.get_by_role("option", name="First")).to_have_attribute("aria-selected", "true")
    assert violations(editor) == []
    editor.keyboard.press("Enter")

    fact = article.facts.get(characteristic="First")
    editor.wait_for_url(re.compile(f"#row-{fact.uid}"))
    expect(editor.get_by_role("tab", name="Key facts")).to_have_attribute("aria-selected", "true")


def test_the_arrow_keys_go_through_what_was_found(editor: Page, article: Article):
    build.source(title="Severed ties")
    editor.goto(OTHER_LIST)
    editor.keyboard.press("Control+k")
    editor.keyboard.type("severed")
    expect(editor.get_by_text("2 found.")).to_be_visible()
    editor.keyboard.press("ArrowDown")
    expect(editor.get_by_role("option", name="Severed ties")).to_have_attribute(
        "aria-selected", "true"
    )
    editor.keyboard.press("ArrowDown")
    expect(editor.get_by_role("option", name="Was it ever severed?")).to_have_attribute(
        "aria-selected", "true"
    )
    editor.keyboard.press("Escape")
    expect(editor.get_by_role("dialog")).to_have_count(0)


def test_in_a_text_the_key_links_selected_words_and_searches_without_any(
    editor: Page, article: Article
):
    open_facts(editor, article)
    text = editor.get_by_label("Value").first
    text.fill("words")
    text.select_text()
    editor.keyboard.press("Control+k")
    expect(text).to_have_value("[words](https://)")
    expect(editor.get_by_role("dialog")).to_have_count(0)

    text.press("End")
    editor.keyboard.press("Control+k")
    expect(editor.get_by_role("dialog", name="Search everything")).to_be_visible()
    expect(text).to_have_value("[words](https://)")


# Saving, previewing, publishing


def test_saving_previewing_and_publishing_by_keyboard(editor: Page, article: Article):
    editor.goto(desk.address(article))
    editor.get_by_label("Short answer").fill("Typed just now.")
    editor.keyboard.press("Control+s")
    expect(editor.get_by_text("Saved as revision 2.")).to_be_visible()

    with editor.expect_popup() as opened:
        editor.keyboard.press("Control+p")
    expect(opened.value.get_by_text("Typed just now.")).to_be_visible()
    opened.value.close()

    editor.get_by_label("Short answer").fill("Typed since.")
    editor.keyboard.press("Control+Enter")
    expect(editor.get_by_label("What changed")).to_be_visible()
    article.refresh_from_db()
    assert article.short_answer == "Typed since."
    assert not article.publications.exists()


def test_a_library_row_is_saved_by_keyboard(editor: Page):
    source = build.source(title="Old title")
    editor.goto(f"{OTHER_LIST}{source.pk}/change/")
    editor.get_by_label("Title").fill("New title")
    editor.keyboard.press("Control+s")
    expect(editor.get_by_text("was changed successfully")).to_be_visible()
    source.refresh_from_db()
    assert source.title == "New title"


# From part to part, from place to place


def test_parts_are_gone_through_by_keyboard(editor: Page, article: Article):
    editor.goto(desk.address(article))
    editor.get_by_label("Summary").focus()
    names = [tab.inner_text() for tab in editor.get_by_role("tab").all()]

    for name in [*names[1:], names[0]]:
        editor.keyboard.press("Alt+PageDown")
        expect(editor.locator("[role=tab][aria-selected=true]")).to_have_text(name)
    editor.keyboard.press("Alt+PageUp")
    expect(editor.locator("[role=tab][aria-selected=true]")).to_have_text(names[-1])


def test_a_row_is_moved_with_alt_and_the_arrow_keys(editor: Page, article: Article):
    open_facts(editor, article)
    field = editor.get_by_label("Characteristic").nth(2)
    field.focus()
    editor.keyboard.press("Alt+ArrowUp")

    assert order(editor) == ["First", "Third", "Second"]
    expect(editor.get_by_text("Third is number 2 of 3 now.")).to_be_attached()
    expect(editor.get_by_text("Not saved yet.")).to_be_visible()
    assert editor.evaluate("document.activeElement.value") == "Third"
    editor.keyboard.press("Control+s")
    expect(editor.get_by_text("Saved as revision")).to_be_visible()
    assert list(article.facts.values_list("characteristic", flat=True)) == [
        "First",
        "Third",
        "Second",
    ]


def test_no_field_of_the_form_keeps_the_focus(editor: Page, article: Article):
    """The Tab key alone leads from the top of the form through every field to its last button."""
    open_facts(editor, article)
    editor.locator("#content").evaluate("element => element.focus()")
    last = editor.get_by_role("link", name="Close", exact=True)
    is_there = "element => element === document.activeElement"
    for _ in range(150):
        editor.keyboard.press("Tab")
        if last.evaluate(is_there):
            break
    expect(last).to_be_focused()
    editor.keyboard.press("Shift+Tab")
    expect(last).not_to_be_focused()


# Dragging


def grip(page: Page, name: str):
    row = page.locator("[data-order-item]").filter(has=page.get_by_text(name, exact=True))
    return row.locator(".desk-grip")


def centre(box: dict) -> tuple[float, float]:
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_row_is_dragged_to_another_place(editor: Page, article: Article):
    open_facts(editor, article)
    editor.mouse.move(*centre(grip(editor, "First").bounding_box()))
    editor.mouse.down()
    last = editor.locator("[data-order-item]:visible").filter(has_text="Third")
    x, _y = centre(grip(editor, "First").bounding_box())
    box = last.bounding_box()
    editor.mouse.move(x, box["y"] + box["height"] + 4, steps=12)
    assert order(editor) == ["Second", "Third", "First"]
    editor.mouse.up()

    expect(editor.get_by_text("First is number 3 of 3 now.")).to_be_attached()
    expect(editor.get_by_text("Not saved yet.")).to_be_visible()
    editor.keyboard.press("Control+s")
    expect(editor.get_by_text("Saved as revision")).to_be_visible()
    assert list(article.facts.values_list("characteristic", flat=True)) == [
        "Second",
        "Third",
        "First",
    ]


def test_escape_puts_a_dragged_row_back(editor: Page, article: Article):
    open_facts(editor, article)
    editor.mouse.move(*centre(grip(editor, "First").bounding_box()))
    editor.mouse.down()
    x, y = centre(grip(editor, "First").bounding_box())
    editor.mouse.move(x, y + 120, steps=8)
    assert order(editor) != ["First", "Second", "Third"]

    editor.keyboard.press("Escape")
    editor.mouse.up()

    assert order(editor) == ["First", "Second", "Third"]
    expect(editor.get_by_text("First was put back.")).to_be_attached()
    expect(editor.get_by_text("Not saved yet.")).to_have_count(0)


def test_a_finger_drags_in_a_compact_list_and_the_page_scrolls_along(
    new_page: Callable[..., Page], article: Article
):
    questions = [build.question(article, question=f"Question {n:02}?") for n in range(30)]
    record(article, by=None)
    page = new_page(viewport={"width": 820, "height": 600}, has_touch=True)
    log_in(page)
    page.goto(desk.address(article) + "#tab-faq")
    handle = grip(page, questions[0].question)
    expect(handle).to_be_visible()
    handle.scroll_into_view_if_needed()
    x, y = centre(handle.bounding_box())
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        places = [{"x": px, "y": py, "id": 1} for px, py in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    before = page.evaluate("scrollY")
    send("touchStart", (x, y))
    for step in range(1, 11):
        send("touchMove", (x, y + (590 - y) * step / 10))
    page.wait_for_function("before => scrollY > before + 200", arg=before)
    send("touchEnd")

    expect(
        page.get_by_text(re.compile(r"Question 00\? is number \d+ of 30 now\."))
    ).to_be_attached()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved as revision")).to_be_visible()
    assert article.questions.order_by("position").first() != questions[0]
