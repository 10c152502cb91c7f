"""What editors type: read as the one thing it can mean, or answered with a sentence."""

import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from publishing.dates import parse_date, read_date
from tests.date_strategies import date_texts, unhurried


def sentence(text):
    with pytest.raises(ValidationError) as refusal:
        read_date(text)
    return refusal.value.messages[0]


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("6 December 1917", "1917-12-06"),
        ("06 december 1917", "1917-12-06"),
        ("6th of December, 1917", "1917-12-06"),
        ("December 6, 1917", "1917-12-06"),
        ("Dec. 6th 1917", "1917-12-06"),
        ("6\u00a0Dec\u202f1917", "1917-12-06"),
        ("Feb 2022", "2022-02"),
        ("Sept. 2017", "2017-09"),
        ("spring 1920", "1920-21"),
        ("the autumn of 1919", "1919-23"),
        ("Fall 1919", "1919-23"),
        ("winter 1941–42", "1941-24"),
        ("winter of 1941/42", "1941-24"),
        ("winter 1941-1942", "1941-24"),
        ("Q1 2025", "2025-33"),
        ("fourth quarter of 2025", "2025-36"),
        ("1917", "1917"),
        ("the year 1917", "1917"),
        ("1920s", "192X"),
        ("the 1920's", "192X"),
        ("decade of the 1900s", "190X"),
        ("19th century", "18XX"),
        ("the 21st century", "20XX"),
    ],
)
def test_dates_in_english_words(text, edtf):
    assert read_date(text).edtf == edtf


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("c. 1917", "1917~"),
        ("c1917", "1917~"),
        ("ca. 1917", "1917~"),
        ("circa 1917", "1917~"),
        ("about 1917", "1917~"),
        ("around December 1917", "1917-12~"),
        ("about the 1920s", "192X~"),
        ("probably 1917", "1917?"),
        ("1917 (uncertain)", "1917?"),
        ("December 1917?", "1917-12?"),
        ("perhaps about 1917", "1917%"),
    ],
)
def test_about_and_uncertain(text, edtf):
    assert read_date(text).edtf == edtf


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("44 BC", "-0043"),
        ("44 B.C.", "-0043"),
        ("44BCE", "-0043"),
        ("1 BC", "0000"),
        ("15 March 44 BC", "-0043-03-15"),
        ("AD 14", "0014"),
        ("14 AD", "0014"),
        ("A.D. 14", "0014"),
        ("476 CE", "0476"),
        ("44 to 40 BC", "-0043/-0039"),
        ("44 BC – AD 14", "-0043/0014"),
        ("1500 to 1400 BC", "-1499/-1399"),
        ("14–37 AD", "0014/0037"),
        ("the AD 470s", "047X"),
    ],
)
def test_years_with_their_era(text, edtf):
    assert read_date(text).edtf == edtf


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("1941–1945", "1941/1945"),
        ("1941-1945", "1941/1945"),
        ("1941 — 1945", "1941/1945"),
        ("1941 to 1945", "1941/1945"),
        ("from 1917 to 1933", "1917/1933"),
        ("1917 until 1933", "1917/1933"),
        ("1918–1920", "1918/1920"),
        ("1941–45", "1941/1945"),
        ("1941-45", "1941/1945"),
        ("6–8 December 1917", "1917-12-06/1917-12-08"),
        ("6th to 8th December 1917", "1917-12-06/1917-12-08"),
        ("December 6–8, 1917", "1917-12-06/1917-12-08"),
        ("31 August to 2 September 2017", "2017-08-31/2017-09-02"),
        ("August 31 to September 2, 2017", "2017-08-31/2017-09-02"),
        ("28 February 2023 – 5 February 2026", "2023-02-28/2026-02-05"),
        ("February to April 2014", "2014-02/2014-04"),
        ("February–March 2022", "2022-02/2022-03"),
        ("between 24 and 28 Feb 2022", "2022-02-24/2022-02-28"),
        ("between 1941 and 1945", "1941/1945"),
        ("Feb 1918 to about autumn 1919", "1918-02/1919-23~"),
        ("about 1941 to 1945", "1941~/1945"),
        ("1941 to 1945 (uncertain)", "1941?/1945?"),
        ("1941 to 1945 (end uncertain)", "1941/1945?"),
        ("1917-12-06 to 1917-12-08", "1917-12-06/1917-12-08"),
        ("1917-12-06 – 1917-12-08", "1917-12-06/1917-12-08"),
        ("Q1 to Q3 2025", "2025-33/2025-35"),
        ("the 1920s to the 1930s", "192X/193X"),
    ],
)
def test_intervals_and_what_their_start_leaves_out(text, edtf):
    assert read_date(text).edtf == edtf


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("from 2022", "2022/.."),
        ("2022 onwards", "2022/.."),
        ("since 18 February 2025", "2025-02-18/.."),
        ("May 2014 – ongoing", "2014-05/.."),
        ("2014 to the present", "2014/.."),
        ("from winter 1999–2000", "1999-24/.."),
        ("until 1933", "../1933"),
        ("up to 16 November 1933", "../1933-11-16"),
        ("from 1917 (end unknown)", "1917/"),
        ("until 1933 (start unknown)", "/1933"),
    ],
)
def test_one_side_alone(text, edtf):
    assert read_date(text).edtf == edtf


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("  1917-12 ", "1917-12"),
        ("1941 / 1945", "1941/1945"),
        ("202x", "202X"),
        ("18xx", "18XX"),
        ("193x/196x", "193X/196X"),
        ("2022/..", "2022/.."),
        ("-0043-03-15", "-0043-03-15"),
        ("2022-21", "2022-21"),
    ],
)
def test_edtf_is_read_with_some_forbearance(text, edtf):
    assert read_date(text).edtf == edtf


