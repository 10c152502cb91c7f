"""A text as it was typed: without characters that mislead, and shown with every sign of it."""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString

from publishing.markup.safe_html import trusted

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


def tidy(text: str) -> str:
    """Return the text with one kind of line break and without characters that mislead.

    Control characters and halves of surrogate pairs, which no page can carry, are replaced.
    """
    return text.replace("\r\n", "\n").translate(_TIDY)


def render_plain(text: str) -> SafeString:
    """Return a reader's text as HTML: paragraphs and line breaks, everything else escaped.

    Tags, links and Markdown stay visible as they were typed.
    """
    paragraphs = re.split(r"\n[ \t]*(?:\n[ \t]*)+", tidy(text).strip())
    html = (f"<p>{escape(one).replace('\n', '<br>')}</p>" for one in paragraphs if one)
    return trusted("\n".join(html))
