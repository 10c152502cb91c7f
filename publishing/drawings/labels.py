"""Texts on one line of a drawing that must not touch, however narrow the drawing is shown."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Anchor = Literal["start", "middle", "end"]

# At 13 px the sans of most systems sets a letter in 7 to 7.8 px, and the widest a digit in 8.3,
# for which the gap makes room.
LETTER = 7.8
WIDE_LETTER = 13.5
GAP = 4


@dataclass(frozen=True, slots=True)
class Level:
    """A class by which style sheets show a text only from a width on, and that width in px."""

    css: str
    width: int


# The narrowest screens (280 px between the gutters) and phones; each drawing adds its wider ones.
NARROW = Level("", 280)
PHONE = Level("is-phone", 312)


@dataclass(frozen=True, slots=True)
class Label:
    """A text about ``length`` px long with its place: share from the left, anchor, and level."""

    text: str
    length: float
    share: float
    anchor: Anchor
    level: Level


def text_width(text: str) -> float:
    """Return about how wide a label is, in px."""
    return sum(
        WIDE_LETTER if unicodedata.east_asian_width(letter) in "WF" else LETTER for letter in text
    )


class LabelLine:
    """One line of labels: place the most important first.

    A label takes the first of its places at which it fits beside those already there, on the
    narrowest screen if it can; else it waits for a wider one, and at last is left out.
    """

    def __init__(self, levels: Sequence[Level]) -> None:
        self.levels = levels
        self.labels: list[Label] = []

    def place(self, text: str, choices: Sequence[tuple[float, Anchor]]) -> Label | None:
        """Return the label where it was placed, or None if there is no room at any width."""
        length = text_width(text)
        for level in self.levels:
            for share, anchor in choices:
                label = Label(text, length, share, anchor, level)
                if self._fits(label):
                    self.labels.append(label)
                    return label
        return None

    def _fits(self, label: Label) -> bool:
        left, right = _reach(label, label.level.width)
        if left < -1 or right > label.level.width + 1:
            return False
        return not any(_touch(label, other) for other in self.labels)


def _touch(one: Label, other: Label) -> bool:
    """Tell whether two labels touch at the narrowest width that shows both.

    Wider is always better: their places move apart and their texts keep their size.
    """
    width = max(one.level.width, other.level.width)
    left, right = _reach(one, width)
    other_left, other_right = _reach(other, width)
    return left < other_right + GAP and other_left < right + GAP


def _reach(label: Label, width: int) -> tuple[float, float]:
    at = label.share / 100 * width
    if label.anchor == "middle":
        at -= label.length / 2
    elif label.anchor == "end":
        at -= label.length
    return at, at + label.length
