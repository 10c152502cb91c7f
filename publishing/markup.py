"""What editors and readers typed, as HTML that is safe to show.

This is the one module of the project that may call ``mark_safe``. Bodies are CommonMark, read by
markdown-it-py with raw HTML off; what it makes passes nh3, a second wall with its own short list
of tags, before drawings are put in place. Readers' comments know fewer signs, and pass a wall with
a shorter list. Nothing here knows what an article is.
"""

import datetime
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import nh3
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, reference
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from publishing import drawings
from publishing.citing import LONGEST_TEXT, MARK, Citation, Mark, claims, is_readable, read_mark

__all__ = [
    "LONGEST_TEXT",
    "WORDS_A_MINUTE",
    "Citation",
    "Heading",
    "citations",
    "escape_join",
    "facts",
    "headings",
    "json_for_script",
    "links",
    "pictures",
    "plain_text",
    "preview",
    "reading_minutes",
    "render_comment",
    "render_markdown",
    "render_plain",
    "trusted",
    "word_count",
]

# Silent reading of English non-fiction by adults, the mean of 190 studies: M. Brysbaert, "How many
# words do we read per minute?", Journal of Memory and Language 109 (2019), 104047.
WORDS_A_MINUTE = 238

HIGHEST_HEADING = 3

# A mark ![words](image:key) shows a picture; given the key and the words, this returns its figure,
# or "" for a key that is not known.
PictureOf = Callable[[str, str], SafeString | str]
_PICTURE = re.compile(r"image:([0-9a-f]{12})")

# A mark ![](fact:key) pulls a fact out into the text; given the key, this returns how it is shown,
# or "" for a key that is not known.
FactOf = Callable[[str], SafeString | str]
_FACT = re.compile(r"fact:([a-z0-9][a-z0-9-]*)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a body: its level as shown (3 to 6) and its plain text."""

    level: int
    text: str


@dataclass(slots=True)
class _Showing:
    """How one text is being shown: its sources' numbers, its pictures, the drawings it holds."""

    numbers: Mapping[str, int] = field(default_factory=dict)
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    has_notes: bool = False
    shows_keys: bool = False
    prefix: str = "figure"
    today: int | None = None
    picture: PictureOf | None = None
    fact: FactOf | None = None
    drawn: list[SafeString] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)


# ── What other rooms ask for ────────────────────────────────────────────────────────────────


def render_markdown(
    text: str,
    *,
    numbers: Mapping[str, int] | None = None,
    sources: Mapping[str, Mapping[str, Any]] | None = None,
    notes: bool = False,
    inline: bool = False,
    prefix: str = "figure",
    today: int | None = None,
    picture: PictureOf | None = None,
    fact: FactOf | None = None,
) -> SafeString:
    """Return the HTML of a Markdown body, or with ``inline`` of one line without ``<p>``.

    ``numbers`` gives the number shown for each source's key; a mark whose key has none stays
    visible as it was typed. ``sources`` gives the details of sources by key, of which ``title``
    is used. With ``notes`` each paragraph (or other block) is followed by the notes of its marks.
    ``prefix`` begins the ids of drawings; give another where one page shows several bodies whose
    drawings may share a title. ``today`` is the day number where a drawing ends a period that is
    still open; the clock's own day in UTC if it is not given. ``picture`` returns the figure for
    the key and the words of a picture's mark, which stands below its paragraph; a mark that has
    none stays visible as it was typed. ``fact`` does that for the key of a fact. Never
    raises; a text that is too large to be read (see `publishing.citing.is_readable`) is shown as
    it was typed.
    """
    showing = _Showing(
        numbers or {},
        sources or {},
        has_notes=notes,
        prefix=prefix,
        today=today,
        picture=picture,
        fact=fact,
    )
    return _render_inline(text, showing) if inline else _render_body(text, showing)


def preview(text: str, *, picture: PictureOf | None = None) -> str:
    """Return the HTML of a body for the editor's preview.

    The preview knows no article and so no numbers: each mark shows the key of its source.
    """
    showing = _Showing(has_notes=True, shows_keys=True, prefix="preview", picture=picture)
    return _render_body(text, showing)


