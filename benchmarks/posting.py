"""Post comments to a server from many connections, as fast as they are accepted.

Every comment says something of its own and comes from a network of its own, which a proxy that the
server trusts tells it: the limits on how often somebody may write are all in force.
"""

import http.client
import itertools
import json
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.load import FailedRequests

WORDS = "The envoy answered the note without a day, and the archive has both letters."
AGE_OF_A_FORM = 6
"""Seconds between reading the form and sending it, as somebody who types would take."""

Request = tuple[str, bytes, dict[str, str]]


@dataclass
class Posted:
    """What came of posting: the numbers acknowledged, with the answer's Location, and failures."""

    acknowledged: dict[int, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.acknowledged) / self.seconds


@dataclass(frozen=True)
class Pace:
    """How many comments were accepted in how many seconds."""

    accepted: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.accepted / self.seconds


class OnRecord:
    """How one posts to On Record: the form as its page gives it, with what is hidden in it."""

    statuses, location = (303,), "/comments/"

    def __init__(self, port: int, address: str) -> None:
        self.address = f"{address}comments/"
        page = _page(port, self.address)
        self.hidden = _Form(page, self.address).hidden
        if self.hidden:
            time.sleep(AGE_OF_A_FORM)

    def request(self, number: int | str) -> Request:
        form = {**self.hidden, "name": f"Reader {number}", "body": body_of(number)}
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Host": "127.0.0.1"}
        return self.address, urlencode(form).encode(), sent


class Isso:
    """How one posts to Isso."""

    statuses, location = (201, 202), ""

    def request(self, number: int | str) -> Request:
        data = {"author": f"Reader {number}", "text": body_of(number), "title": "A thread"}
        sent = {"Content-Type": "application/json"}
        return "/new?uri=/scratch/", json.dumps(data).encode(), sent


def is_accepted(target: OnRecord | Isso, status: int, location: str) -> bool:
    """Is this the answer to a comment that was taken, and not to one that was there already?"""
    is_good = status in target.statuses and target.location in location
    return is_good and "received" not in location


def body_of(number: int | str) -> str:
    """Return what comment ``number`` says: by it one finds it again."""
    return f"{WORDS} This is number {number}."


def number_of(body: str) -> int:
    """Return the number of a comment that ``body_of`` made."""
    return int(re.search(r"number (\d+)\.$", body)[1])


def pace(
    port: int, target: OnRecord | Isso, *, first: int, connections: int, seconds: float
) -> Pace:
    """Post comments, numbered from ``first``, for so many seconds, as fast as they are taken.

    By ``wrk`` where there is one; ``post`` takes a good part of the machine for itself, and so
    brings the figures of any two servers closer together. Raises ``FailedRequests``.
    """
    if not shutil.which("wrk"):
        posted = post(port, target, first=first, connections=connections, seconds=seconds)
        if posted.failures:
            raise FailedRequests(f"Not accepted: {posted.failures[:3]}")
        return Pace(len(posted.acknowledged), posted.seconds)
    address, content, headers = target.request("NUMBER")
    good = ",".join(map(str, target.statuses))
    said = subprocess.run(
        [
            *("wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "--timeout", "60s"),
            *("-s", str(Path(__file__).with_name("posting.lua")), f"http://127.0.0.1:{port}", "--"),
            *(address, headers["Content-Type"], content.decode(), str(first), good),
            target.location,
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = re.search(r"^POSTED (\d+) (\d+) (\d+) ([\d.]+) (.*)$", said, re.MULTILINE)
    accepted, refused, lost, lasted, example = found.groups()
    if int(refused) or int(lost):
        raise FailedRequests(f"Not accepted: {refused} ({example}), not answered: {lost}.")
    return Pace(int(accepted), float(lasted))


def post(
    port: int,
    target: OnRecord | Isso,
    *,
    first: int,
    connections: int,
    count: int = 0,
    seconds: float = 0.0,
    on_answer: Callable[[Posted], None] = lambda posted: None,
) -> Posted:
    """Post comments, numbered from ``first``: ``count`` of them, or for so many ``seconds``.

    What cannot be sent any more, as the server was killed, ends its connection and is a failure.
    """
    numbers, lock, posted = itertools.count(first), threading.Lock(), Posted()
    begun = time.perf_counter()

    def next_number() -> int | None:
        with lock:
            number = next(numbers)
        is_over = time.perf_counter() - begun > seconds if seconds else number >= first + count
        return None if is_over else number

    def send() -> None:
        caller = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while (number := next_number()) is not None:
            address, content, headers = target.request(number)
            headers["X-Forwarded-For"] = network(number)
            try:
                caller.request("POST", address, content, headers)
                answer = caller.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException) as error:
                with lock:
                    posted.failures.append(f"{number}: {error!r}")
                return
            location = answer.headers.get("Location", "")
            with lock:
                if is_accepted(target, answer.status, location):
                    posted.acknowledged[number] = location
                else:
                    posted.failures.append(f"{number}: {answer.status} {location}")
                on_answer(posted)
        caller.close()

    threads = [threading.Thread(target=send) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    posted.seconds = time.perf_counter() - begun
    return posted


def network(number: int) -> str:
    """Return an address in a network of its own: there are ten million /24."""
    rest, third = divmod(number, 256)
    first, second = divmod(rest, 256)
    return f"{20 + first % 150}.{second}.{third}.7"


def _page(port: int, address: str) -> str:
    caller = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    caller.request("GET", address, headers={"Host": "127.0.0.1"})
    answer = caller.getresponse()
    if answer.status != 200:
        raise FailedRequests(f"{address} answered {answer.status}.")
    return answer.read().decode()


class _Form(HTMLParser):
    """The hidden fields of the form that posts to an address, as a browser would send them."""

    def __init__(self, page: str, action: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self._action, self._is_inside = action, False
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            action = given.get("action", "").partition("#")[0] or self._action
            self._is_inside = action == self._action and given.get("method", "").lower() == "post"
        elif self._is_inside and given.get("type") == "hidden" and given.get("value"):
            self.hidden[given["name"]] = given["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False
