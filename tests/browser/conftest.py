"""A real browser on the site: nothing from other hosts, and no error that nobody expected."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

from tests.browser.demonstration import demonstrate
from tests.browser.recorded import Recorded, record
from tests.chromium import find_quick_chromium

SECONDS_TO_WAIT = 20
"""How long the browser waits for anything on a page before the test fails."""
expect.set_options(timeout=SECONDS_TO_WAIT * 1000)

ARGUMENTS = [
    # Root, as on a build machine, has no sandbox to give; the pages are our own.
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
    "--disable-gpu",
    # Letters as wide as in a whole Chromium, also in the one without windows.
    "--font-render-hinting=none",
    "--disable-quic",
    "--no-first-run",
    # Chromium itself must not call anybody either.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No page has another host to call. Not by routing, which would turn off the browser's cache.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    """Everything in this folder drives a browser."""
    if Path(__file__).parent in item.path.parents:
        item.add_marker(pytest.mark.browser)


@dataclass
class Problems:
    """What went wrong in the browser and was not expected."""

    found: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, part: str) -> None:
        """Let problems pass that contain `part`, such as the console's note of a refused form."""
        self.expected.append(part)

    def note(self, problem: str) -> None:
        self.found.append(problem)

    @property
    def unexpected(self) -> list[str]:
        return [one for one in self.found if not any(part in one for part in self.expected)]


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """What drives the browsers of this folder."""
    # Playwright keeps an event loop in this thread, which Django takes for a sign that the
    # database is used from asynchronous code. It is not: each call waits for its end.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield playwright


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium, started once for the tests of this folder that run one after another."""
    program = find_quick_chromium()
    with playwright.chromium.launch(executable_path=program, args=ARGUMENTS) as chromium:
        yield chromium


@pytest.fixture
def problems() -> Iterator[Problems]:
    """What goes wrong in the browser; the test fails in the end if anything unexpected did."""
    noted = Problems()
    yield noted
    if noted.unexpected:
        pytest.fail("\n".join(["Problems in the browser:", *noted.unexpected]))


@pytest.fixture
def new_page(
    browser: Browser, live_server: Any, problems: Problems
) -> Iterator[Callable[..., Page]]:
    """Opens a page in a fresh browser profile; options are those of Playwright's new_context."""
    contexts: list[BrowserContext] = []

    def open_page(**options: Any) -> Page:
        given = {"base_url": live_server.url, "locale": "en-GB", "timezone_id": "UTC"} | options
        context = browser.new_context(service_workers="block", **given)
        contexts.append(context)
        context.set_default_timeout(SECONDS_TO_WAIT * 1000)
        watch(context, live_server.url, problems)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page of a reader or editor at a desk."""
    return new_page(viewport={"width": 1280, "height": 800})


@pytest.fixture
def page_without_scripts(new_page: Callable[..., Page]) -> Page:
    """A page in a browser that runs no JavaScript."""
    return new_page(viewport={"width": 1280, "height": 800}, java_script_enabled=False)


@pytest.fixture(scope="session")
def demonstration(django_db_setup, django_db_blocker, tmp_path_factory) -> Recorded:
    """The public pages with the demonstration on them, and a discussion below it."""
    media = tmp_path_factory.mktemp("media")
    return record(demonstrate, database=django_db_blocker, media=media)


def watch(context: BrowserContext, site: str, problems: Problems) -> None:
    """Note every error, and everything that is asked of another host than `site`."""

    def note_other_host(request: Request) -> None:
        is_own = request.url.startswith((f"{site}/", "data:", "blob:", "about:"))
        if not is_own:
            problems.note(f"asked another host: {request.url}")

    def note_message(message: ConsoleMessage) -> None:
        if message.type == "error":
            problems.note(f"console: {message.text} ({message.location.get('url', '')})")

    context.on("request", note_other_host)
    context.on("console", note_message)
    context.on("weberror", lambda error: problems.note(f"script: {error.error}"))
