"""EDTF text to a date: what is stored, its bounds, and what is refused with a sentence."""

import subprocess
import sys
import time

import edtf
import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from publishing.dates import MAXIMUM_LENGTH, Precision, day_number, from_day_number, parse_date
from tests.date_strategies import (
    date_texts,
    dates,
    interval_texts,
    moment_texts,
    sides_of,
    unhurried,
)


def bounds(text):
    """Return the first and last day of a date as (year, month, day), None where it has none."""
    date = parse_date(text)
    return tuple(
        None if side is None else from_day_number(side) for side in (date.lower, date.upper)
    )


def sentence_or_none(text):
    """Return the sentence with which a text is refused, None if it is a date."""
    try:
        parse_date(text)
    except ValidationError as refusal:
        return refusal.messages[0]
    return None


def sentence(text):
    with pytest.raises(ValidationError) as refusal:
        parse_date(text)
    return refusal.value.messages[0]


@pytest.mark.parametrize(
    ("text", "lower", "upper", "precision"),
    [
        ("1917-12-06", (1917, 12, 6), (1917, 12, 6), Precision.DAY),
        ("2022-02", (2022, 2, 1), (2022, 2, 28), Precision.MONTH),
        ("2024-02", (2024, 2, 1), (2024, 2, 29), Precision.MONTH),
        ("1917-12", (1917, 12, 1), (1917, 12, 31), Precision.MONTH),
        ("1920-21", (1920, 3, 1), (1920, 5, 31), Precision.SEASON),
        ("1920-22", (1920, 6, 1), (1920, 8, 31), Precision.SEASON),
        ("1920-23", (1920, 9, 1), (1920, 11, 30), Precision.SEASON),
        ("2025-33", (2025, 1, 1), (2025, 3, 31), Precision.QUARTER),
        ("2025-36", (2025, 10, 1), (2025, 12, 31), Precision.QUARTER),
        ("1917", (1917, 1, 1), (1917, 12, 31), Precision.YEAR),
        ("202X", (2020, 1, 1), (2029, 12, 31), Precision.DECADE),
        ("18XX", (1800, 1, 1), (1899, 12, 31), Precision.CENTURY),
        ("1941/1945", (1941, 1, 1), (1945, 12, 31), Precision.INTERVAL),
        ("1918-02/1919-23~", (1918, 2, 1), (1919, 11, 30), Precision.INTERVAL),
        ("193X/196X", (1930, 1, 1), (1969, 12, 31), Precision.INTERVAL),
    ],
)
def test_a_date_reaches_from_the_first_to_the_last_day_of_what_it_names(
    text, lower, upper, precision
):
    assert bounds(text) == (lower, upper)
    assert parse_date(text).precision is precision


def test_winter_runs_on_into_february():
    assert bounds("1941-24") == ((1941, 12, 1), (1942, 2, 28))
    assert bounds("1943-24") == ((1943, 12, 1), (1944, 2, 29))


def test_years_before_1_are_astronomical():
    assert bounds("-0043-03-15") == ((-43, 3, 15), (-43, 3, 15))
    assert bounds("0000") == ((0, 1, 1), (0, 12, 31))
    assert bounds("-0044") == ((-44, 1, 1), (-44, 12, 31))


def test_an_open_side_and_an_unknown_side_have_no_bound_and_are_not_the_same():
    still_open, unknown = parse_date("1917/.."), parse_date("1917/")
    assert (still_open.upper, still_open.is_open_end, still_open.is_unknown_end) == (
        None,
        True,
        False,
    )
    assert (unknown.upper, unknown.is_open_end, unknown.is_unknown_end) == (None, False, True)
    assert bounds("../1933") == (None, (1933, 12, 31))
    assert parse_date("../1933").is_open_start
    assert bounds("/1933") == (None, (1933, 12, 31))
    assert parse_date("/1933").is_unknown_start


@pytest.mark.parametrize(
    ("text", "is_approximate", "is_uncertain"),
    [("1917", False, False), ("1917~", True, False), ("1917?", False, True), ("1917%", True, True)],
)
def test_a_qualifier_is_a_flag_and_leaves_the_bounds_alone(text, is_approximate, is_uncertain):
    date = parse_date(text)
    assert bounds(text) == bounds("1917")
    assert date.is_approximate_start is date.is_approximate_end is is_approximate
    assert date.is_uncertain_start is date.is_uncertain_end is is_uncertain


def test_each_side_of_an_interval_has_its_own_flags():
    date = parse_date("1917-12-06~/1933?")
    assert (date.is_approximate_start, date.is_uncertain_start) == (True, False)
    assert (date.is_approximate_end, date.is_uncertain_end) == (False, True)


