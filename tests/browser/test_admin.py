"""The desk in a real browser: writing, ordering, citing, publishing, and losing nothing."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from articles.models import Article
from articles.recording import record
from tests import build, desk
from tests.browser.axe import COLOURS, violations
from tests.browser.logging_in import log_in_as

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def article() -> Article:
    made = build.full_article(title="Was it ever severed?")
    record(made, by=None)
    return made


def log_in(page: Page) -> None:
    """Log in as somebody who may do everything."""
    log_in_as(page, build.user("chief", is_superuser=True))


@pytest.fixture
def editor(page: Page) -> Page:
    log_in(page)
    return page


def save(page: Page) -> None:
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved as revision")).to_be_visible()


def test_an_article_from_nothing_to_readers(editor: Page):
    build.person(name="The Moscow desk")
    build.source(key="state-2016", title="U.S. Relations With Russia")
    editor.goto(desk.ARTICLES)
    editor.get_by_title("Add article").click()
    editor.get_by_label("Title").fill("Was it ever severed?")
    editor.get_by_label("Question", exact=True).fill("Was diplomacy ever severed?")
    editor.get_by_label("Short answer").fill("Never formally.")
    editor.get_by_label("Summary").fill("It was interrupted once.")
    editor.get_by_role("tab", name="Bylines").click()
    editor.get_by_label("The Moscow desk").check()
    editor.get_by_role("tab", name="Sections").click()
    editor.get_by_role("button", name="Add section").click()
    section = editor.get_by_role("tabpanel", name="Sections")
    section.get_by_label("Heading").fill("What stopped in 1917")
    section.get_by_label("Text", exact=True).fill("Contact was barred.")
    section.get_by_label("Text", exact=True).press("End")
    section.get_by_role("button", name="Cite a source").click()
    editor.get_by_role("combobox", name="Search").fill("relations")
    expect(editor.get_by_text("1 found.")).to_be_visible()
    editor.keyboard.press("Enter")
    expect(section.get_by_label("Text", exact=True)).to_have_value(
        "Contact was barred.[@state-2016]"
    )

    editor.get_by_role("button", name="Publish…").click()
    editor.get_by_label("What changed").fill("First published.")
    editor.get_by_role("button", name="Publish now").click()
    expect(editor.get_by_text("Readers see version 1 now.")).to_be_visible()

    with editor.expect_popup() as opened:
        editor.get_by_role("link", name="View on site").click()
    page = opened.value
    expect(page.get_by_role("heading", name="Was it ever severed?", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="What stopped in 1917")).to_be_visible()
    expect(page.get_by_role("region", name="Sources")).to_contain_text("U.S. Relations With Russia")


def test_publishing_leads_to_the_very_field_that_is_missing(editor: Page, article: Article):
    section = build.section(article, heading="Empty", body="")
    record(article, by=None)
    editor.goto(desk.address(article, "publish"))

    editor.get_by_role("link", name="“Empty” has no text.").click()

    expect(editor.get_by_role("tab", name="Sections")).to_have_attribute("aria-selected", "true")
    body = editor.locator(f"#row-{section.uid}-body textarea")
    expect(body).to_be_focused()
    expect(body).to_be_in_viewport()


def test_rows_are_ordered_by_keyboard(editor: Page):
    article = Article.objects.create(title="Ordered")
    for name in ("First", "Second", "Third"):
        build.fact(article, characteristic=name)
    record(article, by=None)
    editor.goto(desk.address(article) + "#tab-facts")
    up = editor.get_by_role("button", name="Up: Third")
    up.focus()

    editor.keyboard.press("Enter")
    editor.keyboard.press("Enter")

    expect(up).to_be_focused()
    expect(up).to_have_attribute("aria-disabled", "true")
    expect(editor.get_by_text("Third is number 1 of 3 now.")).to_be_attached()
    expect(editor.get_by_text("Not saved yet.")).to_be_visible()
    editor.get_by_role("button", name="Add fact").click()
    editor.keyboard.type("Fourth")
    save(editor)
    assert list(article.facts.values_list("characteristic", flat=True)) == [
        "Third",
        "First",
        "Second",
        "Fourth",
    ]


def test_questions_are_ordered_in_their_list(editor: Page):
    article = build.article()
    first, second = build.question(article), build.question(article)
    record(article, by=None)
    editor.goto(desk.address(article) + "#tab-faq")

    editor.get_by_role("button", name=f"Up: {second.question}").click()
    save(editor)

    assert list(article.questions.all()) == [second, first]


def test_a_row_that_was_added_has_its_preview_and_can_be_taken_back(editor: Page, article: Article):
    editor.goto(desk.address(article) + "#tab-facts")
    editor.get_by_role("button", name="Add fact").click()
    row = editor.locator("[data-row].is-new")
    row.get_by_label("Value").fill("**Never** severed, <img src=x onerror=alert(1)>")

    shown = row.frame_locator("iframe").locator("[data-preview]")
    expect(shown.locator("strong")).to_have_text("Never")
    expect(shown.locator("img")).to_have_count(0)

    row.get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)
    save(editor)
    assert article.facts.count() == 2


def test_the_tab_key_moves_on_and_what_a_tool_did_can_be_undone(editor: Page, article: Article):
    editor.goto(desk.address(article) + "#tab-facts")
    text = editor.get_by_label("Value").first
    text.fill("A value")
    text.select_text()

    editor.keyboard.press("Control+b")
    expect(text).to_have_value("**A value**")
    editor.keyboard.press("Control+z")
    expect(text).to_have_value("A value")

    editor.keyboard.press("Tab")
    expect(text).not_to_be_focused()
    expect(text).to_have_value("A value")


def test_a_field_in_a_tab_that_is_opened_later_has_its_size_and_preview(
    editor: Page, article: Article
):
    long = "\n\n".join(f"Paragraph {number}." for number in range(12))
    article.sections.update(body=long)
    editor.goto(desk.address(article))
    editor.get_by_role("tab", name="Sections").click()
    row = editor.get_by_role("tabpanel", name="Sections").locator("[data-row]").first
    row.get_by_text("Write", exact=True).click()

    text = row.get_by_label("Text", exact=True)
    assert text.evaluate("text => text.scrollHeight - text.clientHeight") < 2
    expect(row.frame_locator("iframe").get_by_text("Paragraph 11.")).to_be_visible()
    assert row.locator("iframe").evaluate("frame => frame.clientHeight") > 300


def test_a_new_source_is_added_and_cited_without_leaving(editor: Page, article: Article):
    editor.goto(desk.address(article) + "#tab-facts")
    text = editor.get_by_label("Value").first
    text.fill("A value.")
    text.press("End")
    editor.get_by_role("button", name="Cite a source").first.click()
    editor.get_by_role("button", name="New source").click()
    form = editor.frame_locator("iframe[title='New source']")
    form.get_by_label("Title").fill("A report of 2026")
    form.get_by_role("button", name="Save", exact=True).click()

    expect(text).to_have_value("A value.[@a-report-of-2026]")
    expect(text).to_be_focused()


def test_a_picture_is_chosen_from_the_library(editor: Page, article: Article):
    image = build.image("crimson", alt="A crimson field")
    editor.goto(desk.address(article))
    editor.get_by_role("button", name="Change image…").click()
    editor.get_by_role("combobox", name="Search").fill("crimson")
    expect(editor.get_by_text("1 found.")).to_be_visible()
    editor.get_by_role("option", name="A crimson field").click()
    expect(editor.get_by_role("link", name="A crimson field")).to_be_visible()
    save(editor)

    article.refresh_from_db()
    assert article.image == image


def test_a_dialog_is_left_with_escape_and_changes_nothing(editor: Page, article: Article):
    editor.goto(desk.address(article))
    button = editor.get_by_role("button", name="Change image…")
    button.click()
    editor.keyboard.press("Escape")

    expect(editor.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()
    before = article.image
    save(editor)
    article.refresh_from_db()
    assert article.image == before


def test_leaving_with_something_unsaved_is_warned_of_where_nothing_keeps_it(editor: Page):
    source = build.source()
    editor.goto(f"/admin/library/source/{source.pk}/change/")
    editor.get_by_label("Publisher").fill("Typed and not saved.")
    asked = []
    editor.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))

    editor.get_by_role("link", name="The desk", exact=True).click()

    expect(editor.get_by_label("Publisher")).to_have_value("Typed and not saved.")
    assert asked == ["beforeunload"]


def test_a_preview_shows_what_is_on_the_screen(editor: Page, article: Article):
    editor.goto(desk.address(article))
    editor.get_by_label("Short answer").fill("Typed just now.")

    with editor.expect_popup() as opened:
        editor.get_by_role("link", name="Preview").click()

    expect(opened.value.get_by_text("Typed just now.")).to_be_visible()
    expect(opened.value.get_by_text("Draft, revision 2.")).to_be_visible()
    expect(editor.get_by_text("Saved as revision 2.")).to_be_visible()


def test_what_was_typed_into_the_library_outlives_the_session(editor: Page):
    source = build.source()
    editor.goto(f"/admin/library/source/{source.pk}/change/")
    editor.get_by_label("Publisher").fill("Typed while the session ended.")
    editor.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    editor.get_by_role("button", name="Save", exact=True).click()
    editor.get_by_label("Username").fill("chief")
    editor.get_by_label("Password").fill("secret")
    editor.get_by_role("button", name="Log in").click()

    expect(editor.get_by_text("This browser kept what was typed here")).to_be_visible()
    editor.get_by_role("button", name="Bring it back").click()
    editor.get_by_role("button", name="Save and continue editing").click()
    expect(editor.locator(".desk-messages")).to_be_visible()
    source.refresh_from_db()
    assert source.publisher == "Typed while the session ended."
    expect(editor.get_by_text("This browser kept")).to_have_count(0)


def test_what_was_typed_over_a_colleagues_save_is_shown_and_not_put_back(editor: Page):
    source = build.source(title="As it was")
    editor.goto(f"/admin/library/source/{source.pk}/change/")
    editor.get_by_label("Publisher").fill("Typed before the lid was closed.")
    key = "Object.keys(localStorage).some(key => key.startsWith('desk:kept:'))"
    editor.wait_for_function(key)
    source.title = "Changed by a colleague"
    source.save()
    editor.once("dialog", lambda dialog: dialog.accept())
    editor.reload()

    editor.get_by_role("button", name="Show it").click()

    expect(editor.get_by_label("publisher", exact=True)).to_have_value(
        "Typed before the lid was closed."
    )
    expect(editor.locator("#id_title")).to_have_value("Changed by a colleague")


def test_moments_are_those_of_the_browsers_own_time_zone(
    new_page: Callable[..., Page], article: Article
):
    page = new_page(timezone_id="Europe/Berlin")
    log_in(page)
    page.goto("/admin/")  # where the browser tells its zone
    page.goto(desk.address(article, "schedule"))
    page.get_by_label("Goes live at").fill("2099-07-01T09:00")
    expect(page.get_by_text("Europe/Berlin").first).to_be_visible()
    expect(page.get_by_text("= 2099-07-01 07:00 UTC")).to_be_visible()


def test_how_a_date_is_read_is_said_while_it_is_typed(editor: Page, article: Article):
    event = article.events.first()
    editor.goto(f"/admin/timeline/event/{event.pk}/change/")
    editor.get_by_label("Date", exact=True).fill("c. 1917")
    expect(editor.get_by_text(re.compile("Read as: .*1917"))).to_be_visible()


def test_writing_and_publishing_without_scripts(page_without_scripts: Page):
    page = page_without_scripts
    log_in(page)
    person = build.person(name="The Moscow desk")
    page.goto(desk.ARTICLES + "add/")
    page.get_by_label("Title").fill("Without scripts")
    page.get_by_label("Question", exact=True).fill("Does it work?")
    page.get_by_label("Short answer").fill("Yes.")
    page.get_by_label("Summary").fill("All of it.")
    page.get_by_label(person.name).check()
    page.locator("[name=sections-0-heading]").fill("First")
    page.locator("[name=sections-0-body]").fill("Plain text.")
    page.get_by_role("button", name="Save draft").click()
    page.locator("[name=sections-1-heading]").fill("Second, put first")
    page.locator("[name=sections-1-body]").fill("More text.")
    page.locator("[name=sections-1-position]").fill("1")
    page.locator("[name=sections-0-position]").fill("2")
    page.get_by_role("button", name="Publish…").click()
    page.get_by_label("What changed").fill("First published.")
    page.get_by_role("button", name="Publish now").click()

    expect(page.get_by_text("Readers see version 1 now.")).to_be_visible()
    rows = Article.objects.get().publications.get().revision.document["parts"]["sections"]["rows"]
    assert [row["heading"] for row in rows] == ["Second, put first", "First"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_the_articles_form(
    new_page: Callable[..., Page], article: Article, scheme: str
):
    page = new_page(viewport={"width": 1440, "height": 900}, color_scheme=scheme)
    log_in(page)
    page.goto(desk.address(article))
    # What does not hang on colours is the same in both.
    rules = COLOURS if scheme == "dark" else ()
    for tab in page.get_by_role("tab").all():
        tab.click()
        closed = page.locator("details.desk-row-body:not([open]) > summary:visible")
        while closed.count():
            closed.first.click()
        assert violations(page, within="[role=tabpanel]:not([hidden])", only=rules) == [], (
            tab.inner_text()
        )
    assert violations(page, only=rules) == []
    page.get_by_role("tab", name="Key facts").click()
    page.get_by_role("button", name="Cite a source").first.click()
    expect(page.get_by_text("found.").first).to_be_visible()
    assert violations(page, within="dialog[open]", only=rules) == []


def test_axe_finds_nothing_wrong_with_the_page_to_log_in(page: Page):
    page.goto("/admin/login/")
    assert violations(page) == []
