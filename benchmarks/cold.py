"""CPU time of one cold render, in this process: what the server does when nothing is kept."""

import json
import os
import statistics
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.test import Client  # noqa: E402  (what follows needs the settings)

from publishing.pages import fragments, kept  # noqa: E402

ADDRESS = "/articles/standard-200/"
ROUNDS = 60


def milliseconds(client: Client, *, body_is_known: bool) -> float:
    """Return the median CPU time of a render, the body remembered or not."""
    taken = []
    for _ in range(ROUNDS):
        kept.clear()
        if not body_is_known:
            fragments.clear()
        start = time.process_time()
        response = client.get(ADDRESS, headers={"host": "127.0.0.1"})
        taken.append((time.process_time() - start) * 1000)
        assert response.status_code == 200
    return statistics.median(taken)


if __name__ == "__main__":
    client = Client()
    milliseconds(client, body_is_known=False)
    print(
        json.dumps(
            {
                "whole": milliseconds(client, body_is_known=False),
                "discussion": milliseconds(client, body_is_known=True),
            }
        )
    )
