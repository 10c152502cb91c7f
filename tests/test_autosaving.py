"""What is typed is kept on the server: one slot for each editor and form, for nobody else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles import autosaving
from articles.models import Autosave
from articles.recording import record
from articles.redacting import redact
from tests import build, desk

pytestmark = pytest.mark.django_db

PAGE = str(uuid4())
NEW_ARTICLE = "/admin/articles/article/add/"


@pytest.fixture
def article():
    made = build.article(title="As it was")
    record(made, by=None)
    return made


@pytest.fixture
def anna():
    return build.author("anna")


@pytest.fixture
def browser(anna):
    return desk.client_of(anna)


def typed(client, user, url, page=PAGE, **fields):
    """Autosave a form as the script does."""
    return client.post(url, {"_account": user.pk, "_page": page, **fields})


def fields_of(form, **changed):
    return {**form.values, **{name: [value] for name, value in changed.items()}}


# The slot


def test_there_is_one_slot_for_an_editor_and_a_form_and_no_revision(article, anna, browser):
    url = desk.address(article, "autosave")
    for title in ("First", "Second", "Third"):
        assert typed(browser, anna, url, title=title).json() == {"is_kept": True}

    kept = Autosave.objects.get()
    assert (kept.editor, kept.article) == (anna, article)
    assert kept.fields["title"] == ["Third"]
    assert article.revisions.count() == 1
    article.refresh_from_db()
    assert article.title == "As it was"


def test_another_form_and_another_editor_have_slots_of_their_own(article, anna, browser):
    event, ben = build.event(article), build.author("ben")
    typed(browser, anna, desk.address(article, "autosave"), title="Anna's")
    typed(browser, anna, f"/admin/timeline/event/{event.pk}/autosave/", title="Anna's event")
    typed(browser, anna, "/admin/articles/article/add/autosave/", title="Anna's new one")
    typed(browser, anna, f"/admin/timeline/event/add/autosave/?article={article.pk}", title="New")
    typed(desk.client_of(ben), ben, desk.address(article, "autosave"), title="Ben's")

    assert Autosave.objects.count() == 5
    assert Autosave.objects.filter(article=article).count() == 4


def test_buttons_and_tokens_are_not_kept_and_a_null_character_is_no_mistake(article, anna, browser):
    typed(
        browser,
        anna,
        desk.address(article, "autosave"),
        title="A\0B",
        csrfmiddlewaretoken="x",
        _save="1",
    )

    assert Autosave.objects.get().fields == {"title": ["AB"]}


def test_what_was_taken_back_is_forgotten_by_the_page_that_kept_it(article, anna, browser):
    url = desk.address(article, "autosave")
    typed(browser, anna, url, title="Typed")

    typed(browser, anna, url, page=str(uuid4()), _forget="1")
    assert Autosave.objects.exists()
    typed(browser, anna, url, _forget="1")
    assert not Autosave.objects.exists()


def test_too_much_is_refused_with_a_sentence(article, anna, monkeypatch):
    monkeypatch.setattr(autosaving, "LONGEST", 10)
    client = desk.client_of(anna)

    answer = typed(client, anna, desk.address(article, "autosave"), title="More than ten letters")

    assert answer.status_code == 413
    assert "too long to be kept" in answer.json()["said"]
    with pytest.raises(ValidationError):
        autosaving.keep({"a": ["b" * 20]}, by=anna, slot="x", article=article, page=PAGE)


def test_old_ones_go_when_something_is_saved(article, anna):
    keep = {"by": anna, "article": article, "page": PAGE}
    autosaving.keep({"title": ["Old"]}, slot="old", **keep)
    autosaving.keep({"title": ["New"]}, slot="new", **keep)
    Autosave.objects.filter(slot="old").update(saved_at=timezone.now() - timedelta(days=91))

    autosaving.forget(anna, "another")

    assert [one.slot for one in Autosave.objects.all()] == ["new"]


def test_it_goes_with_the_article(article, anna, browser):
    typed(browser, anna, desk.address(article, "autosave"), title="Typed")
    article.delete()
    assert not Autosave.objects.exists()


def test_keeping_takes_a_fixed_number_of_queries(
    article, anna, browser, django_assert_max_num_queries
):
    url = desk.address(article, "autosave")
    for number in range(60):
        build.section(article, heading=str(number))
    fields = desk.open_form(browser, desk.address(article)).values
    with django_assert_max_num_queries(8):
        assert typed(browser, anna, url, **fields).status_code == 200


def test_a_redaction_takes_the_words_out_of_what_is_not_saved(article, anna, browser):
    article.title = "The name of John Doe"
    article.save()
    revision = record(article, by=None)
    url, form = desk.address(article, "autosave"), desk.open_form(browser, desk.address(article))
    typed(browser, anna, url, **fields_of(form, summary="John  Doe said so."))
    redact(article, passages=["John Doe", str(revision.number)], reason="Privacy", by=None)

    fields = Autosave.objects.get().fields
    assert fields["title"] == ["The name of [redacted]"]
    assert fields["summary"] == ["[redacted] said so."]
    assert fields["opened_on"] == [str(revision.number)]


# Who may


def test_a_colleague_is_never_shown_it(article, anna, browser):
    typed(browser, anna, desk.address(article, "autosave"), title="Half a thought")
    ben = desk.client_of(build.author("ben"))

    assert "Half a thought" not in ben.get(desk.address(article)).content.decode()
    answer = ben.post(desk.address(article), {"_bring_back": "1"})
    assert answer.status_code == 302
    ben.post(desk.address(article), {"_forget": "1"})
    assert Autosave.objects.count() == 1


def test_whoever_may_not_write_it_keeps_nothing(article):
    reader = build.user("reader", "view_article")
    client = desk.client_of(reader)

    assert typed(client, reader, desk.address(article, "autosave"), title="x").status_code == 403
    assert typed(client, reader, "/admin/articles/article/add/autosave/").status_code == 403
    assert "data-autosave" not in client.get(desk.address(article)).content.decode()
    assert not Autosave.objects.exists()


def test_a_page_of_another_account_keeps_nothing(article, anna):
    ben = build.author("ben")
    answer = typed(desk.client_of(ben), anna, desk.address(article, "autosave"), title="Anna's")

    assert answer.status_code == 409
    assert "another account" in answer.json()["said"]
    assert not Autosave.objects.exists()


def test_it_is_posted_by_a_page_that_has_a_name(article, anna, browser):
    url = desk.address(article, "autosave")
    assert browser.get(url).status_code == 405
    assert typed(browser, anna, url, page="<script>").status_code == 400
    assert typed(browser, anna, "/admin/articles/article/999/autosave/").status_code == 404


def test_a_session_that_is_over_leads_to_the_login(article, anna, browser):
    browser.logout()
    answer = typed(browser, anna, desk.address(article, "autosave"), title="x")
    assert answer["Location"].startswith("/admin/login/")


def test_another_site_cannot_write_into_it(article, anna):
    client = desk.Client(enforce_csrf_checks=True)
    client.force_login(anna)
    answer = typed(client, anna, desk.address(article, "autosave"), title="x")
    assert answer.status_code == 403


# The form


def test_opening_the_form_again_offers_it(article, anna, browser):
    form = desk.open_form(browser, desk.address(article))
    typed(browser, anna, desk.address(article, "autosave"), **fields_of(form, title="Typed"))

    page = browser.get(desk.address(article)).content.decode()

    assert "you typed something here that was not saved" in page
    assert 'value="As it was"' in page


def test_brought_back_it_is_in_the_form_and_not_saved(article, anna, browser):
    url = desk.address(article)
    form = desk.open_form(browser, url)
    added = {"sections-1-heading": "A new section", "sections-1-body": "Text."}
    typed(
        browser, anna, desk.address(article, "autosave"), **fields_of(form, title="Typed", **added)
    )

    response = browser.post(url, {"_bring_back": "1"})

    assert "This is what you typed" in response.content.decode()
    assert "errornote" not in response.content.decode()
    assert article.revisions.count() == 1
    shown = desk.form_in(response, browser, url)
    assert (shown["title"], shown["sections-1-heading"]) == ("Typed", "A new section")
    assert shown.send().status_code == 302
    own = article.latest_revision.document
    assert own["article"]["title"] == "Typed"
    assert own["parts"]["sections"]["rows"][-1]["heading"] == "A new section"


def test_brought_back_over_a_colleagues_save_it_is_merged(article, anna, browser):
    url = desk.address(article)
    form = desk.open_form(browser, url)
    typed(browser, anna, desk.address(article, "autosave"), **fields_of(form, title="Typed"))
    theirs = desk.open_form(desk.client_of(build.author("ben")), url)
    theirs["summary"] = "Ben's summary."
    assert theirs.send().status_code == 302

    response = browser.post(url, {"_bring_back": "1"})

    assert "What ben changed meanwhile is in the form too: Summary." in response.content.decode()
    shown = desk.form_in(response, browser, url)
    assert (shown["title"], shown["summary"]) == ("Typed", "Ben's summary.")
    assert shown.send().status_code == 302


def test_what_cannot_be_saved_comes_back_with_what_is_wrong(article, anna, browser):
    url = desk.address(article)
    form = desk.open_form(browser, url)
    typed(browser, anna, desk.address(article, "autosave"), **fields_of(form, review_due_on="soon"))

    page = browser.post(url, {"_bring_back": "1"}).content.decode()

    assert 'value="soon"' in page
    assert "Enter a valid date." in page


def test_it_can_be_forgotten(article, anna, browser):
    url = desk.address(article)
    typed(browser, anna, desk.address(article, "autosave"), title="Typed")

    assert browser.post(url, {"_forget": "1"})["Location"] == url

    assert not Autosave.objects.exists()
    assert "was not saved" not in browser.get(url).content.decode()


def test_a_save_forgets_what_its_own_page_kept_and_not_another_tabs(article, anna, browser):
    url, other = desk.address(article), str(uuid4())
    typed(browser, anna, desk.address(article, "autosave"), page=other, title="In another tab")
    form = desk.open_form(browser, url)
    form["title"], form["_page"] = "Saved", PAGE
    assert form.send().status_code == 302
    assert Autosave.objects.count() == 1

    form = desk.open_form(browser, url)
    form["title"], form["_page"] = "Saved too", other
    assert form.send().status_code == 302
    assert not Autosave.objects.exists()


def test_a_save_that_is_refused_forgets_nothing(article, anna, browser):
    typed(browser, anna, desk.address(article, "autosave"), title="Typed")
    form = desk.open_form(browser, desk.address(article))
    form["review_due_on"], form["_page"] = "soon", PAGE

    assert form.send().status_code == 200
    assert Autosave.objects.exists()


def test_a_new_article_and_a_new_event_are_kept_and_brought_back_too(article, anna, browser):
    for url in ("/admin/articles/article/add/", f"/admin/timeline/event/add/?article={article.pk}"):
        form = desk.open_form(browser, url)
        typed(browser, anna, url.replace("add/", "add/autosave/"), **fields_of(form, title="New"))

        assert "was not saved" in browser.get(url).content.decode()
        shown = desk.form_in(browser.post(url, {"_bring_back": "1"}), browser, url)
        assert shown["title"] == "New"
        shown["_page"] = PAGE
        assert shown.send().status_code == 302
        assert not Autosave.objects.exists()


def test_new_articles_in_two_tabs_are_kept_apart(article, anna, browser):
    url, kept_at, other = NEW_ARTICLE, f"{NEW_ARTICLE}autosave/", str(uuid4())
    form = desk.open_form(browser, url)
    typed(browser, anna, kept_at, page=other, **fields_of(form, title="The other"))
    typed(browser, anna, kept_at, **fields_of(form, title="The first"))
    typed(browser, anna, f"/admin/timeline/event/add/autosave/?article={article.pk}", title="Event")

    # The newest is offered first.
    assert f'name="_page" value="{PAGE}"' in browser.get(url).content.decode()
    shown = desk.form_in(browser.post(url, {"_bring_back": "1", "_page": PAGE}), browser, url)
    assert shown["title"] == "The first"
    assert shown.send().status_code == 302

    shown = desk.form_in(browser.post(url, {"_bring_back": "1", "_page": other}), browser, url)
    assert shown["title"] == "The other"
    browser.post(url, {"_forget": "1", "_page": other})
    assert "was not saved" not in browser.get(url).content.decode()
    assert Autosave.objects.get().fields["title"] == ["Event"]


def test_one_of_two_new_articles_is_forgotten_by_itself(anna, browser):
    other = str(uuid4())
    for page, title in ((other, "The other"), (PAGE, "The first")):
        typed(browser, anna, f"{NEW_ARTICLE}autosave/", page=page, title=title)

    browser.post(NEW_ARTICLE, {"_forget": "1", "_page": PAGE})

    assert Autosave.objects.get().fields["title"] == ["The other"]
    assert "was not saved" in browser.get(NEW_ARTICLE).content.decode()


def test_an_event_is_kept_and_brought_back_too(article, anna, browser):
    event = build.event(article)
    url = f"/admin/timeline/event/{event.pk}/"
    form = desk.open_form(browser, f"{url}change/")
    typed(browser, anna, f"{url}autosave/", **fields_of(form, title="Typed"))

    shown = desk.form_in(
        browser.post(f"{url}change/", {"_bring_back": "1"}), browser, f"{url}change/"
    )

    assert shown["title"] == "Typed"
    shown["_page"] = PAGE
    assert shown.send().status_code == 302
    assert not Autosave.objects.exists()
