"""Comparing two states of rows: what was added, removed, moved and changed, word by word."""

import difflib
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext

Row = Mapping[str, Any]

# A run of words rewritten as a whole is shown as a whole: comparing every word of it with every
# word of the other takes seconds from here on, and tells a reader nothing.
MOST_PAIRS_OF_WORDS = 1_000_000

# Of a long stretch that stayed, so many words are told on each side of what changed.
WORDS_AROUND = 30

# What people know a library row by, said first.
_NAMES = ("title", "name", "alt")


class Kind(StrEnum):
    """What happened to a row, or to a run of words."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Run:
    """Words in a row with one fate."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field's old and new text as runs of words, and the values themselves."""

    name: str
    runs: list[Run]
    old: Any = field(default=None, compare=False, repr=False)
    new: Any = field(default=None, compare=False, repr=False)

    @property
    def label(self) -> str:
        """The field’s name in the site’s language, where its app names it to translators."""
        return gettext(self.name.replace("_", " ").capitalize())

    @property
    def pictures(self) -> tuple[str, str] | None:
        """The files of the old and the new picture, "" for none; None if it is about words."""
        files = (_file_of(self.old), _file_of(self.new))
        return files if any(files) else None

    @property
    def told(self) -> list[Run]:
        """The runs with long stretches that stayed cut down to the words beside what changed."""
        last = len(self.runs) - 1
        return [
            _shortened(run, has_before=place > 0, has_after=place < last)
            if run.kind == Kind.SAME
            else run
            for place, run in enumerate(self.runs)
        ]

    @property
    def lines(self) -> list["Line"]:
        """The text beside itself: old on one side, new on the other, a line of it in each pair.

        What was added or taken out stands beside the line that it follows.
        """
        lines = [Line([], [])]
        for run in self.runs:
            if run.kind == Kind.REMOVED:
                lines[-1].old.append(run)
            elif run.kind == Kind.ADDED:
                lines[-1].new.append(run)
            else:
                for text in run.text.splitlines(keepends=True):
                    same = Run(Kind.SAME, text)
                    lines[-1].old.append(same)
                    lines[-1].new.append(same)
                    if text.endswith("\n"):
                        lines.append(Line([], []))
        return [line for line in lines if line.old or line.new]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text, as it was and as it is."""

    old: list[Run]
    new: list[Run]


@dataclass(frozen=True, slots=True)
class RowChange:
    """What happened to one row; ``fields`` are those that differ."""

    kind: Kind
    uid: str
    title: str
    fields: list[FieldChange]


def compare_rows(
    old: Sequence[Row],
    new: Sequence[Row],
    *,
    title: Callable[[Row], str],
    fields: Iterable[str] = (),
) -> list[RowChange]:
    """Compare rows matched by ``uid``; in the new order, what was removed last.

    A row counts as moved when it left the longest run of rows that kept their
    order, so one row taken to the top is one move and not as many as there are.
    ``fields`` gives the order in which a row's fields are told.
    """
    fields = tuple(fields)
    before = {row["uid"]: row for row in old}
    after = {row["uid"]: row for row in new}
    has_moved = moved(
        [uid for uid in before if uid in after], [uid for uid in after if uid in before]
    )
    changes = []
    for uid, row in after.items():
        changed = list(compare_fields(before.get(uid, {}), row, fields=fields))
        if uid not in before:
            changes.append(RowChange(Kind.ADDED, uid, title(row), changed))
        elif changed:
            changes.append(RowChange(Kind.CHANGED, uid, title(row), changed))
        elif uid in has_moved:
            changes.append(RowChange(Kind.MOVED, uid, title(row), []))
    changes += [
        RowChange(Kind.REMOVED, uid, title(row), list(compare_fields(row, {}, fields=fields)))
        for uid, row in before.items()
        if uid not in after
    ]
    return changes


def compare_fields(old: Row, new: Row, *, fields: Iterable[str] = ()) -> Iterator[FieldChange]:
    """Yield the fields that differ: ``fields`` first, in that order, then any others."""
    for name in dict.fromkeys([*fields, *new, *old]):
        if name == "uid":
            continue
        before, after = in_words(old.get(name)), in_words(new.get(name))
        if before != after:
            yield FieldChange(name, compare_words(before, after), old.get(name), new.get(name))


def compare_words(old: str, new: str) -> list[Run]:
    """Return the runs of words that lead from ``old`` to ``new``.

    Joining all that is not added gives ``old``, all that is not removed ``new``.
    Lines that stayed are found first, then the words of those that did not.
    """
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    runs: list[Run] = []
    for kind, start, end, new_start, new_end in _steps(before, after):
        removed, added = "".join(before[start:end]), "".join(after[new_start:new_end])
        if kind == "equal":
            runs.append(Run(Kind.SAME, removed))
        else:
            runs += _runs_of_words(removed, added)
    return _joined(runs)


def _runs_of_words(old: str, new: str) -> list[Run]:
    before, after = _words(old), _words(new)
    if len(before) * len(after) > MOST_PAIRS_OF_WORDS:
        before, after = [old], [new]
    runs = []
    for kind, start, end, new_start, new_end in _steps(before, after):
        removed, added = "".join(before[start:end]), "".join(after[new_start:new_end])
        if kind == "equal":
            runs.append(Run(Kind.SAME, removed))
            continue
        runs += [Run(Kind.REMOVED, removed)] if removed else []
        runs += [Run(Kind.ADDED, added)] if added else []
    return runs


def _steps(before: Sequence[str], after: Sequence[str]) -> Iterable[tuple[str, int, int, int, int]]:
    return difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()


def _shortened(run: Run, *, has_before: bool, has_after: bool) -> Run:
    """Return a run that stayed with its middle left out, or the end that no change stands at."""
    words = re.findall(r"\s*\S+\s*", run.text)
    kept = WORDS_AROUND * (has_before + has_after)
    # A few words more are no reason to leave any out.
    if not kept or len(words) <= kept + WORDS_AROUND // 2:
        return run
    begin = "".join(words[:WORDS_AROUND]) if has_before else ""
    end = "".join(words[-WORDS_AROUND:]) if has_after else ""
    return Run(run.kind, f"{begin.rstrip()} … {end.lstrip()}")


def _joined(runs: Iterable[Run]) -> list[Run]:
    """Join neighbours with one fate, which are one run to a reader."""
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1].kind == run.kind:
            joined[-1] = Run(run.kind, joined[-1].text + run.text)
        else:
            joined.append(run)
    return joined


def in_words(value: Any) -> str:
    """Return a value of a document as the words a reader would compare."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return _named(value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(in_words(item) for item in value)
    # Line breaks as browsers send them, from before forms put them right.
    return str(value).replace("\r\n", "\n")


