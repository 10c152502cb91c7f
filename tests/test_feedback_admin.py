"""Feedback at the desk: to be read, and nothing else."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.models import Feedback
from tests import build

pytestmark = pytest.mark.django_db

LIST = "/admin/comments/feedback/"


@pytest.fixture
def article():
    return build.published_article("open", title="Relations")


def feedback(article, **fields):
    return Feedback.objects.create(
        article=article,
        publication=article.publications.get(),
        **{"helped": False, "created_at": timezone.now(), **fields},
    )


def test_an_editor_reads_what_readers_said_of_which_version(client, article):
    given = feedback(article, reason="wrong", text="The year <b>is</b> wrong")
    client.force_login(build.editor())

    for address in (LIST, f"{LIST}{given.pk}/change/"):
        page = client.get(address).text
        assert "Something is wrong" in page
        assert "The year &lt;b&gt;is&lt;/b&gt; wrong" in page
        assert "Relations" in page


def test_answers_can_be_narrowed_and_searched(client, article):
    no = feedback(article, text="The year")
    yes = feedback(article, helped=True, reason="other")
    client.force_login(build.editor())

    def found(query):
        return list(client.get(f"{LIST}?{query}").context["cl"].result_list)

    assert found("helped__exact=1") == [yes]
    assert found("reason__exact=other") == [yes]
    assert found("q=year") == [no]


def test_nobody_changes_adds_or_deletes_an_answer(client, article):
    given = feedback(article)
    client.force_login(User.objects.create_superuser("chief", password="secret"))

    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{given.pk}/change/", {"helped": "on"}).status_code == 403
    assert client.post(f"{LIST}{given.pk}/delete/", {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [given.pk], "post": "yes"}
    client.post(LIST, action)
    given.refresh_from_db()
    assert given.helped is False


def test_who_may_not_read_it_is_refused(client, article):
    given = feedback(article)
    for nobody in (build.author(), build.stranger()):
        client.force_login(nobody)
        assert client.get(LIST).status_code == 403
        assert client.get(f"{LIST}{given.pk}/change/").status_code == 403

    client.force_login(build.user("reader", "view_feedback"))
    assert client.get(LIST).status_code == 200


def test_the_list_costs_the_same_for_two_and_for_forty(client, article):
    client.force_login(build.editor())

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        return len(queries)

    for _ in range(2):
        feedback(article)
    few = cost()
    for _ in range(38):
        feedback(article)

    assert cost() == few
