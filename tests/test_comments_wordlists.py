"""Lists of words: whole words, whatever their case and accents and whatever is hidden in them."""

import time

import pytest

from comments.wordlists import MOST_ENTRIES, fold, found_in, name_key, words_in


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("ass", "What an ASS!"),
        ("viagra", "V\u00ed\u00e0gra"),
        ("viagra", "via\u200bgra, via\u00adgra"),
        ("straße", "STRASSE"),
        ("buy now", "buy\n  NOW, please"),
        ("\uff43\uff41\uff53\uff49\uff4e\uff4f", "casino"),
        ("\u043a\u0430\u0437\u0438\u043d\u043e", "\u041a\u0410\u0417\u0418\u041d\u041e!"),
        ("赌场", "最好的赌场在这里"),
        ("e-mail", "by e mail"),
    ],
)
def test_an_entry_is_found(entry, text):
    assert found_in(text, [entry]) == entry


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("ass", "a class"),
        ("buy now", "now buy"),
        ("buy now", "buy nowhere"),
        ("赌场", "赌博"),
        ("...", "..."),
        ("", "anything"),
    ],
)
def test_an_entry_is_not_found_in_what_only_looks_like_it(entry, text):
    assert found_in(text, [entry]) == ""


def test_the_first_entry_that_is_found_is_told():
    assert found_in("one two three", ["four", "three", "one"]) == "three"


def test_words_are_letters_and_figures():
    assert words_in("Don’t_panic: 42 times!") == ["don", "t", "panic", "42", "times"]


def test_one_sign_that_stands_for_many_letters_makes_no_text_endless():
    assert len(fold("\ufdfa" * 5_000)) <= 20_000


def test_a_text_made_to_be_slow_with_the_longest_list_is_looked_through_in_a_moment():
    entries = [f"{'a' * 90} {number}" for number in range(MOST_ENTRIES * 2)]
    found_in("warm", entries)
    began = time.process_time()

    assert found_in(f"{'a' * 90} " * 54, entries) == ""

    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    "name",
    ["On Record", "on  record", "OnRecord!", "\u041en Rec\u043erd", "0n Rec0rd", "Ön Récord"],
)
def test_names_that_look_alike_at_a_glance_have_one_key(name):
    assert name_key(name) == name_key("On Record")


@pytest.mark.parametrize("name", ["On Recorder", "Record On", "Onrekord"])
def test_names_that_differ_have_other_keys(name):
    assert name_key(name) != name_key("On Record")


def test_l_and_i_and_1_look_alike():
    assert name_key("Ellen") == name_key("E11en") == name_key("EIIen")
