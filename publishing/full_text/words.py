"""Words found in a text: marked by the database, taken apart for templates to show."""

import re
from dataclasses import dataclass

# Around what was found. No text holds them (``without_marks``), so none can pretend.
FIRST, LAST = "\x02", "\x03"
_PIECE = re.compile(f"{FIRST}([^{FIRST}{LAST}]*){LAST}|([^{FIRST}{LAST}]+)")
_CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127], " ")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in a row, all found or none. Plain text: templates escape it."""

    words: str
    is_found: bool


@dataclass(frozen=True, slots=True)
class Marked:
    """Title and best passage of a row, each with marks around what was found."""

    title: str
    text: str


def in_pieces(marked: str) -> list[Piece]:
    """Return a marked text in pieces."""
    found = _PIECE.finditer(marked)
    return [Piece(one[2] or one[1], one[2] is None) for one in found if one[2] or one[1]]


def without_marks(text: str) -> str:
    """Return ``text`` with a space in place of each control sign but tabs and ends of lines."""
    return text.translate(_CONTROL)
