"""Line ends of a Markdown text that pages show as a space: where the editor's window was full."""

import re
from collections.abc import Iterator

from publishing.citing import is_readable
from publishing.markup.plain import tidy
from publishing.markup.reading import read

# Two spaces or a backslash: this line end was wanted.
_WANTED = re.compile(r" {2,}$|\\$")


def unwrapped(text: str) -> str:
    """Return a Markdown text whose paragraphs stand in one line each, as they are shown.

    Line ends that were wanted stay, and those of code, tables and drawings. A text too long to be
    read stays as it is.
    """
    if "\n" not in text or not is_readable(text):
        return text
    lines = tidy(text).split("\n")
    for first, end, depth in reversed(list(_paragraphs(text))):
        for place in reversed(range(first + 1, end)):
            before, line = lines[place - 1], lines[place]
            if not _WANTED.search(before):
                after = _without_quoting(line, depth)
                lines[place - 1 : place + 1] = [f"{before.rstrip()} {after}"]
    return "\n".join(lines)


def _paragraphs(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield the first line of each paragraph, the one after its last, and how deep it is quoted."""
    depth = 0
    for token in read(text):
        if token.type.startswith("blockquote"):
            depth += token.nesting
        elif token.type == "paragraph_open" and token.map:
            yield token.map[0], token.map[1], depth


def _without_quoting(line: str, depth: int) -> str:
    """Return a line without what repeats in its beginning that it is quoted, or in a list."""
    return re.sub(rf"^(?:[ \t]*>[ \t]?){{0,{depth}}}[ \t]*", "", line)
