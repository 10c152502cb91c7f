"""A reader's comment as HTML that is safe to show: fewer signs than an editor's, shorter walls."""

import re
from urllib.parse import urlsplit

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from publishing.markup.plain import tidy
from publishing.markup.safe_html import trusted
from publishing.markup.targets import is_allowed_target, is_external

# Twice what the form takes, for comments that were imported. With more signs than that, which must
# find their pairs, the worst text would take a quarter of a second to read.
LONGEST_COMMENT = 10_000
MOST_SIGNS_IN_A_COMMENT = 400
DEEPEST_IN_A_COMMENT = 12
_COSTLY = re.compile(r"[*_\[]")
REL_IN_A_COMMENT = "ugc nofollow noopener"

# What the reader could make anything of. Most comments have none of it, and need no reading.
_HAS_SIGNS = re.compile(r"[*_`<>\[\\]|://|~~~|^[ \t]*(?:[-+]|[0-9]+[.)])(?:[ \t]|$)", re.MULTILINE)
_TAG = re.compile(r"<[^>]*>")
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")


def render_comment(text: str) -> SafeString:
    """Return a reader's comment as HTML: emphasis, quotes, links, lists, code, and nothing else.

    Tags, headings and pictures stay visible as they were typed, and so does the mark of a link
    that may lead nowhere: only http and https may. Bare addresses become links, and line breaks
    stay. What is too deep or too long to be read is shown as it was typed. Never raises.
    """
    typed = tidy(text).strip()
    if len(typed) > LONGEST_COMMENT or len(_COSTLY.findall(typed)) > MOST_SIGNS_IN_A_COMMENT:
        return trusted(_paragraphs(typed))
    if not _HAS_SIGNS.search(typed):  # as most have none, and then this is what reading gives
        return trusted(_paragraphs(typed))
    tokens = _READER.parse(typed)
    if _is_too_deep(tokens):
        return trusted(_paragraphs(typed))
    html = _READER.renderer.render(tokens, _READER.options, {})
    html = _CLEANER.clean(html).strip()
    # A sign alone, such as "-", would be a list of nothing: nobody could see what was said.
    return trusted(html if _has_words(html) else _paragraphs(typed))


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


# Links

# Brackets, quotes and angles end an address, so that one in a link's words does not swallow its
# end; full stops and what else ends a sentence is taken off afterwards.
_BARE_ADDRESS = re.compile(r"https?://[^\s<>\[\]\"`{}|\\^\x00-\x1f\x7f]+", re.IGNORECASE)
_HOST = re.compile(r"(?:https?://|(?=www\.))([a-z0-9.-]+)", re.IGNORECASE)
_SCHEME_BEFORE = re.compile(r"(?<![A-Za-z0-9+.-])https?$", re.IGNORECASE)
_ENDS_A_SENTENCE = ".,;:!?'*_~”“’\u2018»…"


def _leads_out(url: str) -> bool:
    """Tell whether a link in a comment may point there: http and https only."""
    return is_external(url) and is_allowed_target(url)


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


# The reader and the second wall


def _reader() -> MarkdownIt:
    options = {"html": False, "linkify": False, "typographer": False, "xhtmlOut": False}
    limits = {"breaks": True, "maxNesting": DEEPEST_IN_A_COMMENT}
    reader = MarkdownIt("zero", {**options, **limits})
    reader.enable(["blockquote", "list", "fence"])
    reader.enable(["newline", "escape", "backticks", "emphasis", "link", "autolink"])
    reader.enable(["balance_pairs", "fragments_join"])
    reader.validateLink = _leads_out
    reader.inline.ruler.before("link", "address", _read_address)
    reader.core.ruler.push("show_where_links_lead", _show_where_links_lead)
    reader.add_render_rule("fence", _write_fence)
    return reader


def _write_fence(_: object, tokens: list[Token], at: int, *__: object) -> str:
    return f"<pre><code>{escape(tokens[at].content)}</code></pre>\n"


_READER = _reader()
_CLEANER = nh3.Cleaner(
    tags={"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "strong", "ul"},
    attributes={"a": {"href"}, "ol": {"start"}, "*": set()},
    attribute_filter=lambda tag, name, value: (
        value if name != "href" or _leads_out(value) else None
    ),
    url_schemes={"http", "https"},
    link_rel=REL_IN_A_COMMENT,
)
