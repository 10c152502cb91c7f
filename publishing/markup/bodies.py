"""An editor's Markdown as HTML that is safe to show.

What the reader made of it passes nh3, a second wall with its own short list of tags, before
drawings, pictures and facts are put in place.
"""

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import nh3
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from publishing import drawings
from publishing.citing import Mark, is_readable
from publishing.markup.plain import render_plain, tidy
from publishing.markup.reading import (
    OPTIONS,
    drawing_kind,
    read_line_to_write,
    read_to_write,
    words_of,
)
from publishing.markup.safe_html import trusted
from publishing.markup.targets import is_allowed_target, is_external

# A mark ![words](image:key) shows a picture; given the key and the words, this returns its figure,
# or "" for a key that is not known.
PictureOf = Callable[[str, str], SafeString | str]

# A mark ![](fact:key) pulls a fact out into the text; given the key, this returns how it is shown,
# or "" for a key that is not known.
FactOf = Callable[[str], SafeString | str]


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


def _render_body(text: str, showing: _Showing) -> SafeString:
    if not is_readable(text):
        return render_plain(text)
    html = _write(read_to_write(text, has_notes=showing.has_notes), showing)
    return trusted(_PLACE.sub(lambda place: showing.drawn[int(place[1])], html))


def _render_inline(text: str, showing: _Showing) -> SafeString:
    if not is_readable(text):
        return escape(tidy(text))
    return trusted(_write(read_line_to_write(text), showing))


def _write(tokens: Sequence[Token], showing: _Showing) -> str:
    """Return the HTML of tokens, cleaned; drawings, pictures and facts have their places in it."""
    return _CLEANER.clean(_WRITER.render(tokens, OPTIONS, {"showing": showing}))


class _Writer(RendererHTML):
    """Writes tokens as HTML: each method those of the kind that it is named after."""

    def marks(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
        marks = [_write_mark(mark, env["showing"]) for mark in tokens[at].meta["marks"]]
        return marks[0] if len(marks) == 1 else f'<span class="cites">{"".join(marks)}</span>'

    def notes(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
        marks = tokens[at].meta["marks"]
        notes = [note for mark in marks if (note := _write_note(mark, env["showing"]))]
        # Several share a place in the margin beside their paragraph.
        return (
            "".join(notes) if len(notes) < 2 else f'<div class="notes">\n{"".join(notes)}</div>\n'
        )

    def image(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
        """Write an image as its text: pictures come from the library, with credit and licence."""
        is_lifted = tokens[at].meta.get("is_lifted")
        return "" if is_lifted else escape(words_of(tokens[at].children or []))

    def picture(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
        showing: _Showing = env["showing"]
        key, words = tokens[at].meta["key"], tokens[at].meta["words"]
        html = showing.picture(key, words) if showing.picture else ""
        if not html:
            typed = f"![{words}](image:{key})"
            return f'<p><span class="cite-missing">{escape(typed)}</span></p>\n'
        return _place_for(conditional_escape(html), showing)

    def fact(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
        showing: _Showing = env["showing"]
        key = tokens[at].meta["key"]
        html = showing.fact(key) if showing.fact else ""
        if not html:
            return f'<p><span class="cite-missing">{escape(f"![](fact:{key})")}</span></p>\n'
        return _place_for(conditional_escape(html), showing)

    def link_open(
        self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
    ) -> str:
        if is_external(str(tokens[at].attrGet("href"))):
            tokens[at].attrSet("rel", "noopener")
        return self.renderToken(tokens, at, options, env)

    def fence(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[at]
        kind = drawing_kind(token)
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


_WRITER = _Writer()


def _write_mark(mark: Mark, showing: _Showing) -> str:
    if mark.key in showing.numbers:
        number = escape(showing.numbers[mark.key])
        label = escape(gettext("Source %(number)s") % {"number": showing.numbers[mark.key]})
        return f'<a class="cite" href="#source-{number}" aria-label="{label}">{number}</a>'
    if showing.shows_keys:
        return f'<span class="cite">{escape(mark.key)}</span>'
    return f'<span class="cite-missing">{escape(mark.typed)}</span>'


def _write_note(mark: Mark, showing: _Showing) -> str:
    """Return the note of a mark, or nothing if its source is not known."""
    if mark.key in showing.numbers:
        title = showing.sources.get(mark.key, {}).get("title") or mark.key
        number, parts = showing.numbers[mark.key], [f"<cite>{escape(tidy(str(title)))}</cite>"]
    elif showing.shows_keys:
        number, parts = mark.key, []
    else:
        return ""
    if mark.where:
        parts.append(escape(mark.where))
    told = ": ".join(part for part in (", ".join(parts), escape(mark.words)) if part)
    head = f'<b class="note-mark">{escape(number)}</b>'
    return f'<div class="note" role="note">{head} {told}</div>\n'


def _place_for(html: SafeString, showing: _Showing) -> str:
    """Keep HTML of our own apart until nh3 has passed; return the place where it goes."""
    showing.drawn.append(html)
    return f'<figure data-drawing="{len(showing.drawn) - 1}"></figure>\n'


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
        value if name != "href" or is_allowed_target(value) else None
    ),
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)