def test_an_interval_may_begin_in_a_month_of_the_year_in_which_it_ends():
    assert bounds("2014-05/2014") == ((2014, 5, 1), (2014, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "x",
            "today",
            "1917 ",
            " 1917",
            "1917\n",
            "17",
            "917",
            "19170",
            "1917-1",
            "1917-1-6",
        ),
        *(
            "1917-1X",
            "2022-02-2X",
            "1984-06-XX",
            "XXXX",
            "1XXX",
            "19X7",
            "202x",
            "Y12017",
            "1917-12-06T10:00",
        ),
        *(
            "1917?~",
            "~1917",
            "1917~-12",
            "?1917-12",
            "1917--12",
            "--12",
            "+1917",
            "1917/open",
            "unknown/1917",
        ),
        *(
            "[1807,1808]",
            "{1917}",
            "1917/1918/1919",
            "1917//1918",
            "1917.12",
            "1917–1918",
            "١٩١٧",
            "²⁰¹⁷",
        ),
        *(
            "1917-12-061",
            "1e999",
            "inf",
            "-inf",
            "nan",
            "None",
            "\x00",
            "1917\x00",
            "//",
            "1917/...",
            "-",
        ),
    ],
)
def test_what_is_outside_the_profile_is_refused_with_a_sentence(text):
    assert sentence(text).endswith(".")


@pytest.mark.parametrize("value", [None, 1917, 1917.5, b"1917", [], object()])
def test_what_is_not_text_is_refused_with_a_sentence(value):
    assert sentence(value) == "A date is written as text."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-02-30", "There is no 30 February 2023: that month has 28 days."),
        ("1900-02-29", "There is no 29 February 1900: that month has 28 days."),
        ("-0001-02-29", "There is no 29 February 2 BC: that month has 28 days."),
        ("1917-11-00", "There is no 0 November 1917: that month has 30 days."),
    ],
)
def test_a_day_that_does_not_exist_is_refused_by_name(text, expected):
    assert sentence(text) == expected


@pytest.mark.parametrize(
    "text", ["1917-13", "1917-00", "1917-25", "1917-13-01", "1917-21-01", "1917-99"]
)
def test_a_month_that_does_not_exist_is_refused_by_number(text):
    assert sentence(text).startswith(f"There is no month {text[5:7]}:")


def test_a_reversed_interval_is_refused():
    assert sentence("1945/1941") == (
        "1945/1941 ends before it begins; write the earlier date first."
    )
    assert "ends before it begins" in sentence("1917-12-06/1917-12-05")


def test_an_interval_from_a_date_to_itself_is_refused():
    assert "write it once" in sentence("1917/1917")


@pytest.mark.parametrize("text", ["../..", "/", "../", "/.."])
def test_an_interval_without_a_date_is_refused(text):
    assert "at least one date" in sentence(text)


def test_the_year_before_1_has_one_way_of_writing():
    assert sentence("-0000") == "The year before 1 is written 0000."


@pytest.mark.parametrize("text", ["-004X", "-00XX", "000X"])
def test_decades_around_the_year_1_are_refused_because_bc_counts_them_otherwise(text):
    assert "-0048/-0039" in sentence(text)


def test_a_long_text_is_refused_before_it_is_looked_at():
    assert sentence("1" * (MAXIMUM_LENGTH + 1)) == "A date has at most 64 characters."
    assert sentence("9" * 10_000_000) == "A date has at most 64 characters."


@given(st.one_of(st.text(), st.text("0123456789-/.~?%X", max_size=24)))
@unhurried
def test_any_text_gives_a_date_or_a_sentence_and_nothing_else(text):
    sentence = sentence_or_none(text)
    assert parse_date(text).edtf == text if sentence is None else sentence.endswith(".")


@given(date_texts)
@unhurried
def test_stored_text_comes_back_as_it_was(text):
    date = parse_date(text)
    assert date.edtf == text
    assert parse_date(date.edtf) == date
    assert hash(parse_date(date.edtf)) == hash(date)
    assert len(text) <= MAXIMUM_LENGTH


@given(dates)
@unhurried
def test_bounds_are_whole_numbers_in_order_and_those_of_the_sides(date):
    for bound in (date.lower, date.upper):
        assert bound is None or type(bound) is int
    if date.lower is not None and date.upper is not None:
        assert date.lower <= date.upper
    for side in sides_of(date):
        assert side.lower <= side.upper
    assert date.lower == (date.start.lower if date.start else None)
    assert date.upper == (date.end.upper if date.end else None)


def strict_bounds(text):
    """Return the bounds that the edtf package gives, as day numbers."""
    parsed = edtf.parse_edtf(text)
    return day_number(*parsed.lower_strict()[:3]), day_number(*parsed.upper_strict()[:3])


@given(moment_texts)
@unhurried
def test_bounds_agree_with_the_edtf_package(text):
    # The package ends winter with December, see `test_winter_runs_on_into_february`.
    assume(not text.endswith("-24"))
    date = parse_date(text)
    assert (date.lower, date.upper) == strict_bounds(text)


@given(interval_texts)
@settings(unhurried, max_examples=40)
def test_closed_intervals_agree_with_the_edtf_package(text):
    date = parse_date(text)
    # In intervals the package refuses quarters, and decades and seasons beside a qualifier.
    common = {Precision.DAY, Precision.MONTH, Precision.YEAR}
    assume({date.start.precision, date.end.precision} <= common)
    assert (date.lower, date.upper) == strict_bounds(text)


def test_parsing_takes_some_microseconds():
    started = time.process_time()
    for _again in range(1000):
        parse_date("1917-12-06/1933-11-16~")
    assert (time.process_time() - started) / 1000 < 0.0005


def test_the_edtf_package_is_not_loaded():
    program = "import sys, publishing.dates; sys.exit('edtf' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
