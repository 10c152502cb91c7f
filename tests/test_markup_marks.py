"""Marks found where they stand in a text as it was typed, and others written in their place."""

from hypothesis import given
from hypothesis import strategies as st

from publishing.citing import Mark
from publishing.markup.marks import rewritten
from publishing.markup.words import citations, facts, misplaced, pictures
from tests.date_strategies import unhurried

# Pieces that make blocks, code and marks of each other.
typed = st.lists(
    st.sampled_from(
        [
            "[@key]",
            "[@key, p. 3: it [sic] fell]",
            "![](fact:recognition)",
            "![Words](image:0123456789ab)",
            "[@two,\nlines]",
            "`",
            "``",
            "```\n",
            "~~~\n",
            "```bars\n",
            "    ",
            "\t",
            "> ",
            "- ",
            "1. ",
            "# ",
            "\n",
            "\n\n",
            "|",
            "\\|",
            "| a | b |\n|---|---|\n",
            "\\",
            "*",
            "[",
            "](/)",
            "word ",
            " ",
            "\r\n",
            "\u2067",
            "\x00",
            "---\n",
        ]
    )
).map("".join)


def marks_in(text: str) -> list[Mark]:
    found = []

    def kept(mark, typed):
        found.append(mark)
        return typed

    assert rewritten(text, kept) == text.replace("\r\n", "\n")
    return found


@unhurried
@given(typed | st.text())
def test_what_is_written_as_it_was_typed_stays_letter_by_letter(text):
    marks_in(text)


@unhurried
@given(typed)
def test_what_counts_as_a_mark_is_what_the_page_takes_for_one(text):
    found = marks_in(text)
    cited = [mark.key for mark in found if isinstance(mark, Mark)]
    lifted = {f"{mark.kind}:{mark.key}" for mark in found if not isinstance(mark, Mark)}
    if "```bars" not in text:  # A drawing names the sources of its rows in an order of its own.
        assert cited == [citation.key for citation in citations(text)]
    shown = {f"fact:{key}" for key in facts(text)} | {f"picture:{key}" for key in pictures(text)}
    elsewhere = {one.replace("image:", "picture:") for one in misplaced(text)}
    assert lifted == shown | elsewhere
