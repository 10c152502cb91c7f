"""Merging: what two people made of one text, brought together field by field.

Three states meet: the one that both began with (``base``), the one that was
saved meanwhile (``theirs``), and the one that is being saved (``mine``). What
only one of them changed is taken from that one. What both changed differently
*collides*: it stays as mine, and is named, so that somebody can choose.

Values are those that a form posts: lists of texts by the name of the field.
Pure functions on plain data; ``articles.admin.meeting`` knows the forms.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from publishing.comparing import moved

Values = Mapping[str, Sequence[str]]

WHOLE_ROW = ""
"""Stands for the field where it is the row itself that one deleted and the other changed."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a part: its uid, or any other key of its own if it is new, and what it says."""

    uid: str
    values: Values


@dataclass(frozen=True, slots=True)
class MergedValues:
    """``taken`` names the fields that are theirs now, ``colliding`` those to choose in."""

    values: dict[str, list[str]]
    taken: list[str] = field(default_factory=list)
    colliding: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MergedRows:
    """The rows in their merged order.

    ``taken`` names rows that are theirs now, at least in part; ``removed`` those
    that go (mine deleted them, or theirs did and they are not in ``rows``);
    ``colliding`` has (uid, name of the field).
    """

    rows: list[Row]
    taken: list[str] = field(default_factory=list)
    colliding: list[tuple[str, str]] = field(default_factory=list)


def same(one: Sequence[str], other: Sequence[str]) -> bool:
    """Do two values say the same? Browsers send line breaks in their own way."""
    return [_lines(text) for text in one] == [_lines(text) for text in other]


def merge_values(base: Values, theirs: Values, mine: Values) -> MergedValues:
    """Merge the fields of one form or row. A field that ``theirs`` lacks stays as mine."""
    merged = MergedValues({name: list(value) for name, value in mine.items()})
    for name, value in mine.items():
        their_value, before = theirs.get(name, value), base.get(name)
        if same(their_value, value) or (before is not None and same(their_value, before)):
            continue
        if before is not None and same(value, before):
            merged.values[name] = list(their_value)
            merged.taken.append(name)
        else:
            merged.colliding.append(name)
    return merged


def merge_rows(
    base: Sequence[Row],
    theirs: Sequence[Row],
    mine: Sequence[Row],
    *,
    removed: Collection[str] = (),
) -> MergedRows:
    """Merge the rows of a part. ``removed`` are those that mine deletes.

    A row that one deleted and the other changed collides as a whole, and stays
    until somebody has chosen.
    """
    before, saved, typed = _by_uid(base), _by_uid(theirs), _by_uid(mine)
    merged = MergedRows([])
    rows: dict[str, Row] = {}
    for uid in dict.fromkeys([*saved, *typed]):
        row = _merged_row(uid, before.get(uid), saved.get(uid), typed.get(uid), removed, merged)
        if row:
            rows[uid] = row
    merged.rows.extend(rows[uid] for uid in merge_order(before, saved, typed) if uid in rows)
    return merged


def merge_order(base: Iterable[str], theirs: Iterable[str], mine: Iterable[str]) -> list[str]:
    """Merge two orders: theirs, with what mine moved or added behind its neighbour in mine.

    What both moved stands where mine put it. Nothing of either side is left out.
    """
    base, theirs, mine = list(base), list(theirs), list(mine)
    known = set(base)
    own = set(mine)
    placed = moved([uid for uid in base if uid in own], [uid for uid in mine if uid in known])
    placed |= {uid for uid in mine if uid not in theirs}
    # Both may have added it, as where the state they began with is gone.
    order = [uid for uid in theirs if uid not in placed]
    before: str | None = None
    for uid in mine:
        if uid in placed:
            order.insert(order.index(before) + 1 if before is not None else 0, uid)
        before = uid
    return order


def _merged_row(
    uid: str,
    before: Row | None,
    saved: Row | None,
    typed: Row | None,
    removed: Collection[str],
    merged: MergedRows,
) -> Row | None:
    """Return the row as it is now, None if it goes; note in ``merged`` what happened to it."""
    if uid in removed:
        if saved is None:
            return None
        if before and not _differs(before, saved):
            return None
        merged.colliding.append((uid, WHOLE_ROW))
        return saved
    if typed is None:
        if saved and before is None:
            merged.taken.append(uid)
        return saved
    if saved is None:
        if before is None:
            return typed
        if not _differs(before, typed):
            merged.taken.append(uid)
            return None
        merged.colliding.append((uid, WHOLE_ROW))
        return typed
    values = merge_values(before.values if before else {}, saved.values, typed.values)
    if values.taken:
        merged.taken.append(uid)
    merged.colliding.extend((uid, name) for name in values.colliding)
    return Row(uid, values.values)


def _differs(one: Row, other: Row) -> bool:
    return any(
        name in one.values and not same(one.values[name], value)
        for name, value in other.values.items()
    )


def _by_uid(rows: Iterable[Row]) -> dict[str, Row]:
    return {row.uid: row for row in rows}


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def key(part: str, uid: str, name: str) -> str:
    """Return how a form names one field of one row, or of the article itself (no uid)."""
    return f"{part}:{uid}:{name}"
