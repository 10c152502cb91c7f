"""What a reader's text becomes: paragraphs and line breaks, and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.markup.plain import render_plain
from tests import hostile


def test_blank_lines_part_paragraphs():
    assert render_plain("one\n\ntwo\n \t\n\n\nthree") == "<p>one</p>\n<p>two</p>\n<p>three</p>"


def test_line_breaks_stay():
    assert render_plain("one\ntwo\r\nthree\rfour") == "<p>one<br>two<br>three<br>four</p>"


def test_space_around_the_text_goes():
    assert render_plain("\n\n  one  \n\n") == "<p>one</p>"


@pytest.mark.parametrize("text", ["", " ", "\n\n \n", "\t"])
def test_nothing_gives_nothing(text):
    assert render_plain(text) == ""


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
        ("<script>alert('x')</script>", "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;"),
        ('"quoted" & &amp;', "&quot;quoted&quot; &amp; &amp;amp;"),
        ("[link](https://a.example)", "[link](https://a.example)"),
        ("https://a.example/", "https://a.example/"),
        ("*a* [@state] # b", "*a* [@state] # b"),
    ],
)
def test_markup_and_links_stay_visible_text(typed, shown):
    assert render_plain(typed) == f"<p>{shown}</p>"


def test_tabs_stay_and_other_control_characters_are_replaced():
    assert render_plain("a\tb\x00c\x1bd\x7fe\x9ff\ud800") == (
        "<p>a\tb\ufffdc\ufffdd\ufffde\ufffdf\ufffd</p>"
    )


TURNING = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]


@pytest.mark.parametrize("code", TURNING, ids=hex)
def test_characters_that_turn_text_around_are_taken_out(code):
    """Embeddings, overrides and isolates: with them 1917–1933 can read as 1933–1917."""
    assert render_plain(f"1917{chr(code)}–1933") == "<p>1917–1933</p>"


def test_marks_of_direction_stay_for_arabic_and_hebrew():
    assert render_plain("שלום\u200f! \u061c1\u200e") == "<p>שלום\u200f! \u061c1\u200e</p>"


def test_emoji_of_several_characters_stay_whole():
    assert render_plain("👩\u200d👧 🏴\U000e0067\U000e007f") == (
        "<p>👩\u200d👧 🏴\U000e0067\U000e007f</p>"
    )


def test_no_attack_leaves_a_tag():
    for text in [*hostile.TEXTS, *hostile.marks(), *hostile.drawings()]:
        hostile.assert_harmless(render_plain(text), hostile.PLAIN_TAGS)


@settings(deadline=None)
@given(st.text(st.characters(), max_size=300))
def test_no_text_leaves_a_tag(text):
    hostile.assert_harmless(render_plain(text), hostile.PLAIN_TAGS)
