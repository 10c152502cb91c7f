"""What the scripts of public pages add, and that the pages do without them."""

from collections.abc import Callable

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Page, Route, expect

ACTIONS = """
<ul data-share-actions data-link="https://site.example/articles/one/" data-title="One"
    data-share-label="Share" data-copy-label="Copy link" data-copied-label="Link copied"
    data-copy-failed-label="Not copied. The address is" data-print-label="Print">
  <li><a href="mailto:">E-mail</a></li>
</ul>
"""
CONTENTS = """
<nav data-follow-contents style="position: fixed">
  <a href="#one">One</a> <a href="#two">Two</a>
</nav>
<h2 id="one" style="margin-top: 900px">One</h2>
<h2 id="two" style="margin: 900px 0 2000px">Two</h2>
"""


def questions() -> str:
    """Three questions, with answers called faq-1 to faq-3."""
    made = [
        {"id": f"faq-{n}", "question": f"Question {n}?", "html": f"Yes {n}."} for n in (1, 2, 3)
    ]
    rows = [render_to_string("faq/_question.html", {"question": q, "level": "h2"}) for q in made]
    return "".join(rows) + '<p><a href="#faq-2" id="link">To the second</a></p>'


@pytest.fixture
def open_with(live_server) -> Callable[..., None]:
    """Opens a page of the tests' own: ``html``, and the scripts named."""

    def open_own(page: Page, html: str, *scripts: str, fragment: str = "") -> None:
        tags = [f'<script type="module" src="/static/js/{name}.js"></script>' for name in scripts]
        body = f"<!doctype html><title>One</title>{html}{''.join(tags)}"
        page.route("**/a-page/", lambda route: route.fulfill(body=body, content_type="text/html"))
        page.goto(f"/a-page/{fragment}")

    return open_own


def test_buttons_that_need_scripts_are_added_by_scripts(page: Page, open_with):
    open_with(page, ACTIONS, "print", "copy-link")
    expect(page.get_by_role("listitem")).to_have_text(["Copy link", "Print", "E-mail"])


def test_without_scripts_only_plain_links_are_there(page_without_scripts: Page, open_with):
    open_with(page_without_scripts, ACTIONS, "print", "copy-link", "share")
    expect(page_without_scripts.get_by_role("listitem")).to_have_text(["E-mail"])


def test_the_link_is_copied_and_it_says_so(new_page, open_with):
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    open_with(page, ACTIONS, "copy-link")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("status")).to_have_text("Link copied")
    assert page.evaluate("navigator.clipboard.readText()") == "https://site.example/articles/one/"


def test_a_refused_copy_shows_the_link_instead(page: Page, open_with):
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error())")
    open_with(page, ACTIONS, "copy-link")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("status")).to_have_text(
        "Not copied. The address is https://site.example/articles/one/"
    )


def test_the_devices_own_share_is_offered_where_there_is_one(page: Page, open_with):
    page.add_init_script("navigator.share = async (what) => { window.shared = what }")
    open_with(page, ACTIONS, "share")
    page.get_by_role("button", name="Share").click()
    assert page.evaluate("window.shared") == {
        "title": "One",
        "url": "https://site.example/articles/one/",
    }


def test_no_share_button_where_the_device_has_none(page: Page, open_with):
    page.add_init_script("delete Navigator.prototype.share")
    open_with(page, ACTIONS, "share", "print")
    expect(page.get_by_role("listitem")).to_have_text(["Print", "E-mail"])


def test_print_prints(page: Page, open_with):
    page.add_init_script("window.print = () => { window.printed = true }")
    open_with(page, ACTIONS, "print")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed")


def test_an_address_opens_the_answer_it_leads_to(page: Page, open_with):
    open_with(page, questions(), "open-target", fragment="#faq-2")
    expect(page.get_by_text("Yes 2.")).to_be_visible()
    expect(page.get_by_text("Yes 1.")).to_be_hidden()


def test_an_address_opens_the_answer_without_scripts_too(page_without_scripts: Page, open_with):
    open_with(page_without_scripts, questions(), fragment="#faq-2")
    expect(page_without_scripts.get_by_text("Yes 2.")).to_be_visible()
    expect(page_without_scripts.get_by_text("Yes 1.")).to_be_hidden()


def test_an_answer_is_opened_for_browsers_that_do_not_open_it_themselves(page: Page, open_with):
    open_with(page, questions(), "open-target")
    # Changes the address without going there, which such a browser's own opening looks like.
    page.evaluate("history.replaceState(null, '', '#faq-2')")
    expect(page.get_by_text("Yes 2.")).to_be_hidden()
    page.evaluate("window.dispatchEvent(new Event('hashchange'))")
    expect(page.get_by_text("Yes 2.")).to_be_visible()


def test_an_answer_that_was_closed_again_opens_when_its_link_is_followed_again(
    page: Page, open_with
):
    open_with(page, questions(), "open-target", fragment="#faq-2")
    page.get_by_text("Question 2?").click()
    expect(page.get_by_text("Yes 2.")).to_be_hidden()
    page.locator("#link").click()
    expect(page.get_by_text("Yes 2.")).to_be_visible()


