"""Two people at one form: what they changed is merged, and where it is the same, chosen."""

import pytest

from articles.models import Article
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


def rows(article, part="sections"):
    return article.latest_revision.document["parts"][part]["rows"]


def said(response):
    """Return the notice of a form that was not saved."""
    page = response.content.decode()
    start = page.index("desk-meeting")
    return page[start : page.index("desk-tabs", start) if "desk-tabs" in page else None]


def answer(form, which, *keys):
    """Choose for each of what was asked, or for those named."""
    for key in keys or form.values["clash"]:
        form[f"keep:{key}"] = which


# Different fields


def test_changes_to_different_fields_are_both_kept(article, anna, ben):
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, title="Anna's title")
    form["summary"] = "Ben's summary."

    response = form.send(follow=True)

    own = article.latest_revision.document["article"]
    assert (own["title"], own["summary"]) == ("Anna's title", "Ben's summary.")
    assert article.latest_revision.number == 3
    page = response.content.decode()
    assert "Saved together with what anna changed meanwhile: Title." in page
    assert "Saved as revision 3." in page


def test_every_kind_of_field_is_merged(article, anna, ben):
    image, topic, person = build.image(), build.topic(), build.person()
    form = desk.open_form(ben, desk.address(article))
    theirs = desk.open_form(anna, desk.address(article))
    theirs["image"], theirs["topics"] = str(image.pk), [*theirs.values["topics"], str(topic.pk)]
    theirs["written_by"], theirs["review_due_on"] = str(person.pk), "2027-03-01"
    theirs["comments_until"] = "2027-04-01T12:30"
    del theirs.values["comments_open"]
    assert theirs.send().status_code == 302
    form["title"] = "Ben's title"

    assert form.send().status_code == 302

    before, now = (article.revisions.get(number=number).document for number in (2, 3))
    assert now["article"] == {**before["article"], "title": "Ben's title"}
    assert now["article"]["comments_open"] is False
    assert now["article"]["comments_until"].startswith("2027-04-01T12:30")


def test_different_fields_of_one_row_are_merged(article, anna, ben):
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, sections__0__heading="Anna's heading")
    form["sections-0-body"] = "Ben's text."

    assert form.send().status_code == 302

    row = rows(article)[0]
    assert (row["heading"], row["body"]) == ("Anna's heading", "Ben's text.")


def test_a_section_added_meanwhile_stays(article, anna, ben):
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, sections__2__heading="Anna's section")
    form["title"] = "Ben's title"
    form["sections-2-heading"] = "Ben's section"

    assert form.send().status_code == 302

    headings = [row["heading"] for row in rows(article)]
    assert headings[1:] == ["Second", "Ben's section", "Anna's section"]


def test_rows_deleted_by_one_and_left_alone_by_the_other_go(article, anna, ben):
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, sections__0__DELETE="on")
    build.fact(article, characteristic="Another")
    record(article, by=None)
    form["facts-0-DELETE"] = "on"

    assert form.send().status_code == 302

    assert [row["heading"] for row in rows(article)] == ["Second"]
    assert [row["characteristic"] for row in rows(article, "facts")] == ["Another"]


def test_rows_moved_by_one_and_written_by_the_other_are_both(article, anna, ben):
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, sections__0__position="2", sections__1__position="1")
    form["sections-0-body"] = "Ben's text."

    assert form.send().status_code == 302

    first, second = rows(article)
    assert first["heading"] == "Second"
    assert second["body"] == "Ben's text."


def test_the_order_of_a_list_is_merged(article, anna, ben):
    one, two, three = (build.question(article) for _number in range(3))
    record(article, by=None)
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, **{"order-faq": f"{two.uid},{one.uid},{three.uid}"})
    form["order-faq"] = f"{three.uid},{one.uid},{two.uid}"

    assert form.send().status_code == 302

    assert list(article.questions.all()) == [three, two, one]


def test_the_same_change_by_both_is_no_conflict(article, anna, ben):
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, title="The same title", sections__0__DELETE="on")
    form["title"], form["sections-0-DELETE"] = "The same title", "on"

    assert form.send().status_code == 302
    assert article.latest_revision.number == 2  # nothing changed, and nothing was recorded


