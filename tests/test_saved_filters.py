"""Saved filters: one's own and shared ones, above each list and on the first page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import build, desk
from website.models import SavedFilter

pytestmark = pytest.mark.django_db

COMMENTS = "/admin/comments/comment/"
FILTERS = "/admin/website/savedfilter/"


@pytest.fixture
def editor():
    return build.editor()


@pytest.fixture
def client(editor):
    return desk.client_of(editor)


def saved(owner, name="Live ones", **fields) -> SavedFilter:
    return SavedFilter.objects.create(
        owner=owner, name=name, **{"list": "articles.article", "query": "state=live", **fields}
    )


def text(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def save(client, **fields):
    given = {"name": "Live ones", "list": "articles.article", "query": "state=live", **fields}
    return client.post(f"{FILTERS}add/", given)


def test_a_list_without_a_filter_offers_none_to_be_saved(client):
    assert "Save this filter" not in text(client, desk.ARTICLES)
    assert "Save this filter" not in text(client, f"{desk.ARTICLES}?p=1")
    assert "Save this filter" in text(client, f"{desk.ARTICLES}?state=live")


def test_the_present_filter_is_saved_and_shown_above_the_list_and_on_the_first_page(client):
    page = text(client, f"{desk.ARTICLES}?state=live&q=treaty&p=2")
    assert 'name="query" value="state=live&amp;q=treaty"' in page

    answered = save(client, query="state=live&q=treaty")

    assert answered["Location"] == f"{desk.ARTICLES}?state=live&q=treaty"
    link = f'href="{desk.ARTICLES}?state=live&amp;q=treaty"'
    assert link in text(client, desk.ARTICLES)
    assert link in text(client, "/admin/")
    assert "Live ones" not in text(client, COMMENTS)


def test_every_list_of_the_desk_has_them(client, editor):
    saved(editor, "Spam", list="comments.comment", query="state=spam")

    assert f'href="{COMMENTS}?state=spam"' in text(client, COMMENTS)


def test_the_present_one_is_marked(client, editor):
    saved(editor)

    page = text(client, f"{desk.ARTICLES}?state=live")

    assert 'aria-current="page">Live ones' in page
    assert "Save this filter" not in page


def test_one_is_renamed_and_deleted(client, editor):
    own = saved(editor)
    form = desk.open_form(client, f"{FILTERS}{own.pk}/change/")
    form["name"] = "Before readers"
    form.send()
    assert 'state=live">Before readers</a>' in text(client, desk.ARTICLES)
    own.refresh_from_db()
    assert own.query == "state=live"

    client.post(f"{FILTERS}{own.pk}/delete/", {"post": "yes"})
    assert not SavedFilter.objects.exists()


def test_nobody_sees_or_changes_somebody_elses(client):
    other = saved(build.author(), "Theirs")

    assert "Theirs" not in text(client, desk.ARTICLES)
    assert "Theirs" not in text(client, "/admin/")
    assert client.get(f"{FILTERS}{other.pk}/change/").status_code == 302
    client.post(f"{FILTERS}{other.pk}/delete/", {"post": "yes"})
    assert SavedFilter.objects.filter(pk=other.pk).exists()


def test_an_administrator_shares_one_and_others_see_it_and_leave_it_as_it_is(client):
    chief = build.user("chief", is_superuser=True)
    save(desk.client_of(chief), name="For all", is_shared="on")
    shared = SavedFilter.objects.get()

    assert "For all" in text(client, desk.ARTICLES)
    assert client.post(f"{FILTERS}{shared.pk}/change/", {"name": "Mine"}).status_code == 403
    assert client.post(f"{FILTERS}{shared.pk}/delete/", {"post": "yes"}).status_code == 403


def test_an_editor_cannot_share(client):
    save(client, is_shared="on")

    assert not SavedFilter.objects.get().is_shared


def test_a_name_is_taken_once_in_a_list(client, editor):
    saved(editor)

    answered = save(client, query="state=draft")

    assert answered.status_code == 200
    assert "has that name already" in answered.content.decode()
    assert save(client, list="comments.comment", query="state=spam").status_code == 302


@pytest.mark.parametrize(
    "fields",
    [
        {"query": ""},
        {"query": "p=3"},
        {"list": "auth.user"},
        {"list": "nothing.here"},
        {"list": "articles"},
    ],
)
def test_what_is_no_filter_of_a_list_one_may_open_is_refused(client, fields):
    answered = save(client, **fields)

    assert answered.status_code == 200
    assert not SavedFilter.objects.exists()


def test_a_shared_filter_of_a_list_one_may_not_open_is_not_on_the_first_page():
    chief = build.user("chief", is_superuser=True)
    saved(chief, "Accounts", list="auth.user", query="is_staff__exact=1", is_shared=True)

    assert "Accounts" not in text(desk.client_of(build.author()), "/admin/")
    assert "Accounts" in text(desk.client_of(chief), "/admin/")


def test_a_stranger_has_none():
    assert save(desk.client_of(build.stranger())).status_code == 403


def test_the_number_of_queries_does_not_grow(client, editor):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(desk.ARTICLES)
            client.get("/admin/")
        return len(captured)

    saved(editor)
    asked()
    few = asked()
    for number in range(20):
        saved(editor, f"Filter {number}")
    assert asked() == few
