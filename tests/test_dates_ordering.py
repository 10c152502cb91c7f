"""The order of dates: earlier first, the coarser first of two that begin together."""

import sqlite3

from hypothesis import given
from hypothesis import strategies as st

from publishing.dates import parse_date, sort_key
from tests.date_strategies import dates, unhurried


def in_order(*texts):
    return [date.edtf for date in sorted(map(parse_date, texts), key=sort_key)]


def test_earlier_dates_come_first():
    assert in_order("1933", "1917-12-06", "-0043", "0014", "1917-03-22") == [
        "-0043",
        "0014",
        "1917-03-22",
        "1917-12-06",
        "1933",
    ]


def test_the_coarser_of_two_that_begin_together_comes_first():
    assert in_order("1900-01-01", "1900-01", "1900", "190X", "19XX", "1900/1950", "1900/..") == [
        "1900/..",
        "19XX",
        "1900/1950",
        "190X",
        "1900",
        "1900-01",
        "1900-01-01",
    ]


def test_what_has_no_beginning_comes_before_everything():
    assert in_order("-9999", "../1933", "../2020", "/1800") == [
        "../2020",
        "../1933",
        "/1800",
        "-9999",
    ]


def test_dates_of_the_same_days_have_an_order_too():
    assert in_order("1917~", "1917?", "1917", "1917%") == in_order(
        "1917%", "1917", "1917?", "1917~"
    )


@given(dates, dates)
@unhurried
def test_only_equal_dates_are_neither_before_nor_after_each_other(one, other):
    before, after = sort_key(one) < sort_key(other), sort_key(one) > sort_key(other)
    assert (not before and not after) == (one == other)


@given(st.lists(dates, max_size=12, unique=True))
@unhurried
def test_a_database_orders_the_columns_the_same_way(events):
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE event (edtf TEXT, lower INTEGER, upper INTEGER)")
    rows = [(event.edtf, event.lower, event.upper) for event in events]
    connection.executemany("INSERT INTO event VALUES (?, ?, ?)", rows)
    ordered = connection.execute(
        "SELECT edtf FROM event ORDER BY lower ASC NULLS FIRST, upper DESC NULLS FIRST, edtf"
    ).fetchall()
    connection.close()
    assert [edtf for (edtf,) in ordered] == [event.edtf for event in sorted(events, key=sort_key)]