def test_line_breaks_as_browsers_send_them_are_no_change(article, anna, ben):
    article.summary = "One.\nTwo."
    article.save()
    record(article, by=None)
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, summary="Anna's summary.")
    form["summary"], form["title"] = "One.\r\nTwo.", "Ben's title"

    assert form.send().status_code == 302
    assert article.latest_revision.document["article"]["summary"] == "Anna's summary."


def test_a_part_that_an_app_adds_is_merged_too(article):
    anna, ben = (
        desk.client_of(build.user(name, is_superuser=True)) for name in ("chief", "deputy")
    )
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, pullquotes__0__words="Anna's words")
    form["pullquotes-0-words"] = "Ben's words"

    assert form.send().status_code == 302

    assert [row["words"] for row in rows(article, "pull-quotes")] == ["Ben's words", "Anna's words"]


def test_ones_own_other_tab_is_called_that(article, ben):
    form = desk.open_form(ben, desk.address(article))
    change(ben, article, title="In the other tab")
    form["summary"] = "In this tab."

    page = form.send(follow=True).content.decode()

    assert "Saved together with what you, in another tab, changed meanwhile: Title." in page


def test_whoever_may_only_look_is_refused_before_anything_is_merged(article):
    reader = desk.client_of(build.user("reader", "view_article"))
    for fields in ({"opened_on": "0"}, {"_bring_back": "1"}, {"_forget": "1"}):
        assert reader.post(desk.address(article), fields).status_code == 403


# The same field


def test_the_same_field_is_shown_twice_and_nothing_is_saved(article, anna, ben):
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, title="Anna's title", summary="Anna's summary.")
    form["title"], form["sections-0-body"] = "Ben's title", "Ben's text."

    response = form.send()

    notice = said(response)
    assert response.status_code == 200
    assert "Not saved yet: anna changed the same as you." in notice
    assert "<ins>Anna" in notice
    assert "<ins>Ben" in notice
    assert "<del>As it was</del>" in notice
    assert "already what was changed elsewhere (Summary)" in notice
    assert 'href="#id_title"' in notice
    assert article.latest_revision.number == 2
    article.refresh_from_db()
    assert article.title == "Anna's title"


def test_the_form_then_holds_all_that_was_typed_and_all_that_was_merged(article, anna, ben):
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, title="Anna's title", summary="Anna's summary.")
    form["title"], form["sections-2-heading"] = "Ben's title", "Ben's section"
    form["sections-2-body"] = "Ben's text."

    shown = desk.form_in(form.send(), ben, form.url)

    assert (shown["title"], shown["summary"]) == ("Ben's title", "Anna's summary.")
    assert (shown["sections-2-heading"], shown["sections-2-body"]) == (
        "Ben's section",
        "Ben's text.",
    )


@pytest.mark.parametrize(("which", "title"), [("mine", "Ben's title"), ("theirs", "Anna's title")])
def test_what_is_kept_is_chosen(article, anna, ben, which, title):
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, title="Anna's title")
    form["title"] = "Ben's title"
    shown = desk.form_in(form.send(), ben, form.url)

    assert shown.send().status_code == 200  # without an answer it is asked again
    answer(shown, which)
    assert shown.send().status_code == 302

    assert article.latest_revision.document["article"]["title"] == title
    assert article.revisions.get(number=2).document["article"]["title"] == "Anna's title"


def test_mine_may_be_edited_before_it_is_kept(article, anna, ben):
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, title="Anna's title")
    form["title"] = "Ben's title"
    shown = desk.form_in(form.send(), ben, form.url)

    shown["title"] = "Anna's and Ben's title"
    answer(shown, "mine")

    assert shown.send().status_code == 302
    assert article.latest_revision.document["article"]["title"] == "Anna's and Ben's title"


def test_each_field_has_an_answer_of_its_own(article, anna, ben):
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, title="Anna's title", sections__0__body="Anna's text.")
    form["title"], form["sections-0-body"] = "Ben's title", "Ben's text."
    shown = desk.form_in(form.send(), ben, form.url)
    title, body = shown.values["clash"]

    answer(shown, "mine", title)
    asked_again = desk.form_in(shown.send(), ben, form.url)
    assert asked_again.values["clash"] == [body]
    answer(asked_again, "theirs")
    assert asked_again.send().status_code == 302

    assert article.latest_revision.document["article"]["title"] == "Ben's title"
    assert rows(article)[0]["body"] == "Anna's text."