def render_plain(text: str) -> SafeString:
    """Return a reader's text as HTML: paragraphs and line breaks, everything else escaped.

    Tags, links and Markdown stay visible as they were typed.
    """
    paragraphs = re.split(r"\n[ \t]*(?:\n[ \t]*)+", _tidy(text).strip())
    html = (f"<p>{escape(one).replace('\n', '<br>')}</p>" for one in paragraphs if one)
    return mark_safe("\n".join(html))  # noqa: S308


def render_comment(text: str) -> SafeString:
    """Return a reader's comment as HTML: emphasis, quotes, links, lists, code, and nothing else.

    Tags, headings and pictures stay visible as they were typed, and so does the mark of a link
    that may lead nowhere: only http and https may. Bare addresses become links, and line breaks
    stay. What is too deep or too long to be read is shown as it was typed. Never raises.
    """
    tidy = _tidy(text).strip()
    if len(tidy) > LONGEST_COMMENT or len(_COSTLY.findall(tidy)) > MOST_SIGNS_IN_A_COMMENT:
        return mark_safe(_paragraphs(tidy))  # noqa: S308
    if not _HAS_SIGNS.search(tidy):  # as most have none, and then this is what reading gives
        return mark_safe(_paragraphs(tidy))  # noqa: S308
    tokens = _COMMENT_READER.parse(tidy)
    if _is_too_deep(tokens):
        return mark_safe(_paragraphs(tidy))  # noqa: S308
    html = _COMMENT_READER.renderer.render(tokens, _COMMENT_READER.options, {})
    html = _COMMENT_CLEANER.clean(html).strip()
    # A sign alone, such as "-", would be a list of nothing: nobody could see what was said.
    return mark_safe(html if _has_words(html) else _paragraphs(tidy))  # noqa: S308


def citations(text: str) -> list[Citation]:
    """Return the citations of a Markdown text in reading order, those in drawings included."""
    return [
        Citation(mark.key, mark.where, mark.words, claim)
        for passage in _passages(text)
        for mark, claim in _marks_with_claims(passage)
    ]


def plain_text(markdown: str) -> str:
    """Return the words of a Markdown text, a line a block, without markup and marks.

    For search, summaries and counting. Drawings give their title, rows and caption.
    """
    if not is_readable(markdown):
        return _tidy(markdown).strip()
    return "\n".join(words for passage in _passages(markdown) if (words := passage.words))


def word_count(text: str) -> int:
    """Return the number of words in a Markdown text."""
    return len(re.findall(r"\w[\w’'.,-]*", plain_text(text)))


def reading_minutes(words: int) -> int:
    """Return how many minutes a number of words takes to read, rounded up, at least one.

    At `WORDS_A_MINUTE`, the mean for adults reading English non-fiction in silence.
    """
    return max(1, math.ceil(words / WORDS_A_MINUTE))


def links(text: str) -> list[str]:
    """Return the targets of the links in a Markdown text, each once, in order."""
    targets = (
        str(token.attrGet("href"))
        for passage in _passages(text)
        for token in passage.tokens
        if token.type == "link_open"
    )
    return list(dict.fromkeys(one for one in targets if one and not _is_shown_below(one)))


def pictures(text: str) -> list[str]:
    """Return the keys of the pictures that a Markdown body shows, each once, in order.

    Not those of marks that show none: in headings, tables, code and drawings.
    """
    return _keys(text, "picture")


def facts(text: str) -> list[str]:
    """Return the keys of the facts that a Markdown body pulls out, each once, in order."""
    return _keys(text, "fact")


def headings(text: str) -> list[Heading]:
    """Return the headings inside a Markdown body, with the levels at which they are shown."""
    if not is_readable(text):
        return []
    tokens = _read(text)
    return [
        Heading(int(token.tag[1]), _words(tokens[at + 1].children or []))
        for at, token in enumerate(tokens)
        if token.type == "heading_open"
    ]


def trusted(html: str) -> SafeString:
    """Return HTML as safe to show, without looking at it.

    Only for HTML that this module or Django's ``format_html`` made and that has been somewhere
    where strings forget it: read back from storage, or joined with other such HTML. Never for
    anything that a person typed.
    """
    return mark_safe(html)  # noqa: S308


def escape_join(parts: Iterable[object], separator: str = "") -> SafeString:
    """Return the parts joined; those that are not safe HTML yet, and the separator, escaped."""
    escaped = (str(conditional_escape(part)) for part in parts)
    return mark_safe(str(conditional_escape(separator)).join(escaped))  # noqa: S308


