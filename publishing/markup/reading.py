"""Reading an editor's Markdown: CommonMark with tables, citation marks, pictures and facts.

What is read are the tokens of markdown-it-py; `bodies` writes HTML of them, `words` asks what they
say. Who writes gets tokens of its own, as writing changes them. A mark ``![words](image:key)``
shows a picture, and ``![](fact:key)`` pulls a key fact out into the text.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, reference
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, image
from markdown_it.token import Token

from publishing import drawings
from publishing.citing import MARK, Mark, read_mark
from publishing.markup.plain import tidy
from publishing.markup.targets import is_allowed_target

HIGHEST_HEADING = 3

_PICTURE = re.compile(r"image:([0-9a-f]{12})")
_FACT = re.compile(r"fact:([a-z0-9][a-z0-9-]*)")


# Checks, citations, search and counting read the same texts one after the other, and while somebody
# types all but one of an article's texts stay as they are.
@lru_cache(maxsize=256)
def read(text: str) -> tuple[Token, ...]:
    """Return the tokens of a Markdown text. They are shared: nobody may change one."""
    return tuple(_READER.parse(tidy(text), {}))


def read_to_write(text: str, *, has_notes: bool = False) -> list[Token]:
    """Return the tokens of a Markdown text, the caller's own; if asked, notes behind the blocks."""
    return _READER.parse(tidy(text), {"has_notes": has_notes})


def read_line_to_write(text: str) -> list[Token]:
    """Return the tokens of one line of Markdown, without a paragraph around them."""
    return _READER.parseInline(tidy(text).strip(), {})


def inline_tokens(text: str) -> list[Token]:
    """Return what stands in one line of Markdown."""
    line = _READER.parseInline(tidy(text), {})
    return line[0].children or [] if line else []


def flatten(tokens: list[Token]) -> tuple[str, list[tuple[int, Mark]]]:
    """Return the plain words of inline tokens, and each mark with its place among them."""
    words: list[str] = []
    marks: list[tuple[int, Mark]] = []
    length = 0
    for token in tokens:
        if token.type == "marks":
            marks += [(length, mark) for mark in token.meta["marks"]]
            continue
        word = " " if token.type.endswith("break") else token.content
        if token.type == "image":
            word = words_of(token.children or [])
        words.append(word)
        length += len(word)
    return "".join(words), marks


def words_of(tokens: list[Token]) -> str:
    """Return the plain words of inline tokens on one line."""
    return " ".join(flatten(tokens)[0].split())


def drawing_kind(token: Token) -> str:
    """Return the kind of drawing that a token is, or nothing."""
    words = token.info.split() if token.type == "fence" else []
    return words[0] if words and words[0] in drawings.KINDS else ""


def is_shown_below(url: str) -> bool:
    """Tell whether it marks what stands below its paragraph: a picture, or a fact."""
    return bool(_PICTURE.fullmatch(url) or _FACT.fullmatch(url))


# The rules that are added to CommonMark


def _may_be_read(url: str) -> bool:
    """Tell whether a link or a picture's mark is read as one; nh3 takes away what may not lead."""
    return is_allowed_target(url) or is_shown_below(url)


def _read_marks(state: StateInline, silent: bool) -> bool:
    """Read a run of neighbouring citation marks as one token (a markdown-it inline rule)."""
    found = MARK.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    marks: list[Mark] = []
    places: list[tuple[int, int]] = []
    end = state.pos
    while found:
        marks.append(read_mark(found))
        places.append(found.span())
        end = found.end()
        space = re.compile(r"\s*").match(state.src, end, state.posMax)
        found = MARK.match(state.src, space.end() if space else end, state.posMax)
    if not silent:
        _close_up(state)
        state.push("marks", "", 0).meta = {"marks": marks, "places": places}
    state.pos = end
    return True


def _read_image(state: StateInline, silent: bool) -> bool:
    """Read an image as CommonMark does, and note where it stands in its text."""
    begin = state.pos
    if not image(state, silent):
        return False
    if not silent:
        state.tokens[-1].meta["place"] = (begin, state.pos)
    return True


