"""Threads in tests: many comments stored at once, and what a page shows of them."""

import re
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from comments.counting import recount
from comments.models import STEP, Comment, place_below
from publishing.pages import fragments, kept
from publishing.stamps import COMMENTS, comments_stamp, touch

_ITEM = re.compile(r'<li class="comment([^"]*)" id="comment-(\d+)"')


def ids(text: str, *, repeated: bool = True) -> list[int]:
    """Return the keys of the comments on a page, in order; stubs are none."""
    return [int(pk) for marks, pk in _ITEM.findall(text) if repeated or "is-repeated" not in marks]


def many(article: Article, count: int, *, below: Comment | None = None, **fields) -> list[Comment]:
    """Store many approved comments at once, a second apart: roots, or replies to ``below``."""
    publication = article.publications.live().get()
    now = timezone.now()
    first = (Comment.objects.order_by("pk").values_list("pk", flat=True).last() or 0) + 1
    made = Comment.objects.bulk_create(
        (
            Comment(
                pk=pk,
                parent=below,
                path=place_below(below.path if below else "", pk),
                article=article,
                publication=publication,
                **{
                    "state": "approved",
                    "has_place": True,
                    "decided_at": now,
                    "created_at": now - timedelta(seconds=count - number),
                    "name": f"Reader {pk}",
                    "body": "Words",
                    "body_html": "<p>Words</p>",
                    **fields,
                },
            )
            for number, pk in enumerate(range(first, first + count))
        ),
        batch_size=500,
    )
    _set_sequence(first + count)
    recount(article.pk)
    touch(COMMENTS, comments_stamp(article.uid))
    return made


def _set_sequence(above: int) -> None:
    """Let the database go on counting above the keys that were given."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('comments_comment', 'id'), %s)", [above]
            )


def path_of(pk: int) -> str:
    """Return the path of a root."""
    return f"{pk:0{STEP}}"


def links(text: str) -> dict[str, str]:
    """Return the links to more of a page's threads: by their words, their addresses."""
    found = re.findall(r'<p class="thread-more[^"]*"><a href="([^"]+)"[^>]*>([^<]+)', text)
    return {words: address.replace("&amp;", "&") for address, words in found}


def count_queries(client, address: str) -> int:
    """Return how many queries a page costs with nothing in memory."""
    kept.clear()
    fragments.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
