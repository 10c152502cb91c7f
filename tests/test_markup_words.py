"""The words, links and headings of a Markdown text."""

import pytest

from publishing.markup.words import (
    Heading,
    headings,
    links,
    plain_text,
    reading_minutes,
    word_count,
)

DRAWING = """```bars
title: Told to leave
caption: Rounds with *numbers*[@a]. [More](/more/)
credit: [On Record](https://onrecord.example/)
unit: people
2016 | 35 | us [@b]
```"""


def test_plain_text_has_no_markup_and_no_marks():
    assert plain_text(
        "# One\n\nTwo *three*[@a, p. 1: w], [four](/x/) [@b].\n\n- `five`\n- six"
    ) == ("One\nTwo three, four.\nfive\nsix")


def test_plain_text_gives_the_words_of_pictures_code_and_tables():
    assert plain_text("![A map](/x.png)\n\n```\ncode\n```\n\n|a|b|\n|-|-|\n|c|d|") == (
        "A map\ncode\na\nb\nc\nd"
    )


def test_plain_text_gives_the_words_of_drawings():
    assert plain_text(DRAWING) == (
        "Told to leave\nRounds with numbers. More\n2016: 35 people\nOn Record"
    )


def test_plain_text_joins_the_lines_of_a_paragraph():
    assert plain_text("one\ntwo  \nthree") == "one two three"


def test_plain_text_is_not_html():
    assert plain_text("a &lt; b & <c>") == "a < b & <c>"


def test_a_text_too_long_to_be_read_is_its_own_plain_text():
    assert plain_text("*a* " * 20_000).startswith("*a* *a*")


def test_nothing_has_no_words():
    assert plain_text("") == ""
    assert word_count("") == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("One two three.", 3),
        ("Don’t count – or do – half-words twice", 6),
        ("It cost $11.3 billion, or 1,200 each.", 7),
        ("A claim.[@source, p. 3: with many words]", 2),
        ("[two words](https://not.counted.example/)", 2),
    ],
)
def test_words_are_counted_as_read(text, words):
    assert word_count(text) == words


@pytest.mark.parametrize(
    ("words", "minutes"), [(0, 1), (1, 1), (238, 1), (239, 2), (476, 2), (2_500, 11)]
)
def test_reading_takes_a_minute_for_every_238_words_begun(words, minutes):
    assert reading_minutes(words) == minutes


def test_links_are_given_once_in_order():
    text = "[a](/x/) <https://b.example> [c][d] [e](/x/) [f](#top)\n\n[d]: mailto:g@h.example"
    assert links(text) == ["/x/", "https://b.example", "mailto:g@h.example", "#top"]


def test_links_in_drawings_count_and_refused_ones_do_not():
    assert links(DRAWING) == ["/more/", "https://onrecord.example/"]
    assert links("[a](javascript:x) [b]() `[c](/x/)` ![d](/y.png) [@e]") == []


def test_headings_come_with_the_level_at_which_they_are_shown():
    assert headings("# One *two*[@a]\n\ntext\n\n### Three\n\n> # Four") == [
        Heading(3, "One two"),
        Heading(4, "Three"),
        Heading(3, "Four"),
    ]
