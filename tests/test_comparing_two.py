"""Any two revisions, compared in one text and side by side, part by part, pictures too."""

import re
from datetime import timedelta
from html import unescape
from time import perf_counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.deeds import schedule
from articles.naming import name_revision
from articles.recording import record
from publishing.comparing import FieldChange, Kind, Run, compare_fields
from tests import build, desk
from tests.pull_quotes.models import PullQuote

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return desk.client_of(build.editor())


@pytest.fixture
def article():
    made = build.full_article(title="First title")
    record(made, by=None)
    return made


def compared(client, article, old, new, **query) -> str:
    answer = client.get(desk.address(article, "compare_two"), {"old": old, "new": new, **query})
    assert answer.status_code == 200
    return answer.content.decode()


def retitle(article, *titles):
    for title in titles:
        article.title = title
        article.save()
        record(article, by=None)


# Two sides of one text


def only_change(old: str, new: str) -> FieldChange:
    (change,) = compare_fields({"body": old}, {"body": new})
    return change


def test_lines_stand_beside_each_other():
    change = only_change("One.\nTwo is old.\nThree.", "One.\nTwo is new.\nThree.")

    assert [
        ("".join(run.text for run in line.old), "".join(run.text for run in line.new))
        for line in change.lines
    ] == [("One.\n", "One.\n"), ("Two is old.\n", "Two is new.\n"), ("Three.", "Three.")]
    assert Run(Kind.REMOVED, "old") in change.lines[1].old
    assert Run(Kind.ADDED, "new") in change.lines[1].new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "All is new.\nTruly."),
        ("All is gone.\nTruly.", ""),
        ("a\nb\nc", "c\nb\na"),
        ("one\n\n\ntwo", "one\n\ntwo\n"),
        ("ends in a break\n", "ends in a break"),
    ],
)
def test_both_sides_hold_their_whole_text(old, new):
    lines = only_change(old, new).lines
    assert "".join(run.text for line in lines for run in line.old) == old
    assert "".join(run.text for line in lines for run in line.new) == new


def test_line_breaks_of_browsers_are_no_change():
    assert list(compare_fields({"body": "One.\r\nTwo."}, {"body": "One.\nTwo."})) == []


# Choosing


def test_two_are_chosen_by_radio_buttons_of_a_plain_form(client, article):
    retitle(article, "Second title", "Third title")
    page = client.get(desk.address(article, "history")).content.decode()

    form = page[page.index('class="desk-history"') - 200 :]
    assert f'<form method="get" action="{desk.address(article, "compare_two")}"' in form
    for number in (1, 2, 3):
        for side in ("old", "new"):
            assert f'<input type="radio" name="{side}" value="{number}"' in form
    assert 'name="new" value="3" checked' in form
    assert 'name="old" value="2" checked' in form


def test_the_choice_lasts_while_one_looks_through_the_pages(client, article):
    retitle(article, *(f"Title {number}" for number in range(45)))

    page = client.get(desk.address(article, "history"), {"old": 44, "new": 3, "page": 2})
    said = page.content.decode()

    assert '<input type="radio" name="old" value="44" checked>' in said
    assert "Older one: revision 44, on another page" in said
    assert 'name="new" value="3" checked' in said


def test_any_two_are_compared(client, article):
    retitle(article, "Second title", "Third title")
    page = compared(client, article, 1, 3)

    assert "Revision 3 against revision 1" in page
    assert "<del>First" in page
    assert "<ins>Third" in page
    assert "Second" not in page


def test_the_older_is_on_the_left_whichever_was_named_first(client, article):
    retitle(article, "Second title")
    assert "Revision 2 against revision 1" in compared(client, article, 2, 1)


def test_names_are_said(client, article):
    retitle(article, "Second title")
    name_revision(article.revisions.get(number=1), "Before the letter", by=None)
    assert "against revision 1 (“Before the letter”)" in compared(client, article, 1, 2)


