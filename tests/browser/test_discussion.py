"""Writing, answering, voting and reporting: with scripts and without, and by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from comments import moderating
from comments.models import Comment, Report
from tests import build
from tests.browser.axe import violations
from tests.browser.recorded import begin_to_read

ARTICLE = "/articles/open/"
BOTH = pytest.mark.parametrize("runs_scripts", [True, False], ids=["with scripts", "without"])


@pytest.fixture
def boris(live_server) -> Comment:
    """A comment on the page, to answer, to vote on and to report."""
    return build.comment(build.published_article("open"), name="Boris", body="It was in 1917.")


def form_of(page: Page) -> Locator:
    return page.locator("#comment-form")


def fill(page: Page, body: str, name: str = "Ada") -> None:
    form_of(page).get_by_label("Name").fill(name)
    form_of(page).get_by_label("Comment", exact=True).fill(body)


@BOTH
def test_a_comment_is_previewed_sent_changed_and_deleted(
    new_page: Callable[..., Page], boris, runs_scripts
):
    page = new_page(java_script_enabled=runs_scripts)
    page.goto(ARTICLE)
    fill(page, "*Who* carried it?")
    form_of(page).get_by_role("button", name="Preview").click()
    preview = page.get_by_role("group", name="Preview: nothing is sent yet")
    expect(preview.locator("em")).to_have_text("Who")
    expect(form_of(page).get_by_label("Comment", exact=True)).to_have_value("*Who* carried it?")
    if runs_scripts:
        expect(preview).to_be_focused()
        expect(page).to_have_url(ARTICLE)

    form_of(page).get_by_role("button", name="Send for approval").click()
    waiting = page.locator("[data-accepted]")
    expect(waiting.locator("em")).to_have_text("Who")
    if runs_scripts:
        expect(page).to_have_url(ARTICLE)
        expect(page.get_by_text("Your comment waits for approval")).to_be_visible()
        expect(page.locator(".sent")).to_be_focused()
        expect(form_of(page).get_by_label("Comment", exact=True)).to_have_value("")
        assert violations(page) == []
        waiting.get_by_role("link", name="Change or delete it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your comment waits for approval")

    form_of(page).get_by_label("Comment", exact=True).fill("Who *sent* it?")
    form_of(page).get_by_role("button", name="Preview").click()
    expect(page.locator(".preview em")).to_have_text("sent")
    expect(waiting.locator("em")).to_have_text("Who")
    form_of(page).get_by_role("button", name="Save the change").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your change is saved")
    expect(waiting.locator("em")).to_have_text("sent")
    if runs_scripts:
        assert violations(page) == []

    page.get_by_text("Delete this comment").click()
    page.get_by_role("button", name="Delete it for good").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your comment is deleted")


def test_an_answer_is_written_in_place_by_keyboard_alone(page: Page, problems, boris):
    page.goto(ARTICLE)
    begin_to_read(page)
    reply = page.get_by_role("link", name="Reply to Boris")
    reply.press("Enter")
    name = form_of(page).get_by_label("Name")
    expect(name).to_be_focused()
    expect(page.get_by_role("form", name="Reply to Boris")).to_be_visible()
    page.keyboard.press("Escape")
    expect(reply).to_be_focused()
    expect(page.get_by_role("form", name="Leave a comment")).to_be_visible()

    reply.press("Enter")
    page.keyboard.type("Ada")
    problems.expect("422")
    page.keyboard.press("Enter")
    summary = page.get_by_role("group", name="Your comment was not sent")
    expect(summary).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    body = form_of(page).get_by_label("Comment", exact=True)
    expect(body).to_be_focused()
    page.keyboard.type("No, in 1918.")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.textContent") != "Send for approval":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    item = page.locator(f"#comment-{boris.pk}")
    expect(item.locator("[data-accepted]")).to_contain_text("No, in 1918.")
    expect(item.locator(".sent")).to_be_focused()
    expect(page.get_by_role("form", name="Leave a comment")).to_be_visible()
    expect(form_of(page).locator("[name=reply_to]")).to_have_value("")
    assert Comment.objects.get(name="Ada").parent == boris


def test_what_was_typed_survives_a_dead_line_a_reload_and_another_answer(
    page: Page, problems, boris
):
    # From the start: a page that is open may still send by the way it had before it was caught.
    page.route("**/comments/", lambda route: route.abort())
    page.goto(ARTICLE)
    begin_to_read(page)
    fill(page, "On the article")
    page.get_by_role("link", name="Reply to Boris").click()
    body = form_of(page).get_by_label("Comment", exact=True)
    expect(body).to_have_value("")
    body.fill("To Boris")
    problems.expect("ERR_FAILED")
    form_of(page).get_by_role("button", name="Send for approval").click()
    expect(form_of(page).get_by_role("status")).to_contain_text("could not be reached")
    expect(body).to_have_value("To Boris")

    page.unroute("**/comments/")
    form_of(page).get_by_role("button", name="Cancel").click()
    expect(body).to_have_value("On the article")
    page.reload()
    expect(body).to_have_value("On the article")
    page.get_by_role("link", name="Reply to Boris").click()
    expect(body).to_have_value("To Boris")
    fill(page, "To Boris")
    form_of(page).get_by_role("button", name="Send for approval").click()
    expect(page.locator("[data-accepted]")).to_contain_text("To Boris")
    page.reload()
    page.get_by_role("link", name="Reply to Boris").click()
    expect(body).to_have_value("")


def test_words_of_an_answer_stay_with_it_when_the_reader_comes_back(page: Page, boris):
    page.goto(ARTICLE)
    begin_to_read(page)
    page.get_by_role("link", name="Reply to Boris").click()
    body = form_of(page).get_by_label("Comment", exact=True)
    body.fill("To Boris")

    # Browsers fill in again what a form held, where it stood at first. Firefox did so with hidden
    # fields too, when a page was loaded again: a comment became an answer to Boris.
    page.goto("/about/")
    page.go_back()
    begin_to_read(page)

    expect(page.get_by_role("form", name="Leave a comment")).to_be_visible()
    expect(body).to_have_value("")
    expect(form_of(page).locator("[name=reply_to]")).to_have_value("")
    page.get_by_role("link", name="Reply to Boris").click()
    expect(body).to_have_value("To Boris")


def test_what_was_typed_before_the_scripts_were_there_is_kept_too(new_page, boris):
    page = new_page(viewport={"width": 360, "height": 800})
    # They come when a while is over, if nobody begins before.
    page.route("**/js/reading*.js", lambda _route: None)
    page.goto(ARTICLE)
    body = form_of(page).get_by_label("Comment", exact=True)
    # As a browser does that puts back what was typed: nothing is told to the scripts.
    body.evaluate("(field) => (field.value = 'Typed at once')")
    page.unroute("**/js/reading*.js")
    begin_to_read(page)

    page.get_by_role("link", name="Reply to Boris").click()
    form_of(page).get_by_role("button", name="Cancel").click()

    expect(body).to_have_value("Typed at once")


def test_a_refusal_is_said_beside_the_form_which_keeps_the_words(page: Page, problems, boris):
    page.goto(ARTICLE)
    fill(page, "Too late")
    boris.article.comments_open = False
    boris.article.save()
    build.published(boris.article)
    problems.expect("410")

    form_of(page).get_by_role("button", name="Send for approval").click()

    expect(form_of(page).get_by_role("status")).to_contain_text("are closed")
    expect(form_of(page).get_by_label("Comment", exact=True)).to_have_value("Too late")


def test_new_comments_are_told_of_without_moving_what_one_reads(page: Page, boris):
    page.clock.install()
    page.goto(ARTICLE)
    article = boris.article
    moderating.approve([build.comment(article, "pending") for _ in range(2)], by=None)
    place = page.locator(f"#comment-{boris.pk}").bounding_box()

    with page.expect_response("**/comments/stamp"):
        page.clock.run_for(60_000)

    news = page.get_by_role("link", name="2 new comments")
    expect(news).to_be_visible()
    assert page.locator(f"#comment-{boris.pk}").bounding_box() == place
    assert violations(page) == []
    news.click()
    expect(page.locator(".comment")).to_have_count(3)


# Votes and reports


def test_a_vote_is_cast_and_taken_back_without_leaving_the_page(page: Page, problems, boris):
    page.goto(ARTICLE)
    begin_to_read(page)
    link = page.locator(f'.comment-actions a[href="/comments/{boris.pk}/vote/"]').first
    if not link.count():
        page.locator(".comment-actions").evaluate(
            "(line, href) => { const a = document.createElement('a'); a.href = href;"
            " a.append('Helpful'); line.append(' ', a); }",
            f"/comments/{boris.pk}/vote/",
        )
    link.press("Enter")
    expect(link).to_contain_text("Helpful (1)")
    expect(link).to_have_attribute("aria-pressed", "true")
    outcome = page.locator("[data-vote-outcome]")
    expect(outcome).to_contain_text("Your vote is counted.")
    assert violations(page) == []

    link.press("Space")
    expect(link).to_have_attribute("aria-pressed", "false")
    expect(outcome).to_contain_text("You have no vote on this comment.")
    expect(page).to_have_url(ARTICLE)
    outcome.get_by_role("link", name="Change it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Did this comment help you?")


@BOTH
def test_a_vote_is_cast_and_taken_back(new_page, boris, runs_scripts):
    page = new_page(java_script_enabled=runs_scripts)
    page.goto(f"/comments/{boris.pk}/vote/")
    if runs_scripts:
        assert violations(page) == []
    page.get_by_role("button", name="Helpful", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your vote is counted")
    expect(page.get_by_text("1 reader found it helpful.")).to_be_visible()
    page.get_by_role("button", name="Take my vote back").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your vote is taken back")


@BOTH
def test_a_comment_is_reported(new_page, problems, boris, runs_scripts):
    page = new_page(java_script_enabled=runs_scripts)
    page.goto(f"/comments/{boris.pk}/report/")
    page.get_by_label("In your words").fill("It was not.")
    problems.expect("422")
    page.get_by_role("button", name="Send the report").press("Enter")
    expect(page.get_by_role("group", name="Your report was not sent")).to_be_visible()
    expect(page.get_by_label("In your words")).to_have_value("It was not.")
    if runs_scripts:
        assert violations(page) == []
    page.get_by_label("It states something false").check()
    page.get_by_role("button", name="Send the report").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your report")
    if runs_scripts:
        assert violations(page) == []
    assert Report.objects.get().text == "It was not."
