"""Search over everything: what is found, where it leads, and who may see it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.recording import record
from publishing.editing import finding
from publishing.editing.finding import Finder, Found, add_finder, finders
from publishing.editing.rows import row_address
from tests import build, desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return desk.client_of(build.editor())


@pytest.fixture
def article():
    made = build.article("riga-treaty", title="The treaty of Riga", question="What was agreed?")
    record(made, by=None)
    return made


def found(client, words: str) -> dict[str, dict[str, str]]:
    """Return where what was found leads, by kind and name."""
    answer = client.get("/admin/find/", {"q": words}, headers={"accept": "application/json"})
    assert answer.status_code == 200
    return {
        kind["title"]: {one["words"]: one["url"] for one in kind["results"]}
        for kind in answer.json()["kinds"]
    }


def test_everything_is_found_and_leads_to_its_place(client, article):
    section = build.section(article, heading="The zebra clause")
    fact = build.fact(article, characteristic="Zebra count", value="Four.")
    event = build.event(article, title="A zebra arrives")
    question = build.question(article, question="Why a zebra?")
    source = build.source(title="Zebra papers")
    person = build.person(name="Zebra desk")
    image = build.image(alt="A zebra at the gate")
    topic = build.topic(name="Zebras")
    build.published(article)
    comment = build.comment(article, name="Ada", body="My zebra disagrees.")
    form = desk.address(article)

    assert found(client, "zebra") == {
        "Sections": {"The zebra clause": f"{form}#row-{section.uid}"},
        "Facts": {"Zebra count": f"{form}#row-{fact.uid}"},
        "Events": {"A zebra arrives": row_address(event)},
        "Questions": {"Why a zebra?": row_address(question)},
        "Sources": {"Zebra papers": f"/admin/library/source/{source.pk}/change/"},
        "People": {"Zebra desk": f"/admin/library/person/{person.pk}/change/"},
        "Images": {"A zebra at the gate": f"/admin/library/image/{image.pk}/change/"},
        "Topics": {"Zebras": f"/admin/library/topic/{topic.pk}/change/"},
        "Comments": {"Ada: My zebra disagrees.": f"/admin/comments/comment/{comment.pk}/change/"},
    }


@pytest.mark.parametrize("words", ["riga", "TREATY riga", "agreed", "riga-treaty", "  of  Riga "])
def test_an_explainer_is_found_by_title_question_and_address(client, article, words):
    assert found(client, words) == {"Explainers": {"The treaty of Riga": desk.address(article)}}


@pytest.mark.parametrize("words", ["", "   ", "riga moscow", "100%", "_", "\0"])
def test_all_words_have_to_be_there_as_they_are_typed(client, article, words):
    assert found(client, words) == {}


def test_somebody_finds_only_what_they_may_see(article):
    build.fact(article, characteristic="Riga fact")
    build.source(title="Riga papers")
    build.published(article)
    build.comment(article, name="Riga reader")

    def kinds(*rights: str) -> set[str]:
        account = build.user(f"account-{len(rights)}-{'-'.join(rights)}"[:30], *rights)
        return set(found(desk.client_of(account), "riga"))

    assert kinds() == set()
    assert kinds("view_source") == {"Sources"}
    assert kinds("view_article") == {"Explainers"}
    assert kinds("view_article", "view_fact") == {"Explainers", "Facts"}
    # A fact is edited in its article's form.
    assert kinds("view_fact") == set()
    assert kinds("moderate_comment") == {"Comments"}


def test_who_is_not_logged_in_is_asked_to(article):
    answer = desk.Client().get("/admin/find/", {"q": "riga"})
    assert answer["Location"].startswith("/admin/login/")


def test_a_right_that_was_taken_away_counts_at_once(article):
    account = build.user("account", "view_article")
    client = desk.client_of(account)
    assert found(client, "riga")
    account.user_permissions.clear()

    assert found(client, "riga") == {}


def test_a_comment_deleted_by_its_writer_is_not_found(client, article):
    build.published(article)
    comment = build.comment(article, body="My zebra disagrees.")
    type(comment).objects.filter(pk=comment.pk).update(
        state="removed", name="", body="", body_html="", has_place=False
    )
    assert "Comments" not in found(client, "zebra")


def test_there_is_a_page_for_who_has_no_scripts(client, article):
    page = client.get("/admin/find/", {"q": "riga"}).content.decode()

    assert f'href="{desk.address(article)}"' in page
    assert "<h2" in page
    nothing = client.get("/admin/find/", {"q": "<b>nothing</b>"}).content.decode()
    assert "Nothing holds all of these words" in nothing
    assert "<b>nothing" not in nothing


def test_few_are_offered_in_the_dialog_and_more_on_the_page(client):
    for number in range(40):
        build.topic(name=f"Zebra {number:02}", slug=f"zebra-{number}")

    answer = client.get("/admin/find/", {"q": "zebra"}, headers={"accept": "application/json"})
    (kind,) = answer.json()["kinds"]
    assert (len(kind["results"]), kind["has_more"]) == (finding.FEW, True)
    page = client.get("/admin/find/", {"q": "zebra"}).content.decode()
    assert page.count("/admin/library/topic/") >= finding.MANY
    assert "There are more" in page


def test_any_app_may_let_its_rows_be_found(client, article, monkeypatch):
    monkeypatch.setattr(finding, "_finders", dict(finding._finders))
    add_finder(
        Finder(
            name="addresses",
            title="Addresses",
            order=5,
            fields=("slug",),
            rows=lambda: article.addresses.all(),
            show=lambda row: Found(row.slug, "/admin/"),
            may_see=lambda request: True,
        )
    )

    assert found(client, "riga")["Addresses"] == {"riga-treaty": "/admin/"}


def test_the_number_of_queries_is_that_of_the_kinds_and_does_not_grow(client):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/admin/find/", {"q": "1"}, headers={"accept": "application/json"})
        return len(captured)

    def fill(count: int) -> None:
        for _ in range(count):
            build.published(build.full_article())

    fill(1)
    asked()
    few = asked()
    fill(8)

    assert asked() == few
    # Session, account and two of rights.
    assert few == len(finders()) + 4
