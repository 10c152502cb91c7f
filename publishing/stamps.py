"""Stamps: how a kept page knows that it is still right.

``touch`` is the last statement of every transaction that changes what readers
see; ``tokens`` is the first of every render. Fresh random tokens need no look
at the old ones, so two writers can never wait for each other in a circle:
both write their keys in sorted order, in one statement.
"""

import secrets
from collections.abc import Iterable
from functools import cache

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from publishing.models import Stamp

Keys = tuple[str, ...]
Rows = list[tuple[str, str]]

ADDRESSES = "addresses"
ARTICLES = "articles"
COMMENTS = "comments"


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

    This is nearly the whole cost of answering from a kept page, so it goes
    past the ORM and, where it can, past Django's cursor to the driver's own.
    """
    wanted = tuple(sorted(set(keys)))
    found = dict.fromkeys(wanted, "")
    if wanted:
        found.update(_rows(wanted))
    return found


def _rows(keys: Keys) -> Rows:
    database = connections[DEFAULT_DB_ALIAS]
    if database.queries_logged or database.vendor not in _DRIVERS:
        with database.cursor() as cursor:
            cursor.execute(_statement(len(keys)), keys)
            return cursor.fetchall()
    with database.wrap_database_errors:
        return _DRIVERS[database.vendor](database, keys)


def _rows_of_sqlite(database: BaseDatabaseWrapper, keys: Keys) -> Rows:
    """Look each key up in a column of one row: that takes two thirds of the time of many rows."""
    database.ensure_connection()
    found = database.connection.execute(_statement_of_one_row(len(keys)), keys).fetchone()
    return [(key, token) for key, token in zip(keys, found, strict=True) if token is not None]


def _rows_of_postgresql(database: BaseDatabaseWrapper, keys: Keys) -> Rows:
    """Borrow a connection from the pool for the one statement, unless this thread holds one.

    Putting it into Django's hands and taking it out again costs as much as asking.
    """
    statement = _statement(len(keys))
    if database.connection is None and database.pool:
        database.pool.open()
        with database.pool.connection() as borrowed:
            return borrowed.execute(statement, keys).fetchall()
    database.ensure_connection()
    return database.connection.execute(statement, keys).fetchall()


_DRIVERS = {"sqlite": _rows_of_sqlite, "postgresql": _rows_of_postgresql}


@cache
def _statement(count: int) -> str:
    places = ", ".join(["%s"] * count)
    return f"SELECT key, token FROM publishing_stamp WHERE key IN ({places})"  # noqa: S608


@cache
def _statement_of_one_row(count: int) -> str:
    one = "(SELECT token FROM publishing_stamp WHERE key = ?)"
    return f"SELECT {', '.join([one] * count)}"
