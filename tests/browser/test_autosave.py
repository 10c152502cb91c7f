"""Nothing typed is lost: not to a killed server, an ended session, a closed tab, a colleague."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings as site
from playwright.sync_api import Page, expect

from articles import autosaving
from articles.models import Article, Autosave
from articles.recording import record
from tests import build, desk
from tests.browser.axe import violations
from tests.browser.conftest import Problems
from tests.browser.logging_in import log_in_as
from tests.serving import PROJECT, Server, database_address

pytestmark = pytest.mark.django_db(transaction=True)

OFFERED = "you typed something here that was not saved"
BROUGHT_BACK = "This is what you typed"


@pytest.fixture
def article() -> Article:
    made = build.full_article(title="Was it ever severed?")
    record(made, by=None)
    return made


@pytest.fixture
def open_as(new_page: Callable[..., Page]) -> Callable[..., Page]:
    """Log somebody in, in a browser of their own, and open a page."""

    def open_page(name: str, address: str, **options: object) -> Page:
        page = new_page(viewport={"width": 1280, "height": 900}, **options)
        log_in_as(page, build.user(name, is_superuser=True))
        page.goto(address)
        return page

    return open_page


@pytest.fixture
def editor(open_as: Callable[..., Page], article: Article) -> Page:
    """Anna, with the article open."""
    page = open_as("anna", desk.address(article))
    expect(page.get_by_text("No unsaved changes.")).to_be_visible()
    return page


def answer_login(page: Page, name: str) -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Log in").click()


def write(page: Page, text: str, label: str = "Summary") -> None:
    page.get_by_label(label, exact=True).fill(text)


def expect_saved(page: Page) -> None:
    expect(page.locator(".desk-unsaved")).to_contain_text(
        re.compile(r"Saved \d+ s ago, not in the draft yet\.")
    )


def expect_focus(page: Page, selector: str) -> None:
    """Of two windows only one has the focus; each knows where its own would be."""
    page.wait_for_function("selector => document.activeElement.matches(selector)", arg=selector)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Saved as revision")).to_be_visible()


def summary(article: Article) -> str:
    return article.latest_revision.document["article"]["summary"]


# How things stand


def test_what_is_typed_is_saved_by_itself_and_makes_no_revision(editor: Page, article: Article):
    expect(editor.get_by_text("No unsaved changes.")).to_be_visible()
    write(editor, "Typed and not saved.")
    expect(editor.get_by_text("Not saved yet.")).to_be_visible()

    expect_saved(editor)

    assert Autosave.objects.get().fields["summary"] == ["Typed and not saved."]
    assert article.revisions.count() == 1


def test_what_is_typed_before_the_scripts_are_there_is_saved_too(
    open_as: Callable[..., Page], article: Article
):
    page = open_as("anna", "/admin/")
    held = []
    page.route("**/autosave.js", lambda route: held.append(route))
    page.goto(desk.address(article), wait_until="commit")
    write(page, "Typed at once.")
    for route in held:
        route.continue_()

    expect_saved(page)
    assert Autosave.objects.get().fields["summary"] == ["Typed at once."]


def test_what_is_taken_back_leaves_nothing_behind(editor: Page, article: Article):
    before = editor.get_by_label("Summary", exact=True).input_value()
    write(editor, "Typed and not saved.")
    expect_saved(editor)

    write(editor, before)

    expect(editor.get_by_text("No unsaved changes.")).to_be_visible()
    assert not Autosave.objects.exists()


def test_offline_it_is_kept_here_and_saved_when_the_network_is_back(
    editor: Page, article: Article, problems: Problems
):
    problems.expect("ERR_INTERNET_DISCONNECTED")
    editor.context.set_offline(True)
    write(editor, "Typed on a train.")
    expect(editor.get_by_text("Not saved: offline, keeping it here.")).to_be_visible()

    editor.context.set_offline(False)

    expect_saved(editor)
    assert Autosave.objects.get().fields["summary"] == ["Typed on a train."]


# Closed, killed, logged out


def test_a_closed_tab_opened_again_offers_the_newer_text(editor: Page, article: Article):
    write(editor, "Typed before the lid was closed.")
    editor.get_by_role("tab", name="Key facts").click()
    editor.get_by_role("button", name="Add fact").click()
    editor.keyboard.type("A kept fact")
    expect_saved(editor)
    again = editor.context.new_page()
    editor.close()
    again.goto(desk.address(article))
    expect(again.get_by_text(OFFERED)).to_be_visible()

    again.get_by_role("button", name="Bring it back").click()

    expect(again.get_by_text(BROUGHT_BACK)).to_be_visible()
    expect(again.get_by_label("Summary", exact=True)).to_have_value(
        "Typed before the lid was closed."
    )
    save(again)
    own = article.latest_revision.document
    assert own["article"]["summary"] == "Typed before the lid was closed."
    assert own["parts"]["facts"]["rows"][-1]["characteristic"] == "A kept fact"
    again.reload()
    expect(again.get_by_text(OFFERED)).to_have_count(0)


def test_two_new_articles_in_two_tabs_are_both_there_again(editor: Page):
    other = editor.context.new_page()
    for tab, title in ((editor, "The first"), (other, "The second")):
        tab.goto("/admin/articles/article/add/")
        write(tab, title, "Title")
        expect_saved(tab)
    again = editor.context.new_page()
    editor.close()
    other.close()

    for title in ("The second", "The first"):
        again.goto("/admin/articles/article/add/")
        again.get_by_role("button", name="Bring it back").click()
        expect(again.get_by_label("Title", exact=True)).to_have_value(title)
        save(again)

    again.goto("/admin/articles/article/add/")
    expect(again.get_by_label("Title", exact=True)).to_have_value("")
    expect(again.get_by_text(OFFERED)).to_have_count(0)


def test_a_page_that_is_left_at_once_sends_along_what_was_typed(editor: Page, article: Article):
    asked = []
    editor.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    write(editor, "Typed in the last second.")

    editor.get_by_role("link", name="Close").click()
    expect(editor.get_by_role("heading", name="Explainers", level=1)).to_be_visible()
    editor.goto(desk.address(article))

    expect(editor.get_by_text(OFFERED)).to_be_visible()
    assert asked == []  # it is safe, so nobody is warned


def test_it_can_be_forgotten_for_good(editor: Page, article: Article):
    write(editor, "A bad idea.")
    expect_saved(editor)
    editor.reload()

    editor.get_by_role("button", name="Forget it").click()

    expect(editor.get_by_text(OFFERED)).to_have_count(0)
    editor.reload()
    expect(editor.get_by_label("Summary", exact=True)).to_be_visible()
    expect(editor.get_by_text(OFFERED)).to_have_count(0)
    assert not Autosave.objects.exists()


def test_after_the_session_ended_one_logs_in_in_another_tab_and_writes_on(
    editor: Page, article: Article, problems: Problems
):
    problems.expect("/admin/jsi18n/")  # asked for again without a session
    # What was on its way with the token of the old session when the new one began.
    problems.expect("status of 403")
    editor.context.clear_cookies(name=site.SESSION_COOKIE_NAME)
    write(editor, "Typed while the session ended.")
    expect(
        editor.get_by_text("Not saved: your session has ended, keeping it here.")
    ).to_be_visible()

    with editor.expect_popup() as opened:
        editor.get_by_role("link", name="Log in again").click()
    answer_login(opened.value, "anna")
    expect(opened.value.get_by_role("heading", name="The desk", level=1)).to_be_visible()
    opened.value.close()

    expect_saved(editor)
    save(editor)  # with the token of the new session
    assert summary(article) == "Typed while the session ended."


def test_a_save_after_the_session_ended_leads_over_the_login_back_to_what_was_typed(
    editor: Page, article: Article
):
    write(editor, "Typed while the session ended.")
    editor.get_by_role("tab", name="Key facts").click()
    editor.get_by_role("button", name="Add fact").click()
    editor.keyboard.type("A kept fact")
    editor.context.clear_cookies(name=site.SESSION_COOKIE_NAME)

    editor.get_by_role("button", name="Save draft").click()
    answer_login(editor, "anna")

    expect(editor.get_by_text(BROUGHT_BACK)).to_be_visible()
    save(editor)
    own = article.latest_revision.document
    assert own["article"]["summary"] == "Typed while the session ended."
    assert own["parts"]["facts"]["rows"][-1]["characteristic"] == "A kept fact"
    editor.reload()
    expect(editor.get_by_text(OFFERED)).to_have_count(0)


def test_a_mistake_loses_nothing(editor: Page, article: Article):
    write(editor, "Typed beside a mistake.")
    editor.get_by_role("tab", name="See also").click()
    links = editor.get_by_role("tabpanel", name="See also")
    links.get_by_label("Address", exact=True).first.fill("no address")
    editor.get_by_role("button", name="Save draft").click()
    expect(editor.get_by_text("Enter a valid URL.")).to_be_visible()

    expect_saved(editor)
    editor.goto(desk.address(article))
    editor.get_by_role("button", name="Bring it back").click()

    expect(editor.get_by_text("Enter a valid URL.")).to_be_visible()
    editor.get_by_role("tab", name="The article").click()
    expect(editor.get_by_label("Summary", exact=True)).to_have_value("Typed beside a mistake.")


@pytest.fixture
def server(django_db_setup, transactional_db, tmp_path_factory) -> Iterator[Server]:
    """The production server, which can be killed."""
    data = tmp_path_factory.mktemp("data")
    known = {"DATA_DIR": str(data), "DATABASE_URL": database_address()}
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"],
        cwd=PROJECT,
        env={**os.environ, **known},
        check=True,
    )
    made = Server(known, data / "log")
    made.begin()
    yield made.wait()
    made.stop()


def kill(server: Server) -> None:
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait()


@pytest.mark.every_database
def test_a_killed_server_loses_nothing(
    server: Server,
    open_as: Callable[..., Page],
    article: Article,
    problems: Problems,
    settings: object,
):
    # The server knows no other than Django's own way to keep passwords.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    problems.expect("Failed to load resource")  # while it is dead, and pictures: it has none
    problems.expect(f"asked another host: http://127.0.0.1:{server.port}/")
    editor = open_as("anna", desk.address(article), base_url=f"http://127.0.0.1:{server.port}")
    answer_login(editor, "anna")  # the session is of another host
    write(editor, "Typed before the server was killed.")
    expect_saved(editor)

    kill(server)
    write(editor, "Typed while there was no server.")
    expect(
        editor.get_by_text("Not saved: the server does not answer, keeping it here.")
    ).to_be_visible()
    server.begin()
    server.wait()

    expect_saved(editor)
    kill(server)
    server.begin()
    server.wait()
    editor.goto(desk.address(article))
    editor.get_by_role("button", name="Bring it back").click()
    expect(editor.get_by_label("Summary", exact=True)).to_have_value(
        "Typed while there was no server."
    )
    save(editor)
    assert summary(article) == "Typed while there was no server."


# Two people


@pytest.mark.every_database
def test_two_editors_at_different_fields_are_merged(
    editor: Page, open_as: Callable[..., Page], article: Article
):
    ben = open_as("ben", desk.address(article))
    write(editor, "Anna's summary.")
    save(editor)
    write(ben, "Ben's answer.", "Short answer")

    save(ben)

    expect(
        ben.get_by_text("Saved together with what anna changed meanwhile: Summary.")
    ).to_be_visible()
    own = article.latest_revision.document["article"]
    assert (own["summary"], own["short_answer"]) == ("Anna's summary.", "Ben's answer.")


@pytest.mark.every_database
def test_two_editors_at_the_same_field_choose_by_keyboard(
    editor: Page, open_as: Callable[..., Page], article: Article
):
    ben = open_as("ben", desk.address(article))
    write(editor, "Anna's summary.")
    save(editor)
    write(ben, "Ben's summary.")

    ben.get_by_role("button", name="Save draft").click()

    notice = ben.get_by_role("alert")
    expect(notice.get_by_text("Not saved yet: anna changed the same as you.")).to_be_visible()
    expect_focus(ben, "[data-focus]")
    assert violations(ben) == []
    ben.keyboard.press("Tab")
    expect_focus(ben, "a[href='#id_summary']")
    ben.keyboard.press("Tab")
    ben.keyboard.press("ArrowRight")
    expect(notice.get_by_label("Take what anna wrote")).to_be_checked()
    save(ben)
    assert summary(article) == "Anna's summary."


def test_a_colleague_is_seen_to_come_and_go(
    editor: Page, open_as: Callable[..., Page], article: Article, problems
):
    # The clock of the test is a script, which the frames of previews do not let in.
    problems.expect("Blocked script execution in 'about:blank'")
    editor.clock.install()
    editor.reload()
    ben = open_as("ben", "/admin/")
    ben.goto(desk.address(article))
    expect(ben.get_by_text(re.compile("anna has this open since .*, active"))).to_be_visible()
    write(ben, "Ben's summary.")
    expect_saved(ben)
    ben.evaluate("window.dispatchEvent(new Event('pageshow'))")  # says at once what it does
    expect(ben.get_by_text(re.compile("anna has this open since"))).to_be_visible()
    editor.clock.fast_forward("00:20")
    expect(
        editor.get_by_text(re.compile("ben has this open since .*, writing now"))
    ).to_be_visible()
    expect(editor.get_by_text("ben opened this.")).to_be_attached()

    ben.goto("/admin/")
    editor.clock.fast_forward("00:20")

    expect(editor.get_by_text("ben has this open")).to_have_count(0)
    expect(editor.get_by_text("ben left.")).to_be_attached()


def test_ones_own_second_tab_is_no_colleague(editor: Page, article: Article):
    editor.reload()
    expect(editor.get_by_text("No unsaved changes.")).to_be_visible()
    assert editor.get_by_text("has this open").count() == 0
    second = editor.context.new_page()
    second.goto(desk.address(article))

    expect(second.get_by_text("You have this open in another tab.")).to_be_visible()
    expect(second.get_by_text("anna has")).to_have_count(0)


# Without scripts


def test_all_of_it_is_answered_without_scripts(
    page_without_scripts: Page, open_as: Callable[..., Page], article: Article
):
    anna = build.user("anna", is_superuser=True)
    form = desk.open_form(desk.client_of(anna), desk.address(article))
    autosaving.keep(
        {**form.values, "summary": ["Typed earlier."]},
        by=anna,
        slot=autosaving.slot_of(Article, article.pk),
        article=article,
        page="another",
    )
    article.summary = "Saved meanwhile."
    article.save()
    record(article, by=build.author("ben"))
    page = page_without_scripts
    log_in_as(page, anna)
    page.goto(desk.address(article))

    page.get_by_role("button", name="Bring it back").click()
    page.get_by_label("Keep mine, as it stands in the form").check()
    page.get_by_role("button", name="Save draft").click()

    expect(page.get_by_text("Saved as revision 3.")).to_be_visible()
    assert summary(article) == "Typed earlier."