def _named(row: Row) -> str:
    """Say a library row in words: its name first, then whatever else it says."""
    names = [name for name in _NAMES if name in row]
    others = [name for name in row if name not in ("uid", "digest", *names)]
    shown = [in_words(row[name]) for name in [*names, *others] if row[name] is not False]
    return "; ".join(words for words in shown if words)


def _file_of(value: Any) -> str:
    """Return the file of an embedded picture, "" for anything else."""
    is_picture = isinstance(value, Mapping) and value.get("digest")
    return value.get("file", "") if is_picture else ""


def _words(text: str) -> list[str]:
    """Return words and marks, each with the space behind it: there is too much space to match."""
    return re.findall(r"(?:[^\W_]+|[\W_])\s*", text)


def moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Return what has to move to lead from ``before`` to ``after``: as little as possible."""
    places = {uid: place for place, uid in enumerate(before)}
    return set(after) - {before[place] for place in _longest_rise([places[uid] for uid in after])}


def _longest_rise(numbers: Sequence[int]) -> list[int]:
    """Return the longest run of numbers, not all neighbours, in which each is larger than the last.

    By the smallest number in which a rise of each length may end.
    """
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        length = bisect_left(ends, number)
        before[number] = ends[length - 1] if length else None
        ends[length : length + 1] = [number]
    rise: list[int] = []
    number = ends[-1] if ends else None
    while number is not None:
        rise.append(number)
        number = before[number]
    return rise
