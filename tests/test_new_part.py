"""A part that is written only in these tests, and installed by settings alone: tests/pull_quotes.

It is on the page, in the data, in what changed, in the checks, in history, and no line of the
project names it.
"""

import re
from pathlib import Path

import pytest
from django.conf import settings

from articles.comparing import compare
from articles.deeds import NotReady
from articles.documents import files_of
from articles.recording import record
from publishing.comparing import Kind
from publishing.parts import parts
from tests import build
from tests.pull_quotes.models import PublishedPullQuote, PullQuote

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    made = build.article("quoting")
    PullQuote.objects.create(article=made, words="We leave tonight.", image=build.image("olive"))
    PullQuote.objects.create(article=made, words="Nobody answered.")
    return made


def body_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_no_line_of_the_project_names_it():
    root = Path(settings.BASE_DIR)
    folders = ("templates", *(app for app in settings.INSTALLED_APPS if (root / app).is_dir()))
    files = [
        path
        for folder in folders
        for ending in ("py", "html")
        for path in (root / folder).rglob(f"*.{ending}")
    ]

    assert len(files) > 100
    assert [
        path for path in files if re.search("pull.?quote", path.read_text(), re.IGNORECASE)
    ] == []
    assert "tests.pull_quotes" in settings.INSTALLED_APPS


def test_it_stands_on_the_page_where_its_order_says(article, client):
    build.event(article)
    build.published(article)

    html = body_of(client.get("/articles/quoting/"))

    assert "<blockquote" in html
    assert html.index("We leave tonight.") < html.index("Nobody answered.")
    blocks = [part.name for part in parts() if f'id="{part.name}"' in html]
    assert blocks == ["facts", "sections", "pull-quotes", "timeline"]
    assert [html.index(f'id="{name}"') for name in blocks] == sorted(
        html.index(f'id="{name}"') for name in blocks
    )


def test_the_list_of_contents_leads_to_it(article, client):
    build.published(article)

    html = body_of(client.get("/articles/quoting/"))

    assert re.search(r'<a href="#pull-quotes">\s*Pull quotes', html)


def test_it_is_in_the_data(article, client):
    build.published(article)

    data = client.get("/articles/quoting.json").json()

    part = data["document"]["parts"]["pull-quotes"]
    assert part["schema"] == 2
    assert [row["words"] for row in part["rows"]] == ["We leave tonight.", "Nobody answered."]
    assert part["rows"][0]["image"]["alt"] == "A field of olive"


def test_its_picture_is_served_because_it_is_shown(article, client):
    revision = record(article, by=None)
    [name] = files_of(revision.document["parts"]["pull-quotes"])
    assert client.get(f"/media/{name}").status_code == 404

    build.published(article)

    assert client.get(f"/media/{name}").status_code == 200


def test_a_change_of_it_leaves_a_revision(article):
    first = record(article, by=None)
    quote = PullQuote.objects.get(words="Nobody answered.")
    quote.words = "Somebody answered."
    quote.save()

    assert record(article, by=None).number == first.number + 1


def test_what_changed_in_it_is_told_to_readers(article, client):
    build.published(article)
    first, second = PullQuote.objects.all()
    first.words = "We left at night."
    first.save()
    second.delete()
    publication = build.published(article, change_note="Quoted anew.")

    html = body_of(client.get("/articles/quoting/history/2/changes/"))

    assert "Pull quotes" in html
    assert "<del>leave tonight</del>" in html
    assert "Nobody answered." in html
    old, new = (one.document for one in article.revisions.order_by("number"))
    [changes] = compare(old, new).parts
    assert (changes.name, changes.title) == ("pull-quotes", "Pull quotes")
    assert [row.kind for row in changes.rows] == [Kind.CHANGED, Kind.REMOVED]
    assert publication.number == 2


def test_what_it_lacks_stands_in_the_way_of_publishing(article):
    empty = PullQuote.objects.create(article=article)

    with pytest.raises(NotReady) as refused:
        build.published(article)

    [problem] = refused.value.problems
    assert problem.message == "A pull quote has no words."
    assert (problem.part, problem.uid, problem.field) == ("pull-quotes", str(empty.uid), "words")


def test_its_public_rows_are_read_through_live(article):
    publication = build.published(article)

    quotes = PublishedPullQuote.objects.live()
    assert [quote.words for quote in quotes] == ["We leave tonight.", "Nobody answered."]
    before = publication.goes_live_at.replace(year=2000)
    assert not PublishedPullQuote.objects.live(before).exists()


def test_the_article_is_found_by_its_words(article):
    assert "Nobody answered." in build.published(article).search_text