def json_for_script(data: object) -> SafeString:
    """Return data as JSON that may stand in a ``<script type="application/ld+json">`` element.

    No character of it can end the element or begin another. Dates become ISO 8601; raises
    TypeError or ValueError for what JSON cannot hold.
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, default=_as_json)
    return mark_safe(_UNSAFE_IN_SCRIPT.sub(lambda found: f"\\u{ord(found[0]):04x}", text))  # noqa: S308


# ── Characters ──────────────────────────────────────────────────────────────────────────────

# Embeddings, overrides and isolates can make a line read in another order than it is stored
# ("1917–1933" as "1933–1917"), and an open one leaks into what follows, so they are taken out.
# Letters carry their own direction, and the marks LRM, RLM and ALM stay, so that honest Arabic
# or Hebrew keeps its order.
_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_CONTROLS = [*range(9), *range(14, 32), *range(127, 160), *range(0xD800, 0xE000)]
_TIDY = (
    dict.fromkeys(_CONTROLS, "\N{REPLACEMENT CHARACTER}")
    | dict.fromkeys(map(ord, _BIDI))
    | dict.fromkeys(map(ord, "\v\f\r\x85"), "\n")
)

_UNSAFE_IN_SCRIPT = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def _tidy(text: str) -> str:
    """Return the text with one kind of line break and without characters that mislead.

    Control characters and halves of surrogate pairs, which no page can carry, are replaced.
    """
    return text.replace("\r\n", "\n").translate(_TIDY)


def _as_json(value: object) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


# ── Reading Markdown ────────────────────────────────────────────────────────────────────────


def _is_allowed_target(url: str) -> bool:
    """Tell whether a link may point there: http, https, mailto, ``/…`` on this site, ``#…``."""
    if not url.isprintable() or re.search(r"[\s\\\"'<>`]", url):
        return False
    if url.startswith(("#", "/")):
        return not url.startswith("//")
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return "@" in parts.path
    # "https://www.state.gov@elsewhere.example/" leads elsewhere than it seems to.
    return parts.scheme in ("http", "https") and bool(host) and "@" not in parts.netloc


def _may_be_read(url: str) -> bool:
    """Tell whether a link or a picture's mark is read as one; nh3 takes away what may not lead."""
    return _is_allowed_target(url) or _is_shown_below(url)


def _is_shown_below(url: str) -> bool:
    """Tell whether it marks what stands below its paragraph: a picture, or a fact."""
    return bool(_PICTURE.fullmatch(url) or _FACT.fullmatch(url))


def _keys(text: str, kind: str) -> list[str]:
    if not is_readable(text):
        return []
    tokens = _READER.parse(_tidy(text), {"showing": _Showing()})
    return list(dict.fromkeys(token.meta["key"] for token in tokens if token.type == kind))


def _is_external(url: str) -> bool:
    return url.lower().startswith(("http:", "https:"))


def _read_marks(state: StateInline, silent: bool) -> bool:
    """Read a run of neighbouring citation marks as one token (a markdown-it inline rule)."""
    found = MARK.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    marks: list[Mark] = []
    end = state.pos
    while found:
        marks.append(read_mark(found))
        end = found.end()
        space = re.compile(r"\s*").match(state.src, end, state.posMax)
        found = MARK.match(state.src, space.end() if space else end, state.posMax)
    if not silent:
        _close_up(state)
        state.push("marks", "", 0).meta = {"marks": marks}
    state.pos = end
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


def _shape_blocks(state: StateCore) -> None:
    """Demote headings, turn a table's alignment into classes, and put notes behind blocks."""
    showing: _Showing = state.env["showing"]
    shaped: list[Token] = []
    marks: list[Mark] = []
    for token in state.tokens:
        shaped.append(token)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, max(HIGHEST_HEADING, int(token.tag[1]) + 1))}"
        elif token.type in ("th_open", "td_open"):
            _align(token)
        if showing.has_notes and not state.inlineMode:
            marks += _marks_of(token)
            if token.level == 0 and token.nesting <= 0:
                shaped += _notes(marks)
                marks = []
    state.tokens = shaped


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
        if _lifted_key(token)[1] and not depth:
            yield token


