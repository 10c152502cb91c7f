"""Where the marks of a text stand in it as it was typed, and a text with others in their place.

The reader (`publishing.markup.reading`) says what is a mark; what looks like one in code is none.
It reads blocks without what makes them blocks (``>``, ``-``, ``#``), so each of their lines is
found again in the text.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from publishing.citing import Mark, is_readable, mark_places
from publishing.markup.plain import tidy
from publishing.markup.reading import drawing_kind, lifted_key, read, words_of


@dataclass(frozen=True, slots=True)
class Lifted:
    """A mark of a picture or a fact: its ``kind``, its key, and the words typed with it."""

    kind: str
    key: str
    words: str


# The mark, and what was typed.
Written = Callable[[Mark | Lifted, str], str]


def rewritten(text: str, written: Written) -> str:
    """Return a text in which each mark stands as ``written`` says, all else as it was typed.

    With one kind of line break. A text too long to be read is shown as it was typed, and stays so.
    """
    typed = text.replace("\r\n", "\n")
    if "[" not in typed or not is_readable(typed):
        return typed
    places = _places_when_tidied(typed)
    pieces = []
    end = 0
    for start, stop, mark in _marks(tidy(typed)):
        begin, after = places[start], places[stop - 1] + 1
        pieces += [typed[end:begin], written(mark, typed[begin:after])]
        end = after
    return "".join([*pieces, typed[end:]])


_Found = tuple[int, int, Mark | Lifted]


def _places_when_tidied(text: str) -> range | list[int]:
    """Return where each character stood that is left of a text by `tidy`."""
    if len(tidy(text)) == len(text):
        return range(len(text))
    return [place for place, character in enumerate(text) if tidy(character)]


def _marks(text: str) -> Iterator[_Found]:
    """Yield the marks of a tidy text with where they begin and end, in order."""
    lines = _Lines(text)
    for token in read(text):
        if token.map is None:
            continue
        if drawing_kind(token):
            yield from lines.marks_of_drawing(token)
        elif token.type == "inline":
            places = lines.places(token)
            for start, stop, mark in _of_inline(token.children or []):
                if places[start] >= 0 and places[stop - 1] >= 0:
                    yield places[start], places[stop - 1] + 1, mark


def _of_inline(tokens: list[Token]) -> Iterator[_Found]:
    """Yield the marks among inline tokens, with their places in what the reader was given."""
    for token in tokens:
        if token.type == "marks":
            for (start, stop), mark in zip(token.meta["places"], token.meta["marks"], strict=True):
                yield start, stop, mark
        elif key := lifted_key(token)[1]:
            start, stop = token.meta["place"]
            yield start, stop, Lifted(lifted_key(token)[0], key, words_of(token.children or []))


class _Lines:
    """The lines of a text, in which what the reader took out of them is found again."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        # Several cells of a table stand on one line.
        self.read = [0] * len(self.lines)

    def marks_of_drawing(self, token: Token) -> Iterator[_Found]:
        """Yield the marks of a drawing, which is read line by line."""
        for number in range(*token.map):
            for (start, stop), mark in mark_places(self.lines[number]):
                yield self.starts[number] + start, self.starts[number] + stop, mark

    def places(self, token: Token) -> list[int]:
        """Return where each character of an inline token stands, -1 for what is not found."""
        places: list[int] = []
        for number, content in enumerate(token.content.split("\n"), token.map[0]):
            places += [*self._places_on(number, content), -1]
        return places

    def _places_on(self, number: int, content: str) -> list[int]:
        """Return the places of what was read of a line; the space around it may differ."""
        places = [-1] * len(content)
        line, words = self.lines[number], content.strip()
        before = len(content) - len(content.lstrip())
        for at in range(self.read[number], len(line) - len(words) + 1):
            if found := _walked(line, at, words):
                self.read[number] = found[-1] + 1
                start = self.starts[number]
                places[before : before + len(words)] = [start + place for place in found]
                break
        return places


def _walked(line: str, at: int, words: str) -> list[int]:
    """Return the places of words that stand in a line from ``at`` on, [] if they do not.

    In a table the reader is given "|" for an escaped one.
    """
    places = []
    for character in words:
        if character == "|" and line[at : at + 2] == "\\|":
            at += 1
        if line[at : at + 1] != character:
            return []
        places.append(at)
        at += 1
    return places
