"""What the first view of a page takes over the wire, measured in a browser with nothing kept.

Served as for readers: packed, under hashed names, by the production server.
"""

import os
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator

import brotli
import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.browser.conftest import ARGUMENTS
from tests.browser.demonstration import EXPLAINER, SHORTER, demonstrate
from tests.chromium import find_chromium
from tests.serving import PROJECT, Server, database_address

pytestmark = pytest.mark.django_db(transaction=True)

KILOBYTE = 1000
# With every header, style sheet, script, letter and picture.
WHOLE = 70 * KILOBYTE
# The second is by far the longest: of 4,700 elements, with seventy events and a hundred sources.
PAGES = (SHORTER, EXPLAINER)
SCRIPTS = 20 * KILOBYTE
# What a phone's slow network brings before it has to ask for more: of the style sheet over the
# connection of the page beside three others, of a font over a fresh one (docs/look.md).
FIRST_OF_STYLES = 5 * 1460
FIRST_OF_FONT = 7 * 1460
# The page, its styles, those of its lower half, a script, two fonts, an icon.
MOST_REQUESTS = 7

# How far the page moved by itself.
WATCH = """window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });"""


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A whole Chromium, as readers have: without windows it asks for no icon."""
    program = find_chromium()
    with playwright.chromium.launch(executable_path=program, args=ARGUMENTS) as chromium:
        yield chromium


@pytest.fixture
def server(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    demonstrate()
    known = {"DATA_DIR": str(tmp_path), "DATABASE_URL": database_address()}
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(collect, cwd=PROJECT, env={**os.environ, **known}, check=True)
    started = Server(known, tmp_path / "log")
    started.begin()
    yield started.wait()
    started.stop()


def test_the_first_view_of_an_article_is_light_and_stands_still(new_page, problems, server):
    problems.expect(f"asked another host: http://localhost:{server.port}/")
    for address in PAGES:
        page = new_page(viewport={"width": 360, "height": 740})
        page.add_init_script(WATCH)
        taken = weigh(page, f"http://localhost:{server.port}{address}")
        saved = saved_by_settling(f"http://localhost:{server.port}{address}")
        assert sum(size for _kind, size in taken) - saved <= WHOLE, (saved, taken)
        weight = Counter()
        for kind, size in taken:
            weight[kind] += size
        assert weight["Script"] <= SCRIPTS, taken
        assert max(size for kind, size in taken if kind == "Font") <= FIRST_OF_FONT, taken
        assert max(size for kind, size in taken if kind == "Stylesheet") <= FIRST_OF_STYLES, taken
        assert len(taken) <= MOST_REQUESTS, taken
        assert page.evaluate("shifted") == 0, (address, taken)


def saved_by_settling(address: str) -> int:
    """Return how many bytes less the page takes from the second look after ten seconds on."""
    bodies = []
    for coding in ("br", "identity"):
        asked = urllib.request.Request(address, headers={"Accept-Encoding": coding})
        with urllib.request.urlopen(asked) as answer:
            bodies.append(answer.read())
    return len(bodies[0]) - len(brotli.compress(bodies[1], quality=11))


def weigh(page: Page, address: str) -> list[tuple[str, int]]:
    """Open the page; return (kind, bytes over the wire) of each answer, the largest first."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    wire.on(
        "Network.responseReceived", lambda told: kinds.update({told["requestId"]: told["type"]})
    )
    wire.on(
        "Network.loadingFinished",
        lambda told: sizes.update({told["requestId"]: int(told["encodedDataLength"])}),
    )
    page.goto(address, wait_until="networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")
    return sorted(((kinds[one], size) for one, size in sizes.items()), key=lambda row: -row[1])
