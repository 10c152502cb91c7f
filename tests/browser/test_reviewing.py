"""From a draft to "Reviewed by": an author, a reviewer, an editor and a guest, each in a browser.

The people have nothing but the roles that the site makes.
"""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import Page, expect

from articles.draft_links import make_link
from articles.models import Article
from articles.places import Place
from articles.recording import record
from articles.remarking import answer, leave_remark, resolve
from articles.reviewing import submit
from tests import build, desk
from tests.browser.axe import COLOURS, violations
from tests.browser.logging_in import log_in_as

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "Was it ever severed?"


@pytest.fixture
def article() -> Article:
    made = build.full_article("severed", title=TITLE)
    record(made, by=None)
    return made


def member_of(role: str, name: str):
    made = build.user(name, email=f"{name}@desk.example", first_name=name.title())
    made.groups.add(Group.objects.get(name=role))
    return made


def log_in(page: Page, name: str) -> Page:
    log_in_as(page, User.objects.get(username=name))
    return page


def is_told(page: Page, words: str) -> None:
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()


@pytest.mark.every_database
@pytest.mark.parametrize("runs_scripts", [True, False], ids=["with scripts", "without"])
def test_submitted_sent_back_mended_approved_published(
    new_page: Callable[..., Page], article: Article, runs_scripts: bool
):
    window = {"viewport": {"width": 1280, "height": 900}, "java_script_enabled": runs_scripts}
    build.person(name="History desk")
    for role, name in (("Author", "anna"), ("Reviewer", "rosa"), ("Editor", "edith")):
        member_of(role, name)
    anna, rosa, edith = (log_in(new_page(**window), name) for name in ("anna", "rosa", "edith"))
    reader = new_page(**window)

    # The author submits from the form.
    anna.goto(desk.address(article))
    anna.get_by_role("button", name="Submit for review…").click()
    anna.get_by_label("Remark").fill("The dates are new.")
    anna.get_by_role("button", name="Submit for review").click()
    is_told(anna, "Submitted. Reviewers are told by e-mail.")

    # The reviewer finds it in the queue, claims it, and sends it back.
    rosa.goto("/admin/articles/reviewrequest/")
    rosa.get_by_role("link", name=TITLE).click()
    expect(rosa.get_by_text("The dates are new.")).to_be_visible()
    rosa.get_by_role("button", name="I’m reviewing this").click()
    expect(rosa.get_by_text("You are reviewing it.").first).to_be_visible()
    rosa.get_by_role("link", name="Send back…").click()
    rosa.get_by_label("About").select_option(label="Summary")
    rosa.get_by_label("What is to be done").fill("Say who barred it.")
    rosa.get_by_role("button", name="Send back").click()
    is_told(rosa, "Sent back.")

    # The author goes to the very field, mends it, resolves the remark, and submits again.
    anna.goto(desk.address(article, "reviewing"))
    expect(anna.get_by_text("Say who barred it.", exact=True)).to_be_visible()
    anna.get_by_role("link", name="Summary").click()
    assert anna.url.endswith("#id_summary")
    anna.get_by_label("Summary").fill("Washington barred it in 1917.")
    anna.get_by_role("button", name="Save draft").click()
    is_told(anna, "Saved as revision 2")
    anna.goto(desk.address(article, "reviewing"))
    anna.get_by_role("button", name="Resolved").click()
    expect(anna.get_by_text("by Anna")).to_be_visible()
    anna.get_by_role("link", name="Submit for review…").click()
    anna.get_by_role("button", name="Submit for review").click()
    is_told(anna, "Submitted.")

    # The reviewer approves.
    rosa.goto(desk.address(article, "reviewing"))
    rosa.get_by_role("link", name="Approve…").click()
    rosa.get_by_label("Reviewed by").select_option(label="History desk")
    rosa.get_by_label("What was checked").fill("The dates, against the archive.")
    rosa.get_by_role("button", name="Approve").click()
    is_told(rosa, "Approved.")

    # The editor publishes, and readers see who reviewed it.
    edith.goto(desk.address(article))
    edith.get_by_role("button", name="Publish…").click()
    edith.get_by_label("What changed").fill("First published.")
    edith.get_by_role("button", name="Publish now").click()
    is_told(edith, "Readers see version 1 now")
    reader.goto("/articles/severed/")
    expect(reader.get_by_text("Reviewed by").first).to_be_visible()
    expect(reader.get_by_role("link", name="History desk").first).to_be_visible()