def test_an_answer_to_what_was_changed_again_does_not_count(article, anna, ben):
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, title="Anna's title")
    form["title"] = "Ben's title"
    shown = desk.form_in(form.send(), ben, form.url)
    change(anna, article, title="Anna's second thought")
    answer(shown, "mine")

    response = shown.send()

    assert response.status_code == 200
    assert "second thought" in said(response)
    article.refresh_from_db()
    assert article.title == "Anna's second thought"


def test_a_mistake_elsewhere_does_not_undo_what_was_merged_and_chosen(article, anna, ben):
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, title="Anna's title", summary="Anna's summary.")
    form["title"], form["review_due_on"] = "Ben's title", "no day"
    shown = desk.form_in(form.send(), ben, form.url)
    answer(shown, "theirs")

    again = desk.form_in(shown.send(), ben, form.url)

    assert "clash" not in again
    assert (again["title"], again["summary"]) == ("Anna's title", "Anna's summary.")
    again["review_due_on"] = "2027-01-01"
    assert again.send().status_code == 302


def test_a_form_that_does_not_say_what_it_was_opened_on_overwrites_nothing(article, anna, ben):
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, title="Anna's title")
    form["opened_on"], form["summary"] = "", "Ben's summary."

    shown = desk.form_in(form.send(), ben, form.url)

    assert shown.values["clash"] == ["article::title", "article::summary"]


def test_answers_to_what_nobody_asked_change_nothing(anna):
    article = build.article(title="Never recorded")
    form = desk.open_form(anna, desk.address(article))
    form["clash"], form["keep:article::title"] = ["article::title", "::", "x:y"], "theirs"

    assert form.send().status_code == 302
    form = desk.open_form(anna, desk.address(article))
    form["clash"], form["keep:article::title"] = ["article::title", "sections:none:"], "theirs"
    assert form.send().status_code == 302

    assert article.latest_revision.document["article"]["title"] == "Never recorded"


# Rows that one deleted and the other changed


@pytest.mark.parametrize(("which", "texts"), [("mine", 2), ("theirs", 1)])
def test_a_section_deleted_meanwhile_comes_back_only_if_chosen(article, anna, ben, which, texts):
    uid = str(article.sections.first().uid)
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, sections__0__DELETE="on")
    form["sections-0-body"] = "Ben wrote on in it."

    response = form.send()
    shown = desk.form_in(response, ben, form.url)
    assert "Deleted" in said(response)
    assert "Ben wrote on in it." in [shown[name] for name in shown.values if name.endswith("-body")]
    answer(shown, which)
    assert shown.send().status_code == 302

    found = rows(article)
    assert len(found) == texts
    assert ((uid, "Ben wrote on in it.") in [(row["uid"], row["body"]) for row in found]) == (
        which == "mine"
    )


@pytest.mark.parametrize(("which", "texts"), [("mine", 1), ("theirs", 2)])
def test_a_section_that_was_changed_meanwhile_is_deleted_only_if_chosen(
    article, anna, ben, which, texts
):
    form = desk.open_form(ben, desk.address(article))
    change(anna, article, sections__0__body="Anna wrote on in it.")
    form["sections-0-DELETE"] = "on"

    shown = desk.form_in(form.send(), ben, form.url)
    assert shown.send().status_code == 200
    answer(shown, which)
    assert shown.send().status_code == 302

    found = rows(article)
    assert len(found) == texts
    assert ("Anna wrote on in it." in [row["body"] for row in found]) == (which == "theirs")


# What is no conflict


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


# Rows with a form of their own


def test_two_people_at_different_fields_of_one_event(article, anna, ben):
    event = build.event(article, title="As it was")
    record(article, by=None)
    url = f"/admin/timeline/event/{event.pk}/change/"
    theirs, mine = desk.open_form(anna, url), desk.open_form(ben, url)
    theirs["title"], theirs["actors"] = "Anna's event", "Russia\nUnited States"
    theirs.send()
    mine["text"] = "Ben's text."

    response = mine.send(follow=True)

    assert "what anna changed meanwhile: Title; Who acted." in response.content.decode()
    event.refresh_from_db()
    assert (event.title, event.text) == ("Anna's event", "Ben's text.")
    assert event.actors == ["Russia", "United States"]


