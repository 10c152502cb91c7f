"""A date in the timeline's layout, its mark, and what machines are told."""

import re

import pytest
from hypothesis import given

from publishing.dates import DatePiece, display_parts, parse_date, schema_dates
from tests.date_strategies import dates, sides_of, unhurried


def parts(edtf):
    return display_parts(parse_date(edtf))


def layout(edtf):
    """Return the bold year and the rest, as text."""
    shown = parts(edtf)
    return str(shown.year), " ".join(str(piece) for piece in shown.pieces)


@pytest.mark.parametrize(
    ("edtf", "year", "rest"),
    [
        ("1803-10-28", "1803", "28 October"),
        ("1807-08", "1807", "August"),
        ("1807-08-05~", "1807", "about 5 August"),
        ("1920-21", "1920", "spring"),
        ("1941-24", "1941–42", "winter"),
        ("2025-33", "2025", "first quarter"),
        ("1917", "1917", ""),
        ("1917~", "c. 1917", ""),
        ("1917?", "1917", "(uncertain)"),
        ("192X", "1920s", ""),
        ("18XX", "19th century", ""),
        ("-0043", "44 BC", ""),
        ("-0043-03-15", "44 BC", "15 March"),
        ("1780/1783", "1780", "to 1783"),
        ("1941~/1945", "c. 1941", "to 1945"),
        ("2017-08-31/2017-09-02", "2017", "31 August to 2 September"),
        ("1917-12-06/1917-12-08", "1917", "6 to 8 December"),
        ("2023-02-28/2026-02-05", "2023", "28 February to 5 February 2026"),
        ("1918-02/1919-23~", "1918", "February to about autumn 1919"),
        ("2014-05/2014", "2014", "May to 2014"),
        ("192X/193X", "1920s", "to the 1930s"),
        ("1941?/1945", "1941", "to 1945 (start uncertain)"),
        ("2025-02-18/..", "2025", "since 18 February"),
        ("2022/..", "2022", "onwards"),
        ("../1933", "until 1933", ""),
        ("../1933-11-16", "1933", "until 16 November"),
        ("../192X", "until the 1920s", ""),
        ("1917-12-06/", "1917", "from 6 December (end unknown)"),
        ("1917/", "1917", "(end unknown)"),
        ("/1933", "until 1933", "(start unknown)"),
    ],
)
def test_the_year_stands_in_bold_and_the_rest_after_it(edtf, year, rest):
    assert layout(edtf) == (year, rest)


def test_a_time_element_is_offered_for_each_exact_piece():
    assert parts("2017-08-31/2017-09-02").pieces == (
        DatePiece("31 August", "2017-08-31"),
        DatePiece("to"),
        DatePiece("2 September", "2017-09-02"),
    )
    assert parts("1918-02/1919-23~").pieces == (
        DatePiece("February", "1918-02"),
        DatePiece("to about autumn 1919"),
    )


def test_a_year_that_is_the_whole_date_is_exact_itself():
    assert parts("1917").year == DatePiece("1917", "1917")
    assert parts("1803-10-28").year == DatePiece("1803")
    assert parts("1780/1783").year == DatePiece("1780", "1780")
    assert parts("1780/1783").pieces == (DatePiece("to"), DatePiece("1783", "1783"))


@pytest.mark.parametrize(
    ("edtf", "marks"),
    [
        ("1917-12-06", ("point",)),
        ("1917-12-06~", ("point", "about")),
        ("1917-12", ("span",)),
        ("1917", ("span",)),
        ("1917?", ("span", "about")),
        ("1941/1945", ("span",)),
        ("1918-02/1919~", ("span", "about-end")),
        ("1918-02?/1919", ("span", "about-start")),
        ("1918~/1919~", ("span", "about")),
        ("1917/", ("span", "about-end")),
        ("/1917", ("span", "about-start")),
        ("2025-02-18/..", ("span", "open")),
        ("2025~/..", ("span", "about-start", "open")),
        ("../1933", ("span", "open-start")),
    ],
)
def test_the_mark_says_point_or_span_and_which_edges_are_not_sharp(edtf, marks):
    assert parts(edtf).marks == marks


@given(dates)
@unhurried
def test_machine_readable_pieces_are_exact_and_from_the_year_1(date):
    shown = display_parts(date)
    for piece in (shown.year, *shown.pieces):
        assert piece.text == piece.text.strip() != ""
        if piece.datetime:
            assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", piece.datetime)
            assert piece.datetime in date.edtf
            assert piece.datetime != "0000"


@given(dates)
@unhurried
def test_pieces_name_no_day_that_is_padded(date):
    shown = display_parts(date)
    words = " ".join(str(piece) for piece in (shown.year, *shown.pieces))
    # The second year of the winter "1901–02" is no day.
    assert not re.search(r"(?<!–)\b0\d", words)


@pytest.mark.parametrize(
    ("edtf", "start", "end"),
    [
        ("1917-12-06", "1917-12-06", "1917-12-06"),
        ("1917-12", "1917-12", "1917-12"),
        ("1917", "1917", "1917"),
        ("0476", "0476", "0476"),
        ("1941/1945", "1941", "1945"),
        ("2025-02-18/..", "2025-02-18", None),
        ("../1933", None, "1933"),
        ("1917/", "1917", None),
        ("1918-02/1919-23~", "1918-02", None),
        ("1917~", None, None),
        ("1917?", None, None),
        ("1920-21", None, None),
        ("2025-33", None, None),
        ("202X", None, None),
        ("18XX", None, None),
        ("0000", None, None),
        ("-0043/0014", None, "0014"),
    ],
)
def test_schema_org_is_told_only_what_is_exact(edtf, start, end):
    assert schema_dates(parse_date(edtf)) == (start, end)


@given(dates)
@unhurried
def test_schema_org_is_told_nothing_about_what_is_flagged_or_early(date):
    told = schema_dates(date)
    if all(side.is_approximate or side.is_uncertain or side.year < 1 for side in sides_of(date)):
        assert told == (None, None)