def _lifted(mark: Token, level: int) -> Token:
    """Leave nothing of the mark in its paragraph; return the picture or fact that stands below."""
    kind, key = _lifted_key(mark)
    mark.meta = {"is_lifted": True}
    meta = {"key": key, "words": _words(mark.children or [])}
    return Token(kind, "", 0, level=level, meta=meta, block=True)


def _lifted_key(token: Token) -> tuple[str, str]:
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


def _align(cell: Token) -> None:
    style = str(cell.attrs.pop("style", ""))
    if style.endswith(":right"):
        cell.attrs["class"] = "is-end"
    elif style.endswith(":center"):
        cell.attrs["class"] = "is-center"
    if cell.tag == "th":
        cell.attrs["scope"] = "col"


def _marks_of(token: Token) -> list[Mark]:
    if kind := _drawing_kind(token):
        texts = [passage.text for passage in drawings.passages(kind, token.content)]
        return [mark for text in texts for _, mark in _flatten(_inline_tokens(text))[1]]
    return [mark for _, mark in _flatten(token.children or [])[1]]


def _notes(marks: list[Mark]) -> list[Token]:
    told = [mark for mark in marks if mark.where or mark.words]
    return [Token("notes", "", 0, meta={"marks": told}, block=True)] if told else []


def _drawing_kind(token: Token) -> str:
    """Return the kind of drawing that a token is, or nothing."""
    words = token.info.split() if token.type == "fence" else []
    return words[0] if words and words[0] in drawings.KINDS else ""


# ── Reading for the words ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Passage:
    """A stretch of text that is read as one: its inline tokens and its plain words.

    A row of a drawing is one claim whole, however many sentences it has.
    """

    tokens: list[Token]
    words: str
    is_row: bool = False


# Checks, citations, search and counting read the same texts one after the other, and while somebody
# types all but one of an article's texts stay as they are.
@lru_cache(maxsize=256)
def _read(text: str) -> tuple[Token, ...]:
    """Return the tokens of a Markdown text. They are shared: nobody may change one."""
    return tuple(_READER.parse(_tidy(text), {"showing": _Showing()}))


def _passages(text: str) -> Iterator[_Passage]:
    """Return what there is to read in a Markdown text, in order."""
    if not is_readable(text):
        return
    for token in _read(text):
        if kind := _drawing_kind(token):
            for passage in drawings.passages(kind, token.content):
                tokens = _inline_tokens(passage.text)
                words = f"{passage.lead} {_words(tokens)}".strip()
                yield _Passage(tokens, words, passage.is_row)
        elif token.type == "inline":
            yield _Passage(token.children or [], _words(token.children or []))
        elif token.type in ("fence", "code_block"):
            yield _Passage([], token.content.strip())


def _marks_with_claims(passage: _Passage) -> list[tuple[Mark, str]]:
    words, marks = _flatten(passage.tokens)
    if passage.is_row:
        return [(mark, passage.words) for _, mark in marks]
    found = claims(words, [position for position, _ in marks])
    return [(mark, claim) for (_, mark), claim in zip(marks, found, strict=True)]


def _flatten(tokens: list[Token]) -> tuple[str, list[tuple[int, Mark]]]:
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
            word = _words(token.children or [])
        words.append(word)
        length += len(word)
    return "".join(words), marks


def _words(tokens: list[Token]) -> str:
    return " ".join(_flatten(tokens)[0].split())


def _inline_tokens(text: str) -> list[Token]:
    read = _READER.parseInline(_tidy(text), {"showing": _Showing()})
    return read[0].children or [] if read else []


# ── Writing HTML ────────────────────────────────────────────────────────────────────────────


def _render_body(text: str, showing: _Showing) -> SafeString:
    if not is_readable(text):
        return render_plain(text)
    html = _CLEANER.clean(_READER.render(_tidy(text), {"showing": showing}))
    return mark_safe(_PLACE.sub(lambda place: showing.drawn[int(place[1])], html))  # noqa: S308


def _render_inline(text: str, showing: _Showing) -> SafeString:
    if not is_readable(text):
        return escape(_tidy(text))
    html = _READER.renderInline(_tidy(text).strip(), {"showing": showing})
    return mark_safe(_CLEANER.clean(html))  # noqa: S308


def _write_marks(_: object, tokens: list[Token], at: int, __: object, env: dict[str, Any]) -> str:
    marks = [_write_mark(mark, env["showing"]) for mark in tokens[at].meta["marks"]]
    return marks[0] if len(marks) == 1 else f'<span class="cites">{"".join(marks)}</span>'


