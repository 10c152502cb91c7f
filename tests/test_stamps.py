"""Stamps: fresh tokens for what has changed, and one statement to ask for them."""

import re

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from publishing.models import Stamp
from publishing.stamps import tokens, touch

pytestmark = pytest.mark.django_db


def test_what_was_never_touched_has_an_empty_token():
    assert tokens(["a", "b"]) == {"a": "", "b": ""}


def test_touching_gives_a_fresh_token_each_time():
    touch("a")
    first = tokens(["a"])["a"]
    touch("a")
    second = tokens(["a"])["a"]

    assert "" not in (first, second)
    assert first != second


def test_each_key_gets_a_token_of_its_own_and_others_keep_theirs():
    touch("a", "b", "c")
    before = tokens("abc")
    touch("a", "c")
    after = tokens("abc")

    assert len(set(before.values())) == 3
    assert after["b"] == before["b"]
    assert after["a"] != before["a"] != after["c"] != before["c"]


def test_asking_is_one_statement_and_for_nothing_none(django_assert_num_queries):
    touch("a", "b")

    with django_assert_num_queries(1):
        tokens(["b", "a", "b", "c"])
    with django_assert_num_queries(0):
        tokens([])


def test_asked_by_the_driver_or_by_djangos_cursor_it_is_the_same():
    touch("a", "b")
    by_the_driver = tokens("abc")

    with CaptureQueriesContext(connection) as seen:
        by_the_cursor = tokens("abc")

    assert len(seen) == 1
    assert by_the_driver == by_the_cursor


def test_touching_is_one_statement_with_the_keys_in_order():
    with CaptureQueriesContext(connection) as seen:
        touch("key-c", "key-a", "key-b", "key-a")

    (statement,) = [query["sql"] for query in seen if "INSERT" in query["sql"]]
    assert re.findall("key-[abc]", statement) == ["key-a", "key-b", "key-c"]
    assert Stamp.objects.filter(key__startswith="key-").count() == 3


def test_touching_looks_at_no_token_that_was_there():
    touch("a")
    with CaptureQueriesContext(connection) as seen:
        touch("a")

    assert not any("SELECT" in query["sql"] for query in seen)


def test_touching_nothing_changes_nothing():
    touch("a")
    before = tokens("a")
    touch()

    assert tokens("a") == before


def test_a_transaction_taken_back_takes_its_tokens_back():
    touch("a")
    before = tokens("a")

    with transaction.atomic():
        touch("a")
        assert tokens("a") != before
        transaction.set_rollback(True)

    assert tokens("a") == before
