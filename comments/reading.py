"""Reading threads: which comments a page shows, in a few scans of an index.

A page of threads begins behind a position in an order, a page of one thread behind a path. Both
stand in the page's address, so no page counts or skips what comes before it: the last one costs
what the first one does. Rows are plain tuples, as models would cost more than all the rest.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import (
    BigIntegerField,
    DateTimeField,
    Expression,
    F,
    FloatField,
    Func,
    IntegerField,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from django.db.models.lookups import GreaterThan, LessThan
from django.utils.translation import gettext_lazy

from comments.models import DEEPEST, STEP, Comment, CommentQuerySet, Discussion, ThreadOf, keys_of
from publishing.constants import Constant

THREADS_A_PAGE = 20
FIRST_REPLIES = 3
"""Comments below the beginning of a thread that are shown with it."""
ON_A_PAGE = 100
"""Comments on a page of one thread."""
ABOUT_A_PAGE = 50
"""Comments on a page of those about one part of an article."""
IN_A_FEED = 50


class Row(NamedTuple):
    """A place in a thread. Only what an approved comment says may be shown.

    Times are text, ISO 8601 in UTC; ``parent`` is the key of what it answers; ``html`` and
    ``body`` are its words as shown and as typed.
    """

    pk: int
    path: str
    parent: int | None
    state: str
    name: str
    by_newsroom: int
    written_at: str
    changed_at: str | None
    pinned_since: str | None
    about: str
    html: str
    body: str
    helpful: int
    replies_shown: int
    score: float

    @property
    def is_approved(self) -> bool:
        return self.state == Comment.State.APPROVED

    @property
    def level(self) -> int:
        """1 for a comment on the article, 2 for a reply, up to ``DEEPEST``."""
        return len(self.path) // STEP


# Cast, because what comes out of the database as number and text needs no further converting:
# Django's converters of dates and truth values take longer than the query and the drawing.
_CAST = {
    "by_newsroom": Cast("is_staff", IntegerField()),
    "written_at": Cast("created_at", TextField()),
    "changed_at": Cast("edited_at", TextField()),
    "pinned_since": Cast("pinned_at", TextField()),
}
_COLUMNS = tuple({"parent": "parent_id", "html": "body_html"}.get(one, one) for one in Row._fields)


# Orders of threads


@dataclass(frozen=True, slots=True)
class Order:
    """An order of an article's threads; inside a thread replies always follow what they answer.

    ``more`` names the threads that follow on the next page.
    """

    name: str
    label: str
    more: str
    field: str
    is_descending: bool = True


BEST = Order("best", gettext_lazy("Best"), gettext_lazy("More comments"), "score")
NEWEST = Order("newest", gettext_lazy("Newest"), gettext_lazy("Older comments"), "created_at")
OLDEST = Order(
    "oldest", gettext_lazy("Oldest"), gettext_lazy("Later comments"), "created_at", False
)
ORDERS = {order.name: order for order in (BEST, NEWEST, OLDEST)}
# What readers found helpful is worth the first look; of threads with equal scores, those without
# a vote above all, the newest comes first, as it could never be found helpful where nobody looks.
DEFAULT = BEST


@dataclass(frozen=True, slots=True)
class Position:
    """The place of one thread in an order: what it is ordered by, then its key.

    Of any article, shown or not: a page behind it is found all the same.
    """

    value: datetime | float
    pk: int
    is_pinned: bool = False

    def __str__(self) -> str:
        """Return it as the address of a page carries it."""
        value = self.value
        said = _microseconds(value) if isinstance(value, datetime) else repr(value)
        return f"{'pinned_' if self.is_pinned else ''}{said}_{self.pk}"


_POSITION = re.compile(r"(pinned_)?([0-9][0-9.e-]{0,30})_([0-9]{1,18})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_position(text: str, order: Order) -> Position | None:
    """Return the position that ``text`` names in ``order``, None for what is none."""
    found = _POSITION.fullmatch(text)
    if found is None:
        return None
    is_pinned = bool(found[1])
    try:
        if is_pinned or order.field == "created_at":
            value: datetime | float = _EPOCH + timedelta(microseconds=int(found[2]))
        else:
            value = float(found[2])
    except (ValueError, OverflowError):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return Position(value, int(found[3]), is_pinned)


def position_of(row: Row, order: Order) -> Position:
    """Return where a thread stands: among the pinned ones, which come first, or in its order."""
    if row.pinned_since:
        return Position(moment(row.pinned_since), row.pk, is_pinned=True)
    value = row.score if order.field == "score" else moment(row.written_at)
    return Position(value, row.pk)


def moment(text: str) -> datetime:
    """Return a time that a row holds as text."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _microseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


