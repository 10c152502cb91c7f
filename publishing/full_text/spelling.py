"""Spelling forgiven: the word that was meant, among words that are there."""

import unicodedata
from collections.abc import Iterable

# Of a word this short only the very letters are taken; up to so many letters one slip is
# forgiven, above it two.
TOO_SHORT, ONE_SLIP = 3, 5


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the word of ``known`` that ``word`` was meant to be; None if none is near enough.

    Letters left out, put in, changed, and two that changed places are a slip each (optimal
    string alignment, Damerau 1964). Case and marks on letters count for nothing. Of words as
    near as each other the first is taken, so that ``known`` has them in the order of likelihood.
    """
    meant = folded(word)
    if len(meant) <= TOO_SHORT:
        return None
    most = 1 if len(meant) <= ONE_SLIP else 2
    best: tuple[int, str] | None = None
    for candidate in known:
        letters = folded(candidate)
        if abs(len(letters) - len(meant)) > most:
            continue
        slips = distance(meant, letters)
        if slips <= most and (best is None or slips < best[0]):
            best = (slips, candidate)
    return best[1] if best else None


def folded(word: str) -> str:
    """Return a word without case and without the marks on its letters."""
    apart = unicodedata.normalize("NFD", word.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def distance(one: str, other: str) -> int:
    """Return the number of slips between two words."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, another in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != another))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == another:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
