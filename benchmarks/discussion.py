"""Ask the pages of a discussion of any size, in this process, and time every statement they ask.

Run in the benchmark's own environment, as benchmarks/run does; BENCHMARK_COMMENTS says how many
comments there are to be. Pages are found by following their own links, so nothing here knows how
their addresses are made: from the beginning of the largest discussion, and from comments all over
it, of every depth.

The time of a page in the database is the sum over its statements, each asked again with the same
values, all rows fetched, the quickest of twelve: what the database takes with its pages in memory,
on a connection that knows the statement (PostgreSQL has then worked it out for any value), and what
the driver takes to hand the rows over.
"""

import json
import os
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.contrib.auth.models import User  # noqa: E402  (what follows needs the settings)
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from comments.counting import recount_all  # noqa: E402
from comments.models import Comment  # noqa: E402
from publishing.pages import fragments, kept  # noqa: E402

HOST = "127.0.0.1"
LARGE, SMALL = "discussion-1", "discussion-2"
ROUNDS = 41
MOST_PAGES, MOST_QUEUES = 300, 80
ASKED_AGAIN = 12
FROM_ALL_OVER = 60
"""Comments whose own pages are asked: the oldest, the newest, the deepest, and some by chance."""
QUEUE = "/admin/comments/comment/"