# Months and years like 1917-21 are the one form with a second meaning, see below.
@given(date_texts.filter(lambda text: not re.fullmatch(r"\d{4}-[23]\d", text)))
@unhurried
def test_stored_text_is_read_as_itself(text):
    assert read_date(text) == parse_date(text)


@pytest.mark.parametrize(
    ("text", "edtf"),
    [("25/12/2022", "2022-12-25"), ("12/25/2022", "2022-12-25"), ("4.4.2022", "2022-04-04")],
)
def test_figures_are_read_when_only_one_order_is_possible(text, edtf):
    assert read_date(text).edtf == edtf


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("4/5/2022", "4 May 2022", "5 April 2022"),
        ("04.05.2022", "4 May 2022", "5 April 2022"),
        ("4-5-2022", "4 May 2022", "5 April 2022"),
        ("since 4/5/2022", "from 4 May 2022", "from 5 April 2022"),
        ("1917-21", "spring 1917", "1917 to 1921"),
        ("1917-33", "the first quarter of 1917", "1917 to 1933"),
        ("1900s", "the decade of the 1900s", "the 20th century"),
        ("winter 1941", "winter 1940–41", "winter 1941–42"),
    ],
)
def test_text_with_two_meanings_is_refused_and_both_are_named(text, one, other):
    assert sentence(text) == f"“{text}” can mean {one} or {other}. Write out the one you mean."


@pytest.mark.parametrize("text", ["4/5/2022", "1917-21", "1917-33", "1900s", "winter 1941"])
def test_each_meaning_named_in_a_refusal_can_be_typed(text):
    choices = re.search(r"can mean (.+)\. Write", sentence(text))[1].split(" or ")
    assert len({read_date(choice).edtf for choice in choices}) == 2


def test_a_month_keeps_the_hyphen_and_an_interval_of_years_the_dash():
    assert read_date("1909-12").edtf == "1909-12"
    assert read_date("1909–12").edtf == "1909/1912"
    assert read_date("1917–21").edtf == "1917/1921"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "yesterday",
            "early 1917",
            "mid-1920s",
            "before 1917",
            "after 1917",
            "20s",
            "1917 or 1918",
        ),
        *(
            "6 December",
            "December",
            "6 December 17",
            "4/5/22",
            "476",
            "19",
            "1917 1918",
            "1917, 1918",
        ),
        *(
            "1917–",
            "–1917",
            "to",
            "from",
            "from 1917 to",
            "between 1917",
            "0 BC",
            "AD 0",
            "44 AD BC",
        ),
        *("1917/12", "1917/18", "2022/02/28", "١٩١٧", "²⁰¹⁷", "1917²", "1,917", "6 Decembers 1917"),
        *("from 1 to 5 May 2020 to 6 June 2021", "28 February to 5 March", "1917 (Old Style)"),
        *(
            "winter 1941–43",
            "0th century",
            "101st century",
            "٤٤ BC",
            "1917 (end unknown)",
            "1917 to 1933 (end unknown)",
        ),
    ],
)
def test_what_cannot_be_read_is_answered_with_two_examples(text):
    assert sentence(text) == (
        f"“{text}” cannot be read as a date. Write it like 6 December 1917 or 1941 to 1945."
    )


@pytest.mark.parametrize("text", ["", "   ", "\n", None, 1917])
def test_nothing_is_answered_with_two_examples(text):
    assert sentence(text) == "Write a date, for example 6 December 1917 or 1941 to 1945."


@pytest.mark.parametrize("text", ["30 February 2023", "30/2/2023", "since February 30, 2023"])
def test_a_day_that_does_not_exist_is_refused_by_name(text):
    assert sentence(text) == "There is no 30 February 2023: that month has 28 days."


@pytest.mark.parametrize("text", ["1945 to 1941", "1999–02", "December to February 2014"])
def test_a_reversed_interval_is_refused(text):
    assert "ends before it begins" in sentence(text)


def test_two_calendars_are_sent_to_the_note():
    assert "note on the calendar" in sentence("16 (28) October 1803")
    assert "note on the calendar" in sentence("28 October 1803 (16 October Old Style)")


def test_long_text_is_refused():
    assert sentence("1917 " * 1000) == "That is too long for a date; write only the date."


def reading_or_none(text):
    """Return the date that a text is read as, None if it is refused with a sentence."""
    try:
        return read_date(text)
    except ValidationError as refusal:
        (message,) = refusal.messages
        return None if message.endswith(".") else message


WORDS = st.lists(
    st.sampled_from(
        [
            *("6", "44", "1917", "1941", "1920s", "19th", "4/5/2022", "1917-21", "AD", "BC", "Q1"),
            *("December", "Feb.", "winter", "spring", "the", "century", "decade", "of", "present"),
            *("from", "to", "until", "between", "and", "about", "c.", "uncertain", "onwards"),
            *("-", "–", "/", "(", ")", "?", "~", ","),
        ]
    ),
    max_size=8,
).map(" ".join)


@given(st.one_of(st.text(max_size=130), WORDS, WORDS.map(lambda text: text.replace(" ", ""))))
@example("İ 1917")
@example("1917\x00")
@unhurried
def test_any_text_gives_a_date_or_a_sentence_and_nothing_else(text):
    date = reading_or_none(text)
    assert date is None or parse_date(date.edtf) == date


@given(WORDS)
@unhurried
def test_every_year_that_is_typed_is_in_the_date(text):
    """No word may be passed over: a year that was typed and is not in the date was misread."""
    date = reading_or_none(text)
    if date is not None:
        for year in re.findall(r"\b(?:1917|1941)\b(?!-)", text):
            assert year in date.edtf or f"-{int(year) - 1}" in date.edtf
