"""Turns: those who write to SQLite do so one after the other, and nobody waits for ever."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connection, transaction

from publishing.turns import in_turn, turn
from tests.racing import at_once, errors
from tests.test_running import eventually

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="Other databases have queues."),
]


def test_one_is_at_it_at_a_time():
    inside, most = [], []

    @in_turn
    @transaction.atomic
    def write():
        inside.append(1)
        most.append(len(inside))
        inside.pop()

    assert errors(at_once(*[write] * 6)) == []
    assert most == [1] * 6


def test_a_deed_gives_back_what_it_returns_and_raises():
    @in_turn
    def fail():
        raise ValueError("as it was")

    assert in_turn(lambda number: number + 1)(2) == 3
    with pytest.raises(ValueError, match="as it was"):
        fail()
    with turn():
        pass  # The turn was given back.


def test_within_a_transaction_nobody_waits_for_a_turn():
    """Two that wait for each other, one with the turn and one with the write lock, never end."""
    has_turn, may_go = threading.Event(), threading.Event()

    def hold():
        with turn():
            has_turn.set()
            may_go.wait(30)

    def write():
        has_turn.wait(30)
        with transaction.atomic(), turn():
            may_go.set()

    assert errors(at_once(hold, write)) == []


def test_a_killed_process_gives_its_turn_back(tmp_path):
    file = Path(f"{connection.settings_dict['NAME']}-turn")
    with turn():
        pass
    code = (
        "import fcntl, os, time\n"
        f"fcntl.flock(os.open({str(file)!r}, os.O_RDWR), fcntl.LOCK_EX)\n"
        f"open({str(tmp_path / 'held')!r}, 'w').close()\ntime.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", code])
    eventually((tmp_path / "held").exists)
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    with turn():
        pass
