"""What a reader's comment becomes: emphasis, quotes, links, lists, code, and nothing else."""

import re
import socket
import time
from html import unescape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from publishing.markup import comments, plain
from publishing.markup.comments import render_comment
from tests import hostile

REL = 'rel="ugc nofollow noopener"'


def link(target, words=None):
    return f'<a href="{target}" {REL}>{words or target}</a>'


# What may be written


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("one\n\n \ntwo", "<p>one</p>\n<p>two</p>"),
        ("one\ntwo\r\nthree", "<p>one<br>\ntwo<br>\nthree</p>"),
        ("*so* and _so_", "<p><em>so</em> and <em>so</em></p>"),
        ("**very**", "<p><strong>very</strong></p>"),
        ("> theirs\n\nmine", "<blockquote>\n<p>theirs</p>\n</blockquote>\n<p>mine</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("the `code`", "<p>the <code>code</code></p>"),
        ("```\na <b>\n```", "<pre><code>a &lt;b&gt;\n</code></pre>"),
        ("[words](https://a.example/)", f"<p>{link('https://a.example/', 'words')}</p>"),
        ("<https://a.example/>", f"<p>{link('https://a.example/')}</p>"),
        (r"not \*so\*", "<p>not *so*</p>"),
    ],
)
def test_a_comment_may_have(typed, shown):
    assert render_comment(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("&amp; &lt;", "&amp;amp; &amp;lt;"),
        ("# heading", "# heading"),
        ("words\n===", "words<br>\n==="),
        ("---", "---"),
        ("|a|b|\n|-|-|", "|a|b|<br>\n|-|-|"),
        ("[@state, p. 3]", "[@state, p. 3]"),
        ("[a]: https:a", "[a]: https:a"),
        ("    four spaces", "four spaces"),
        ("~~struck~~", "~~struck~~"),
    ],
)
def test_everything_else_stays_visible_as_it_was_typed(typed, shown):
    assert render_comment(typed) == f"<p>{shown}</p>"


def test_a_picture_becomes_a_link_and_is_not_fetched():
    assert render_comment("![a map](https://a.example/map.png)") == (
        f"<p>!{link('https://a.example/map.png', 'a map')}</p>"
    )


@pytest.mark.parametrize(
    "typed",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,x)",
        "[x](/admin/)",
        "[x](#comments)",
        "[x](//evil.example/)",
        "[x](mailto:a@b.example)",
        "[x](https://bank.example@evil.example/)",
        "javascript:alert(1)",
        "ftp://a.example/",
        "https://bank.example@evil.example/",
        "xhttps://a.example",
        "http://",
        "https:a.example",
    ],
)
def test_a_link_that_may_lead_nowhere_stays_visible_text(typed):
    assert render_comment(typed) == f"<p>{typed}</p>"


# Bare addresses


@pytest.mark.parametrize(
    ("typed", "before", "target", "after"),
    [
        ("See https://a.example/x_y_z.", "See ", "https://a.example/x_y_z", "."),
        ("(https://a.example/a_(b))", "(", "https://a.example/a_(b)", ")"),
        ("https://a.example?", "", "https://a.example", "?"),
        ("„https://a.example/“, so", "„", "https://a.example/", "“, so"),
        ("a\nhttp://a.example", "a<br>\n", "http://a.example", ""),
        ("1:https://a.example", "1:", "https://a.example", ""),
    ],
)
def test_a_bare_address_becomes_a_link_without_the_end_of_the_sentence(
    typed, before, target, after
):
    expected = f"<p>{before}{link(target)}{after}</p>"
    assert render_comment(typed) == expected


def test_a_bare_address_may_be_emphasised_and_keeps_its_ampersands():
    assert render_comment("**https://a.example/?a=1&b=2**") == (
        f"<p><strong>{link('https://a.example/?a=1&amp;b=2')}</strong></p>"
    )


def test_in_code_and_in_the_words_of_a_link_an_address_is_no_link():
    assert "<a" not in render_comment("`https://a.example`")
    assert render_comment("[see https://a.example/x](https://a.example/x) on").count("<a") == 1


def test_a_link_never_seems_to_lead_elsewhere():
    shown = render_comment(
        "[https://bank.example](https://evil.example/) [www.bank.example](https://bank.example/)"
    )

    assert ">https://bank.example (https://evil.example/)</a>" in shown
    assert ">www.bank.example</a>" in shown


@pytest.mark.parametrize("typed", ["[](https://a.example/)", "[ ](https://a.example/)"])
def test_a_link_without_words_shows_its_address(typed):
    assert "https://a.example/</a>" in render_comment(typed)


# Nothing that was typed is hidden


@pytest.mark.parametrize("typed", ["-", "*", ">", "1.", "> >", "- -\n-", "```", "`", "_ _"])
def test_a_sign_alone_is_shown(typed):
    shown = re.sub(r"</?p>|<br>", "", render_comment(typed))
    assert unescape(shown) == typed


