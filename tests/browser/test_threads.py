"""Long and deep threads: on a phone, in the dark, and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from comments.models import DEEPEST
from tests import build
from tests.browser.axe import violations
from tests.browser.test_reader import PHONE, TOO_WIDE
from tests.threads import many

NAMES = ("Ada", "محمد عبد الله", "A name as long as it may be, " * 2, "Unbreakable" * 7)
WORDS = ("Was it ever closed?", "نعم، كانت مغلقة.", "Unbreakable" * 30)


@pytest.fixture
def deep(live_server) -> list[int]:
    """A thread on every level and beyond the deepest; return the keys of its comments."""
    article = build.published_article("one")
    thread = [build.comment(article, name=NAMES[0], about="facts")]
    for number in range(1, DEEPEST + 2):
        thread.append(
            build.comment(
                article,
                parent=thread[-1],
                name=NAMES[number % len(NAMES)][:80],
                body=WORDS[number % len(WORDS)],
            )
        )
    many(article, 25)
    return [comment.pk for comment in thread]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_too_wide_on_eight_levels(
    page: Page, deep: list[int], scheme: str
):
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme=scheme)
    wrong = {}
    for address in (
        f"/comments/{deep[0]}/",
        f"/comments/{deep[-1]}/",
        "/articles/one/comments/?sort=oldest",
        "/articles/one/comments/?about=facts",
        "/articles/one/",
    ):
        page.goto(address)
        if found := [*violations(page), *page.evaluate(TOO_WIDE)]:
            wrong[address] = found
    assert wrong == {}


def test_a_comment_deep_below_is_reached_by_links_alone(
    page_without_scripts: Page, deep: list[int]
):
    page = page_without_scripts
    page.goto("/articles/one/")
    page.get_by_role("link", name="More comments").click()
    page.get_by_role("link", name="more replies").click()
    last = page.locator(f"#comment-{deep[-1]}")
    expect(last).to_be_visible()
    last.locator(".comment-when").first.click()
    expect(page).to_have_url(f"/comments/{deep[-1]}/")
    expect(page.locator(".is-chosen")).to_have_attribute("id", f"comment-{deep[-1]}")
