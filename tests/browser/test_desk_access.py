"""Every page of the desk: what axe finds, and whether it fits a tablet and a page at 200 %."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page

from articles.recording import record
from comments.models import Feedback
from tests import build, suggestions
from tests.browser.axe import COLOURS, violations
from tests.browser.test_admin import log_in
from tests.test_admin_doors import addresses

pytestmark = pytest.mark.django_db(transaction=True)

# A tablet; and a window of 1280 pixels at 200 %.
WIDTHS = (820, 640)
# What is no page of the desk: files and data for scripts, the way out, where it only leads on, and
# the previews, which are public pages.
NO_PAGES = ("logout", "jsi18n", "autocomplete", "search", "_choose", "_file", "_thumbnail",
            "_read_date", "view_on_site", "_preview", "_revision", "_beside",
            "_beside_new", "_decide")  # fmt: skip
# By how much the page is wider than its window, once it is drawn; tables may scroll by themselves.
CUT_OFF = """() => new Promise((tell) => {
  const { scrollingElement: page } = document;
  const measure = () => tell(page.scrollWidth - page.clientWidth);
  requestAnimationFrame(() => requestAnimationFrame(measure));
})"""


def pages() -> Iterator[tuple[str, str]]:
    """Yield (name, address) of every page of the desk, of rows that are there."""
    for name, address in addresses():
        if not name.endswith(NO_PAGES):
            yield name, address


@pytest.fixture
def desk_pages(transactional_db) -> dict[str, str]:
    """A full desk, and its pages by address, each once."""
    Group.objects.create(name="Newsroom")
    found = {address: name for name, address in pages()}
    article = build.full_article(title="Was it ever severed?", review_due_on="2026-01-01")
    build.fact(article, as_of="2020-01-01")
    publication = build.published(article)
    record(article, by=None)
    build.comment(article, state="pending", body="Unbreakable" * 30)
    for helped in (True, False):
        Feedback.objects.create(
            article=article,
            publication=publication,
            helped=helped,
            created_at=publication.goes_live_at,
        )
    made = suggestions.made(article, text="Unbreakable" * 30, about="fact-elsewhere")
    found[f"/admin/comments/suggestion/{made.pk}/change/"] = "a suggestion"
    found["/admin/find/?q=a"] = "find, with words"
    found["/admin/articles/article/?state=live"] = "list, filtered"
    return found


@pytest.fixture
def problems(problems):
    """Some addresses are forbidden to all, need a row that is not there, or take data only."""
    for status in ("403", "404", "405"):
        problems.expect(f"status of {status}")
    return problems


def each(page: Page, found: dict[str, str]) -> Iterator[str]:
    """Open the pages one by one and yield what each is called, but not what leads elsewhere."""
    for address, name in found.items():
        response = page.goto(address)
        is_page = response.status == 200 and "html" in response.headers["content-type"]
        if is_page and page.url.endswith(address):
            yield f"{name}: {address}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_any_page_of_the_desk(
    new_page: Callable[..., Page], desk_pages: dict[str, str], scheme: str
):
    page = new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    log_in(page)

    # What does not hang on colours is the same in both.
    rules = COLOURS if scheme == "dark" else ()
    found = {name: violations(page, only=rules) for name in each(page, desk_pages)}

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert len(found) > 60


def test_nothing_reaches_beyond_a_narrow_window(
    new_page: Callable[..., Page], desk_pages: dict[str, str]
):
    page = new_page(viewport={"width": WIDTHS[0], "height": 900})
    log_in(page)
    wide = {}
    for name in each(page, desk_pages):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if beyond := page.evaluate(CUT_OFF):
                wide[f"{name} at {width}"] = beyond
    assert wide == {}


@pytest.mark.parametrize("width", [1280, 768])
def test_without_scripts_the_menu_covers_nothing(new_page: Callable[..., Page], width: int):
    page = new_page(viewport={"width": width, "height": 900}, java_script_enabled=False)
    log_in(page)
    page.goto("/admin/")
    menu = page.locator("#nav-sidebar").bounding_box()
    heading = page.get_by_role("heading", level=1).bounding_box()
    assert heading["y"] >= menu["y"] + menu["height"] or heading["x"] >= menu["x"] + menu["width"]
