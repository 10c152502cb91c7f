"""Canonical JSON: one text, and so one digest, for equal data."""

import datetime
import json
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.canonical import canonical_json, digest, digest_of
from tests.date_strategies import unhurried

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


def shuffled(data):
    """Return equal data whose objects hold their keys in another order."""
    if isinstance(data, list):
        return [shuffled(item) for item in data]
    if isinstance(data, dict):
        keys = list(data)
        random.Random(len(keys)).shuffle(keys)
        return {key: shuffled(data[key]) for key in reversed(keys)}
    return data


@unhurried
@given(values)
def test_the_text_read_back_is_equal_and_has_the_same_text(data):
    text = canonical_json(data)

    assert json.loads(text) == data
    assert canonical_json(json.loads(text)) == text


@unhurried
@given(values)
def test_the_order_of_keys_does_not_matter(data):
    assert canonical_json(shuffled(data)) == canonical_json(data)
    assert digest(shuffled(data)) == digest(data)


@unhurried
@given(values, values)
def test_different_data_have_different_digests(one, other):
    # JSON knows true from 1, Python does not.
    assert (digest(one) == digest(other)) == (canonical_json(one) == canonical_json(other))
    if one != other:
        assert digest(one) != digest(other)


def test_the_text_holds_no_space_and_writes_letters_as_themselves():
    data = {"b": "Зимний дворец", "a": [1, None, True], "c": 'line\n"quoted"'}

    assert (
        canonical_json(data) == '{"a":[1,null,true],"b":"Зимний дворец","c":"line\\n\\"quoted\\""}'
    )


def test_a_digest_is_that_of_the_text_in_utf_8():
    assert digest({"a": "é"}) == digest_of('{"a":"é"}')
    assert digest_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    "data",
    [
        1.5,
        1.0,
        float("nan"),
        Decimal(1),
        datetime.date(2026, 11, 22),
        b"bytes",
        (1, 2),
        {1, 2},
        "half of a pair: \ud83d",
    ],
    ids=repr,
)
def test_what_has_no_one_text_is_refused_however_deep_it_lies(data):
    for hidden in (data, [data], {"a": {"b": [data]}}):
        with pytest.raises(TypeError, match="no canonical form"):
            canonical_json(hidden)


def test_keys_that_are_not_text_are_refused():
    with pytest.raises(TypeError, match="A key must be text, not int: 1"):
        canonical_json({"a": {1: "one"}})
    with pytest.raises(TypeError, match="no canonical form"):
        canonical_json({"half of a pair: \ud83d": 1})