def test_words_deep_in_quotes_and_lists_are_shown():
    for sign in (">", "> ", "- ", "1. ", "> - "):
        assert "the words" in render_comment(sign * 40 + "the words")


@pytest.mark.parametrize("text", ["", " ", "\n\n \n", "\t"])
def test_nothing_gives_nothing(text):
    assert render_comment(text) == ""


def test_characters_that_mislead_go_and_control_characters_are_replaced():
    assert render_comment("*1917\u202e–1933*\x00") == "<p><em>1917–1933</em>\ufffd</p>"


# Attacks


def harmless(html):
    reading = hostile.assert_harmless(html, hostile.COMMENT_TAGS)
    assert all(re.match(r"https?://[^/@]+", target, re.IGNORECASE) for target in reading.targets)
    assert html.count("<a ") == html.count(REL)
    assert reading.deepest <= 20
    assert comments._CLEANER.clean(html).strip() == html
    return reading


def test_no_attack_leaves_anything_that_runs():
    for text in [*hostile.TEXTS, *hostile.INSERTIONS, *hostile.marks(), *hostile.drawings()]:
        shown = render_comment(text)
        hostile.assert_harmless(shown, hostile.COMMENT_TAGS)
        assert "evil.example" not in "".join(re.findall(r'href="javascript:[^"]*', shown))


def test_the_second_wall_stops_what_the_first_would_let_through():
    for text in hostile.TEXTS:
        html = comments._CLEANER.clean(text.encode(errors="replace").decode())
        hostile.assert_allowed(html, hostile.COMMENT_TAGS)


@pytest.mark.parametrize("length", range(4_980, 5_001))
def test_html_cut_off_at_the_longest_comment_is_still_closed(length):
    """WordPress 4.2: the database cut a comment off in the middle of a tag."""
    typed = "*a* " * 90 + "x" * 4_560 + ' <a href="https://a.example" title="' + "y" * 100
    harmless(render_comment(typed[:length]))


PIECES = st.sampled_from(
    [
        "[",
        "]",
        "(",
        ")",
        "<",
        ">",
        "*",
        "**",
        "_",
        "`",
        "```",
        "~~~",
        "\n",
        "\n\n",
        "- ",
        "1. ",
        "> ",
        "    ",
        "&",
        "&lt;",
        "&#106;",
        "\\",
        "'",
        '"',
        "!",
        "#",
        "=",
        "javascript:",
        "https://a.example",
        "http://",
        "www.a.example",
        "@",
        "data:",
        "<script>",
        "</p>",
        "<a href=",
        " onclick=",
        "<!--",
        "x",
        " ",
        "words",
        "\u00a0",
        "\u202e",
        "\x00",
        "é",
        ":",
        "/",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
@example("<" * 300 + "*a*")
@example("```'")
def test_no_text_of_signs_becomes_html_that_does_anything(text):
    harmless(render_comment(text))


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_text_becomes_html_that_does_anything(text):
    harmless(render_comment(text))


WITHOUT_SIGNS = st.lists(
    st.sampled_from(
        [
            "words",
            " ",
            "  ",
            "\t",
            "\n",
            "\n\n",
            ":",
            "&",
            "a",
            "'",
            '"',
            "\u00a0",
            "é",
            "1",
            ".",
            ")",
            "-",
            "+",
            "#",
            "=",
            "~",
            "|",
            "!",
            "(",
            "http:",
            "//",
        ]
    ),
    max_size=40,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(WITHOUT_SIGNS)
def test_a_text_without_signs_is_what_reading_it_would_give(text):
    """The short way for most comments comes out where the long one does."""
    tidy = plain.tidy(text).strip()
    if comments._HAS_SIGNS.search(tidy):
        return
    read = comments._CLEANER.clean(comments._READER.render(tidy)).strip()
    # The reader leaves tabs at the end of a line, where nobody sees them.
    assert render_comment(text) == re.sub(r"[ \t]+(?=<br>|</p>)", "", read)


@pytest.mark.parametrize(
    "sign",
    [
        ">",
        "> ",
        "*",
        "[",
        "](",
        "**a *b ",
        "`",
        "<",
        "&",
        "\\",
        "- ",
        "1. ",
        "_",
        "*a_",
        "*a* ",
        "![",
        "https://a.",
        "https://a.example ",
        "[a](https://a.b)",
        "[a](",
        "~~~\n",
        "> - ",
        ":",
        "(",
        ")",
    ],
)
def test_five_thousand_characters_of_one_sign_are_read_in_no_time(sign):
    begun = time.process_time()
    harmless(render_comment((sign * 5_000)[:5_000]))
    # Ten to thirty milliseconds on a slow machine; a quarter of a second is what an attack takes.
    assert time.process_time() - begun < 2


def test_nothing_that_a_comment_names_is_fetched(monkeypatch):
    """Isso and Remark42 were made to ask addresses inside their own network (SSRF)."""

    def refuse(*args, **options):
        raise AssertionError("It asked somebody.")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    render_comment("http://169.254.169.254/ ![x](http://localhost:9200/) [y](http://10.0.0.1/)")