def test_a_guest_reads_remarks_and_approves_by_a_link(
    new_page: Callable[..., Page], article: Article
):
    build.person(name="Gustava Holm")
    member_of("Reviewer", "rosa")
    rosa, guest = log_in(new_page(), "rosa"), new_page()
    rosa.goto(desk.address(article, "links"))
    rosa.get_by_label("For whom").fill("Professor Holm")
    rosa.get_by_label("May leave remarks").check()
    rosa.get_by_label("May approve as").select_option(label="Gustava Holm")
    rosa.get_by_role("button", name="Make the link").click()
    expect(rosa.get_by_role("button", name="Copy")).to_be_visible()
    address = rosa.get_by_role("textbox", name="Address").input_value()

    guest.goto(address)
    expect(guest.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    expect(guest.get_by_role("status")).to_contain_text("The link works until")
    pictures = guest.locator("article img").evaluate_all("all => all.map((one) => one.src)")
    assert pictures
    assert all(one.startswith(f"{address}files/") for one in pictures)
    remark = guest.get_by_role("form", name="Leave a remark")
    remark.get_by_label("Your name").fill("Gus")
    remark.get_by_label("Remark").fill("Too long.")
    remark.get_by_role("button", name="Send to the editors").click()
    expect(guest.get_by_text("The editors have your remark.")).to_be_visible()
    approval = guest.get_by_role("form", name="Approve this draft")
    approval.get_by_label("Your name").fill("Gus")
    approval.get_by_label("What you checked").fill("The dates.")
    approval.get_by_role("button", name="Approve").click()
    expect(guest.get_by_text("Your approval is recorded.")).to_be_visible()

    rosa.goto(desk.address(article, "reviewing"))
    expect(rosa.get_by_text("Gus (guest)", exact=True)).to_be_visible()
    expect(rosa.get_by_text("Approved", exact=True)).to_be_visible()


@pytest.fixture
def said(article: Article) -> Article:
    """Much of everything that the pages show."""
    reviewer = build.reviewer("rosa")
    fact = article.facts.first()
    revision = article.latest_revision
    thread = leave_remark(
        revision, text="Of which year?", by=reviewer, place=Place("facts", str(fact.uid), "value")
    )
    answer(thread, text="2016.", by=reviewer)
    resolve(leave_remark(revision, text="Good.", by=reviewer), by=reviewer)
    link = make_link(revision, by=reviewer, note="Gus", may_remark=True, approves_as=build.person())
    leave_remark(revision, text="Too long.", by=None, link=link, guest_name="Gus")
    submit(revision, by=reviewer, remark="Look.")
    return article


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_the_pages_of_reviewing(
    page: Page, said: Article, scheme: str
):
    build.user("chief", is_superuser=True)
    page.emulate_media(color_scheme=scheme)
    log_in(page, "chief")
    wrong = {}
    remark = said.remarks.first().pk
    for address in (
        "/admin/articles/reviewrequest/",
        desk.address(said) + "#tab-review",
        desk.address(said, "reviewing"),
        desk.address(said, "send_back"),
        desk.address(said, "review"),
        desk.address(said, "links"),
        desk.address(said, "remark", remark),
        desk.address(said, "submit"),
        said.draft_links.get().get_absolute_url(),
    ):
        page.goto(address)
        if found := violations(page, only=COLOURS if scheme == "dark" else ()):
            wrong[address] = found
    assert wrong == {}


def test_the_address_of_a_link_is_copied(new_page: Callable[..., Page], said: Article):
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    log_in(page, "rosa")
    page.goto(desk.address(said, "links"))
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_by_role("textbox", name="Address").input_value()