def _write_mark(mark: Mark, showing: _Showing) -> str:
    if mark.key in showing.numbers:
        number = escape(showing.numbers[mark.key])
        label = escape(gettext("Source %(number)s") % {"number": showing.numbers[mark.key]})
        return f'<a class="cite" href="#source-{number}" aria-label="{label}">{number}</a>'
    if showing.shows_keys:
        return f'<span class="cite">{escape(mark.key)}</span>'
    return f'<span class="cite-missing">{escape(mark.typed)}</span>'


def _write_notes(_: object, tokens: list[Token], at: int, __: object, env: dict[str, Any]) -> str:
    marks = tokens[at].meta["marks"]
    notes = [note for mark in marks if (note := _write_note(mark, env["showing"]))]
    # Several share a place in the margin beside their paragraph.
    return "".join(notes) if len(notes) < 2 else f'<div class="notes">\n{"".join(notes)}</div>\n'


def _write_note(mark: Mark, showing: _Showing) -> str:
    """Return the note of a mark, or nothing if its source is not known."""
    if mark.key in showing.numbers:
        title = showing.sources.get(mark.key, {}).get("title") or mark.key
        number, parts = showing.numbers[mark.key], [f"<cite>{escape(_tidy(str(title)))}</cite>"]
    elif showing.shows_keys:
        number, parts = mark.key, []
    else:
        return ""
    if mark.where:
        parts.append(escape(mark.where))
    told = ": ".join(part for part in (", ".join(parts), escape(mark.words)) if part)
    head = f'<b class="note-mark">{escape(number)}</b>'
    return f'<div class="note" role="note">{head} {told}</div>\n'


def _write_image(_: object, tokens: list[Token], at: int, *__: object) -> str:
    """Show an image mark as its text: pictures come from the library, with credit and licence."""
    is_lifted = tokens[at].meta.get("is_lifted")
    return "" if is_lifted else escape(_words(tokens[at].children or []))


def _write_picture(_: object, tokens: list[Token], at: int, __: object, env: dict[str, Any]) -> str:
    showing: _Showing = env["showing"]
    key, words = tokens[at].meta["key"], tokens[at].meta["words"]
    html = showing.picture(key, words) if showing.picture else ""
    if not html:
        typed = f"![{words}](image:{key})"
        return f'<p><span class="cite-missing">{escape(typed)}</span></p>\n'
    return _place_for(conditional_escape(html), showing)


def _write_fact(_: object, tokens: list[Token], at: int, __: object, env: dict[str, Any]) -> str:
    showing: _Showing = env["showing"]
    key = tokens[at].meta["key"]
    html = showing.fact(key) if showing.fact else ""
    if not html:
        return f'<p><span class="cite-missing">{escape(f"![](fact:{key})")}</span></p>\n'
    return _place_for(conditional_escape(html), showing)


def _place_for(html: SafeString, showing: _Showing) -> str:
    """Keep HTML of our own apart until nh3 has passed; return the place where it goes."""
    showing.drawn.append(html)
    return f'<figure data-drawing="{len(showing.drawn) - 1}"></figure>\n'


def _write_link(_: object, tokens: list[Token], at: int, *__: object) -> str:
    if _is_external(str(tokens[at].attrGet("href"))):
        tokens[at].attrSet("rel", "noopener")
    return _READER.renderer.renderToken(tokens, at, _READER.options, {})


def _write_fence(_: object, tokens: list[Token], at: int, __: object, env: dict[str, Any]) -> str:
    token = tokens[at]
    kind = _drawing_kind(token)
    if not kind:
        return f"<pre><code>{escape(token.content)}</code></pre>\n"
    showing: _Showing = env["showing"]
    drawing = drawings.draw(
        kind,
        token.content,
        inline=lambda text: _render_inline(text, showing),
        name=lambda words: _fresh_id(words, showing),
        today=_current_day() if showing.today is None else showing.today,
    )
    return _place_for(drawing, showing)


def _current_day() -> int:
    return datetime.datetime.now(datetime.UTC).date().toordinal()


