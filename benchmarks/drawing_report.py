"""What was measured of the drawn timeline, in Markdown."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

EMPTY, SMALL, ALL = "an empty page", "100 events", "10,000 events"
PAGES = {SMALL: "/timeline/?article=explainer-0", ALL: "/timeline/"}
ARRANGEMENTS = ("Together", "By kind", "By actor")
DEEDS = ("wheel", "keys", "drag")

A_FRAME = 1000 / 60
"""Milliseconds."""
LATE, STANDING = A_FRAME + 1, 2 * A_FRAME + 1
"""A frame that took longer left out one, or more than one: then a picture is seen to stand."""
MOST_SCRIPT = 8.0
"""Milliseconds of CPU in 95 of 100 steps: half of a frame, as painting needs the other half."""
LEAST_FRAMES = 0.95
"""Of those that the empty page had in the same round."""


@dataclass
class Worked:
    """What was seen while a page was worked in one way, in ms.

    CPU of scripts and of all that the page's thread did, for each step; between two frames, for
    each; CPU of the whole browser. Seconds: how long it took, and how long processors were busy.
    """

    round: int
    page: str
    arrangement: str
    deed: str
    script: list[float] = field(default_factory=list)
    thread: list[float] = field(default_factory=list)
    frames: list[float] = field(default_factory=list)
    chromium: float = 0.0
    seconds: float = 0.0
    busy: float = 0.0

    @property
    def frames_a_second(self) -> float:
        return 1000 * len(self.frames) / sum(self.frames)


def percentile(values: Iterable[float], share: float) -> float:
    """Return the least of the values that so large a share of them does not exceed."""
    ordered = sorted(values)
    return next(one for place, one in enumerate(ordered, start=1) if place >= share * len(ordered))


def share_over(values: list[float], most: float) -> float:
    """Return which share of the values is more than that."""
    return sum(value > most for value in values) / len(values)


class Measured:
    """All rounds, asked by page, arrangement and deed."""

    def __init__(self, worked: Iterable[Worked]) -> None:
        self.worked = list(worked)

    def of(self, page: str, deed: str, arrangement: str = "") -> list[Worked]:
        """Return what was seen, round by round; of all arrangements unless one is named."""
        return [
            one
            for one in self.worked
            if (one.page, one.deed) == (page, deed) and arrangement in ("", one.arrangement)
        ]

    def all(self, figure: str, *of: str) -> list[float]:
        """Return every value of a figure, of all rounds."""
        return [value for one in self.of(*of) for value in getattr(one, figure)]

    def frames_to_empty(self, *of: str) -> float:
        """Return how many frames there were for one of the empty page, the median of rounds."""
        empty = {one.round: one.frames_a_second for one in self.of(EMPTY, of[1])}
        return statistics.median(one.frames_a_second / empty[one.round] for one in self.of(*of))

    def script_to_small(self, deed: str, arrangement: str) -> float:
        """Return how much more scripts take for a step with all events, the median of rounds."""
        small = {one.round: one for one in self.of(SMALL, deed, arrangement)}
        return statistics.median(
            statistics.mean(one.script) / statistics.mean(small[one.round].script)
            for one in self.of(ALL, deed, arrangement)
        )


def report_drawing(found: dict[str, Any], machine: str) -> str:
    """Return what zooming and panning takes, step by step and frame by frame."""
    measured = Measured(Worked(**one) for one in found["worked"])
    drawings = [(ALL, deed, arrangement) for arrangement in ARRANGEMENTS for deed in DEEDS]
    others = [(page, deed) for page in (SMALL, EMPTY) for deed in DEEDS]
    lines = [
        f"The drawn timeline: {machine}, Chromium {found['chromium']} without a graphics card; "
        f"{_business(measured.worked)}.",
        "",
        "| | script, ms: median | p95 | to 100 events | thread, ms: median | p95 "
        "| all of Chromium, ms | frames/s | to the empty page | frame, ms: median | p95 "
        f"| over {LATE:.1f} ms | over {STANDING:.1f} ms |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        *(_row(measured, *of) for of in [*drawings, *others]),
        "",
    ]
    slow = [of for of in drawings if percentile(measured.all("script", *of), 0.95) > MOST_SCRIPT]
    rare = [of for of in drawings if measured.frames_to_empty(*of) < LEAST_FRAMES]
    most = max(percentile(measured.all("script", *of), 0.95) for of in drawings)
    least = min(measured.frames_to_empty(*of) for of in drawings)
    return "\n".join([
        *lines,
        f"- Scripts take at most {most:.1f} ms of CPU in 95 of 100 steps, of the {A_FRAME:.1f} ms "
        f"that a frame has; the goal is {MOST_SCRIPT:g}: {_met(slow)}.",
        f"- With 10,000 events there are at least {least:.2f} frames for each of the empty page; "
        f"the goal is {LEAST_FRAMES:g}: {_met(rare)}.",
    ])  # fmt: skip


def _row(measured: Measured, page: str, deed: str, arrangement: str = "") -> str:
    of = (page, deed, arrangement)
    script, thread, frames = (measured.all(name, *of) for name in ("script", "thread", "frames"))
    rounds = measured.of(*of)
    whole = sum(one.chromium for one in rounds) / len(script)
    frames_a_second = statistics.median(one.frames_a_second for one in rounds)
    to_small = f"{measured.script_to_small(deed, arrangement):.1f}" if arrangement else ""
    cells = [
        f"{arrangement.lower() or page}, {deed}",
        *(f"{statistics.median(script):.1f}", f"{percentile(script, 0.95):.1f}", to_small),
        *(f"{statistics.median(thread):.1f}", f"{percentile(thread, 0.95):.1f}"),
        *(f"{whole:.0f}", f"{frames_a_second:.1f}", f"{measured.frames_to_empty(*of):.2f}"),
        *(f"{statistics.median(frames):.1f}", f"{percentile(frames, 0.95):.1f}"),
        *(f"{share_over(frames, LATE):.1%}", f"{share_over(frames, STANDING):.1%}"),
    ]
    return f"| {' | '.join(cells)} |"


def _business(worked: list[Worked]) -> str:
    """Say how busy the machine was, and how much of that was the browser."""
    seconds = sum(one.seconds for one in worked)
    busy, chromium = (sum(one.busy for one in worked), sum(one.chromium for one in worked) / 1000)
    return (
        f"{busy / seconds:.2f} processors were busy, {chromium / seconds:.2f} of them with Chromium"
    )


def _met(missing: list[tuple[str, ...]]) -> str:
    names = ", ".join(f"{arrangement.lower()}, {deed}" for _page, deed, arrangement in missing)
    return f"missed ({names})" if missing else "met"