# Threads of an article


@dataclass(frozen=True, slots=True)
class Thread:
    """The beginning of a thread: its first comment and the first replies, in thread order.

    ``after`` is the path behind which the rest begins, empty if there is none.
    """

    root: Row
    replies: list[Row]
    after: str = ""

    @property
    def more(self) -> int:
        """How many replies are not among those here."""
        here = sum(1 for row in self.replies if row.is_approved)
        return max(self.root.replies_shown - here, 1) if self.after else 0


@dataclass(frozen=True)
class Threads:
    """Threads of an article in an order, and the position behind which the next ones begin."""

    threads: list[Thread]
    after: Position | None = None

    @cached_property
    def rows(self) -> list[Row]:
        """Every row that is shown, in the order of the page."""
        return [row for thread in self.threads for row in (thread.root, *thread.replies)]


def approved(article_id: int) -> CommentQuerySet:
    """The comments of an article that readers may see."""
    return Comment.objects.approved().filter(article_id=article_id)


def places(article_id: int) -> CommentQuerySet:
    """What threads of an article show: its approved comments, and places of others below which
    some stand."""
    return Comment.objects.shown().filter(article_id=article_id)


def as_rows(comments: QuerySet) -> list[Row]:
    """Return comments as rows, in one query."""
    return [Row._make(found) for found in comments.annotate(**_CAST).values_list(*_COLUMNS)]


def counts_of(article_id: int) -> Discussion:
    """Return how many comments an article shows, and about which of its parts, in one query.

    Kept by ``comments.states``, not counted here.
    """
    return Discussion.objects.filter(pk=article_id).first() or Discussion(article_id=article_id)


def threads(article_id: int, order: Order = DEFAULT, after: Position | None = None) -> Threads:
    """Return the threads behind a position, the first ones without, in at most four queries.

    Pinned ones come first, the one pinned last before the others.
    """
    wanted = THREADS_A_PAGE + 1
    is_among_pinned = after is None or after.is_pinned
    roots: list[Row] = []
    if is_among_pinned:
        pinned = places(article_id).roots().filter(pinned_at__isnull=False)
        roots = _read_behind(pinned, "pinned_at", after, wanted)
    if len(roots) < wanted:
        rest = places(article_id).roots().filter(pinned_at__isnull=True)
        position = None if is_among_pinned else after
        roots += _read_behind(
            rest, order.field, position, wanted - len(roots), is_descending=order.is_descending
        )
    follows = position_of(roots[THREADS_A_PAGE - 1], order) if len(roots) == wanted else None
    roots = roots[:THREADS_A_PAGE]
    replies = _first_replies(article_id, [row for row in roots if row.replies_shown])
    return Threads([_thread(root, replies.get(root.path, [])) for root in roots], follows)


def _thread(root: Row, replies: list[Row]) -> Thread:
    shown = replies[:FIRST_REPLIES]
    return Thread(root, shown, shown[-1].path if len(replies) > FIRST_REPLIES else "")


