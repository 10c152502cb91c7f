"""Reading threads page by page: every comment once, in order, and never more than is shown."""

import random
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comments import reading
from comments.counting import recount
from comments.models import Comment, place_below
from comments.reading import BEST, NEWEST, OLDEST, ORDERS, Position, read_position
from tests import build
from tests.threads import ids, links, many, path_of

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
every_order = pytest.mark.parametrize("order", ORDERS.values(), ids=lambda order: order.name)

# One comment: what it answers (the number of an earlier one, or the article), what became of it,
# when it was written, how helpful it was found, whether it is pinned.
COMMENT = st.tuples(
    st.none() | st.integers(0, 30),
    st.sampled_from(["approved", "approved", "approved", "rejected", "removed", "pending"]),
    st.integers(0, 3),
    st.sampled_from([0.0, 0.0, 0.2065, 0.34, 1 / 3]),
    st.booleans(),
)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    return build.published_article("open")


@pytest.fixture
def small_pages(monkeypatch):
    """Pages of a few comments, so that small trees have many."""
    monkeypatch.setattr(reading, "THREADS_A_PAGE", 3)
    monkeypatch.setattr(reading, "FIRST_REPLIES", 2)
    monkeypatch.setattr(reading, "ON_A_PAGE", 4)


def grow(article, described) -> list[Comment]:
    """Store the comments that are described, each with its place."""
    publication = article.publications.get()
    first = (Comment.objects.order_by("pk").values_list("pk", flat=True).last() or 0) + 1
    made: list[Comment] = []
    for number, (answers, state, written, score, is_pinned) in enumerate(described):
        parent = made[answers % len(made)] if answers is not None and made else None
        words = {} if state == "removed" else {"name": "A", "body": "B", "body_html": "<p>B</p>"}
        pk = first + number
        made.append(
            Comment(
                pk=pk,
                article=article,
                publication=publication,
                parent=parent,
                path=place_below(parent.path if parent else "", pk),
                state=state,
                has_place=state == "approved",
                score=score,
                pinned_at=NOON + timedelta(minutes=written)
                if is_pinned and state == "approved" and not parent
                else None,
                decided_at=None if state == "pending" else NOON,
                created_at=NOON + timedelta(microseconds=written),
                **words,
            )
        )
    Comment.objects.bulk_create(made)
    recount(article.pk)
    return list(Comment.objects.filter(article=article).order_by("path"))


def walk(article, order):
    """Follow every link of an order; return the roots, and every row that is not a repeated one."""
    roots, rows, after = [], [], None
    while True:
        page = reading.threads(article.pk, order, after)
        for thread in page.threads:
            roots.append(thread.root)
            rows += [thread.root, *thread.replies]
            path, left = thread.after, thread.more
            while path:
                stretch = reading.below(article.pk, thread.root.path, path)
                assert_stands_under_what_it_answers(stretch)
                rows += stretch.rows
                left -= sum(row.is_approved for row in stretch.rows)
                path = stretch.after
            assert left == 0
        if page.after is None:
            return roots, rows
        after = read_position(str(page.after), order)
        assert after == page.after


def assert_stands_under_what_it_answers(stretch):
    if stretch.rows:
        first = stretch.rows[0].path
        expected = [first[:end] for end in range(10, len(first), 10)]
        assert [row.path for row in stretch.above] == expected


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(described=st.lists(COMMENT, max_size=31))
def test_page_after_page_gives_every_comment_once_whatever_the_tree(
    article, small_pages, described
):
    with transaction.atomic():
        comments = grow(article, described)
        placed = [comment for comment in comments if comment.has_place]
        shown = [comment.pk for comment in placed if comment.state == "approved"]
        for order in ORDERS.values():
            roots, rows = walk(article, order)
            assert sorted(row.pk for row in rows) == sorted(one.pk for one in placed)
            assert sorted(row.pk for row in rows if row.is_approved) == sorted(shown)
            assert [row.pk for row in roots] == in_order(placed, order)
        for comment in placed:
            assert below(article, comment) == [
                one.pk for one in placed if one.path > comment.path and answers(one, comment)
            ]
        transaction.set_rollback(True)


