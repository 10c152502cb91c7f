"""HTML of other systems becomes a text that a reader could have typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.importing.texts import text_of


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Plain words\nin two lines", "Plain words\nin two lines"),
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("One<br />two<br>three", "One\ntwo\nthree"),
        ("<em>a</em> <i>b</i> <strong>c</strong> <b>d</b>", "*a* *b* **c** **d**"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<pre><code>if a < b:\n    <b>x</b></code></pre>", "```\nif a < b:\n    x\n```"),
        ("a <code>b</code>", "a `b`"),
        ("5 &lt; 6 &amp; 7", "5 < 6 & 7"),
        ('<a href="https://a.example/x">words</a>', "[words](https://a.example/x)"),
        ('<a href="https://a.example/">a.example</a>', "https://a.example/"),
        ('<a href="https://a.example/a(b)">w</a>', "[w](https://a.example/a%28b%29)"),
        ('<a href="https://a.example/">[w]</a>', "[\\[w\\]](https://a.example/)"),
        ('<a href="javascript:alert(1)">w</a>', "w"),
        ('<a href=" JavaScript:alert(1)">w</a>', "w"),
        ('<a href="data:text/html,x">w</a>', "w"),
        ('<a href="https://a.example/ x">w</a>', "w"),
        ("<a>w</a>", "w"),
        ('<a href="https://a.example/">never closed', "[never closed](https://a.example/)"),
        ("<script>alert(1)</script>seen", "seen"),
        ("<style>p {}</style>seen", "seen"),
        ('<iframe src="https://a.example/"></iframe>seen', "seen"),
        ('<img src="https://a.example/a.png" alt="A map" onerror="x()">', "A map"),
        ("<blockquote><p>a</p><p>b</p></blockquote>c", "> a\n>\n> b\n\nc"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n>\n> > b"),
        ("a <3 b", "a <3 b"),
    ],
)
def test_it_keeps_marks_and_links_and_drops_the_rest(html, text):
    assert text_of(html) == text


@given(st.text(alphabet=st.sampled_from("<>/ab=\"'&; !-\n[]()"), max_size=200))
def test_it_reads_whatever_it_gets(html):
    text_of(html)


@given(st.lists(st.sampled_from(
    ["<p>", "</p>", "<a href='https://a.example/'>", "</a>", "<blockquote>", "</blockquote>",
     "<pre>", "</pre>", "<li>", "<b>", "</b>", "<script>", "</script>", "words", "\n"]
), max_size=30))  # fmt: skip
def test_tags_in_any_order_end(tags):
    text_of("".join(tags))
