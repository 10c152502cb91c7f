"""Say what is in the database after comments were posted: each once, and do the counts hold?

Run in the benchmark's own environment; prints the numbers of the comments, as ``posting`` gave
them, those that are there twice, how many counts a recount mends, and how writes are kept.
"""

import json
import os
from collections import Counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402  (what follows needs the settings)

from benchmarks.posting import WORDS, number_of  # noqa: E402
from comments.counting import recount_all  # noqa: E402
from comments.models import Comment, Transition  # noqa: E402

DURABLE = {
    "sqlite": ["PRAGMA journal_mode", "PRAGMA synchronous"],
    "postgresql": ["SHOW fsync", "SHOW synchronous_commit"],
}


def main() -> None:
    bodies = Comment.objects.filter(body__startswith=WORDS).values_list("body", flat=True)
    numbers = Counter(map(number_of, bodies.iterator()))
    logged = Transition.objects.filter(comment__body__startswith=WORDS, before="").count()
    print(
        json.dumps(
            {
                "numbers": sorted(numbers),
                "twice": sorted(number for number, count in numbers.items() if count > 1),
                "logged": logged,
                "mended": recount_all().mended,
                "kept_by": [f"{one}: {_value(one)}" for one in DURABLE[connection.vendor]],
                "integrity": _value("PRAGMA integrity_check")
                if connection.vendor == "sqlite"
                else "ok",
            }
        )
    )


def _value(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


if __name__ == "__main__":
    main()
