"""No text, however hostile, becomes HTML that does anything."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing import drawings
from publishing.markup import bodies
from publishing.markup.bodies import preview, render_markdown
from publishing.markup.words import citations, links, plain_text
from tests import hostile

TODAY = 739_577


def render(text, **options):
    return render_markdown(
        text,
        numbers={"known": 1},
        sources={"known": {"title": text[:200]}},
        notes=True,
        today=TODAY,
        **options,
    )


@pytest.mark.parametrize("at", range(len(hostile.TEXTS)))
def test_an_attack_is_shown_and_does_nothing(at):
    text = hostile.TEXTS[at]
    for html in (render(text), render(text, inline=True), preview(text)):
        hostile.assert_harmless(html)


def test_an_attack_in_any_field_of_a_citation_does_nothing():
    for text in hostile.marks():
        hostile.assert_harmless(render(text))
        hostile.assert_harmless(render(text, inline=True))
        hostile.assert_harmless(preview(text))


def test_an_attack_in_any_field_of_a_drawing_does_nothing():
    for text in hostile.drawings():
        hostile.assert_harmless(render(text))


def test_an_attack_in_the_line_of_periods_does_nothing():
    for attack in hostile.INSERTIONS:
        attack = attack.replace("\ud800", "").translate(dict.fromkeys(map(ord, "\u202e\x00\x1b")))
        periods = [drawings.Period(1, 400, attack, attack, attack)]
        hostile.assert_harmless(drawings.band(periods, today=TODAY))
        hostile.assert_harmless(drawings.period_list(periods, today=TODAY))


def test_an_attack_can_be_read_for_its_words():
    for text in [*hostile.TEXTS, *hostile.marks(), *hostile.drawings()]:
        assert isinstance(plain_text(text), str)
        assert all(problem.endswith(".") for problem in drawings.problems(text))
        assert all(link.startswith(("http", "mailto:", "/", "#")) for link in links(text))
        assert all(citation.key for citation in citations(text))


@pytest.mark.parametrize("at", range(len(hostile.TEXTS)))
def test_the_second_wall_stops_attacks_that_the_first_lets_through(at):
    html = bodies._CLEANER.clean(hostile.TEXTS[at].encode(errors="replace").decode())
    hostile.assert_allowed(html, hostile.BODY_TAGS | {"figure": {"data-drawing"}})


def test_nesting_goes_only_so_deep():
    for text in (">" * 5_000, "> - " * 1_200, "".join("  " * n + "- a\n" for n in range(90))):
        assert hostile.assert_harmless(render(text)).deepest < 50


def test_what_is_too_much_to_be_read_is_not_read():
    assert render("[" * 2_001 + "*a*").count("<em>") == 0
    assert render("*a*" + " " * 50_000).count("<em>") == 0
    assert render("[" * 1_990 + "*a*").count("<em>") == 1


MARKDOWN_PIECES = st.sampled_from(
    ["[", "]", "(", ")", "<", ">", "*", "_", "`", "```", "|", "@", ":", ",", '"', "'", "\\", "\n",
     "\n\n", "&", "#", "/", "-", "!", " ", "=", "[@known", "[@", "javascript:", "https://a.example",
     "```bars\n", "```periods\n", "```marks\n", "```wordings\n", "title: ", "caption: ", " | ",
     "1917", "..", "force", "60", "us", "<script>", "onload=", "a", "&lt;", "\x00", "\u202e", "é"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(MARKDOWN_PIECES, max_size=40).map("".join))
def test_no_markdown_leaves_a_tag_that_is_not_allowed(text):
    hostile.assert_harmless(render(text))
    hostile.assert_harmless(preview(text))


@settings(deadline=None)
@given(st.text(st.characters(), max_size=300))
def test_no_text_leaves_a_tag_that_is_not_allowed(text):
    hostile.assert_harmless(render(text))


@settings(deadline=None)
@given(st.lists(MARKDOWN_PIECES, max_size=30).map("".join))
def test_rendering_is_deterministic(text):
    assert render(text) == render(text)
    assert citations(text) == citations(text)


@settings(deadline=None)
@given(st.lists(MARKDOWN_PIECES, max_size=40).map("".join))
def test_a_mark_is_shown_exactly_if_it_counts(text):
    html = render_markdown(text, today=TODAY)
    if not drawings.problems(text) and "```" not in text:
        assert html.count("cite-missing") == len(citations(text))