def _fresh_id(words: str, showing: _Showing) -> str:
    """Return an id made of words that no drawing before it in this text has."""
    slug = "-".join(re.findall(r"[a-z0-9]+", words.lower()))[:60].strip("-")
    name = f"{showing.prefix}-{slug or 'drawing'}"
    taken = name
    counter = 1
    while taken in showing.ids:
        counter += 1
        taken = f"{name}-{counter}"
    showing.ids.add(taken)
    return taken


# Where a drawing or a picture goes once nh3 has passed. Nobody can type it: in text "<" is escaped,
# in an attribute the quotes are.
_PLACE = re.compile(r'<figure data-drawing="(\d+)"></figure>')


def _reader() -> MarkdownIt:
    reader = MarkdownIt(
        "commonmark", {"html": False, "linkify": False, "typographer": False, "xhtmlOut": False}
    )
    reader.enable("table")
    reader.validateLink = _may_be_read
    reader.inline.ruler.before("link", "marks", _read_marks)
    reader.block.ruler.at("reference", _reference)
    reader.core.ruler.push("lift_pictures", _lift_pictures)
    reader.core.ruler.push("shape_blocks", _shape_blocks)
    reader.add_render_rule("marks", _write_marks)
    reader.add_render_rule("notes", _write_notes)
    reader.add_render_rule("image", _write_image)
    reader.add_render_rule("picture", _write_picture)
    reader.add_render_rule("fact", _write_fact)
    reader.add_render_rule("link_open", _write_link)
    reader.add_render_rule("fence", _write_fence)
    return reader


_READER = _reader()

# fmt: off
_TAGS = {
    "a", "b", "blockquote", "br", "cite", "code", "div", "em", "figure", "h3", "h4", "h5", "h6",
    "hr", "li", "ol", "p", "pre", "span", "strong", "table", "tbody", "td", "th", "thead", "tr",
    "ul",
}
# fmt: on

_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={
        "a": {"href", "title", "aria-label"},
        "figure": {"data-drawing"},
        "ol": {"start"},
    },
    tag_attribute_values={
        "a": {"rel": {"noopener"}},
        "div": {"role": {"note"}},
        "th": {"scope": {"col"}},
    },
    allowed_classes={
        "a": {"cite"},
        "b": {"note-mark"},
        "div": {"note", "notes"},
        "span": {"cite", "cites", "cite-missing"},
        "td": {"is-center", "is-end"},
        "th": {"is-center", "is-end"},
    },
    attribute_filter=lambda tag, name, value: (
        value if name != "href" or _is_allowed_target(value) else None
    ),
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)


# ── Readers' comments ───────────────────────────────────────────────────────────────────────

# Twice what the form takes, for comments that were imported. With more signs than that, which must
# find their pairs, the worst text would take a quarter of a second to read.
LONGEST_COMMENT = 10_000
MOST_SIGNS_IN_A_COMMENT = 400
DEEPEST_IN_A_COMMENT = 12
_COSTLY = re.compile(r"[*_\[]")
REL_IN_A_COMMENT = "ugc nofollow noopener"

