"""Doing things at the same moment, in threads that begin together."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections

SECONDS_TO_MEET = 30


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do everything at once; return what each deed returned, or the error it raised, in order."""
    meeting = threading.Barrier(len(deeds))
    outcomes: list[Any] = [None] * len(deeds)

    def do(number: int, deed: Callable[[], Any]) -> None:
        try:
            connections["default"].ensure_connection()
            meeting.wait(SECONDS_TO_MEET)
            outcomes[number] = deed()
        except Exception as error:
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=do, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * SECONDS_TO_MEET)
    assert not any(thread.is_alive() for thread in threads), "They wait for each other."
    return outcomes


def errors(outcomes: list[Any]) -> list[Exception]:
    """Return the errors among outcomes."""
    return [outcome for outcome in outcomes if isinstance(outcome, Exception)]
