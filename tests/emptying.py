"""Tests that really commit leave an empty database behind, in a few statements.

Django empties every table after such a test and lets all that follows a migration happen again:
content types, permissions, roles, standing pages. That takes longer than many of these tests do.
Here only what holds rows is emptied, and what migrating had written stays; it is looked at, and
where a test has changed it Django's own way is gone.
"""

from typing import Any

from django.db import connection, transaction
from django.test import TransactionTestCase

_set_up = TransactionTestCase._fixture_setup
_tear_down = TransactionTestCase._fixture_teardown
_written_by_migrating: dict[str, list[Any]] = {}


def empty_quickly() -> None:
    """Let tests that commit end so, for as long as this process runs."""
    TransactionTestCase._fixture_setup = _note_first
    TransactionTestCase._fixture_teardown = _empty


@classmethod
def _note_first(cls: type[TransactionTestCase]) -> None:
    # No test has committed anything yet: whichever did was emptied afterwards.
    if not _written_by_migrating:
        _written_by_migrating.update({table: _rows(table) for table in _filled()})
    _set_up.__func__(cls)


def _empty(self: TransactionTestCase) -> None:
    filled = _filled()
    if any(_rows(table) != rows for table, rows in _written_by_migrating.items()):
        _written_by_migrating.clear()
        _tear_down(self)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        # In any order: keys that lead to other rows are looked at when it is committed.
        for table in filled - _written_by_migrating.keys():
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")


def _filled() -> set[str]:
    """Return the tables that hold any row, in one statement."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    looks = (
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)})"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(looks))
        return {table for (table,) in cursor.fetchall()}


def _rows(table: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
        return cursor.fetchall()
