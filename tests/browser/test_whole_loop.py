"""The whole loop: written from nothing, previewed, published, read, commented, approved, seen.

Once in a browser that runs scripts, and once in one that does not, for editor and reader alike.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import build

TITLE = "The telegram that was answered late"
ADDRESS = "/articles/the-telegram-that-was-answered-late/"


@pytest.mark.every_database
@pytest.mark.parametrize("runs_scripts", [True, False], ids=["with scripts", "without"])
def test_from_an_empty_form_to_a_comment_on_the_page(
    new_page: Callable[..., Page], problems, runs_scripts: bool
):
    build.topic(name="Telegraphy", slug="telegraphy")
    build.person(name="History desk", slug="history-desk")
    build.editor("vera")
    window = {"viewport": {"width": 1280, "height": 900}, "java_script_enabled": runs_scripts}
    desk = Desk(new_page(**window), runs_scripts)
    reader = new_page(**window)

    desk.log_in("vera")
    desk.add_source("Office diary", key="office-diary")
    desk.begin(TITLE)
    desk.is_told_what_is_missing(
        "Say which question the article answers.", "#id_question", "Question"
    )
    desk.write_opening()
    desk.write_fact()
    desk.write_section_citing("office-diary", "Office diary")
    desk.choose_byline("History desk")
    desk.save()
    desk.add_event()
    desk.add_question()
    desk.previews()
    problems.expect("404")
    nobody_sees_it(reader)

    desk.publish("First published.")
    read(reader)
    say_it_helped(reader)
    leave_comment(reader)
    reader.goto(ADDRESS)
    expect(reader.get_by_text("Who carried it?")).to_have_count(0)

    desk.approve_what_waits()
    reader.goto(ADDRESS)
    comment = reader.get_by_role("region", name="Comments 1").get_by_role("listitem")
    expect(comment).to_contain_text("Ada")
    expect(comment).to_contain_text("Who carried it?")


class Desk:
    """What an editor does in the admin. Without scripts all tabs stand one below another."""

    def __init__(self, page: Page, runs_scripts: bool) -> None:
        self.page = page
        self.runs_scripts = runs_scripts

    def log_in(self, username: str) -> None:
        self.page.goto("/admin/")
        self.page.get_by_label("Username").fill(username)
        self.page.get_by_label("Password").fill("secret")
        self.page.get_by_role("button", name="Log in").click()

    def add_source(self, title: str, *, key: str) -> None:
        self.page.goto("/admin/library/source/add/")
        self.fill("Title", title)
        self.fill("Publisher", "The archive")
        self.fill("Address", "https://archive.example/diary")
        self.fill("Key", key)
        self.page.get_by_role("button", name="Save", exact=True).click()
        self.is_told("was added successfully")

    def begin(self, title: str) -> None:
        """Save a draft of nothing but a title."""
        self.page.goto("/admin/articles/article/add/")
        self.fill("Title", title)
        self.save()

    def is_told_what_is_missing(self, sentence: str, field: str, label: str) -> None:
        """Ask too early; each sentence leads to its field."""
        self.page.get_by_role("button", name="Publish…").click()
        expect(self.page.get_by_text("to mend before it can be published")).to_be_visible()
        expect(self.page.get_by_role("button", name="Publish now")).to_have_count(0)
        self.page.get_by_role("link", name=sentence).click()
        assert self.page.url.endswith(field)
        expect(self.page.get_by_label(label, exact=True)).to_be_in_viewport()
        if self.runs_scripts:
            expect(self.page.get_by_label(label, exact=True)).to_be_focused()

    def write_opening(self) -> None:
        self.fill("Question", "Was the telegram ever answered?")
        self.fill("Short answer", "Yes, eleven days late.")
        self.fill("Summary", "It lay in the wrong tray. Nobody was blamed.")
        self.page.get_by_label("Telegraphy").check()

    def write_fact(self) -> None:
        tab = self.open("Key facts")
        self.add_row(tab, "fact")
        tab.get_by_label("Characteristic").fill("Days waited")
        tab.get_by_label("As of").fill("2026-11-01")
        tab.get_by_label("Value").fill("Eleven.")

    def write_section_citing(self, key: str, title: str) -> None:
        tab = self.open("Sections")
        self.add_row(tab, "section")
        tab.get_by_label("Heading").fill("In the wrong tray")
        text = tab.get_by_label("Text", exact=True)
        text.fill("It arrived on a *Sunday*.")
        if not self.runs_scripts:
            text.fill(f"It arrived on a *Sunday*.[@{key}]")
            return
        tab.get_by_role("button", name="Cite a source").click()
        chooser = self.page.get_by_role("dialog", name="Cite a source")
        chooser.get_by_role("combobox").fill(title[:6])
        chooser.get_by_role("option", name=title).click()
        expect(text).to_have_value(f"It arrived on a *Sunday*.[@{key}]")
        shown = tab.frame_locator("iframe").last
        expect(shown.locator("em")).to_have_text("Sunday")

    def choose_byline(self, name: str) -> None:
        self.open("Bylines").get_by_label(name).check()

    def save(self) -> None:
        self.page.get_by_role("button", name="Save draft").click()
        self.is_told("Saved as revision")

    def add_event(self) -> None:
        self.open("Timeline").get_by_role("link", name="Add an event").click()
        self.fill("Date", "c. 1908")
        self.fill("Title", "The telegram arrives")
        self.fill("Text", "By the night train.")
        self.page.get_by_role("button", name="Save", exact=True).click()
        expect(self.open("Timeline")).to_contain_text("The telegram arrives")

    def add_question(self) -> None:
        self.open("Questions").get_by_role("link", name="Add a question").click()
        self.fill("Question", "Was anybody blamed?")
        self.fill("Answer", "Nobody was.")
        self.page.get_by_role("button", name="Save", exact=True).click()
        expect(self.open("Questions")).to_contain_text("Was anybody blamed?")

    def previews(self) -> None:
        """The real page, of the draft as saved, in a window of its own."""
        with self.page.context.expect_page() as opened:
            self.page.get_by_role("link", name="Preview", exact=True).click()
        preview = opened.value
        expect(preview.get_by_role("status")).to_contain_text("Only people who may edit can see it")
        see_the_article(preview)
        preview.close()

    def publish(self, change_note: str) -> None:
        self.page.get_by_role("button", name="Publish…").click()
        self.fill("What changed", change_note)
        self.page.get_by_role("button", name="Publish now").click()
        self.is_told("Readers see version 1 now")

    def approve_what_waits(self) -> None:
        self.page.goto("/admin/comments/comment/")
        self.page.get_by_role("link", name="Ada").click()
        self.page.get_by_role("button", name="Approve").click()
        self.is_told("approved")

    # What the steps share

    def fill(self, label: str, words: str) -> None:
        fields = self.page.get_by_label(label, exact=True)
        fields.or_(self.page.get_by_label(f"{label} required", exact=True)).first.fill(words)

    def open(self, tab: str):
        """Open a tab, or go to where it stands."""
        if self.runs_scripts:
            self.page.get_by_role("tab", name=tab).click()
            return self.page.get_by_role("tabpanel", name=tab)
        return self.page.get_by_role("region", name=tab)

    def add_row(self, tab, kind: str) -> None:
        """Without scripts an empty row stands there already."""
        if self.runs_scripts:
            tab.get_by_role("button", name=f"Add {kind}").click()

    def is_told(self, words: str) -> None:
        expect(self.page.get_by_role("status").filter(has_text=words)).to_be_visible()


# What a reader does


def nobody_sees_it(reader: Page) -> None:
    answer = reader.goto(ADDRESS)
    assert answer.status == 404


def read(reader: Page) -> None:
    reader.goto("/")
    reader.get_by_role("heading", name=TITLE).get_by_role("link").click()
    expect(reader).to_have_url(ADDRESS)
    see_the_article(reader)
    expect(reader.get_by_role("link", name="Telegraphy")).to_be_visible()
    expect(reader.locator("#history")).to_contain_text("First published.")


def see_the_article(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    for words in (
        "Was the telegram ever answered?",
        "Yes, eleven days late.",
        "It lay in the wrong tray. Nobody was blamed.",
        "In the wrong tray",
        "The telegram arrives",
        "Nobody was.",
    ):
        expect(page.get_by_text(words, exact=True).first).to_be_visible()
    expect(page.get_by_role("row", name="Days waited")).to_contain_text("Eleven.")
    expect(page.locator("#sources")).to_contain_text("Office diary")
    expect(page.get_by_role("link", name="History desk").first).to_be_visible()


def say_it_helped(reader: Page) -> None:
    reader.get_by_role("button", name="Yes").click()
    expect(reader.get_by_role("heading", level=1)).to_contain_text("Thank you.")
    reader.get_by_label("In your words").fill("A map would help.")
    reader.get_by_role("button", name="Send").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Thank you")
    reader.get_by_role("link", name="Back to the article").click()


def leave_comment(reader: Page) -> None:
    form = reader.get_by_role("form", name="Leave a comment")
    form.get_by_label("Name").fill("Ada")
    form.get_by_label("Comment", exact=True).fill("Who carried it?")
    form.get_by_role("button", name="Send for approval").click()
    expect(reader.get_by_text("Your comment waits for approval").first).to_be_visible()
    expect(reader.locator(".comment")).to_contain_text("Who carried it?")
