"""The list of articles: what it says of each, how it is searched, and that it is one query."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.deeds import schedule, withdraw
from articles.models import Article
from articles.recording import record
from tests import build, desk

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def client():
    with time_machine.travel(NOON, tick=False):
        yield desk.client_of(build.editor())


def titles(client, **query):
    page = client.get(desk.ARTICLES, query).content.decode()
    everything = Article.objects.values_list("title", flat=True)
    return sorted(title for title in everything if f">{title}<" in page)


@pytest.fixture
def one_of_each(client):
    editor = build.editor("anna")
    editor.first_name, editor.last_name = "Anna", "Writer"
    editor.save()
    record(build.article(title="A draft"), by=editor)
    build.published_article(title="A live one")
    changed = build.article(title="A changed one")
    build.published(changed)
    changed.summary = "Said anew."
    changed.save()
    record(changed, by=editor)
    scheduled = record(build.article(title="A scheduled one"), by=None)
    schedule(scheduled, goes_live_at=NOON + timedelta(days=1), by=None, change_note="Soon.")
    withdrawn = build.published_article(title="A withdrawn one")
    withdraw(withdrawn, by=None)


@pytest.mark.parametrize(
    ("state", "title"),
    [
        ("draft", "A draft"),
        ("live", "A live one"),
        ("changed", "A changed one"),
        ("scheduled", "A scheduled one"),
        ("withdrawn", "A withdrawn one"),
    ],
)
def test_each_state_has_its_filter(client, one_of_each, state, title):
    assert titles(client, state=state) == [title]


def test_it_says_state_version_editor_and_what_is_unpublished(client, one_of_each):
    page = client.get(desk.ARTICLES, {"q": "changed one"}).content.decode()

    assert "Live, with unpublished changes" in page
    assert "22 Nov 2026, 12:00" in page
    assert "Anna Writer" in page
    assert "Yes, revision 2" in page


def test_it_is_searched_by_title_question_and_address(client, one_of_each):
    assert titles(client, q="draft") == ["A draft"]
    article = Article.objects.get(title="A live one")
    assert titles(client, q=article.slug) == ["A live one"]
    assert titles(client, q=article.question) == ["A live one"]


def test_it_is_filtered_by_topic_and_by_who_edited_last(client, one_of_each):
    topic = Article.objects.get(title="A draft").topics.get()
    assert titles(client, topics__id__exact=topic.pk) == ["A draft"]

    anna = build.User.objects.get(username="anna")
    assert titles(client, editor=anna.pk) == ["A changed one", "A draft"]


def test_the_article_edited_last_comes_first(client, one_of_each):
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        client.force_login(build.User.objects.get(username="editor"))
        article = Article.objects.get(title="A draft")
        article.summary = "Edited last."
        article.save()
        record(article, by=None)
        page = client.get(desk.ARTICLES).content.decode()

    assert page.index("A draft") == min(
        page.index(title) for title in Article.objects.values_list("title", flat=True)
    )


def test_the_number_of_queries_does_not_grow(client, one_of_each):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(desk.ARTICLES).status_code == 200
        return len(captured)

    asked()
    few = asked()
    for _ in range(10):
        build.published_article()
    assert asked() == few


def test_the_first_page_shows_what_was_edited_lately_and_what_is_due(client, one_of_each):
    build.article(title="Due", review_due_on=NOON.date())
    page = client.get("/admin/").content.decode()

    assert "A changed one" in page
    assert "Due on 22 November 2026" in page


def test_a_stranger_sees_no_list_and_an_empty_first_page():
    article = build.published_article(title="Not for strangers")
    client = desk.client_of(build.stranger())

    assert client.get(desk.ARTICLES).status_code == 403
    first = client.get("/admin/")
    assert first.status_code == 200
    assert article.title not in first.content.decode()
