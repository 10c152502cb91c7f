"""Line ends within a paragraph, which pages show as spaces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.markup.bodies import render_markdown
from publishing.markup.line_ends import unwrapped


@pytest.mark.parametrize(
    ("typed", "one_line_each"),
    [
        ("One\ntwo\nthree", "One two three"),
        ("One\ntwo\n\nThree\nfour", "One two\n\nThree four"),
        ("Wanted  \nbreak", "Wanted  \nbreak"),
        ("Wanted\\\nbreak", "Wanted\\\nbreak"),
        ("- One\n  two\n- Three", "- One two\n- Three"),
        ("> One\n> two\n\nThree", "> One two\n\nThree"),
        ("> One\ntwo", "> One two"),
        ("## Heading\nOne\ntwo", "## Heading\nOne two"),
        ("```\none\ntwo\n```", "```\none\ntwo\n```"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |\n|---|---|\n| 1 | 2 |"),
        ("`one\ntwo`", "`one two`"),
    ],
)
def test_a_paragraph_stands_in_one_line(typed, one_line_each):
    assert unwrapped(typed) == one_line_each


# Signs that mean something else at the end of a line than within it say nothing about line ends.
@given(st.text("ab >-#[]()\\!.\n ", max_size=60))
def test_what_is_shown_stays_the_same(typed):
    shown = [" ".join(render_markdown(text).split()) for text in (typed, unwrapped(typed))]
    assert shown[0] == shown[1]
