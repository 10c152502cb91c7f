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
from articles.share_pictures import lines_of, name_of
from comments import confirming, links
from comments.following import follow_article
from comments.models import Comment, Suggestion
from comments.readers import reader_of
from comments.reading import FIRST_REPLIES, Position
from comments.writing import hash_of
from library.renditions import renditions
from tests import build
from tests.test_leaks import patterns
from tests.threads import many

pytestmark = pytest.mark.django_db

NOWHERE = "/nothing/"

# Made anew, with nothing from memory. Stamps take one or two of them: addresses first, as the
# address names the article, then the article's own.
QUERIES = {
    "/": 7,
    "/articles/": 7,
    "/articles/?page=2": 7,
    "/articles/?topic={topic}&q=summary&since=2020-01-01": 8,
    "/articles/one/": 17,
    "/articles/one.json": 4,
    "/articles/one/picture/{picture}.png": 4,
    "/articles/one/history/": 9,
    "/articles/one/history/?changes=major": 9,
    "/articles/one/history/chain/": 6,
    "/articles/one/history/find/": 6,
    "/articles/one/history/2.json": 6,
    "/articles/one/history/2/changes/?from=1": 9,
    "/articles/one/history/2/": 14,
    "/articles/one/history/2/changes/": 9,
    "/articles/one/at/{today}/": 3,
    "/articles/one/comments/": 13,
    "/articles/one/comments/?sort=newest": 13,
    # SQLite reads on behind a position in two steps: those of the same score, then the others.
    "/articles/one/comments/?after={position}": 13 if connection.vendor == "sqlite" else 12,
    "/articles/one/comments/?thread={comment}": 13,
    "/articles/one/comments/?thread={comment}&after={path}": 13,
    "/articles/one/comments/?reply_to={comment}": 10,
    "/articles/one/comments/?about=timeline": 11,
    "/articles/one/comments.atom": 9,
    "/articles/one/comments.json": 9,
    "/articles/one/comments/challenge/": 2,
    "/articles/one/feedback/": 3,
    "/comments/{comment}/": 12,
    "/comments/{comment}.atom": 9,
    "/comments/{comment}.json": 9,
    "/articles/one/comments/stamp": 8,
    "/comments/{comment}/vote/": 6,
    "/comments/{comment}/report/": 5,
    "/feeds/comments.atom": 7,
    "/feeds/comments.json": 7,
    "/articles/one/suggest/": 6,
    "/articles/one/suggest/?about=timeline": 6,
    "/articles/one/ask/": 6,
    "/suggestions/{suggestion}/?token={token}": 4,
    "/timeline/": 9,
    "/timeline/?page=2": 9,
    "/timeline/?from=1800&to=1990&kind=Treaty&actor=Russia&topic={topic}&article=one&q=russia": 14,
    "/timeline/embed/": 5,
    "/timeline/{event}/": 4,
    "/timeline.json": 4,
    "/timeline.csv": 4,
    "/timeline.ics": 4,
    "/timeline.timelinejs.json": 4,
    "/timeline.days.json": 4,
    "/timeline.names.json": 5,
    "/faq/": 6,
    "/faq/?topic={topic}&q=yes": 8,
    "/people/": 6,
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
    "/favicon.ico": 0,
    "/corrections/": 5,
    "/corrections/?page=2": 5,
    "/media/{file}": 1,
    "/draft/{signed}/": 10,
    "/draft/{signed}/files/{file}": 2,
    "/media/{rendition}": 1,
    "/site.webmanifest": 0,
    "/articles/one/cite/apa": 6,
    "/articles/one/cite/ris?version=1": 6,
    "/feeds/articles.atom": 5,
    "/feeds/articles.json": 5,
    "/feeds/corrections.atom": 4,
    "/feeds/corrections.json": 4,
    "/sitemap.xml": 5,
    "/sitemap-lists.xml": 8,
    "/sitemap-articles-1.xml": 6,
    "/sitemap-events-1.xml": 4,
    "/robots.txt": 0,
    "/.well-known/security.txt": 0,
    "/healthz": 1,
    "/readyz": 2,
    "/readers/": 0,
    "/readers/confirm/{confirm}/": 6,
    "/readers/follow/one/": 3,
    "/readers/stop/{stop}/": 4,
    "/readers/mine/{mine}/": 8,
    "/readers/mine/{mine}/everything.json": 6,
    "/about/": 3,
    "/about/1/": 3,
    # It might be a page that editors write.
    NOWHERE: 2,
}
# A page that is kept costs one, which proves it right.
KEPT = {address for address, _count in QUERIES.items() if "?" not in address or "page=2" in address}
KEPT -= {
    "/articles/one/at/{today}/",
    "/articles/one/feedback/",
    "/comments/{comment}/vote/",
    "/comments/{comment}/report/",
    "/articles/one/comments/challenge/",
    "/suggestions/{suggestion}/?token={token}",
    "/media/{file}",
    "/draft/{signed}/",
    "/draft/{signed}/files/{file}",
    "/media/{rendition}",
    "/robots.txt",
    "/site.webmanifest",
    "/.well-known/security.txt",
    "/readers/",
    "/readers/confirm/{confirm}/",
    "/readers/follow/one/",
    "/readers/stop/{stop}/",
    "/readers/mine/{mine}/",
    "/readers/mine/{mine}/everything.json",
    "/healthz",
    "/readyz",
    "/search/?q=number&page=2",
    "/opensearch.xml",
    "/favicon.ico",
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
    suggestions: int


LITTLE = Size(articles=2, publications=2, events=5, questions=2, comments=20, suggestions=1)
MUCH = Size(
    articles=30, publications=8, events=200, questions=40, comments=2_000, suggestions=1_000
)


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
    comment, position = fill_thread(article, size.comments)
    suggestion, token = fill_suggestions(article, size.suggestions)
    article.title = "Not published yet"
    article.save()
    live = article.publications.live().get()
    link = make_link(record(article, by=None), by=None, may_remark=True)
    names = {
        "signed": link.signed,
        **secret_addresses(article, comment, size),
        "topic": article.topics.get().slug,
        "event": article.events.first().uid,
        "person": article.written_by.get().slug,
        "comment": comment.pk,
        "suggestion": suggestion.pk,
        "token": token,
        "path": comment.path,
        "position": position,
        "file": article.image.file,
        "rendition": renditions(article.image.file, article.image.width)[0].name,
        "picture": name_of(lines_of(live.revision.document["article"], live.updated_at)),
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


def fill_thread(article: Article, count: int) -> tuple[Comment, Position]:
    """Write many comments at once; return the first, and a position before the last page."""
    first, *others = many(article, count, about="timeline")
    many(article, FIRST_REPLIES + 1, below=others[-1])
    many(article, count, below=first)
    return first, Position(0.0, others[LITTLE.comments // 2].pk)


def secret_addresses(article: Article, answered: Comment, size: Size) -> dict[str, str]:
    """Let a reader write and follow; return what is signed in the addresses that are mailed."""
    now = timezone.now()
    reader = reader_of("rita@reader.example", at=now)
    for _ in range(size.questions):
        build.comment(article, reader=reader, parent=answered)
    follow = follow_article(reader, article.pk, at=now)
    mail = confirming.ask(reader, network="", at=now, follow=follow)
    urls = {
        "confirm": links.confirm_url(mail),
        "stop": links.stop_url(reader, [follow.pk]),
        "mine": links.my_data_url(reader),
    }
    return {name: url.rstrip("/").rsplit("/", 1)[1] for name, url in urls.items()}


def fill_suggestions(article: Article, count: int) -> tuple[Suggestion, str]:
    """Let many comments be suggestions, some of which led to a correction; return the first."""
    publication = article.publications.live().get()
    shown = publication.publishedcorrections.first()
    comments = list(Comment.objects.filter(article=article).order_by("pk")[:count])
    made = Suggestion.objects.bulk_create(
        Suggestion(
            kind=Suggestion.Kind.CORRECTION,
            article=article,
            publication=publication,
            comment=comment,
            text="Words.",
            state=Suggestion.State.ACCEPTED if number % 2 else Suggestion.State.NEW,
            led_to=shown.uid if number % 2 else None,
            token_hash=hash_of("token"),
            made_at=timezone.now(),
        )
        for number, comment in enumerate(comments)
    )
    return made[0], "token"


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
    # still is: one. The stamp of the discussion: one. The threads, pinned, first and their replies:
    # three. The rules, which are suggestions, how many there are, and about which part: three.
    assert cost(client, "/articles/one/") == 13


def test_the_table_names_every_public_address():
    known = {
        resolve(address.partition("?")[0]).route for address in filled(LITTLE) if address != NOWHERE
    }

    assert known == set(patterns(get_resolver().url_patterns))
