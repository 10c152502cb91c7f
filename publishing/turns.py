"""Turns: on SQLite, whoever writes often waits in a queue and not in a scramble.

SQLite lets one transaction write at a time. Whoever finds another at it sleeps and looks again,
at last every tenth of a second, and meets whoever came in between: with sixteen at once the lock
lies idle while all sleep, and one of them may be out of luck until its time is up ("database is
locked"). A lock of the operating system wakes the next the moment it is free, in the order in which
they came, in whichever process, and is free again when its holder is killed.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.db import connection


def in_turn(deed: Callable[..., Any]) -> Callable[..., Any]:
    """Let a deed that is one transaction wait for its turn before that begins.

    Stands above ``transaction.atomic``. Within another transaction, and on other databases, the
    deed is done at once.
    """

    @wraps(deed)
    def done(*args: Any, **options: Any) -> Any:
        with turn():
            return deed(*args, **options)

    return done


@contextmanager
def turn() -> Iterator[None]:
    """Hold the turn, unless the database has no need of it or a transaction has begun already."""
    file = str(connection.settings_dict["NAME"])
    is_shared = connection.vendor == "sqlite" and not connection.is_in_memory_db()
    if not is_shared or connection.in_atomic_block:
        # Whoever waited within a transaction would keep the one whose turn it is from writing.
        yield
        return
    # Beside the database, as everybody who writes to it knows where that is. Not the database's own
    # file: closing that would let go of SQLite's locks.
    place = os.open(f"{file}-turn", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        os.close(place)
