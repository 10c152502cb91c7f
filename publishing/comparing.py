"""Comparing two states of rows: what was added, removed, moved and changed, word by word."""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Row = Mapping[str, Any]


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
    """A field's old and new text as runs of words."""

    name: str
    runs: list[Run]

    @property
    def label(self) -> str:
        """The field's name in words."""
        return self.name.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class RowChange:
    """What happened to one row; ``fields`` are those that differ."""

    kind: Kind
    uid: str
    title: str
    fields: list[FieldChange]


def compare_rows(
    old: Sequence[Row], new: Sequence[Row], *, title: Callable[[Row], str]
) -> list[RowChange]:
    """Compare rows matched by ``uid``; in the new order, what was removed last.

    A row counts as moved when it left the longest run of rows that kept their
    order, so one row taken to the top is one move and not as many as there are.
    """
    before = {row["uid"]: row for row in old}
    after = {row["uid"]: row for row in new}
    moved = _moved([uid for uid in before if uid in after], [uid for uid in after if uid in before])
    changes = []
    for uid, row in after.items():
        if uid not in before:
            changes.append(RowChange(Kind.ADDED, uid, title(row), list(compare_fields({}, row))))
        elif fields := list(compare_fields(before[uid], row)):
            changes.append(RowChange(Kind.CHANGED, uid, title(row), fields))
        elif uid in moved:
            changes.append(RowChange(Kind.MOVED, uid, title(row), []))
    changes += [
        RowChange(Kind.REMOVED, uid, title(row), list(compare_fields(row, {})))
        for uid, row in before.items()
        if uid not in after
    ]
    return changes


def compare_fields(old: Row, new: Row) -> Iterator[FieldChange]:
    """Yield the fields that differ, in the order of the newer row."""
    for name in dict.fromkeys([*new, *old]):
        if name == "uid":
            continue
        before, after = in_words(old.get(name)), in_words(new.get(name))
        if before != after:
            yield FieldChange(name, compare_words(before, after))


def compare_words(old: str, new: str) -> list[Run]:
    """Return the runs of words that lead from ``old`` to ``new``.

    Joining all that is not added gives ``old``, all that is not removed ``new``.
    """
    before, after = _words(old), _words(new)
    runs = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            runs.append(Run(Kind.SAME, "".join(before[start:end])))
            continue
        if end > start:
            runs.append(Run(Kind.REMOVED, "".join(before[start:end])))
        if new_end > new_start:
            runs.append(Run(Kind.ADDED, "".join(after[new_start:new_end])))
    return runs


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
    return str(value)


def _named(row: Row) -> str:
    """Say a library row in words: its name first, then whatever else it says."""
    shown = [in_words(value) for name, value in row.items() if name not in ("uid", "digest")]
    return "; ".join(words for words in shown if words)


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|[^\W_]+|[\W_]", text)


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    kept = {
        uid
        for block in matcher.get_matching_blocks()
        for uid in before[block.a : block.a + block.size]
    }
    return set(after) - kept
