"""Load: many readers who ask for one page again and again, for some seconds.

By ``wrk`` where there is one; else by a small one of our own, which takes more
of the machine for itself and so lets fast servers look slower than they are.
"""

import re
import selectors
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass

MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


class FailedRequests(Exception):
    """Some requests were not answered as they should be; the message says how many, or how."""


@dataclass(frozen=True)
class Load:
    """How many requests were answered in how many seconds, and how long they took, in ms."""

    requests: int
    seconds: float
    median: float
    p99: float

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def load(
    port: int, address: str, *, headers: Sequence[str] = (), connections: int, seconds: float
) -> Load:
    """Ask for ``address`` on the loopback over so many connections, each as fast as it is answered.

    Raises ``FailedRequests``. Answers with status 200 and 304 are good.
    """
    tool = _by_wrk if shutil.which("wrk") else _by_ourselves
    return tool(port, address, headers, connections, seconds)


def tool_name() -> str:
    """Return what makes the load."""
    return "wrk" if shutil.which("wrk") else "the benchmark's own load generator"


def _by_wrk(
    port: int, address: str, headers: Sequence[str], connections: int, seconds: float
) -> Load:
    command = ["wrk", "--latency", "-t1", f"-c{connections}", f"-d{seconds:.0f}s"]
    command += [part for header in headers for part in ("-H", header)]
    said = subprocess.run(
        [*command, "--timeout", "30s", f"http://127.0.0.1:{port}{address}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    if failed := re.search(r"Non-2xx or 3xx responses: (\d+)|Socket errors: .*", said):
        raise FailedRequests(failed[0])
    count, lasted, unit = re.search(r"(\d+) requests in ([\d.]+)(ms|s|m)", said).groups()
    if not int(count):
        raise FailedRequests("Nothing was answered in time.")
    return Load(
        requests=int(count),
        seconds=float(lasted) * MILLISECONDS[unit] / 1000,
        median=_percentile_of_wrk(said, 50),
        p99=_percentile_of_wrk(said, 99),
    )


def _percentile_of_wrk(said: str, percent: int) -> float:
    value, unit = re.search(rf"^ +{percent}% +([\d.]+)(us|ms|s|m)", said, re.MULTILINE).groups()
    return float(value) * MILLISECONDS[unit]


@dataclass
class _Reader:
    """One connection: when it asked, and how much of the answer is still to come."""

    connection: socket.socket
    asked: float = 0.0
    missing: int = 0


def _by_ourselves(
    port: int, address: str, headers: Sequence[str], connections: int, seconds: float
) -> Load:
    lines = [f"GET {address} HTTP/1.1", f"Host: 127.0.0.1:{port}", *headers]
    request = "\r\n".join([*lines, "", ""]).encode()
    length = _length_of_answer(port, request)
    taken: list[float] = []
    with selectors.DefaultSelector() as selector:
        for _ in range(connections):
            reader = _Reader(socket.create_connection(("127.0.0.1", port), timeout=30))
            selector.register(reader.connection, selectors.EVENT_READ, reader)
            _ask(reader, request, length)
        begun = time.perf_counter()
        while (now := time.perf_counter()) < begun + seconds:
            for key, _events in selector.select(timeout=30):
                _read(key.data, taken, request, length)
        for key in list(selector.get_map().values()):
            key.data.connection.close()
    if not taken:
        raise FailedRequests("Nothing was answered in time.")
    taken.sort()
    return Load(
        requests=len(taken),
        seconds=now - begun,
        median=taken[len(taken) // 2] * 1000,
        p99=taken[int(len(taken) * 0.99)] * 1000,
    )


def _ask(reader: _Reader, request: bytes, length: int) -> None:
    reader.asked = time.perf_counter()
    reader.missing = length
    reader.connection.sendall(request)


def _read(reader: _Reader, taken: list[float], request: bytes, length: int) -> None:
    piece = reader.connection.recv(1 << 20)
    is_beginning = reader.missing == length
    if not piece or (is_beginning and not _is_good(piece)):
        raise FailedRequests(piece[:80].decode(errors="replace") or "The connection was closed.")
    reader.missing -= len(piece)
    if reader.missing <= 0:
        taken.append(time.perf_counter() - reader.asked)
        _ask(reader, request, length)


def _is_good(answer: bytes) -> bool:
    return answer.startswith((b"HTTP/1.1 200 ", b"HTTP/1.1 304 "))


def _length_of_answer(port: int, request: bytes) -> int:
    """Ask once; every answer to the same request is as long as the first, its date included."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            piece = connection.recv(1 << 16)
            if not piece:
                raise FailedRequests("The connection was closed.")
            answer += piece
    if not _is_good(answer):
        raise FailedRequests(answer[:80].decode(errors="replace"))
    head, _, _body = answer.partition(b"\r\n\r\n")
    size = re.search(rb"(?im)^content-length: *(\d+)", head)
    return len(head) + 4 + (int(size[1]) if size else 0)
