"""The form of an event says at once how a date was read, and asks what it means if it must."""

import pytest

from timeline.admin import how_read


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("6 December 1917", "Read as: 6 December 1917."),
        (
            "Feb 2022",
            "Read as: February 2022. It stands in the timeline from 1 February 2022 to "
            "28 February 2022.",
        ),
        (
            "c. 1917",
            "Read as: about 1917. It stands in the timeline from 1 January 1917 to "
            "31 December 1917.",
        ),
        ("from 2022", "Read as: from 2022. It stands in the timeline from 1 January 2022 on."),
        (
            "until 1933",
            "Read as: until 1933. It stands in the timeline until 31 December 1933.",
        ),
        (
            "25 October 1917 O.S.",
            "Read as: 7 November 1917. Note on the calendar: 25 October 1917, Old Style.",
        ),
    ],
)
def test_it_says_how_a_date_was_read_and_where_it_stands(typed, said):
    assert how_read(typed) == {"words": said, "error": "", "choices": []}


def test_it_asks_which_of_two_dates_is_meant():
    answer = how_read("4/5/2022")

    assert answer["choices"] == ["4 May 2022", "5 April 2022"]
    assert "can mean 4 May 2022 or 5 April 2022" in answer["error"]
    assert all(how_read(choice)["words"] for choice in answer["choices"])


@pytest.mark.parametrize("typed", ["nonsense", "31 April 1917", "x" * 500, "nonsense O.S."])
def test_what_cannot_be_read_gets_a_sentence_and_no_choice(typed):
    answer = how_read(typed)

    assert answer["error"]
    assert answer["choices"] == []
