"""Servers started for real, each with processes and memories of its own, on one database."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.db import connection

from tests.asking import Answer
from tests.test_running import PROJECT, descendants, eventually, free_port

SECONDS_TO_START = 120
"""Far more than a start takes, even on a busy machine."""


def database_address() -> str:
    """Return the address of the database that the tests use, for other programs."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@dataclass
class Server:
    """The production server with one worker process, unless told otherwise."""

    environment: Mapping[str, str]
    log: Path
    workers: int = 1
    port: int = field(default_factory=free_port)
    process: subprocess.Popen | None = None

    def begin(self) -> None:
        """Start; ``wait`` until it answers."""
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
                    *("--host", "127.0.0.1", "--port", str(self.port)),
                    *("--workers", str(self.workers), "--blocking-threads", "3"),
                    *("--respawn-failed-workers", "--respawn-interval", "0.1"),
                    *("--workers-kill-timeout", "3", "--log-level", "warning"),
                    "config.wsgi:application",
                ],
                cwd=PROJECT,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> "Server":
        """Wait until it answers."""
        eventually(self.answers, SECONDS_TO_START)
        return self

    def answers(self) -> bool:
        """Does it answer? It must at least be alive."""
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.ask("/healthz").status == 200
        except OSError:
            return False

    def stop(self) -> None:
        """Ask it to stop, and end what is left of it."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def processes(self) -> list[int]:
        """Return the numbers of its worker processes."""
        return sorted(descendants(self.process.pid))

    def ask(self, address: str, *, form: Mapping[str, Any] | None = None, **headers: str) -> Answer:
        """Ask for a page, or post a form; headers as in ``if_none_match='"x"'``."""
        caller = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        # The same for every server: their addresses stand on the page.
        sent = {"Host": "localhost"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        body = None
        if form is not None:
            body = urlencode(form)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            caller.request("GET" if form is None else "POST", address, body, sent)
            answer = caller.getresponse()
            named = tuple(
                (_as_we_write_it(name), value)
                for name, value in answer.getheaders()
                if name.lower() != "date"
            )
            return Answer(answer.status, named, answer.read())
        except http.client.HTTPException as error:
            raise ConnectionError("The answer broke off.") from error
        finally:
            caller.close()


def at_the_moment(moment: float, look: Callable[[], Any]) -> tuple[list[Any], list[Any]]:
    """Look again and again until one look began after ``moment`` (seconds since 1970).

    Returns what was seen before the moment and what after it. A look that
    began before and ended after may see either, and counts for nothing.
    """
    before, after = [], []
    while not after:
        begun = time.time()
        seen = look()
        if begun >= moment:
            after.append(seen)
        elif time.time() < moment:
            before.append(seen)
        assert time.time() < moment + 60, "The moment does not pass."
    return before, after


def _as_we_write_it(name: str) -> str:
    """Return a header's name, which arrives in small letters, as Django spells it."""
    return "ETag" if name.lower() == "etag" else name.title()
