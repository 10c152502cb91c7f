"""HTML of other systems as the text that a reader would have typed here.

Emphasis, quotes, links, lists and code keep their marks; every other tag goes, and what it holds
stays. Nothing is fetched, and nothing of it is ever shown as HTML: it is a text like any other.
"""

import re
from html.parser import HTMLParser

from comments.importing.incoming import LONGEST_RAW

BLOCKS = {"p", "div", "blockquote", "ul", "ol", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "table",
          "tr", "section", "article", "figure", "hr"}  # fmt: skip
MARKS = {"em": "*", "i": "*", "cite": "*", "strong": "**", "b": "**", "code": "`"}
SILENT = {"script", "style", "template", "noscript", "iframe", "object", "head", "title"}
# Only these lead anywhere from a comment.
LINKED = ("http://", "https://", "mailto:")


def text_of(html: str) -> str:
    """Return a comment's HTML as text with Markdown's marks. What is too long is left as it is."""
    if len(html) > LONGEST_RAW or not re.search(r"[<&]", html):
        return html
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._silent: list[str] = []
        self._links: list[tuple[str, int]] = []
        self._quotes: list[int] = []
        self._is_code = False

    def text(self) -> str:
        while self._links:
            self._end_link()
        while self._quotes:
            self._end_quote()
        text = re.sub(r"[ \t]+\n", "\n", "".join(self._pieces))
        return re.sub(r"\n{3,}", "\n\n", text).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._silent or tag in SILENT:
            self._silent.append(tag)
        elif tag == "br":
            self._pieces.append("\n")
        elif tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self._pieces)))
        elif tag == "img":
            self._pieces.append(dict(attrs).get("alt") or "")
        elif tag == "li":
            self._pieces.append("\n- ")
        elif tag in MARKS and not self._is_code:
            self._pieces.append(MARKS[tag])
        elif tag in BLOCKS:
            self._begin_block(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in ("br", "img", "hr"):
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.pop()
        elif tag == "a" and self._links:
            self._end_link()
        elif tag == "blockquote" and self._quotes:
            self._end_quote()
        elif tag == "pre" and self._is_code:
            self._is_code = False
            self._pieces.append("\n```\n\n")
        elif tag in MARKS and not self._is_code:
            self._pieces.append(MARKS[tag])
        elif tag in BLOCKS:
            self._pieces.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._pieces.append(data)

    def _begin_block(self, tag: str) -> None:
        self._pieces.append("\n\n")
        if tag == "blockquote":
            self._quotes.append(len(self._pieces))
        elif tag == "pre":
            self._is_code = True
            self._pieces.append("```\n")

    def _end_link(self) -> None:
        href, begun = self._links.pop()
        words = "".join(self._pieces[begun:]).strip()
        href = href.strip()
        if not href.lower().startswith(LINKED) or re.search(r"[\s<>]", href):
            return
        del self._pieces[begun:]
        is_itself = not words or words in (href, href.partition("://")[2].rstrip("/"))
        named = words.replace("[", r"\[").replace("]", r"\]")
        target = href.replace("(", "%28").replace(")", "%29")
        self._pieces.append(href if is_itself else f"[{named}]({target})")

    def _end_quote(self) -> None:
        begun = self._quotes.pop()
        quoted = re.sub(r"\n{3,}", "\n\n", "".join(self._pieces[begun:]).strip())
        del self._pieces[begun:]
        lines = (f"> {line}".rstrip() for line in quoted.split("\n"))
        self._pieces.append("\n".join(lines) + "\n\n")
