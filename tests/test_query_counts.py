"""How many queries each public page costs: a fixed number, whatever it holds."""

from dataclasses import dataclass, replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, resolve
from django.utils import timezone

from articles.draft_links import make_link
from articles.models import Article
from articles.recording import record
from comments.models import STEP, Comment
from library.renditions import renditions
from publishing.stamps import comments_stamp, touch
from tests import build
from tests.test_leaks import patterns

pytestmark = pytest.mark.django_db

NOWHERE = "/nothing/"

# Made anew, with nothing from memory. Stamps take one or two of them: addresses first, as the
# address names the article, then the article's own.
QUERIES = {
    "/": 7,
    "/articles/": 7,
    "/articles/?page=2": 7,
    "/articles/?topic={topic}&q=summary&since=2020-01-01": 8,
    "/articles/one/": 11,
    "/articles/one.json": 4,
    "/articles/one/history/": 6,
    "/articles/one/history/2/": 13,
    "/articles/one/history/2/changes/": 9,
    "/articles/one/at/{today}/": 3,
    "/articles/one/comments/": 9,
    "/articles/one/comments/?after={path}": 9,
    "/articles/one/comments/?reply_to={comment}": 9,
    "/articles/one/comments/?about=timeline": 7,
    "/articles/one/feedback/": 2,
    "/comments/{comment}/": 8,
    "/timeline/": 10,
    "/timeline/?page=2": 10,
    "/timeline/?from=1800&to=1990&kind=Treaty&actor=Russia&topic={topic}&article=one&q=it": 14,
    "/faq/": 6,
    "/faq/?topic={topic}&q=yes": 8,
    "/people/{person}/": 6,
    "/topics/{topic}/": 9,
    "/search/": 4,
    "/search/?q=number": 7,
    "/search/?q=number&page=2": 7,
    "/search/?q=number&type=article&topic={topic}&since=2020-01-01": 8,
    "/search/?q=nothing-of-the-kind": 6,
    "/search/?q=hading": 9,
    "/search/suggestions.json?q=he": 4,
    "/opensearch.xml": 0,
    "/corrections/": 5,
    "/corrections/?page=2": 5,
    "/media/{file}": 1,
    "/draft/{signed}/": 10,
    "/draft/{signed}/files/{file}": 2,
    "/media/{rendition}": 1,
    "/healthz": 1,
    NOWHERE: 0,
}
# A page that is kept costs one, which proves it right.
KEPT = {address for address, _count in QUERIES.items() if "?" not in address or "page=2" in address}
KEPT -= {
    "/articles/one/at/{today}/",
    "/articles/one/feedback/",
    "/media/{file}",
    "/draft/{signed}/",
    "/draft/{signed}/files/{file}",
    "/media/{rendition}",
    "/healthz",
    "/search/?q=number&page=2",
    "/opensearch.xml",
    NOWHERE,
}


@dataclass(frozen=True)
class Size:
    """How much there is of everything that a page may show."""

    articles: int
    publications: int
    events: int
    questions: int
    comments: int


LITTLE = Size(articles=2, publications=2, events=5, questions=2, comments=20)
MUCH = Size(articles=30, publications=8, events=200, questions=40, comments=2_000)


def filled(size: Size) -> dict[str, int]:
    """Fill the site; return the addresses of the table and what each may cost."""
    article = build.full_article("one")
    for number in range(size.events):
        build.event(
            article, date=str(1800 + number), kind="Treaty", actors=["Russia", f"State {number}"]
        )
    for _ in range(size.questions):
        build.question(article)
        build.correction(article)
    for _ in range(size.articles - 1):
        fill_another(article)
    for number in range(size.publications):
        article.title = f"Title {number}"
        article.save()
        build.published(article, change_note=f"Change {number}.")
    comment = fill_thread(article, size.comments)
    article.title = "Not published yet"
    article.save()
    link = make_link(record(article, by=None), by=None, may_remark=True)
    names = {
        "signed": link.signed,
        "topic": article.topics.get().slug,
        "person": article.written_by.get().slug,
        "comment": comment.pk,
        "path": comment.path,
        "file": article.image.file,
        "rendition": renditions(article.image.file, article.image.width)[0].name,
        "today": timezone.now().date(),
    }
    return {address.format(**names): count for address, count in QUERIES.items()}


def fill_another(article: Article) -> None:
    """Publish another article on the same topic, by the same desk, to which this one leads."""
    another = build.article()
    another.topics.set(article.topics.all())
    another.written_by.set(article.written_by.all())
    build.published(another)
    article.seealsos.create(target=another)


def fill_thread(article: Article, count: int) -> Comment:
    """Write many comments at once; return the first."""
    publication = article.publications.live().get()
    now = timezone.now()
    comments = Comment.objects.bulk_create(
        Comment(
            article=article,
            publication=publication,
            path=f"{number:0{STEP}}",
            state=Comment.State.APPROVED,
            has_place=True,
            about="timeline",
            name=f"Reader {number}",
            body="Words.",
            body_html="<p>Words.</p>",
            created_at=now,
            decided_at=now,
        )
        for number in range(1, count + 1)
    )
    touch(comments_stamp(article.uid))
    return comments[0]


def cost(client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


@pytest.mark.parametrize("size", [LITTLE, MUCH], ids=["little", "much"])
def test_every_page_costs_what_the_table_says(client, settings, size):
    expected = filled(size)
    settings.PAGE_CACHE = False
    # Whether PostgreSQL has trigrams is asked once in a process.
    client.get("/search/?q=nothing-of-the-kind")

    assert {address: cost(client, address) for address in expected} == expected


def test_a_kept_page_costs_one(client):
    names = dict(zip(QUERIES, filled(LITTLE), strict=True))
    for address in KEPT:
        client.get(names[address])

    assert {address: cost(client, names[address]) for address in KEPT} == dict.fromkeys(KEPT, 1)


@pytest.mark.parametrize("size", [LITTLE, replace(LITTLE, comments=2_000)], ids=["few", "many"])
def test_an_approved_comment_costs_the_thread_and_not_the_body(client, size):
    filled(size)
    client.get("/articles/one/")
    article = Article.objects.get(addresses__slug="one")
    build.comment(article)

    # The page is not right any more: one. Address and article, each with its stamp: four. The body
    # still is: one. The thread with its count and its stamp: three.
    assert cost(client, "/articles/one/") == 9


def test_the_table_names_every_public_address():
    known = {
        resolve(address.partition("?")[0]).route for address in filled(LITTLE) if address != NOWHERE
    }

    assert known == set(patterns(get_resolver().url_patterns))
