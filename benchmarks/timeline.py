"""Ask the site's timeline with 100 and with 10,000 events, in this process, with nothing kept."""

import json
import statistics
import time

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.timeline_site import add, make  # which reads the settings
from publishing.pages import fragments, kept

SIZES = (100, 10_000)
ROUNDS = 15
PAGES = {
    "first page": "/timeline/",
    "page 50": "/timeline/?page=50",
    "one kind": "/timeline/?kind=Treaty",
    "one actor since 1900": "/timeline/?actor=State+3&from=1900",
    "one topic": "/timeline/?topic=topic-0",
    "one explainer": "/timeline/?article=explainer-0",
    "two words": "/timeline/?q=state+envoy",
    "embedded": "/timeline/embed/",
    "days for the drawing": "/timeline.days.json",
    "names for the drawing": "/timeline.names.json?page=50",
}
MOST = 150
"""Milliseconds: the goal for a page of the list that readers come to first."""


def main() -> None:
    make(SIZES[0])
    asked: dict[str, dict[int, tuple[float, float, int]]] = {}
    for size in SIZES:
        if size > SIZES[0]:
            add(size - SIZES[0])
        for name, address in PAGES.items():
            asked.setdefault(name, {})[size] = ask(Client(), address)
    print(json.dumps({"pages": asked, "database": connection.display_name, "most": MOST}))


def ask(client: Client, address: str) -> tuple[float, float, int]:
    """Return what a page takes, in ms, and its queries.

    By the clock the quickest, as others use the machine; of this process's CPU the median.
    """
    get(client, address)
    taken, used = [], []
    for _ in range(ROUNDS):
        begun, own = time.perf_counter(), time.process_time()
        get(client, address)
        taken.append((time.perf_counter() - begun) * 1000)
        used.append((time.process_time() - own) * 1000)
    with CaptureQueriesContext(connection) as captured:
        get(client, address)
    return min(taken), statistics.median(used), len(captured)


def get(client: Client, address: str) -> None:
    kept.clear()
    fragments.clear()
    response = client.get(address, headers={"host": "127.0.0.1"})
    assert response.status_code == 200, (address, response.status_code)


if __name__ == "__main__":
    main()