def test_two_people_at_the_same_field_of_one_event(article, anna, ben):
    event = build.event(article, text="As it was.")
    record(article, by=None)
    url = f"/admin/timeline/event/{event.pk}/change/"
    theirs, mine = desk.open_form(anna, url), desk.open_form(ben, url)
    theirs["text"] = "Anna's text."
    theirs.send()
    mine["text"] = "Ben's text."

    response = mine.send()

    assert "anna changed the same as you" in said(response)
    event.refresh_from_db()
    assert event.text == "Anna's text."
    shown = desk.form_in(response, ben, url)
    assert shown["text"] == "Ben's text."
    answer(shown, "mine")
    assert shown.send().status_code == 302
    event.refresh_from_db()
    assert event.text == "Ben's text."


def test_what_was_typed_into_a_deleted_article_becomes_a_new_one_if_saved_again(article, anna, ben):
    form = desk.open_form(ben, desk.address(article))
    form["title"], form["sections-0-body"] = "Ben's title", "Ben's text."
    assert anna.post(desk.address(article, "delete"), {"post": "yes"}).status_code == 302

    response = form.send()

    assert "somebody deleted this article while you wrote" in response.content.decode()
    assert not Article.objects.exists()
    shown = desk.form_in(response, ben, form.url)
    assert shown.send().status_code == 302
    made = Article.objects.get()
    assert made.title == "Ben's title"
    assert "Ben's text." in [row["body"] for row in rows(made)]


def test_whoever_may_not_add_an_article_makes_none_of_a_deleted_one(article, anna):
    may_change = [name for name in build.WRITING if name != "add_article"]
    form = desk.open_form(desk.client_of(build.user("carl", *may_change)), desk.address(article))
    anna.post(desk.address(article, "delete"), {"post": "yes"})
    form["_as_new"] = "1"

    assert form.send()["Location"] == "/admin/"
    assert not Article.objects.exists()


@pytest.fixture
def deleted_event(article, anna, ben):
    """Ben's form of an event that Anna deleted, with what he typed; the event's uid and title."""
    event = build.event(article, title="As it was")
    record(article, by=None)
    form = desk.open_form(ben, f"/admin/timeline/event/{event.pk}/change/?from=article")
    response = anna.post(f"/admin/timeline/event/{event.pk}/delete/", {"post": "yes"})
    assert response.status_code == 302
    form["text"] = "Ben wrote on in it."
    return form, str(event.uid)


def test_an_event_deleted_while_somebody_writes_in_it_comes_back_if_chosen(
    article, ben, deleted_event
):
    form, uid = deleted_event

    response = form.send()
    assert "anna changed the same as you" in said(response)
    assert rows_of_timeline(article) == []
    shown = desk.form_in(response, ben, form.url)
    assert shown["text"] == "Ben wrote on in it."
    assert shown.send().status_code == 200
    answer(shown, "mine")
    assert shown.send()["Location"] == f"{desk.address(article)}#tab-timeline"

    assert rows_of_timeline(article) == [(uid, "As it was", "Ben wrote on in it.")]


def test_or_else_it_stays_deleted(article, ben, deleted_event):
    form, _uid = deleted_event
    shown = desk.form_in(form.send(), ben, form.url)
    answer(shown, "theirs")

    response = shown.send(follow=True)

    assert "It stays deleted." in response.content.decode()
    assert rows_of_timeline(article) == []


def test_nobody_brings_back_an_event_who_may_not_add_one(article, deleted_event):
    form, _uid = deleted_event
    may_change = [name for name in build.WRITING if name != "add_event"]
    form.client = desk.client_of(build.user("carl", *may_change))
    for key in ("", "timeline"):
        form[f"keep:{key}"] = "mine"

    assert form.send()["Location"] == "/admin/"
    assert rows_of_timeline(article) == []


def rows_of_timeline(article):
    return [
        (row["uid"], row["title"], row["text"])
        for row in article.latest_revision.document["parts"].get("timeline", {"rows": []})["rows"]
    ]


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
