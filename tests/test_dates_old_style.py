"""Days of the old calendar are read as days of today's, and kept in the note."""

import pytest
from django.core.exceptions import ValidationError

from publishing.dates import read_old_style


@pytest.mark.parametrize(
    ("typed", "edtf", "note"),
    [
        ("25 October 1917 O.S.", "1917-11-07", "25 October 1917, Old Style"),
        ("25 October 1917, Old Style", "1917-11-07", "25 October 1917, Old Style"),
        ("Oct 25, 1917 (OS)", "1917-11-07", "25 October 1917, Old Style"),
        ("1917-10-25 (Julian calendar)", "1917-11-07", "25 October 1917, Old Style"),
        ("2 September 1752 Old Style", "1752-09-13", "2 September 1752, Old Style"),
        ("29 February 1900 O.S.", "1900-03-13", "29 February 1900, Old Style"),
        ("31 December 1699 OS", "1700-01-10", "31 December 1699, Old Style"),
        ("c. 25 October 1917 O.S.", "1917-11-07~", "about 25 October 1917, Old Style"),
        ("15 March 44 BC, Julian", "-0043-03-13", "15 March 44 BC, Old Style"),
    ],
)
def test_a_day_is_taken_over_into_todays_calendar(typed, edtf, note):
    when, words = read_old_style(typed)

    assert (when.edtf, words) == (edtf, note)


@pytest.mark.parametrize("typed", ["25 October 1917", "", "1917", "photos", "the chaos"])
def test_what_is_not_marked_as_old_is_left_alone(typed):
    assert read_old_style(typed) is None


@pytest.mark.parametrize(
    "typed", ["October 1917 O.S.", "1917 OS", "1917-1918 Old Style", "30 February 1900 OS",
              "29 February 1901 OS", "nonsense Old Style", "4/5/1900 OS"],
)  # fmt: skip
def test_what_is_no_day_is_refused_in_words(typed):
    with pytest.raises(ValidationError):
        read_old_style(typed)