def _read_behind(
    comments: QuerySet,
    field: str,
    position: Position | None,
    most: int,
    *,
    is_descending: bool = True,
) -> list[Row]:
    """Read on behind a position, by a field and the key: one range of an index, or two.

    Compared as pairs, SQLite reads everything that is equal: a hundred thousand comments without a
    vote. So it is asked first for what is equal there, then for the rest. PostgreSQL might look
    for what is equal along the keys of all articles, and is asked for pairs.
    """
    sorts, beyond = ("-", "lt") if is_descending else ("", "gt")
    ordered = comments.order_by(f"{sorts}{field}", f"{sorts}pk")
    if position is None:
        return as_rows(ordered[:most])
    if connection.vendor == "postgresql":
        kind = FloatField() if isinstance(position.value, float) else DateTimeField()
        there = _Pair(Value(position.value, kind), Value(position.pk, BigIntegerField()))
        compared = (LessThan if is_descending else GreaterThan)(_Pair(F(field), F("pk")), there)
        return as_rows(ordered.filter(compared)[:most])
    equal = comments.filter(**{field: position.value, f"pk__{beyond}": position.pk})
    rows = as_rows(equal.order_by(f"{sorts}pk")[:most])
    if len(rows) < most:
        rest = ordered.filter(**{f"{field}__{beyond}": position.value})
        rows += as_rows(rest[: most - len(rows)])
    return rows


class _Pair(Func):
    """Two values that are compared as one."""

    template = "(%(expressions)s)"
    output_field = TextField()


def _first_replies(article_id: int, roots: list[Row]) -> dict[str, list[Row]]:
    """Return the first places below each root by its path, one more than is shown, in one query.

    One scan of the index of threads for each: asked for together ("the first three of each
    group"), a database would read all replies.
    """
    if not roots:
        return {}
    paths = [(root.path, _end_of(root.path)) for root in roots]
    ask = _by_each_root if connection.vendor == "postgresql" else _joined
    rows = sorted(ask(article_id, paths), key=lambda row: row.path)
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.path[:STEP], []).append(row)
    return found


def _joined(article_id: int, paths: list[tuple[str, str]]) -> list[Row]:
    """Return the first rows between each pair of paths, by one statement joined to itself."""
    statement, given = _first_between(article_id, Value("from"), Value("to"))
    values = [
        {"from": begins, "to": ends}.get(value, value) for begins, ends in paths for value in given
    ]
    # What is joined is one statement of the ORM's, again and again: no text of anybody's.
    union = " UNION ALL ".join([f"SELECT * FROM ({statement}) AS below"] * len(paths))  # noqa: S608
    return _read(union, values)


def _by_each_root(article_id: int, paths: list[tuple[str, str]]) -> list[Row]:
    """Return the same on PostgreSQL, which would think longer about so many joined statements
    than it takes to answer them: it is given one, to be asked for each pair."""
    statement, given = _first_between(
        article_id, RawSQL("thread.begins", ()), RawSQL("thread.ends", ())
    )
    begins, ends = (list(column) for column in zip(*paths, strict=True))
    pairs = "unnest(%s::text[], %s::text[]) AS thread(begins, ends)"
    each = f"SELECT below.* FROM {pairs} CROSS JOIN LATERAL ({statement}) AS below"  # noqa: S608
    return _read(each, [begins, ends, *given])


def _first_between(
    article_id: int, begins: Expression, ends: Expression
) -> tuple[str, tuple[Any, ...]]:
    """Return the statement for the first places between two paths, one more than is shown."""
    below = places(article_id).filter(path__gt=begins, path__lt=ends).in_thread()
    columns = below.annotate(**_CAST).values_list(*_COLUMNS)[: FIRST_REPLIES + 1]
    return columns.query.sql_with_params()


