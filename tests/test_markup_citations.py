"""Citation marks: how they are shown, and what they say."""

import pytest

from publishing.citing import Citation
from publishing.markup.bodies import render_markdown
from publishing.markup.words import citations

NUMBERS = {"frus-1918": 5, "state": 1}
SOURCES = {"frus-1918": {"title": "Foreign Relations, 1918"}, "state": {"title": "A <guide>"}}


def shown(text, **options):
    return render_markdown(text, numbers=NUMBERS, sources=SOURCES, **options)


def cite(number):
    return f'<a class="cite" href="#source-{number}" aria-label="Source {number}">{number}</a>'


# ── Shown ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "mark",
    ["[@state]", "[@state, vol. I]", "[@state: so it says]", "[@state, vol. I, doc. 14: so: it]"],
)
def test_a_mark_is_shown_as_the_number_of_its_source(mark):
    assert shown(f"Text.{mark} More.") == f"<p>Text.{cite(1)} More.</p>\n"


def test_the_space_before_a_mark_is_taken_away():
    assert shown("Text [@state], more\n[@state].") == f"<p>Text{cite(1)}, more{cite(1)}.</p>\n"


@pytest.mark.parametrize("space", ["", " ", "\n"])
def test_neighbouring_marks_go_together(space):
    assert shown(f"Text.[@state]{space}[@frus-1918]") == (
        f'<p>Text.<span class="cites">{cite(1)}{cite(5)}</span></p>\n'
    )


def test_marks_with_words_between_them_do_not_go_together():
    assert shown("A[@state] b[@state]") == f"<p>A{cite(1)} b{cite(1)}</p>\n"


def test_an_unknown_key_stays_visible():
    assert shown("Text[@lost]") == '<p>Text<span class="cite-missing">[@lost]</span></p>\n'


def test_an_unknown_key_loses_nothing_that_was_typed():
    assert ">[@lost, p. 1: a &lt;b&gt;]</span>" in shown("Text[@lost, p. 1: a <b>]")


def test_a_key_typed_wrongly_is_unknown_and_not_overlooked():
    assert ">[@State]</span>" in shown("Text[@State]")
    assert ">[@a; @b]</span>" in shown("Text[@a; @b]")


def test_without_numbers_every_mark_is_unknown():
    assert "cite-missing" in render_markdown("Text[@state]")


@pytest.mark.parametrize("text", ["`[@state]`", "    [@state]", "```\n[@state]\n```", "\\[@state]"])
def test_a_mark_in_code_or_escaped_is_text(text):
    assert "[@state]" in shown(text)
    assert "source-1" not in shown(text)
    assert citations(text) == []


@pytest.mark.parametrize("text", ["[@]", "[@ state]", "[@state", "@state", "[ @state]", "[@[a]]"])
def test_what_is_no_mark_is_text(text):
    assert text in shown(text)
    assert citations(text) == []


def test_a_link_beside_a_mark_works():
    assert shown("[text](/articles/x/)[@state]") == (
        f'<p><a href="/articles/x/">text</a>{cite(1)}</p>\n'
    )


def test_a_mark_before_brackets_is_a_mark_and_text():
    assert shown("[@state](https://a.example)") == f"<p>{cite(1)}(https://a.example)</p>\n"


def test_a_mark_at_the_start_of_a_line_is_no_link_reference():
    assert shown("[@state]: /moscow/") == f"<p>{cite(1)}: /moscow/</p>\n"


def test_words_may_hold_brackets():
    assert citations("T[@state: so [sic] it says]")[0].words == "so [sic] it says"
    assert citations("T[@state: a \\] b]")[0].words == "a ] b"


def test_a_mark_may_run_over_lines():
    assert citations("T[@state,\nvol. I: so\nit says]") == [
        Citation("state", "vol. I", "so it says", "T")
    ]


# ── Notes ───────────────────────────────────────────────────────────────────────────────────


def test_a_note_follows_its_paragraph():
    assert shown("One[@frus-1918, vol. I, doc. 14: Francis reports].\n\nTwo.", notes=True) == (
        f"<p>One{cite(5)}.</p>\n"
        '<div class="note" role="note"><b class="note-mark">5</b> '
        "<cite>Foreign Relations, 1918</cite>, vol. I, doc. 14: Francis reports</div>\n"
        "<p>Two.</p>\n"
    )


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("[@frus-1918, vol. I]", "<cite>Foreign Relations, 1918</cite>, vol. I</div>"),
        ("[@frus-1918: words]", "<cite>Foreign Relations, 1918</cite>: words</div>"),
    ],
)
def test_a_note_says_what_the_mark_says(mark, said):
    assert said in shown(f"One{mark}", notes=True)


def test_a_bare_mark_makes_no_note():
    assert "note" not in shown("One[@state]", notes=True)