@pytest.mark.parametrize("query", [{}, {"old": 1}, {"old": 1, "new": 1}, {"old": "x", "new": 1}])
def test_without_two_the_editor_is_asked_for_them(client, article, query):
    answer = client.get(desk.address(article, "compare_two"), query, follow=True)
    assert answer.redirect_chain[-1][0] == desk.address(article, "history")
    assert "Choose two revisions that are to be compared." in answer.content.decode()


def test_what_is_not_there_is_not_found(client, article):
    answer = client.get(desk.address(article, "compare_two"), {"old": 1, "new": 99})
    assert answer.status_code == 404


def test_it_is_not_for_strangers(article):
    stranger = desk.client_of(build.stranger())
    answer = stranger.get(desk.address(article, "compare_two"), {"old": 1, "new": 2})
    assert answer.status_code == 403


def test_either_is_restored_with_one_button_and_the_draft_itself_not(client, article):
    retitle(article, "Second title", "Third title")
    page = compared(client, article, 1, 2)
    for number in (1, 2):
        assert f'<form method="post" action="{desk.address(article, "restore", number)}">' in page
    assert desk.address(article, "restore", 3) not in compared(client, article, 2, 3)

    client.post(desk.address(article, "restore", 1))

    assert article.latest_revision.document["article"]["title"] == "First title"


def test_who_may_only_look_compares_and_restores_nothing(article):
    retitle(article, "Second title")
    looker = desk.client_of(build.user("looker", "view_article"))
    assert desk.address(article, "restore", 1) not in compared(looker, article, 1, 2)


# What is shown


def cells(page: str) -> list[list[str]]:
    """Return the two sides of every line shown side by side, as they are marked up."""
    rows = re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td></tr>", page, re.DOTALL)
    return [[side.strip() for side in row] for row in rows]


def test_side_by_side_the_old_stands_left_and_the_new_right(client, article):
    retitle(article, "Second title")
    page = compared(client, article, 1, 2, view="beside")

    assert ["<del>First </del>title", "<ins>Second </ins>title"] in cells(page)
    assert '<th scope="col">Revision 1</th><th scope="col">Revision 2</th>' in page
    assert '?old=1&amp;new=2&amp;view=inline" class="desk-button">In one text' in page


@pytest.mark.parametrize("view", ["inline", "beside"])
def test_every_part_says_what_was_added_removed_moved_and_changed(client, view):
    article = build.article()
    gone, moved, changed = (
        build.section(article, heading=heading) for heading in ("Gone", "Moved", "Changed")
    )
    build.section(article, heading="Last")
    PullQuote.objects.create(article=article, words="Said then.")
    record(article, by=None)
    gone.delete()
    moved.position = 99
    moved.save()
    changed.body = "Rewritten."
    changed.save()
    build.event(article, title="Added")
    article.pullquotes.update(words="Said now.")
    record(article, by=None)

    page = compared(client, article, 1, 2, view=view)

    for kind, title in (
        ("removed", "Gone"), ("moved", "Moved"), ("changed", "Changed"), ("added", "Added")
    ):  # fmt: skip
        assert re.search(rf"is-{kind}\">{kind.capitalize()}\s*</span> {title}", page), kind
    assert "Pull quotes" in page
    assert "<ins>now</ins>" in page


@pytest.mark.parametrize("view", ["inline", "beside"])
def test_a_picture_that_changed_shows_both(client, article, view):
    section = article.sections.exclude(image=None).get()
    old, new = section.image, build.image("gold")
    section.image = new
    section.save()
    record(article, by=None)

    page = compared(client, article, 1, 2, view=view)

    for image in (old, new):
        assert f'src="/admin/library/image/file/{image.file}"' in page
        assert client.get(f"/admin/library/image/file/{image.file}").status_code == 200


def test_a_picture_that_is_new_stands_beside_none(client, article):
    section = article.sections.filter(image=None).first()
    section.image = build.image("gold")
    section.save()
    record(article, by=None)

    page = compared(client, article, 1, 2, view="beside")

    assert cells(page)[0][0] == '<span class="desk-hint">no picture</span>'
    assert section.image.file in cells(page)[0][1]


