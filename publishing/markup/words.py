"""What an editor's Markdown says and points to, for checks, counting, search and sources.

Nothing here writes HTML.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.token import Token

from publishing import drawings
from publishing.citing import Citation, Mark, claims, is_readable
from publishing.markup.plain import tidy
from publishing.markup.reading import (
    drawing_kind,
    flatten,
    inline_tokens,
    is_shown_below,
    lifted_key,
    read,
    words_of,
)

# Silent reading of English non-fiction by adults, the mean of 190 studies: M. Brysbaert, "How many
# words do we read per minute?", Journal of Memory and Language 109 (2019), 104047.
WORDS_A_MINUTE = 238


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a body: its level as shown (3 to 6) and its plain text."""

    level: int
    text: str


def plain_text(markdown: str) -> str:
    """Return the words of a Markdown text, a line a block, without markup and marks.

    For search, summaries and counting. Drawings give their title, rows and caption.
    """
    if not is_readable(markdown):
        return tidy(markdown).strip()
    return "\n".join(words for passage in _passages(markdown) if (words := passage.words))


def word_count(text: str) -> int:
    """Return the number of words in a Markdown text."""
    return len(re.findall(r"\w[\w’'.,-]*", plain_text(text)))


def reading_minutes(words: int) -> int:
    """Return how many minutes a number of words takes to read, rounded up, at least one.

    At `WORDS_A_MINUTE`, the mean for adults reading English non-fiction in silence.
    """
    return max(1, math.ceil(words / WORDS_A_MINUTE))


def headings(text: str) -> list[Heading]:
    """Return the headings inside a Markdown body, with the levels at which they are shown."""
    if not is_readable(text):
        return []
    tokens = read(text)
    return [
        Heading(int(token.tag[1]), words_of(tokens[at + 1].children or []))
        for at, token in enumerate(tokens)
        if token.type == "heading_open"
    ]


def citations(text: str) -> list[Citation]:
    """Return the citations of a Markdown text in reading order, those in drawings included."""
    return [
        Citation(mark.key, mark.where, mark.words, claim)
        for passage in _passages(text)
        for mark, claim in _marks_with_claims(passage)
    ]


def links(text: str) -> list[str]:
    """Return the targets of the links in a Markdown text, each once, in order."""
    targets = (
        str(token.attrGet("href"))
        for passage in _passages(text)
        for token in passage.tokens
        if token.type == "link_open"
    )
    return list(dict.fromkeys(one for one in targets if one and not is_shown_below(one)))


def pictures(text: str) -> list[str]:
    """Return the keys of the pictures that a Markdown body shows, each once, in order.

    Not those of marks that show none: in headings, tables, code and drawings.
    """
    return _keys(text, "picture")


def facts(text: str) -> list[str]:
    """Return the keys of the facts that a Markdown body pulls out, each once, in order."""
    return _keys(text, "fact")


def misplaced(text: str) -> list[str]:
    """Return the marks, ``kind:key``, that show nothing where they stand, each once, in order.

    A picture or a pulled-out fact stands between paragraphs: none can in a heading, a table, a
    link or a drawing.
    """
    found = (
        str(token.attrGet("src"))
        for passage in _passages(text)
        for token in passage.tokens
        if lifted_key(token)[1] and not token.meta.get("is_lifted")
    )
    return list(dict.fromkeys(found))


# Passages


@dataclass(frozen=True, slots=True)
class _Passage:
    """A stretch of text that is read as one: its inline tokens and its plain words.

    A row of a drawing is one claim whole, however many sentences it has.
    """

    tokens: list[Token]
    words: str
    is_row: bool = False


def _passages(text: str) -> Iterator[_Passage]:
    """Return what there is to read in a Markdown text, in order."""
    if not is_readable(text):
        return
    for token in read(text):
        if kind := drawing_kind(token):
            for passage in drawings.passages(kind, token.content):
                tokens = inline_tokens(passage.text)
                words = f"{passage.lead} {words_of(tokens)}".strip()
                yield _Passage(tokens, words, passage.is_row)
        elif token.type == "inline":
            yield _Passage(token.children or [], words_of(token.children or []))
        elif token.type in ("fence", "code_block"):
            yield _Passage([], token.content.strip())


def _marks_with_claims(passage: _Passage) -> list[tuple[Mark, str]]:
    words, marks = flatten(passage.tokens)
    if passage.is_row:
        return [(mark, passage.words) for _, mark in marks]
    found = claims(words, [position for position, _ in marks])
    return [(mark, claim) for (_, mark), claim in zip(marks, found, strict=True)]


def _keys(text: str, kind: str) -> list[str]:
    if not is_readable(text):
        return []
    return list(dict.fromkeys(token.meta["key"] for token in read(text) if token.type == kind))