def _close_up(state: StateInline) -> None:
    """Take away the space before a mark, so that its number never stands alone on a line."""
    state.pending = state.pending.rstrip()
    if not state.pending and state.tokens and state.tokens[-1].type == "softbreak":
        state.tokens.pop()
        state.tokens_meta.pop()


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a link reference, unless a citation mark only looks like one (``[@key]: …``)."""
    if state.src.startswith("[@", state.bMarks[start] + state.tShift[start]):
        return False
    return reference(state, start, end, silent)


def _lift_pictures(state: StateCore) -> None:
    """Put the pictures and facts marked in a paragraph below it: none can stand inside one."""
    if state.inlineMode:
        return
    lifted: list[Token] = []
    for at, token in enumerate(state.tokens):
        lifted.append(token)
        if token.type == "paragraph_close":
            words = state.tokens[at - 1].children or []
            pictures = [_lifted(mark, token.level) for mark in _picture_marks(words)]
            lifted += pictures
            if pictures and not any(map(_shows_something, words)):
                state.tokens[at - 2].hidden = token.hidden = True
    state.tokens = lifted


def _picture_marks(words: list[Token]) -> Iterator[Token]:
    """Yield the marks of pictures; one inside a link would leave the link without words."""
    depth = 0
    for token in words:
        depth += token.nesting if token.type.startswith("link_") else 0
        if lifted_key(token)[1] and not depth:
            yield token


def _lifted(mark: Token, level: int) -> Token:
    """Leave nothing of the mark in its paragraph; return the picture or fact that stands below."""
    kind, key = lifted_key(mark)
    mark.meta["is_lifted"] = True
    meta = {"key": key, "words": words_of(mark.children or [])}
    return Token(kind, "", 0, level=level, meta=meta, block=True)


def lifted_key(token: Token) -> tuple[str, str]:
    """Return the kind and the key of what a token marks to stand below; nothing for others."""
    url = str(token.attrGet("src")) if token.type == "image" else ""
    for kind, mark in (("picture", _PICTURE), ("fact", _FACT)):
        if found := mark.fullmatch(url):
            return kind, found[1]
    return "", ""


def _shows_something(token: Token) -> bool:
    if token.type == "text":
        return bool(token.content.strip())
    return not (token.type.endswith("break") or token.meta.get("is_lifted"))


def _shape_blocks(state: StateCore) -> None:
    """Demote headings, turn a table's alignment into classes, and put notes behind blocks."""
    has_notes = state.env.get("has_notes") and not state.inlineMode
    shaped: list[Token] = []
    marks: list[Mark] = []
    for token in state.tokens:
        shaped.append(token)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, max(HIGHEST_HEADING, int(token.tag[1]) + 1))}"
        elif token.type in ("th_open", "td_open"):
            _align(token)
        if has_notes:
            marks += _marks_of(token)
            if token.level == 0 and token.nesting <= 0:
                shaped += _notes(marks)
                marks = []
    state.tokens = shaped


def _align(cell: Token) -> None:
    style = str(cell.attrs.pop("style", ""))
    if style.endswith(":right"):
        cell.attrs["class"] = "is-end"
    elif style.endswith(":center"):
        cell.attrs["class"] = "is-center"
    if cell.tag == "th":
        cell.attrs["scope"] = "col"


def _marks_of(token: Token) -> list[Mark]:
    if kind := drawing_kind(token):
        texts = [passage.text for passage in drawings.passages(kind, token.content)]
        return [mark for text in texts for _, mark in flatten(inline_tokens(text))[1]]
    return [mark for _, mark in flatten(token.children or [])[1]]


def _notes(marks: list[Mark]) -> list[Token]:
    told = [mark for mark in marks if mark.where or mark.words]
    return [Token("notes", "", 0, meta={"marks": told}, block=True)] if told else []


def _reader() -> MarkdownIt:
    reader = MarkdownIt(
        "commonmark", {"html": False, "linkify": False, "typographer": False, "xhtmlOut": False}
    )
    reader.enable("table")
    reader.validateLink = _may_be_read
    reader.inline.ruler.before("link", "marks", _read_marks)
    reader.inline.ruler.at("image", _read_image)
    reader.block.ruler.at("reference", _reference)
    reader.core.ruler.push("lift_pictures", _lift_pictures)
    reader.core.ruler.push("shape_blocks", _shape_blocks)
    return reader


_READER = _reader()
OPTIONS = _READER.options
