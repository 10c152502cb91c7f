"""A date in plain English words."""

import re

import pytest
from hypothesis import example, given

from publishing.dates import describe, parse_date, read_date
from tests.date_strategies import date_texts, dates, unhurried


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("1917-12-06", "6 December 1917"),
        ("1917-12", "December 1917"),
        ("1917", "1917"),
        ("1920-21", "spring 1920"),
        ("1941-24", "winter 1941–42"),
        ("1999-24", "winter 1999–2000"),
        ("2025-33", "the first quarter of 2025"),
        ("202X", "the 2020s"),
        ("18XX", "the 19th century"),
        ("20XX", "the 21st century"),
        ("10XX", "the 11th century"),
        ("1917~", "about 1917"),
        ("1917?", "1917 (uncertain)"),
        ("1917%", "about 1917 (uncertain)"),
        ("192X~", "about the 1920s"),
        ("1917-12-06~", "about 6 December 1917"),
    ],
)
def test_a_date_is_named_as_people_name_it(edtf, words):
    assert describe(parse_date(edtf)) == words


def test_a_decade_that_could_be_taken_for_a_century_says_what_it_is():
    assert describe(parse_date("190X")) == "the decade of the 1900s"


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("-0043", "44 BC"),
        ("0000", "1 BC"),
        ("-0043-03-15", "15 March 44 BC"),
        ("0014", "AD 14"),
        ("0476-09-04", "4 September AD 476"),
        ("047X", "the AD 470s"),
        ("-0043-24", "winter 44 BC–43 BC"),
        ("-0043/-0039", "44 to 40 BC"),
        ("-0043/0014", "44 BC to AD 14"),
        ("-0043-03/-0043-05", "March to May 44 BC"),
    ],
)
def test_early_years_carry_their_era(edtf, words):
    assert describe(parse_date(edtf)) == words


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("1941/1945", "1941 to 1945"),
        ("2017-08-31/2017-09-02", "31 August to 2 September 2017"),
        ("1917-12-06/1917-12-08", "6 to 8 December 1917"),
        ("2014-02/2014-04", "February to April 2014"),
        ("1920-21/1920-23", "spring to autumn 1920"),
        ("2023-02-28/2026-02-05", "28 February 2023 to 5 February 2026"),
        ("1918-02/1919-23~", "February 1918 to about autumn 1919"),
        ("2014-02/2014-04~", "February to about April 2014"),
        ("2014-05/2014", "May 2014 to 2014"),
        ("192X/193X", "the 1920s to the 1930s"),
        ("2025-33/2025-35", "the first quarter of 2025 to the third quarter of 2025"),
        ("1941-03/1941-24", "March 1941 to winter 1941–42"),
        ("1941/1945?", "1941 to 1945 (end uncertain)"),
        ("1941?/1945", "1941 to 1945 (start uncertain)"),
        ("1941?/1945%", "1941 to about 1945 (start and end uncertain)"),
    ],
)
def test_an_interval_names_what_both_sides_share_once(edtf, words):
    assert describe(parse_date(edtf)) == words


def test_an_approximate_start_keeps_its_year_so_that_about_belongs_to_it_alone():
    assert describe(parse_date("2014-02~/2014-04")) == "about February 2014 to April 2014"


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2022/..", "from 2022"),
        ("../1933", "until 1933"),
        ("2025-02-18/..", "from 18 February 2025"),
        ("1917~/..", "from about 1917"),
        ("1917/", "from 1917 (end unknown)"),
        ("/1933?", "until 1933 (uncertain, start unknown)"),
    ],
)
def test_one_side_alone(edtf, words):
    assert describe(parse_date(edtf)) == words


@given(dates)
@example(parse_date("1901-24"))
@unhurried
def test_no_day_is_padded_and_no_notation_shows_through(date):
    words = describe(date)
    # The second year of "winter 1901–02" is no day.
    assert not re.search(r"(?<!–)\b0\d", words)
    assert not re.search(r"[X~?%/]|\.\.|-", words)
    assert words == words.strip()
    assert "  " not in words


@given(date_texts)
@unhurried
def test_no_day_is_named_that_the_date_does_not_name(text):
    if not re.search(r"\d-\d\d-\d\d", text):
        assert not re.search(r"\b\d{1,2} [A-Z][a-z]{2,}", describe(parse_date(text)))


@given(dates)
@unhurried
def test_every_description_is_read_back_as_the_same_date(date):
    assert read_date(describe(date)) == date