def in_order(placed, order) -> list[int]:
    """Return the keys of roots as an order promises them."""
    roots = [one for one in placed if one.parent_id is None]
    sign = -1 if order.is_descending else 1
    field = order.field
    value = (
        (lambda one: one.score)
        if field == "score"
        else (lambda one: (one.created_at - NOON) // timedelta(microseconds=1))
    )
    pinned = sorted(
        (one for one in roots if one.pinned_at), key=lambda one: (one.pinned_at, one.pk)
    )
    rest = [one for one in roots if not one.pinned_at]
    rest.sort(key=lambda one: (sign * value(one), sign * one.pk))
    return [one.pk for one in (*reversed(pinned), *rest)]


def below(article, comment) -> list[int]:
    """Return the keys of all that the pages of one comment show below it."""
    found, after = [], ""
    while True:
        stretch = reading.below(article.pk, comment.path, after)
        found += [row.pk for row in stretch.rows]
        after = stretch.after
        if not after:
            return found


def answers(one, comment) -> bool:
    """Does ``one`` stand below ``comment``, or on the deepest level beside it?"""
    return one.path.startswith(comment.path[:70])


@every_order
def test_the_links_of_the_pages_lead_to_every_comment_once(client, article, small_pages, order):
    chance = random.Random(order.name)
    described = [
        (
            chance.choice([None, chance.randrange(31)]),
            chance.choice(["approved", "approved", "rejected"]),
            chance.randrange(4),
            chance.choice([0.0, 0.2]),
            chance.random() < 0.1,
        )
        for _ in range(60)
    ]
    comments = grow(article, described)
    begin = f"/articles/open/comments/?sort={order.name}"
    waiting, seen, found = [begin], set(), []
    while waiting:
        address = waiting.pop()
        seen.add(address)
        text = client.get(address).text
        found += ids(text, repeated=False)
        ways = {to for words, to in links(text).items() if words != "From the beginning"}
        waiting += ways - seen

    assert sorted(found) == [one.pk for one in sorted(comments, key=lambda c: c.pk)
                             if one.state == "approved"]  # fmt: skip


@every_order
def test_a_comment_that_goes_between_two_pages_hides_no_other(article, small_pages, order):
    comments = many(article, 7)
    page = reading.threads(article.pk, order)
    last = page.threads[-1].root.pk
    Comment.objects.filter(pk=last).update(state="rejected", has_place=False)

    following = reading.threads(article.pk, order, page.after)

    expected = comments[::-1] if order.is_descending else comments
    assert [thread.root.pk for thread in following.threads] == [one.pk for one in expected[3:6]]


def test_many_pinned_threads_are_paged_too(article, small_pages):
    comments = many(article, 8)
    for number, comment in enumerate(comments[:5]):
        Comment.objects.filter(pk=comment.pk).update(pinned_at=NOON + timedelta(minutes=number))

    roots, _rows = walk(article, NEWEST)

    expected = [*comments[4::-1], *comments[:4:-1]]
    assert [row.pk for row in roots] == [comment.pk for comment in expected]


def test_positions_are_read_as_they_are_written():
    for order, value in ((BEST, 0.20654931654388604), (BEST, 1e-07), (BEST, 0.0), (NEWEST, NOON)):
        position = Position(value, 17)
        assert read_position(str(position), order) == position
    pinned = Position(NOON + timedelta(microseconds=1), 17, is_pinned=True)
    assert read_position(str(pinned), BEST) == pinned == read_position(str(pinned), OLDEST)


def test_a_path_in_a_circle_is_no_path_of_a_comment(article):
    """A path is made of keys that are smaller than its own, so nothing stands below itself."""
    root = build.comment(article)
    reply = build.comment(article, parent=root)
    circle = f"{root.path}{path_of(reply.pk)}{path_of(root.pk)}"

    stretch = reading.below(article.pk, root.path, circle)

    assert stretch.rows == []
    assert [row.pk for row in stretch.above] == [root.pk]
    assert not reading.is_path(f"{path_of(reply.pk)}{root.path}", root.path)


# What the databases do


# In the small table of a test PostgreSQL may as well go down the keys: nearly all of them match.
GOOD_ENOUGH = ("comments_comment_pkey",) if connection.vendor == "postgresql" else ()


@pytest.fixture
def crowded(article):
    """An article with threads of every kind, beside another, and statistics that know of them."""
    other = build.published_article("other")
    many(other, 200)
    roots = many(article, 400)
    many(article, 300, below=roots[-1], about="stopped")
    many(article, 100, about="facts")
    Comment.objects.filter(pk=roots[-1].pk).update(pinned_at=NOON)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            # A table of a test is so small that reading all of it may be cheaper. Whether an index
            # can give the rows, and their order, is what matters in a large one.
            for choice in ("seqscan", "bitmapscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{choice} = off")
    return article, roots


def plans(do) -> list[str]:
    """Return how the database would answer each question that ``do`` asks, values bound as then."""
    asked = []

    def note(execute, statement, values, is_many, context):
        asked.append((statement, values))
        return execute(statement, values, is_many, context)

    with connection.execute_wrapper(note):
        do()
    how = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    found = []
    for statement, values in asked:
        with connection.cursor() as cursor:
            cursor.execute(f"{how} {statement}", values)
            found.append("\n".join(str(row[-1]) for row in cursor.fetchall()))
    return found


def assert_reads(plan: str, *names: str) -> None:
    """The plan walks one of the indexes named, in its order: nothing is sorted or read whole."""
    assert any(name in plan for name in names), plan
    for wasteful in ("TEMP B-TREE", "Seq Scan", "Sort ", "SCAN comments_comment\n"):
        assert wasteful not in plan, plan


@every_order
def test_a_page_of_threads_is_a_few_ranges_of_indexes(crowded, order):
    article, _roots = crowded
    by = "comment_roots_by_score" if order.field == "score" else "comment_roots_by_age"
    after = Position(0.0, 400) if order is BEST else Position(NOON - timedelta(seconds=200), 400)

    pinned, first, first_replies = plans(lambda: reading.threads(article.pk, order))
    assert_reads(pinned, "comment_pinned")
    assert_reads(first, by)
    assert_reads(first_replies, "comment_thread")
    following = plans(lambda: reading.threads(article.pk, order, after))
    assert len(following) <= 2
    for plan in following:
        assert_reads(plan, by)
    equal = following[0]
    assert re.search(r"\bid[<>]|ROW\(", equal), equal


def test_a_stretch_of_a_thread_is_a_range_of_an_index(crowded):
    article, roots = crowded
    root = roots[-1]
    after = f"{root.path}{path_of(root.pk + 250)}"

    for stretch, above in (
        plans(lambda: reading.below(article.pk, root.path)),
        plans(lambda: reading.below(article.pk, root.path, after)),
    ):
        assert_reads(stretch, "comment_thread")
        assert_reads(above, "PRIMARY KEY", "comments_comment_pkey")


def test_what_is_about_a_part_and_feeds_are_ranges_of_indexes(crowded):
    article, roots = crowded
    feed = reading.newest_of_article(article.pk)
    of_thread = reading.newest(reading.approved_in_thread(roots[-1].pk))

    for do, index in (
        (
            lambda: reading.about(article.pk, "facts", 990),
            f"comment_about comment_of_article {' '.join(GOOD_ENOUGH)}",
        ),
        (lambda: reading.as_rows(feed), "comment_newest_here comment_of_article"),
        (lambda: reading.as_rows(of_thread), "comment_newest_in_thread"),
    ):
        (plan,) = plans(do)
        assert_reads(plan, *index.split())
