"""Fragments of pages: made once while they are right, whatever page they stand on."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from publishing.pages import Fragments, Page
from publishing.stamps import tokens, touch

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_a_fragment_is_made_once_while_it_is_right(clock):
    memory = Fragments(most=8)
    made = []

    def make(page):
        page.reads("body")
        page.holds_until(NOON + HOUR)
        made.append(page.at)
        return len(made)

    def remembered():
        return memory.remembered(("key",), Page(at=datetime.now(UTC)), make)

    assert [remembered(), remembered()] == [1, 1]
    touch("discussion")
    assert remembered() == 1
    touch("body")
    assert [remembered(), remembered()] == [2, 2]
    clock.move_to(NOON + HOUR)
    assert [remembered(), remembered()] == [3, 3]
    clock.move_to(NOON)
    assert remembered() == 4


def test_the_page_depends_on_what_its_fragments_depend_on(clock):
    memory = Fragments(most=8)
    touch("body")

    def make(page):
        page.reads("body")
        page.holds_until(NOON + HOUR)

    for _ in range(2):
        page = Page(at=NOON)
        memory.remembered(("key",), page, make)
        assert page.tokens == tokens(["body"])
        assert page.until == NOON + HOUR


def test_a_fragment_knows_nothing_of_what_else_the_page_reads_later(clock):
    memory = Fragments(most=8)
    made = []
    for _ in range(2):
        page = Page(at=NOON)
        page.reads("address")
        memory.remembered(("key",), page, made.append)
        page.reads("discussion")
        touch("discussion")

    assert len(made) == 1


def test_a_fragment_ends_with_what_the_page_looked_at_before(clock):
    memory = Fragments(most=8)
    made = []

    def remembered():
        page = Page(at=datetime.now(UTC))
        page.holds_until(NOON + HOUR)
        memory.remembered(("key",), page, made.append)

    for moment in (NOON, NOON + HOUR - INSTANT, NOON + HOUR):
        clock.move_to(moment)
        remembered()
    assert len(made) == 2


def test_a_page_keeps_the_token_it_read_first_when_a_fragment_is_newer(clock):
    memory = Fragments(most=8)
    slow = Page(at=NOON)
    slow.reads("address")
    touch("address")
    memory.remembered(("key",), Page(at=NOON), lambda page: page.reads("address"))

    memory.remembered(("key",), slow, lambda page: page.reads("address"))

    assert slow.tokens == {"address": ""} != tokens(["address"])


def test_fragments_are_bounded_and_switched_off_with_the_pages(settings, clock):
    memory = Fragments(most=2)
    made = []

    def ask_for(*keys):
        for key in keys:
            memory.remembered((key,), Page(at=NOON), lambda page, key=key: made.append(key))

    ask_for("a", "b", "c", "b", "a")
    assert made == ["a", "b", "c", "a"]
    settings.PAGE_CACHE = False
    ask_for("a", "d")
    settings.PAGE_CACHE = True
    ask_for("d")
    assert made == ["a", "b", "c", "a", "a", "d", "d"]
