"""History, comparing, republishing, merging and copying in a real browser, with axe."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from articles.addressing import change_slug
from articles.models import Article
from articles.recording import record
from tests import build, desk
from tests.browser.axe import violations
from tests.browser.test_admin import log_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def editor(page: Page) -> Page:
    log_in(page)
    return page


@pytest.fixture
def article() -> Article:
    made = build.full_article(title="Was it ever severed?")
    record(made, by=None)
    section = made.sections.exclude(image=None).get()
    section.image, section.body = build.image("gold"), "Another text.\n\nOf two paragraphs."
    section.save()
    record(made, by=None)
    made.title = "Was it ever broken?"
    made.save()
    record(made, by=None)
    return made


def test_two_revisions_are_chosen_by_keyboard(editor: Page, article: Article):
    editor.goto(desk.address(article, "history"))
    older = editor.get_by_role("radio", name="Revision 2 is the older")
    expect(older).to_be_checked()
    older.focus()
    editor.keyboard.press("ArrowDown")
    expect(editor.get_by_role("radio", name="Revision 1 is the older")).to_be_checked()
    newer = editor.get_by_role("radio", name="Revision 3 is the newer")
    expect(newer).to_be_checked()
    editor.get_by_role("button", name="Compare side by side").focus()
    editor.keyboard.press("Enter")

    expect(editor.get_by_text("Revision 3 against revision 1")).to_be_visible()
    row = editor.get_by_role("row", name="Was it ever severed? Was it ever broken?")
    expect(row.locator("del")).to_have_text("severed")
    expect(row.locator("ins")).to_have_text("broken")
    editor.get_by_role("link", name="In one text").press("Enter")
    expect(editor.locator("dd", has_text="Was it ever")).to_be_visible()


def test_side_by_side_fits_a_narrow_window(new_page: Callable[..., Page], article: Article):
    page = new_page(viewport={"width": 768, "height": 1024})
    log_in(page)
    for url in (
        desk.address(article, "history"),
        desk.address(article, "compare_two") + "?old=1&new=3&view=beside",
    ):
        page.goto(url)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 768, (url, width)
    for picture in page.locator("img.desk-compared").all():
        assert picture.evaluate("one => one.complete && one.naturalWidth > 0")


def test_all_of_it_works_without_scripts(page_without_scripts: Page, article: Article):
    page = page_without_scripts
    build.user("chief", is_superuser=True)
    other = build.article(title="Another article")
    page.goto("/admin/login/")
    page.get_by_label("Username").fill("chief")
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Log in").click()
    page.goto(desk.address(article, "history"))
    page.get_by_role("radio", name="Revision 1 is the older").check()
    page.get_by_role("button", name="Compare in one text").click()
    expect(page.get_by_text("Revision 3 against revision 1")).to_be_visible()

    page.goto(desk.address(article))
    page.locator("#tab-sections").get_by_role("link", name="Copy to…").first.click()
    page.get_by_label("Copy to").fill(str(other.pk))
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_text("Copied to “Another article”")).to_be_visible()


def test_a_section_is_copied_with_the_picker(editor: Page, article: Article):
    other = build.article(title="Another article")
    editor.goto(desk.address(article) + "#tab-sections")
    panel = editor.get_by_role("tabpanel", name="Sections")
    panel.get_by_role("link", name="Copy to…").first.click()
    editor.get_by_role("button", name="Choose article…").click()
    editor.get_by_role("combobox", name="Search").fill("Another")
    expect(editor.get_by_text("1 found.")).to_be_visible()
    editor.keyboard.press("Enter")
    editor.get_by_role("button", name="Copy", exact=True).click()

    expect(editor.get_by_text("Copied to “Another article”")).to_be_visible()
    assert other.sections.count() == 2


def test_a_source_is_merged_and_the_live_page_published_again(editor: Page):
    merged, kept = build.source(title="A report"), build.source(title="The same report")
    article = build.article(title="Was it ever severed?")
    build.section(article, body=f"Cited.[@{merged.key}]")
    build.published(article)
    editor.goto(f"/admin/library/source/{merged.pk}/change/")
    editor.get_by_role("link", name="Merge into another…").click()
    editor.get_by_role("button", name="Choose source…").click()
    editor.get_by_role("combobox", name="Search").fill("The same report")
    expect(editor.get_by_text("1 found.")).to_be_visible()
    editor.keyboard.press("Enter")
    editor.get_by_role("button", name="Show what will change").click()
    expect(editor.get_by_text("1 draft will be recorded anew")).to_be_visible()
    assert violations(editor) == []
    editor.get_by_role("button", name="Merge “A report” into “The same report”").click()
    expect(editor.get_by_role("heading", name="Publish live pages again")).to_be_visible()
    assert violations(editor) == []
    editor.get_by_role("button", name="Publish again").click()
    expect(editor.get_by_text("Published again from its live text")).to_be_visible()

    live = article.publications.live().get()
    assert [source["uid"] for source in live.revision.document["sources"]] == [str(kept.uid)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_new_pages(
    new_page: Callable[..., Page], article: Article, scheme: str
):
    page = new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    log_in(page)
    change_slug(article, "new-words", by=None)
    change_slug(article, "newer-words", by=None)
    section = article.sections.first()
    copying = reverse("admin:articles_article_copy", args=["sections"])
    for url in (
        desk.address(article, "history"),
        desk.address(article, "compare_two") + "?old=1&new=3&view=beside",
        desk.address(article, "compare_two") + "?old=1&new=3&view=inline",
        desk.address(article, "name", 1),
        desk.address(article, "address"),
        f"{copying}?row={section.uid}",
        f"/admin/library/source/{build.source().pk}/change/",
    ):
        page.goto(url)
        assert violations(page) == [], url
