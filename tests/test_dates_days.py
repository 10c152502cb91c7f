"""Days as numbers, and the bounds of a filter by years."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.dates import day_number, from_day_number, parse_date, year_bounds, year_of
from tests.date_strategies import dates, unhurried


@given(st.dates())
@unhurried
def test_days_from_the_year_1_are_numbered_as_python_numbers_them(day):
    assert day_number(day.year, day.month, day.day) == day.toordinal()
    assert from_day_number(day.toordinal()) == (day.year, day.month, day.day)


@given(st.integers(-5_000_000, 5_000_000))
@unhurried
def test_a_day_number_names_one_day_on_both_sides_of_the_year_1(number):
    assert day_number(*from_day_number(number)) == number


@given(st.integers(-5_000_000, 5_000_000))
@unhurried
def test_the_next_number_is_the_next_day(number):
    assert from_day_number(number) < from_day_number(number + 1)


def test_the_day_before_the_year_1_is_the_last_of_1_bc():
    assert from_day_number(1) == (1, 1, 1)
    assert from_day_number(0) == (0, 12, 31)


def test_the_year_0_is_a_leap_year():
    assert day_number(1, 1, 1) - day_number(0, 1, 1) == 366
    assert day_number(0, 3, 1) - day_number(0, 2, 29) == 1


@pytest.mark.parametrize(
    "day", [(2023, 2, 29), (1900, 2, 29), (-1, 2, 29), (2023, 13, 1), (5, 4, 0)]
)
def test_a_day_that_does_not_exist_has_no_number(day):
    with pytest.raises(ValueError, match=r"must be in|out of range"):
        day_number(*day)


def test_the_year_of_a_day_number():
    assert year_of(date(1917, 12, 31).toordinal()) == 1917
    assert year_of(day_number(-43, 3, 15)) == -43


def test_a_filter_by_years_reaches_from_their_first_to_their_last_day():
    assert year_bounds(1917, 1933) == (day_number(1917, 1, 1), day_number(1933, 12, 31))
    assert year_bounds(1917, 1917) == (day_number(1917, 1, 1), day_number(1917, 12, 31))


def test_a_side_left_empty_has_no_bound():
    assert year_bounds(None, None) == (None, None)
    assert year_bounds(1917, None) == (day_number(1917, 1, 1), None)
    assert year_bounds(None, -43) == (None, day_number(-43, 12, 31))


def test_years_in_the_wrong_order_are_swapped():
    assert year_bounds(1933, 1917) == year_bounds(1917, 1933)


def test_years_that_no_date_reaches_are_taken_as_the_limits():
    assert year_bounds(-(10**30), 10**30) == (day_number(-9999, 1, 1), day_number(9999, 12, 31))


def overlaps(event, from_year, to_year):
    """Apply the comparison that `year_bounds` documents."""
    lower, upper = year_bounds(from_year, to_year)
    return (lower is None or event.upper is None or event.upper >= lower) and (
        upper is None or event.lower is None or event.lower <= upper
    )


@pytest.mark.parametrize(
    ("edtf", "is_found"),
    [
        ("1917", True),
        ("1916-12-31", False),
        ("1917-01-01", True),
        ("1933-12-31", True),
        ("1934-01-01", False),
        ("1900/1950", True),
        ("193X", True),
        ("1934/..", False),
        ("1900/..", True),
        ("1900/", True),
        ("../1916", False),
        ("../1950", True),
    ],
)
def test_a_filter_finds_what_overlaps_its_years(edtf, is_found):
    assert overlaps(parse_date(edtf), 1917, 1933) is is_found


@given(dates)
@unhurried
def test_every_date_is_found_in_the_years_of_its_own_bounds(event):
    from_year = None if event.lower is None else year_of(event.lower)
    to_year = None if event.upper is None else year_of(event.upper)
    assert overlaps(event, from_year, to_year)
