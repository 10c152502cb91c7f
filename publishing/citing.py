"""Citation marks: their grammar, and the sentence that a mark supports.

In any Markdown text an editor cites a source with a mark::

    [@key]    [@key, where]    [@key: words]    [@key, where: words]

``key`` is the source's key, ``where`` the place in the source (it has no colon), ``words``
what the source says there. This module knows text only; `publishing.markup.reading` finds the marks
that count (those in code do not) and `publishing.drawings` those in the rows of a drawing.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

# Longer texts, and texts with more brackets, are not read as Markdown but shown as they were typed,
# so that the worst text takes a second and not a minute. A section of 8,000 words wants dividing
# anyway.
LONGEST_TEXT = 50_000
MOST_BRACKETS = 2_000

# Brackets inside a mark ("[sic]") may stand one deep. The quantifiers are possessive, so that a
# text made of nothing but opening brackets is still read in one pass.
MARK = re.compile(
    r"""
    \[@(?=[^\s,:\[\]])
    (?P<body>(?: [^\[\]\\]++ | \\[\s\S] | \[[^\[\]\\]*+\] )++)
    \]
    """,
    re.VERBOSE,
)

_UNESCAPED_MARK = re.compile(r"(?<!\\)" + MARK.pattern, re.VERBOSE)
_FIELDS = re.compile(r"(?P<key>[^,:]+)(?:,(?P<where>[^:]*))?(?::(?P<words>.*))?", re.DOTALL)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")

_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)")
_LAST_WORD = re.compile(r"([^\W\d_]+(?:\.[^\W\d_]+)*)\.$")
_NUMBER = re.compile(r"\d|[IVXLC]+\b")
# fmt: off
_BEFORE_A_NUMBER = frozenset((
    "art", "c", "ca", "ch", "chap", "cl", "col", "doc", "docs", "ex", "fig", "no", "nos", "p",
    "para", "pp", "pt", "sec", "vol", "vols",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
))
_BEFORE_A_NAME = frozenset((
    "amb", "capt", "col", "dr", "gen", "gov", "lt", "mr", "mrs", "ms", "mt", "pres", "prof", "rep",
    "rev", "sen", "st",
))
# fmt: on


@dataclass(frozen=True, slots=True)
class Mark:
    """One citation mark as it was typed: its fields, and the whole of it in ``typed``."""

    key: str
    where: str
    words: str
    typed: str


@dataclass(frozen=True, slots=True)
class Citation:
    """One citation: the source's key, the place and words given, and the sentence it supports.

    ``where`` and ``words`` are empty where the mark has none; ``claim`` is plain text.
    """

    key: str
    where: str
    words: str
    claim: str


def is_readable(text: str) -> bool:
    """Tell whether a text is small enough to be read as Markdown."""
    return len(text) <= LONGEST_TEXT and text.count("[") <= MOST_BRACKETS


def read_mark(match: re.Match[str]) -> Mark:
    """Return the mark that a match of `MARK` found, with line breaks inside it as spaces."""
    body = " ".join(match["body"].split())
    fields = _FIELDS.match(body)
    key, where, words = fields.group("key", "where", "words") if fields else (body, "", "")
    return Mark(_plain(key), _plain(where), _plain(words), " ".join(match[0].split()))


def marks_in(text: str) -> list[Mark]:
    """Return the marks in a line of text, in order."""
    return [read_mark(match) for match in _UNESCAPED_MARK.finditer(text)]


def mark_places(text: str) -> list[tuple[tuple[int, int], Mark]]:
    """Return the marks in a line of text as `marks_in` does, with where each begins and ends."""
    return [(match.span(), read_mark(match)) for match in _UNESCAPED_MARK.finditer(text)]


def without_marks(text: str) -> str:
    """Return a line of text without its marks and without the spaces before them."""
    return re.sub(r"\s+([.,;:!?])", r"\1", _UNESCAPED_MARK.sub("", text)).strip()


def with_key(text: str, old: str, new: str) -> str:
    """Return a text in which the marks that cite ``old`` cite ``new``, all else as it was typed."""

    def renamed(match: re.Match[str]) -> str:
        if read_mark(match).key != old:
            return match[0]
        return re.sub(r"\A\[@\s*" + re.escape(old), f"[@{new}", match[0])

    return _UNESCAPED_MARK.sub(renamed, text)


def claims(text: str, positions: list[int]) -> list[str]:
    """Return for each position the sentence of ``text`` that a mark standing there supports.

    A mark behind a full stop belongs to the sentence before it; a mark at the very start to the
    first sentence. Abbreviations ("vol. I", "St. Petersburg", "J. Q. Adams") end no sentence.
    """
    ends = _sentence_ends(text)
    found = []
    for position in positions:
        at = bisect_left(ends, len(text[:position].rstrip()))
        start = ends[at - 1] if at else 0
        found.append(text[start : ends[at]].strip())
    return found


def _plain(field: str | None) -> str:
    return _ESCAPE.sub(r"\1", field or "").strip()


def _sentence_ends(text: str) -> list[int]:
    """Return where each sentence ends, ascending; the last is the end of the text."""
    ends = [
        match.end()
        for match in _SENTENCE_END.finditer(text)
        if _ends_sentence(text, match.start(), match.end())
    ]
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    return ends


def _ends_sentence(text: str, stop: int, end: int) -> bool:
    rest = text[end : end + 12].lstrip()
    if not rest:
        return True
    if rest[0].islower():
        return False
    word = _LAST_WORD.search(text[max(0, stop - 24) : stop + 1])
    if text[stop] != "." or word is None:
        return True
    last = word[1].lower()
    if "." in last or (len(last) == 1 and word[1].isupper()):
        return False
    if _NUMBER.match(rest) and last in _BEFORE_A_NUMBER:
        return False
    return last not in _BEFORE_A_NAME