Statement = tuple[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a page took in the database, in ms, its slowest statement, and how many it asked."""

    address: str
    milliseconds: float
    slowest: float
    statement: str
    count: int


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    begun = time.perf_counter()
    call_command("make_discussion", comments=int(os.environ["BENCHMARK_COMMENTS"]), verbosity=0)
    made_in = time.perf_counter() - begun
    if connection.vendor == "postgresql":
        # It tidies up by itself sooner or later: a discussion that grew over years has been tidied.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
    begun = time.perf_counter()
    found = recount_all()
    counted_in = time.perf_counter() - begun
    reader, moderator = Client(), Client()
    moderator.force_login(
        User.objects.create_superuser("chief", "chief@newsroom.example", "secret")
    )
    print(
        json.dumps(
            {
                "database": connection.display_name,
                "comments": found.comments,
                "mended": found.mended,
                "made_in": made_in,
                "counted_in": counted_in,
                "page": page_against_page(reader),
                "thread": summary(list(crawl(reader, beginnings(), is_of_thread, MOST_PAGES))),
                "queue": summary(list(crawl(moderator, [QUEUE], is_of_queue, MOST_QUEUES))),
            }
        )
    )


# The article's own page


def page_against_page(client: Client) -> dict[str, float]:
    """Return what the article's page takes with many comments and with a hundred, cold, in ms.

    One after the other, so that what else the machine does meets both; the ratio is the median of
    those of each pair.
    """
    addresses = [f"/articles/{slug}/" for slug in (LARGE, SMALL)]
    for address in addresses:
        cold(client, address)
    pairs = [[cold(client, address) for address in addresses] for _ in range(ROUNDS)]
    return {
        "large": statistics.median(large[0] for large, _small in pairs),
        "small": statistics.median(small[0] for _large, small in pairs),
        "ratio": statistics.median(large[0] / small[0] for large, small in pairs),
        "cpu_ratio": statistics.median(large[1] / small[1] for large, small in pairs),
    }


def cold(client: Client, address: str) -> tuple[float, float]:
    """Render a page with nothing kept; return the time by the clock and of the CPU, in ms."""
    kept.clear()
    fragments.clear()
    begun, used = time.perf_counter(), time.process_time()
    response = client.get(address, headers={"host": HOST})
    took = (time.perf_counter() - begun) * 1000, (time.process_time() - used) * 1000
    assert response.status_code == 200, (address, response.status_code)
    return took


# Following links


def beginnings() -> list[str]:
    """Return the thread's first page, the article's, and comments all over the thread."""
    rows = Comment.objects.filter(article__addresses__slug=LARGE, state=Comment.State.APPROVED)
    # Sorting by length takes a while once; that is not what is measured.
    keys = list(rows.order_by("pk").values_list("pk", "path"))
    chance = random.Random(1)
    some = [keys[:5], keys[-5:], sorted(keys, key=lambda one: -len(one[1]))[:5]]
    some.append(chance.sample(keys, min(FROM_ALL_OVER - 15, len(keys))))
    return [
        f"/articles/{LARGE}/",
        f"/articles/{LARGE}/comments/",
        *(f"/comments/{pk}/" for part in some for pk, _path in part),
    ]


def is_of_thread(address: str) -> bool:
    """Is it a page of the largest discussion, of whatever order and depth, or a feed of it?"""
    return bool(re.match(rf"/articles/{LARGE}/comments(/|\.atom)|/comments/\d+/($|\?)", address))


def is_of_queue(address: str) -> bool:
    """Is it the queue in some state and order, or a comment's page in it?"""
    is_page = re.match(r"/admin/comments/comment/($|\?|\d+/change/)", address)
    # What Django's own lists add: counts beside every filter, all rows at once, any column's order.
    return bool(is_page) and not re.search(r"[?&](_facets|all|o)=", address)


def crawl(
    client: Client, begin: list[str], belongs: Callable[[str], bool], most: int
) -> Iterator[Asked]:
    """Ask pages and what they link to, by chance and by turns the newest found: that leads deep."""
    chance = random.Random(1)
    known, waiting = set(begin), list(begin)
    for number in range(most):
        if not waiting:
            return
        place = -1 if number % 2 else chance.randrange(len(waiting))
        address = waiting.pop(place)
        html, asked = ask(client, address)
        yield asked
        links = (link.replace("&amp;", "&").partition("#")[0] for link in _LINK.findall(html))
        for link in links:
            # The queue's links are often of its own query alone.
            link = address.partition("?")[0] + link if link.startswith("?") else link
            # Every comment has a form that answers it: a few stand for all of them.
            is_too_common = "reply_to=" in link and chance.random() > 0.03
            if link not in known and belongs(link) and not is_too_common:
                known.add(link)
                waiting.append(link)


_LINK = re.compile(r'href="([^"]*)"')


def ask(client: Client, address: str) -> tuple[str, Asked]:
    """Render a page with nothing kept, and time its statements."""
    kept.clear()
    fragments.clear()
    with collected() as statements:
        response = client.get(unquote(address), headers={"host": HOST})
    assert response.status_code == 200, (address, response.status_code)
    taken = [(milliseconds(one), one[0]) for one in statements if one[0].startswith("SELECT")]
    slowest, statement = max(taken, default=(0.0, ""))
    total = sum(took for took, _statement in taken)
    return response.content.decode(), Asked(address, total, slowest, statement, len(statements))


@contextmanager
def collected() -> Iterator[list[Statement]]:
    """Collect the statements that are asked meanwhile."""
    statements: list[Statement] = []

    def collect(execute: Callable, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(collect):
        yield statements


def milliseconds(statement: Statement) -> float:
    taken = []
    for _ in range(ASKED_AGAIN):
        with connection.cursor() as cursor:
            begun = time.perf_counter()
            cursor.execute(*statement)
            cursor.fetchall()
            taken.append((time.perf_counter() - begun) * 1000)
    return min(taken)


def summary(pages: list[Asked]) -> dict[str, Any]:
    worst = max(pages, key=lambda page: page.milliseconds)
    return {
        "pages": len(pages),
        "median": statistics.median(page.milliseconds for page in pages),
        "most": worst.milliseconds,
        "address": worst.address,
        "slowest": worst.slowest,
        "statement": worst.statement[:600],
        "queries": max(page.count for page in pages),
        "kinds": sorted({re.sub(r"\d+", "…", page.address) for page in pages})[:60],
    }


if __name__ == "__main__":
    main()