def test_without_notes_there_are_none():
    assert "note" not in shown("One[@state: words]")
    assert "note" not in shown("One[@state: words]", notes=True, inline=True)


def test_several_notes_of_a_paragraph_stand_together_in_order():
    html = shown("A[@frus-1918: first] b[@state: second]", notes=True)
    assert html.count('<div class="notes">') == 1
    assert html.index("first") < html.index("second")


def test_a_note_stands_behind_the_whole_list_table_or_drawing():
    for text in ("- a[@state: n]\n- b", "> a[@state: n]\n>\n> b", "|a|\n|-|\n|b[@state: n]|"):
        assert shown(text, notes=True).endswith(": n</div>\n")
    drawing = "```bars\ntitle: T\ncaption: C[@state: n]\na | 1\n```"
    assert shown(drawing, notes=True).count('</figure>\n<div class="note"') == 1


def test_the_text_of_a_note_is_escaped():
    html = shown("A[@state, p. <b>1</b>: <i>w</i> & [x](/y/)]", notes=True)
    assert (
        "<cite>A &lt;guide&gt;</cite>, p. &lt;b&gt;1&lt;/b&gt;: "
        "&lt;i&gt;w&lt;/i&gt; &amp; [x](/y/)</div>"
    ) in html


def test_an_unknown_source_makes_no_note():
    assert "note" not in shown("A[@lost: words]", notes=True)


def test_a_source_without_details_is_called_by_its_key():
    html = render_markdown("A[@state: w]", numbers={"state": 1}, notes=True)
    assert "<cite>state</cite>: w</div>" in html


# ── Said ────────────────────────────────────────────────────────────────────────────────────


def claims(text):
    return [citation.claim for citation in citations(text)]


def test_citations_come_in_order_with_all_their_fields():
    text = "First[@b, p. 1: w] and\n\n- second[@a]\n\n## Third[@b]"
    assert [(one.key, one.where, one.words) for one in citations(text)] == [
        ("b", "p. 1", "w"),
        ("a", "", ""),
        ("b", "", ""),
    ]


def test_the_claim_is_the_sentence_before_a_mark_behind_its_full_stop():
    assert claims("One thing. Another *thing*.[@a] A third.") == ["Another thing."]


def test_the_claim_is_the_sentence_around_a_mark_inside_it():
    assert claims("One. They agreed on that day;[@a] papers of the 17th did not. Two.") == [
        "They agreed on that day; papers of the 17th did not."
    ]


def test_the_claim_of_a_mark_at_the_very_start_is_the_first_sentence():
    assert claims("[@a] One thing. Two.") == ["One thing."]


@pytest.mark.parametrize(
    "sentence",
    [
        "He reached St. Petersburg in 1781.",
        "J. Q. Adams came.",
        "See vol. 1, doc. 14 and no. III of it.",
        "Mr. Litvinov and Dr. Who met the U.S. President.",
        "It cost $7.2 million.",
        "“Is it over?” they asked.",
        "He said “No.”",
        "Never!",
    ],
)
def test_an_abbreviation_ends_no_sentence(sentence):
    assert claims(f"Before it. {sentence}[@a] After it.") == [sentence]


def test_a_citation_in_a_link_text_or_heading_counts():
    assert claims("# A heading[@a]") == ["A heading"]


def test_the_claim_of_a_table_cell_is_the_cell():
    assert claims("|a|b|\n|-|-|\n|one[@a]|two|") == ["one"]


def test_citations_in_drawings_count():
    text = (
        "```bars\ntitle: T\ncaption: A caption.[@c]\ncredit: D[@d]\nunit: people\n"
        "2016 | 35 | us [@a, p. 1]\n2018 | 60 | us [@b]\n```"
    )
    assert citations(text) == [
        Citation("c", "", "", "A caption."),
        Citation("a", "p. 1", "", "2016: 35 people"),
        Citation("b", "", "", "2018: 60 people"),
        Citation("d", "", "", "D"),
    ]


@pytest.mark.parametrize(
    ("kind", "row", "claim"),
    [
        ("periods", "1809 | 1917 | In force | force | Envoys.", "1809 to 1917: In force. Envoys."),
        ("marks", "2014-03-06 | Order *13660* | US", "6 March 2014: Order 13660"),
        ("wordings", '"interrupted" | Historian | break', "“interrupted” Historian"),
        ("periods", "nonsense", "nonsense"),
    ],
)  # fmt: skip
def test_a_row_is_a_claim_whole(kind, row, claim):
    assert claims(f"```{kind}\ntitle: T\n{row} [@a]\n```") == [claim]


def test_a_mark_in_the_title_of_a_drawing_does_not_count():
    assert claims("```bars\ntitle: T[@a]\nx | 1\n```") == []
