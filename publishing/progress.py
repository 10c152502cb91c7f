"""Progress of long work, for whoever waits at a terminal.

A few lines of our own: a bar is all that is wanted, and no package is worth its upgrades for one.
Where nobody looks (a log, a pipe, a nightly task) nothing is written.
"""

import sys
import time
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self, TextIO, TypeVar

Thing = TypeVar("Thing")

WIDTH = 30
"""Signs of a bar."""
PAUSE = 0.1
"""Seconds between two drawings: drawing must cost nothing beside the work."""


class Progress:
    """A line at the terminal that says how far the work is; gone when it ends.

    ``total`` is the whole work, in whatever ``advance`` counts; 0 if nobody knows it.
    """

    def __init__(self, words: str, total: int = 0, stream: TextIO | None = None) -> None:
        self.words, self.total, self.done = words, total, 0
        self._stream = stream or sys.stderr
        self._is_seen = self._stream.isatty()
        self._begun = time.monotonic()
        self._drawn = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if self._is_seen:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def advance(self, by: int = 1) -> None:
        """Say that so much more is done."""
        self.done += by
        now = time.monotonic()
        if self._is_seen and now - self._drawn >= PAUSE:
            self._drawn = now
            self._stream.write(f"\r\x1b[K{self.line(now - self._begun)}")
            self._stream.flush()

    def line(self, seconds: float) -> str:
        """Return the line as it stands after so many seconds of work."""
        rate = self.done / seconds if seconds else 0.0
        counted = f"{self.done:,}, {rate:,.0f} a second"
        if not self.total:
            return f"{self.words} {counted}"
        share = min(1.0, self.done / self.total)
        bar = "█" * int(share * WIDTH)
        left = (self.total - self.done) / rate if rate else 0.0
        remaining = f", {_in_words(left)} left" if 0 < share < 1 else ""
        return f"{self.words} {bar:·<{WIDTH}} {share:4.0%}  {counted}{remaining}"

    def over(self, things: Iterable[Thing]) -> Iterator[Thing]:
        """Yield things, and advance by one after each."""
        for thing in things:
            yield thing
            self.advance()


def _in_words(seconds: float) -> str:
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