def _read(statement: str, values: Sequence[Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(map(Row._make, cursor.fetchall()))


# One thread


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a thread: what it stands below, its rows, and the path behind which more follow.

    ``above`` repeats what was shown before, the beginning of the thread first.
    """

    above: list[Row]
    rows: list[Row]
    after: str = ""


def find_place(article_id: int, named: str) -> Row | None:
    """Return the place in the article's threads that a reader names by its number, if any."""
    if not re.fullmatch(r"[0-9]{1,18}", named, re.ASCII):
        return None
    return next(iter(as_rows(places(article_id).filter(pk=int(named)))), None)


def is_path(text: str, below: str) -> bool:
    """Is ``text`` a path on which a stretch of what stands below the path ``below`` may end?"""
    whole = re.fullmatch(rf"(?:[0-9]{{{STEP}}}){{1,{DEEPEST}}}", text, re.ASCII)
    return bool(whole) and text.startswith(_above_answers(below))


def below(article_id: int, path: str, after: str = "") -> Stretch:
    """Return a stretch of what stands below a path, in two queries.

    It begins with the first answer, or behind the path ``after``. What answers a comment on the
    deepest level stands beside it: there all that follows is meant.
    """
    comments = places(article_id).filter(path__gt=after or path, path__lt=_end_of_answers(path))
    rows = as_rows(comments.in_thread()[: ON_A_PAGE + 1])
    # Sorted here: asked for in order, a database may read the whole article in that order.
    known = sorted(
        as_rows(places(article_id).filter(pk__in=keys_of(after or path)).order_by()),
        key=lambda row: row.path,
    )
    # A path is what somebody typed: only rows that do stand above the first one are believed.
    beginning = rows[0].path if after and rows else path
    above = [row for row in known if beginning.startswith(row.path)]
    follows = rows[ON_A_PAGE - 1].path if len(rows) > ON_A_PAGE else ""
    return Stretch(above, rows[:ON_A_PAGE], follows)


def _above_answers(path: str) -> str:
    """Return the path below which answers stand: the comment's own, but on the deepest level."""
    return path[: (DEEPEST - 1) * STEP]


def _end_of_answers(path: str) -> str:
    return _end_of(_above_answers(path))


def _end_of(path: str) -> str:
    """Return the first path that does not stand below ``path``."""
    return f"{path[:-STEP]}{int(path[-STEP:]) + 1:0{STEP}}"


# About a part of the article, and lately


def about(article_id: int, anchor: str, before: int = 0) -> tuple[list[Row], int]:
    """Return comments about what has the id ``anchor``, the newest first, in one query.

    And the key before which the next ones begin, 0 at the end; ``before`` is such a key.
    """
    # That it is about something is said for the index, which holds nothing else; for ranges and
    # the long order see ``newest_of_article``.
    comments = (
        Comment.objects.approved()
        .exclude(about=Constant(""))
        .filter(article_id__gte=article_id, article_id__lte=article_id)
        .filter(about__gte=anchor, about__lte=anchor)
    )
    if before:
        comments = comments.filter(pk__lt=before)
    ordered = comments.order_by("-article_id", "-about", "-pk")
    rows = as_rows(ordered[: ABOUT_A_PAGE + 1])
    follows = rows[ABOUT_A_PAGE - 1].pk if len(rows) > ABOUT_A_PAGE else 0
    return rows[:ABOUT_A_PAGE], follows


def newest(comments: QuerySet) -> QuerySet:
    """What a feed shows of approved comments: the newest ones."""
    return comments.order_by("-pk")[:IN_A_FEED]


def newest_of_article(article_id: int) -> QuerySet:
    """What the feed of an article shows.

    Its key as a range and in the order, so that no database goes down the keys of all articles in
    search of one that was last commented on long ago.
    """
    comments = Comment.objects.approved().filter(
        article_id__gte=article_id, article_id__lte=article_id
    )
    return comments.order_by("-article_id", "-pk")[:IN_A_FEED]


def approved_in_thread(root: int) -> QuerySet:
    """The approved comments of the thread that begins with the comment ``root``."""
    return (
        Comment.objects.approved().alias(thread=ThreadOf("path")).filter(thread=f"{root:0{STEP}}")
    )


def answered_by(rows: Iterable[Row]) -> dict[int, int]:
    """Return the key of what each approved row answers, if that is among the rows and shown.

    Else of what it stands below; nothing for what answers the article, as far as the rows know.
    """
    shown = {row.pk for row in rows if row.is_approved}
    found: dict[int, int] = {}
    for row in rows:
        nearest = [row.parent, *reversed(keys_of(row.path)[:-1])]
        if key := next((key for key in nearest if key in shown and key != row.pk), None):
            found[row.pk] = key
    return found
