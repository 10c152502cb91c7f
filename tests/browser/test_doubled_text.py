"""Text of twice the size on a phone: nothing has to be moved sideways to be read."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright

from tests.browser.conftest import ARGUMENTS
from tests.browser.demonstration import EXPLAINER
from tests.chromium import find_quick_chromium

# What is far from the window is laid out only when somebody comes near.
ALL_LAID_OUT = """async () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { content-visibility: visible !important }");
  document.adoptedStyleSheets = [sheet];
  await document.fonts.ready;
}"""


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser whose reader has set letters to twice their size."""
    doubled = [*ARGUMENTS, "--blink-settings=defaultFontSize=32"]
    program = find_quick_chromium()
    with playwright.chromium.launch(executable_path=program, args=doubled) as chromium:
        yield chromium


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize(
    "address",
    [
        EXPLAINER,
        f"{EXPLAINER}history/",
        f"{EXPLAINER}comments/",
        "/",
        "/timeline/",
        "/faq/",
        "/articles/",
        "/search/",
    ],
)
def test_nothing_reaches_over_the_side(new_page, demonstration, address, width):
    page = new_page(viewport={"width": width, "height": 800})
    demonstration.open(page, address)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    page.evaluate(ALL_LAID_OUT)
    assert page.evaluate("document.documentElement.scrollWidth") == width