# Brackets, quotes and angles end an address, so that one in a link's words does not swallow its
# end; full stops and what else ends a sentence is taken off afterwards.
_BARE_ADDRESS = re.compile(r"https?://[^\s<>\[\]\"`{}|\\^\x00-\x1f\x7f]+", re.IGNORECASE)
_HOST = re.compile(r"(?:https?://|(?=www\.))([a-z0-9.-]+)", re.IGNORECASE)
_SCHEME_BEFORE = re.compile(r"(?<![A-Za-z0-9+.-])https?$", re.IGNORECASE)
_ENDS_A_SENTENCE = ".,;:!?'*_~”“’\u2018»…"
_TAG = re.compile(r"<[^>]*>")
# What the reader could make anything of. Most comments have none of it, and need no reading.
_HAS_SIGNS = re.compile(r"[*_`<>\[\\]|://|~~~|^[ \t]*(?:[-+]|[0-9]+[.)])(?:[ \t]|$)", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")


def _paragraphs(text: str) -> str:
    """Return a text as it was typed, escaped as the wall escapes what the reader has read."""
    return "\n".join(
        "<p>" + "<br>\n".join(map(_escape_as_the_wall_does, one.strip().split("\n"))) + "</p>"
        for one in _BLANK_LINES.split(text)
        if one.strip(" \t")
    )


def _escape_as_the_wall_does(line: str) -> str:
    shown = line.strip(" \t").replace("&", "&amp;").replace("\xa0", "&nbsp;")
    return shown.replace("<", "&lt;").replace(">", "&gt;")


def _has_words(html: str) -> bool:
    return bool(_TAG.sub("", html).strip())


def _is_too_deep(tokens: list[Token]) -> bool:
    """Tell whether marks stand in marks so deep that the reader left something out."""
    return any(
        token.level >= DEEPEST_IN_A_COMMENT - 1 or _depth(token.children or []) > 6
        for token in tokens
    )


def _depth(tokens: list[Token]) -> int:
    depth = deepest = 0
    for token in tokens:
        depth += token.nesting
        deepest = max(deepest, depth)
    return deepest


def _leads_out(url: str) -> bool:
    """Tell whether a link in a comment may point there: http and https only."""
    return _is_external(url) and _is_allowed_target(url)


def _read_address(state: StateInline, silent: bool) -> bool:
    """Read a bare address as a link (a markdown-it inline rule, tried at each colon)."""
    if state.src[state.pos] != ":" or state.linkLevel > 0:
        return False
    scheme = _SCHEME_BEFORE.search(state.src, max(0, state.pos - 6), state.pos)
    found = scheme and _BARE_ADDRESS.match(state.src, scheme.start(), state.posMax)
    if not found or not (silent or state.pending.endswith(scheme[0])):
        return False
    words = _without_its_end(found[0])
    target = state.md.normalizeLink(words)
    if not state.md.validateLink(target):
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme[0])]
        opening = state.push("link_open", "a", 1)
        opening.attrs = {"href": target}
        state.push("text", "", 0).content = words
        state.push("link_close", "a", -1)
    state.pos = scheme.start() + len(words)
    return True


def _without_its_end(address: str) -> str:
    """Take off what ends the sentence and not the address; a closing bracket that has no pair."""
    while address:
        last = address[-1]
        has_no_pair = last == ")" and address.count(")") > address.count("(")
        if last not in _ENDS_A_SENTENCE and not has_no_pair:
            return address
        address = address[:-1]
    return address


def _show_where_links_lead(state: StateCore) -> None:
    """Add its address to a link without words, and to one whose words are another address."""
    for block in state.tokens:
        shown: list[Token] = []
        words, target = "", ""
        for token in block.children or []:
            if token.type == "link_open":
                words, target = "", str(token.attrGet("href"))
            elif token.type == "link_close" and _misleads(words, target):
                shown.append(
                    Token("text", "", 0, content=f" ({target})" if words.strip() else target)
                )
            words += token.content
            shown.append(token)
        block.children = shown if block.children else block.children


def _misleads(words: str, target: str) -> bool:
    """Tell whether the words of a link are none, or name a host that it does not lead to."""
    hosts = [host.lower() for host in _HOST.findall(words)]
    own = (urlsplit(target).hostname or "").removeprefix("www.")
    return not words.strip() or any(host.removeprefix("www.") != own for host in hosts)


def _comment_reader() -> MarkdownIt:
    options = {"html": False, "linkify": False, "typographer": False, "xhtmlOut": False}
    limits = {"breaks": True, "maxNesting": DEEPEST_IN_A_COMMENT}
    reader = MarkdownIt("zero", {**options, **limits})
    reader.enable(["blockquote", "list", "fence"])
    reader.enable(["newline", "escape", "backticks", "emphasis", "link", "autolink"])
    reader.enable(["balance_pairs", "fragments_join"])
    reader.validateLink = _leads_out
    reader.inline.ruler.before("link", "address", _read_address)
    reader.core.ruler.push("show_where_links_lead", _show_where_links_lead)
    reader.add_render_rule("fence", _write_comment_fence)
    return reader


def _write_comment_fence(_: object, tokens: list[Token], at: int, *__: object) -> str:
    return f"<pre><code>{escape(tokens[at].content)}</code></pre>\n"


_COMMENT_READER = _comment_reader()

_COMMENT_CLEANER = nh3.Cleaner(
    tags={"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "strong", "ul"},
    attributes={"a": {"href"}, "ol": {"start"}, "*": set()},
    attribute_filter=lambda tag, name, value: (
        value if name != "href" or _leads_out(value) else None
    ),
    url_schemes={"http", "https"},
    link_rel=REL_IN_A_COMMENT,
)
