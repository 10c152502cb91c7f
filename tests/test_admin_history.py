"""Revisions in the admin: the preview, the list, what changed, and bringing one back."""

import pytest

from articles.models import AuditEntry, Publication
from articles.naming import name_revision
from articles.recording import record
from tests import build, desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return desk.client_of(build.editor())


@pytest.fixture
def article():
    made = build.full_article(title="First title")
    record(made, by=None)
    made.title = "Second title"
    made.save()
    record(made, by=None)
    return made


# Preview


def test_the_preview_is_the_page_of_the_draft_as_saved(client, article):
    page = client.get(desk.address(article, "preview")).content.decode()

    assert "Second title" in page
    assert "Draft, revision 2." in page
    assert 'class="banner is-draft"' in page
    assert article.sections.first().body in page
    assert f'href="{desk.address(article)}"' in page


def test_a_preview_is_never_cached_and_keeps_the_policy_of_public_pages(client, article):
    response = client.get(desk.address(article, "preview"))

    assert "no-store" in response["Cache-Control"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "noindex" in response.content.decode()


def test_a_preview_shows_pictures_that_no_publication_shows(client, article):
    page = client.get(desk.address(article, "preview")).content.decode()
    url = f"/admin/library/image/file/{article.image.file}"
    shown = article.sections.exclude(image=None).get().image.file

    assert f"/admin/library/image/file/{shown}" in page
    picture = client.get(url)
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")
    assert client.get(f"/media/{article.image.file}").status_code == 404


def test_a_preview_of_nothing_recorded_is_not_there(client):
    assert client.get(desk.address(build.article(), "preview")).status_code == 404


def test_a_preview_is_not_for_readers_and_not_for_strangers(article):
    assert desk.Client().get(desk.address(article, "preview")).status_code == 302
    stranger = desk.client_of(build.stranger())
    assert stranger.get(desk.address(article, "preview")).status_code == 403


def test_an_older_revision_is_previewed_as_it_was(client, article):
    page = client.get(desk.address(article, "revision", 1)).content.decode()
    assert "First title" in page
    assert "Draft, revision 1." in page


# The list


def test_the_history_lists_revisions_and_what_was_published_of_them(client, article):
    build.published(article, change_note="Brought before readers.")

    page = client.get(desk.address(article, "history")).content.decode()

    assert page.index(">2</th>") < page.index(">1</th>")
    assert "Brought before readers." in page
    assert desk.address(article, "restore", 1) in page
    assert desk.address(article, "restore", 2) not in page


def test_the_history_of_what_was_never_recorded_says_so(client):
    page = client.get(desk.address(build.article(), "history"))

    assert page.status_code == 200
    assert "Nothing is recorded yet." in page.content.decode()
    assert 'class="desk-history"' not in page.content.decode()


def test_a_page_behind_the_last_of_an_empty_history_says_so_too(client):
    page = client.get(desk.address(build.article(), "history"), {"page": 2, "old": 1, "new": "x"})

    assert page.status_code == 200
    assert "Nothing is recorded yet." in page.content.decode()


@pytest.mark.parametrize("deed", ["compare", "restore", "name", "revision"])
def test_no_revision_of_what_was_never_recorded_is_there(client, deed):
    assert client.get(desk.address(build.article(), deed, 1)).status_code == 404


def test_a_long_history_has_pages(client, article):
    for number in range(60):
        article.title = f"Title {number}"
        article.save()
        record(article, by=None)

    first = client.get(desk.address(article, "history")).content.decode()
    second = client.get(desk.address(article, "history") + "?page=2").content.decode()

    assert ">62</th>" in first
    assert ">1</th>" not in first
    assert ">1</th>" in second


# What changed


def test_a_revision_is_compared_with_what_readers_see(client, article):
    build.published(article)
    article.title = "Third title"
    article.save()
    record(article, by=None)

    page = client.get(desk.address(article, "compare", 3)).content.decode()

    assert "against version 1, which readers see" in page
    assert "<ins>Third" in page
    assert "<del>Second" in page


def test_and_with_the_one_before_while_nothing_is_live(client, article):
    page = client.get(desk.address(article, "compare", 2)).content.decode()
    assert "against revision 1" in page
    assert "<ins>Second" in page


@pytest.mark.parametrize("asked", ["x", "-1", "²"])
def test_nonsense_is_not_compared(client, article, asked):
    assert client.get(desk.address(article, "compare", 2), {"with": asked}).status_code == 404


def test_the_first_has_nothing_before_it(client, article):
    page = client.get(desk.address(article, "compare", 1)).content.decode()
    assert "nothing before it to compare with" in page


# Bringing one back


def test_a_revision_is_restored_as_a_new_one(client, article):
    confirmation = client.get(desk.address(article, "restore", 1)).content.decode()
    assert "<ins>First" in confirmation
    assert article.latest_revision.number == 2

    response = client.post(desk.address(article, "restore", 1))

    assert response["Location"] == desk.address(article)
    latest = article.latest_revision
    assert (latest.number, latest.created_by.username) == (3, "editor")
    assert latest.document["article"]["title"] == "First title"
    assert not Publication.objects.exists()


def test_it_says_where_the_library_differs(client, article):
    topic, gone = article.topics.get(), build.source(key="gone")
    build.section(article, body="Cited.[@gone]")
    record(article, by=None)
    gone.delete()
    topic.name = "Renamed"
    topic.save()

    page = client.post(desk.address(article, "restore", 3), follow=True).content.decode()

    assert "Made again in the library, where it was gone" in page
    assert "The library says something else today" in page
    assert "Renamed" in page


def test_who_may_only_look_restores_nothing(article):
    looker = desk.client_of(build.user("looker", "view_article"))

    assert looker.get(desk.address(article, "history")).status_code == 200
    assert looker.get(desk.address(article, "restore", 1)).status_code == 403
    assert looker.post(desk.address(article, "restore", 1)).status_code == 403
    assert article.latest_revision.number == 2


def test_who_may_only_look_is_offered_neither_to_restore_nor_to_name(article):
    looker = desk.client_of(build.user("looker", "view_article"))
    page = looker.get(desk.address(article, "history")).content.decode()

    assert desk.address(article, "restore", 1) not in page
    assert desk.address(article, "name", 1) not in page


# Names


def test_a_revision_is_named_from_the_history(client, article):
    assert desk.address(article, "name", 1) in (
        client.get(desk.address(article, "history")).content.decode()
    )
    form = desk.open_form(client, desk.address(article, "name", 1))
    form["name"] = "  Before the   letter "

    page = form.send(follow=True).content.decode()

    assert "Revision 1 is called “Before the letter” now" in page
    assert "<strong>Before the letter</strong>" in page
    assert article.revisions.get(number=1).name == "Before the letter"
    assert article.revisions.count() == 2
    entry = AuditEntry.objects.get(deed=AuditEntry.Deed.NAMED)
    assert (entry.revision, entry.user_name, entry.details) == (1, "editor", {})


def test_and_its_name_is_taken_away_again(client, article):
    name_revision(article.revisions.get(number=1), "A name", by=None)
    form = desk.open_form(client, desk.address(article, "name", 1))
    assert form["name"] == "A name"
    form["name"] = ""

    assert "has no name any longer" in form.send(follow=True).content.decode()
    assert article.revisions.get(number=1).name == ""


def test_a_name_that_is_too_long_is_refused(client, article):
    form = desk.open_form(client, desk.address(article, "name", 1))
    form["name"] = "x" * 121
    assert "desk-error" in form.send().content.decode()
    assert article.revisions.get(number=1).name == ""


def test_who_may_only_look_names_nothing(article):
    looker = desk.client_of(build.user("looker", "view_article"))
    assert looker.get(desk.address(article, "name", 1)).status_code == 403
    assert looker.post(desk.address(article, "name", 1), {"name": "Mine"}).status_code == 403
    assert article.revisions.get(number=1).name == ""


# Where revisions were thinned out


def test_what_a_revision_changed_is_told_against_the_one_that_is_left_before_it(client, article):
    article.title = "Third title"
    article.save()
    record(article, by=None)
    article.revisions.filter(number=2).delete()

    page = client.get(desk.address(article, "history")).content.decode()
    assert f"{desk.address(article, 'compare', 3)}?with=1" in page
    page = client.get(desk.address(article, "compare", 3)).content.decode()
    assert "against revision 1" in page
    answer = client.get(desk.address(article, "compare", 3), {"with": 2})
    assert answer.status_code == 404


def test_a_save_that_changes_nothing_makes_no_revision(client, article):
    said = desk.open_form(client, desk.address(article)).send(follow=True).content.decode()
    assert "Saved as revision 2." in said
    assert article.revisions.count() == 2