def test_printing_opens_every_answer_and_closes_them_after(page: Page, open_with):
    open_with(page, questions(), "open-target", fragment="#faq-2")
    opened = page.locator("details[open]")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(opened).to_have_count(3)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(opened).to_have_count(1)


def test_the_contents_say_where_the_reader_is(page: Page, open_with):
    open_with(page, CONTENTS, "follow-contents")
    current = page.locator("[aria-current=location]")
    expect(current).to_have_count(0)
    page.evaluate("scrollTo(0, 1000)")
    expect(current).to_have_text("One")
    page.evaluate("scrollTo(0, 99999)")
    expect(current).to_have_text("Two")
    page.evaluate("scrollTo(0, 0)")
    expect(current).to_have_count(0)


def test_what_happened_takes_the_focus(page: Page, open_with):
    open_with(page, '<h1 tabindex="-1" data-focus>Not sent</h1>', "error-focus")
    expect(page.get_by_role("heading")).to_be_focused()


def test_an_address_that_points_into_the_page_goes_first(page: Page, open_with):
    page.add_init_script("addEventListener('focusin', () => { window.hasFocused = true })")
    html = '<h1 tabindex="-1" data-focus>Not sent</h1><p id="here">Here</p>'
    open_with(page, html, "error-focus", fragment="#here")
    assert not page.evaluate("window.hasFocused")


# What comes when it is wanted

WANTED = '<div data-wanted="begun" data-script="/own.js" data-styles="/own.css">Here</div>'


class Own:
    """A script and a style sheet of the tests' own, of which as many requests fail as is said."""

    def __init__(self, page: Page, problems, failing: dict[str, int]) -> None:
        self.asked: list[str] = []
        self.failing = failing
        # The browser's own word for each, which no script keeps away; and nothing besides.
        problems.expect("net::ERR_CONNECTION_RESET")
        page.route("**/own.*", self.answer)

    def answer(self, route: Route) -> None:
        name = route.request.url.rpartition("own.")[2]
        self.asked.append(name)
        if self.failing.get(name, 0) > 0:
            self.failing[name] -= 1
            return route.abort("connectionreset")
        if name == "css":
            return route.fulfill(body="div { color: rgb(1, 2, 3) }", content_type="text/css")
        script = "window.runs = (window.runs ?? 0) + 1"
        return route.fulfill(body=script, content_type="text/javascript")


@pytest.mark.parametrize(
    ("failing", "asked"),
    [
        ({}, ["css", "js"]),
        ({"css": 1}, ["css", "css", "js"]),
        ({"js": 1}, ["css", "js", "js"]),
    ],
)
def test_what_did_not_come_is_asked_for_again(page: Page, problems, open_with, failing, asked):
    own = Own(page, problems, failing)
    open_with(page, WANTED, "load-later")
    page.mouse.move(20, 20)
    expect(page.locator("[data-wanted='here']")).to_have_css("color", "rgb(1, 2, 3)")
    assert own.asked == asked
    assert page.evaluate("window.runs") == 1


@pytest.mark.parametrize("fragment", ["", "#comments"])
def test_styles_come_after_the_first_view_and_the_script_once_somebody_begins(
    page: Page, problems, open_with, fragment
):
    page.set_viewport_size({"width": 360, "height": 740})
    own = Own(page, problems, {})
    open_with(page, WANTED, "load-later", fragment=fragment)
    expect(page.locator("[data-wanted='begun']")).to_have_css("color", "rgb(1, 2, 3)")
    assert own.asked == ["css"]
    page.mouse.move(20, 20)
    expect(page.locator("[data-wanted='here']")).to_have_count(1)
    assert own.asked == ["css", "js"]


def test_what_did_not_come_is_asked_for_when_the_network_is_back(page: Page, problems, open_with):
    own = Own(page, problems, {"css": 1_000})
    page.clock.install()
    open_with(page, WANTED, "load-later")
    page.context.set_offline(True)
    page.mouse.move(20, 20)
    page.wait_for_function("document.querySelector('[href]') === null")
    page.clock.fast_forward("10:00:00")
    assert own.asked == ["css"]
    own.failing["css"] = 0
    page.context.set_offline(False)
    expect(page.locator("[data-wanted='here']")).to_have_css("color", "rgb(1, 2, 3)")


def test_what_does_not_come_at_all_is_asked_for_a_few_times(page: Page, problems, open_with):
    own = Own(page, problems, {"css": 1_000})
    page.clock.install()
    open_with(page, WANTED, "load-later")
    page.mouse.move(20, 20)
    for _hour in range(20):
        page.wait_for_timeout(50)
        page.clock.fast_forward("01:00:00")
    assert own.asked == ["css"] * 5
    # No script comes without its style: the page is whole without either.
    expect(page.locator("[data-wanted='begun']")).to_have_count(1)
