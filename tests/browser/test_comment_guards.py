"""The work that a discussion may ask for: done by the browser while its reader writes."""

import pytest
from playwright.sync_api import Page, expect

from comments import tells, working
from comments.models import Comment, SpentWork
from comments.rules import set_rules
from tests import build

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/articles/open/comments/"


@pytest.fixture(autouse=True)
def article(monkeypatch):
    """A discussion that asks for a little work, where what passes appears at once."""
    monkeypatch.setattr(working, "COST", 50)
    # How quick a machine types is not what is tested.
    monkeypatch.setattr(tells, "TOO_YOUNG", tells.timedelta())
    made = build.published_article("open")
    set_rules(made, {"is_moderated_first": False, "asks_proof_of_work": True}, by=None)
    return made


def write(page: Page, words: str) -> None:
    page.goto(ADDRESS)
    page.get_by_label("Name").fill("Anna")
    page.get_by_label("Comment", exact=True).fill(words)
    page.get_by_role("button", name="Send").click()


def test_the_work_is_done_unseen_and_the_comment_appears_at_once(page: Page):
    write(page, "The treaty is missing.")

    expect(page.get_by_text("Your comment is on the page")).to_be_visible()
    assert Comment.objects.get().held_by == "passed"
    assert SpentWork.objects.count() == 1


def test_without_scripts_the_comment_waits_for_a_moderator(page_without_scripts: Page):
    write(page_without_scripts, "The treaty is missing.")

    waits = page_without_scripts.get_by_role("heading", name="Your comment waits for approval")
    expect(waits).to_be_visible()
    assert Comment.objects.get().held_by == "work"


def test_where_the_challenge_cannot_be_had_the_comment_is_sent_all_the_same(page: Page, problems):
    problems.expect("challenge")
    page.route("**/challenge/", lambda route: route.abort())

    write(page, "The treaty is missing.")

    waits = page.get_by_text("Your comment waits for approval")
    expect(waits).to_be_visible()
