"""Two people at one form: the second save is refused once, with a sentence, and loses nothing."""

import pytest

from articles.recording import record
from tests import build, desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    made = build.article(title="As it was")
    build.section(made, heading="Second")
    record(made, by=None)
    return made


@pytest.fixture
def anna():
    return desk.client_of(build.editor("anna"))


@pytest.fixture
def ben():
    return desk.client_of(build.editor("ben"))


def change(client, article, **fields):
    form = desk.open_form(client, desk.address(article))
    for name, value in fields.items():
        form[name.replace("__", "-")] = value
    assert form.send().status_code == 302


def test_the_second_save_is_refused_and_says_who_and_when(article, anna, ben):
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, title="Anna's title")
    form["summary"] = "Ben's summary."

    response = form.send()

    page = response.content.decode()
    assert response.status_code == 200
    assert "anna recorded revision 2 on" in page
    assert "Save mine over theirs" in page
    article.refresh_from_db()
    assert article.title == "Anna's title"


def test_what_was_typed_is_still_in_the_form(article, anna, ben):
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, title="Anna's title")
    form["summary"], form["sections-2-heading"] = "Ben's summary.", "Ben's section"
    form["sections-2-body"] = "Ben's text."

    shown = desk.form_in(form.send(), ben, form.url)

    assert shown["summary"] == "Ben's summary."
    assert (shown["sections-2-heading"], shown["sections-2-body"]) == (
        "Ben's section",
        "Ben's text.",
    )


def test_it_shows_what_the_other_changed(article, anna, ben):
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, title="Anna's title", sections__0__body="Anna's text.")

    page = form.send().content.decode()

    notice = page[page.index("desk-notice is-bad") : page.index("Save mine over theirs")]
    assert "<ins>Anna" in notice
    assert "Body" in notice


def test_saving_over_it_is_done_knowingly(article, anna, ben):
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, title="Anna's title")
    form["title"] = "Ben's title"
    shown = desk.form_in(form.send(), ben, form.url)

    assert shown.send().status_code == 200  # without the tick it is refused again
    shown["overwrite"] = "2"
    assert shown.send().status_code == 302

    assert article.latest_revision.number == 3
    assert article.latest_revision.document["article"]["title"] == "Ben's title"
    assert article.revisions.get(number=2).document["article"]["title"] == "Anna's title"


def test_a_third_save_in_between_is_not_saved_over_unseen(article, anna, ben):
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, title="Anna's title")
    shown = desk.form_in(form.send(), ben, form.url)
    change(anna, article, title="Anna's second thought")
    shown["overwrite"] = "2"

    response = shown.send()

    assert response.status_code == 200
    assert 'value="3"' in response.content.decode()


def test_a_section_deleted_meanwhile_comes_back_with_what_was_typed_in_it(article, anna, ben):
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, sections__0__DELETE="on")
    form["sections-0-body"] = "Ben wrote on in it."

    shown = desk.form_in(form.send(), ben, form.url)
    assert "Ben wrote on in it." in [shown[name] for name in shown.values if name.endswith("-body")]
    shown["overwrite"] = "2"
    assert shown.send().status_code == 302

    rows = article.latest_revision.document["parts"]["sections"]["rows"]
    assert "Ben wrote on in it." in [row["body"] for row in rows]
    assert len(rows) == 2


def test_a_section_added_meanwhile_stays(article, anna, ben):
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, sections__2__heading="Anna's section")
    form["title"], form["overwrite"] = "Ben's title", "2"

    assert form.send().status_code == 302

    headings = [
        row["heading"] for row in article.latest_revision.document["parts"]["sections"]["rows"]
    ]
    assert "Anna's section" in headings


def test_what_the_form_does_not_hold_is_no_conflict(article, anna, ben):
    event = build.event(article)
    record(article, by=None)
    form = desk.open_form(ben, desk.address(article))
    row = desk.open_form(anna, f"/admin/timeline/event/{event.pk}/change/")
    row["title"] = "Anna's event"
    assert row.send().status_code == 302
    form["title"] = "Ben's title"

    assert form.send().status_code == 302
    document = article.latest_revision.document
    assert document["article"]["title"] == "Ben's title"
    assert document["parts"]["timeline"]["rows"][0]["title"] == "Anna's event"


def test_nor_is_what_the_library_says_since(article, anna, ben):
    topic = article.topics.get()
    event = build.event(article)
    record(article, by=None)
    form = desk.open_form(ben, desk.address(article))
    topic.name = "Renamed"
    topic.save()
    row = desk.open_form(anna, f"/admin/timeline/event/{event.pk}/change/")
    row["title"] = "Anna's event"
    row.send()

    assert form.send().status_code == 302


def test_two_people_at_one_event(article, anna, ben):
    event = build.event(article, title="As it was")
    record(article, by=None)
    url = f"/admin/timeline/event/{event.pk}/change/"
    theirs, mine = desk.open_form(anna, url), desk.open_form(ben, url)
    theirs["title"] = "Anna's event"
    theirs.send()
    mine["text"] = "Ben's text."

    response = mine.send()

    page = response.content.decode()
    assert response.status_code == 200
    assert "anna recorded revision" in page
    assert "Ben&#x27;s text." in page
    event.refresh_from_db()
    assert event.title == "Anna's event"

    mine["overwrite"] = str(article.latest_revision.number)
    assert mine.send().status_code == 302
    event.refresh_from_db()
    assert event.text == "Ben's text."


def test_two_people_at_two_events_do_not_meet(article, anna, ben):
    one, other = build.event(article), build.event(article)
    record(article, by=None)
    mine = desk.open_form(ben, f"/admin/timeline/event/{one.pk}/change/")
    theirs = desk.open_form(anna, f"/admin/timeline/event/{other.pk}/change/")
    theirs["title"] = "Anna's event"
    theirs.send()

    assert mine.send().status_code == 302


def test_two_people_at_one_source(anna, ben):
    source = build.source(title="As it was")
    url = f"/admin/library/source/{source.pk}/change/"
    theirs, mine = desk.open_form(anna, url), desk.open_form(ben, url)
    theirs["title"] = "Anna's title"
    theirs.send()
    mine["publisher"] = "Ben's publisher"

    response = mine.send()

    page = response.content.decode()
    assert "somebody saved this after you opened it" in page
    assert "Ben&#x27;s publisher" in page
    source.refresh_from_db()
    assert source.title == "Anna's title"

    mine["overwrite"] = source.changed_at.isoformat()
    assert mine.send().status_code == 302
    source.refresh_from_db()
    assert source.publisher == "Ben's publisher"


def test_one_person_saves_one_source_twice(ben):
    source = build.source()
    for publisher in ("First", "Second"):
        form = desk.open_form(ben, f"/admin/library/source/{source.pk}/change/")
        form["publisher"] = publisher
        assert form.send("_continue").status_code == 302
