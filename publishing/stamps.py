"""Stamps: how a kept page knows that it is still right.

``touch`` is the last statement of every transaction that changes what readers
see; ``tokens`` is the first of every render. Fresh random tokens need no look
at the old ones, so two writers can never wait for each other in a circle:
both write their keys in sorted order, in one statement.
"""

import secrets
from collections.abc import Iterable
from functools import cache

from django.db import connection

from publishing.models import Stamp

ADDRESSES = "addresses"
ARTICLES = "articles"


def article_stamp(uid: object) -> str:
    """The key that changes with any publication, withdrawal or redaction of the article."""
    return f"article:{uid}"


def comments_stamp(uid: object) -> str:
    """The key that changes with any comment shown, changed or taken down."""
    return f"comments:{uid}"


def touch(*keys: str) -> None:
    """Give each key a fresh token. Call it last in the transaction that made the change."""
    stamps = [Stamp(key=key, token=secrets.token_urlsafe(12)) for key in sorted(set(keys))]
    Stamp.objects.bulk_create(
        stamps, update_conflicts=True, unique_fields=["key"], update_fields=["token"]
    )


def tokens(keys: Iterable[str]) -> dict[str, str]:
    """Return the token of each key, in one raw statement; a key never touched has the token "".

    Raw because this is the whole cost of answering from a kept page: the ORM
    takes twelve times as long on SQLite, three times on PostgreSQL.
    """
    wanted = tuple(sorted(set(keys)))
    found = dict.fromkeys(wanted, "")
    with connection.cursor() as cursor:
        cursor.execute(_statement(len(wanted)), wanted)
        found.update(cursor.fetchall())
    return found


@cache
def _statement(count: int) -> str:
    places = ", ".join(["%s"] * count)
    return f"SELECT key, token FROM publishing_stamp WHERE key IN ({places})"  # noqa: S608