@pytest.mark.parametrize("view", ["inline", "beside"])
def test_two_hundred_events_stay_quick_and_cost_no_more_queries(client, article, view):
    retitle(article, "Second title")
    with CaptureQueriesContext(connection) as few:
        compared(client, article, 1, 2, view=view)
    for number in range(200):
        build.event(article, title=f"Event {number}", text="A text of some words. " * 20)
    record(article, by=None)
    for event in article.events.all():
        event.text = event.text.replace("some", "many")
        event.save()
    record(article, by=None)

    began = perf_counter()
    with CaptureQueriesContext(connection) as many:
        page = compared(client, article, 3, 4, view=view)
    took = perf_counter() - began

    assert page.count("is-changed") >= 200
    assert len(many) == len(few)
    # Far more than it takes, and far less than comparing every word with every other.
    assert took < 10


# Lists read no content


def test_the_history_reads_no_content_and_asks_as_often_for_many(client, article):
    url = desk.address(article, "history")
    retitle(article, "Second title")
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    retitle(article, *(f"Title {number}" for number in range(30)))
    build.published(article)
    with CaptureQueriesContext(connection) as many:
        client.get(url)

    assert len(many) == len(few)
    assert not any('"content"' in query["sql"] for query in many)


# Marks are shown as they were typed, with what they name


@pytest.fixture
def rewritten(client, article):
    """Return a function that gives a section two texts and returns what the desk shows of them."""

    def compare_texts(before: str, after: str, **query) -> str:
        section = build.section(article, heading="How it went", body=before)
        old = record(article, by=None).number
        section.body = after
        section.save()
        new = record(article, by=None).number
        page = compared(client, article, old, new, **query)
        return unescape(page[page.index("How it went") :])

    return compare_texts


def words(html: str) -> str:
    return re.sub(r"</?(?:ins|del)>", "", html)


@pytest.mark.parametrize("view", ["inline", "beside"])
def test_a_mark_says_what_it_names_and_how_it_was_typed(rewritten, article, view):
    build.source(key="archive-14", title="Telegram 14")
    key = build.image(caption="The embassy").uid.hex[:12]
    build.fact(article, characteristic="Recognition", anchor="recognition")
    marks = f"[@archive-14, p. 3]\n\n![By night](image:{key})\n\n![](fact:recognition)\n\n`[@code]`"

    shown = words(rewritten("It fell.", f"It fell.{marks}", view=view))

    assert "[@archive-14, p. 3 → Telegram 14]" in shown
    assert f"![By night](image:{key} → The embassy)" in shown
    assert "![](fact:recognition → Recognition)" in shown
    assert "`[@code]`" in shown


def test_a_mark_that_names_nothing_says_so(rewritten):
    assert "[@nowhere → not found]" in words(rewritten("It fell.", "It fell.[@nowhere]"))


def test_what_is_shown_the_same_and_typed_otherwise_is_a_change(rewritten):
    key = build.image(caption="The embassy").uid.hex[:12]
    shown = rewritten(f"![](image:{key})", f"![The embassy](image:{key})")
    assert "![<ins>The embassy</ins>](image" in shown


def test_of_a_mark_only_the_words_that_changed_are_a_change(rewritten):
    build.source(key="archive-14", title="Telegram 14")
    shown = rewritten("It fell.[@archive-14, p. 3]", "It fell.[@archive-14, p. 4]")
    assert "[@archive-14, p. <del>3 </del><ins>4 </ins>→ Telegram 14]" in shown


def test_marks_say_what_they_name_before_restoring_and_publishing(client, article, rewritten):
    build.source(key="archive-14", title="Telegram 14")
    rewritten("It fell.", "It fell.[@archive-14]")
    latest = article.latest_revision
    before = article.revisions.get(number=latest.number - 1)
    in_a_day = timezone.now() + timedelta(days=1)
    schedule(before, goes_live_at=in_a_day, by=None, change_note="It fell.")

    for page in (desk.address(article, "restore", before.number), desk.address(article, "publish")):
        assert "→ Telegram 14]" in words(client.get(page).content.decode())
