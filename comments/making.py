"""Making a discussion of any size, to see and to measure what the site does with it.

Written past the deeds, row by row into the table: ten million comments through them would take
days. What the deeds would have kept (places, counts, stamps) is kept here too, and a recount finds
nothing to mend. Votes are counts; there are no transitions, reports or readers.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction

from articles.models import Article, Publication
from comments.models import DEEPEST, STEP, Comment, Discussion
from comments.states import lock_discussions
from comments.voting import wilson_lower_bound
from publishing.markup.comments import render_comment
from publishing.stamps import comments_stamp, touch

AT_ONCE = 20_000
LARGEST_THREAD = 2_000
SENTENCE = (
    "the state note envoy between capital treaty reply of record office letter in which minister "
    "answered without a day archive had been read by both and neither side of this matter since"
)
WORDS = SENTENCE.split()
BODIES = 400
"""Different texts; more would only fill the disk."""
STATES = (Comment.State.APPROVED, Comment.State.PENDING, Comment.State.REJECTED,
          Comment.State.SPAM, Comment.State.REMOVED)  # fmt: skip
SHARES = (88, 2, 4, 5, 1)
"""Of a hundred comments, as they stand on a site that has been moderated for years."""
YEARS = 3

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Target:
    """An article that is to have so many comments, and the anchors that they may be about."""

    article: Article
    publication: Publication
    count: int
    anchors: Sequence[str] = ()


@transaction.atomic
def make_discussion(
    targets: Sequence[Target],
    *,
    now: datetime,
    seed: int = 1,
    progress: Progress = lambda made: None,
) -> int:
    """Write the comments of all articles, mixed as they would have come; return how many.

    All of them or, if it is stopped, none. Indexes are built at the end where the table is empty.
    """
    lock_discussions(target.article.pk for target in targets)
    first = _next_key()
    maker = Maker(targets, first=first, now=now, chance=random.Random(seed))  # noqa: S311
    with _indexes_at_the_end(is_empty=not Comment.objects.exists()):
        made = _written(maker.batches(), progress)
    _set_next_key()
    for target in targets:
        key = target.article.pk
        Discussion.objects.filter(pk=key).update(
            shown=maker.shown[key], about=dict(maker.about[key])
        )
    touch(*{comments_stamp(target.article.uid) for target in targets})
    return made


# Making rows


@dataclass(slots=True)
class _Made:
    """A comment that is being made; ``parent`` is a place in the same thread."""

    target: int
    parent: "_Made | None"
    level: int
    at: float
    state: str
    pk: int = 0
    path: str = ""
    below: int = 0


class Maker:
    """Makes threads of chance, whole, a batch of them at a time, and mixes them by their dates."""

    def __init__(
        self, targets: Sequence[Target], *, first: int, now: datetime, chance: random.Random
    ) -> None:
        self.targets = targets
        self.chance = chance
        self.shown = {target.article.pk: 0 for target in targets}
        self.about = {target.article.pk: Counter[str]() for target in targets}
        self._left = [target.count for target in targets]
        self._weights = list(accumulate(target.count for target in targets))
        self._total = sum(self._left)
        self._next = first
        self._begin = now - timedelta(days=365 * YEARS)
        self._span = (now - self._begin).total_seconds()
        self._now = now
        texts = [self._text() for _ in range(BODIES)]
        self._texts = [(text, str(render_comment(text))) for text in texts]

    def batches(self) -> Iterator[list[tuple[Any, ...]]]:
        """Yield rows, columns as in ``COLUMNS``, until every article has its comments."""
        made = 0
        while made < self._total:
            batch: list[_Made] = []
            while len(batch) < AT_ONCE and made + len(batch) < self._total:
                target = self._some_target()
                batch += self._thread(target, min(self._size(), self._left[target]), made)
            batch.sort(key=lambda one: (one.at, one.level))
            made += len(batch)
            yield self._rows(batch)

    def _some_target(self) -> int:
        for _try in range(20):
            (target,) = self.chance.choices(range(len(self._left)), cum_weights=self._weights)
            if self._left[target]:
                return target
        # Few articles have room: find them instead of trying.
        return next(target for target, left in enumerate(self._left) if left)

    def _size(self) -> int:
        """Most threads are short and a few are very long (Pareto)."""
        return min(LARGEST_THREAD, int(self.chance.paretovariate(1.1)))

    def _thread(self, target: int, size: int, made: int) -> list[_Made]:
        """Return a thread whose replies come over hours or days."""
        self._left[target] -= size
        # Batches follow each other in time; threads of one batch overlap.
        share = (made + self.chance.random() * AT_ONCE) / (self._total + AT_ONCE)
        at = share * self._span * 0.999
        thread = [_Made(target, None, 0, at, self._state())]
        for _reply in range(size - 1):
            # Who answers answers one of the latest, or the beginning.
            among = thread[-12:] if self.chance.random() < 0.7 else thread[:1]
            parent = self.chance.choice(among)
            at = min(self._span * 0.9999, max(at, parent.at) + self.chance.expovariate(1 / 1800))
            thread.append(
                _Made(target, parent, min(parent.level + 1, DEEPEST - 1), at, self._state())
            )
        return thread

    def _state(self) -> str:
        return self.chance.choices(STATES, SHARES)[0]

    def _rows(self, batch: list[_Made]) -> list[tuple[Any, ...]]:
        for one in batch:
            one.pk = self._next
            self._next += 1
            above = one.parent.path[: (DEEPEST - 1) * STEP] if one.parent else ""
            one.path = f"{above}{one.pk:0{STEP}}"
        self._count(batch)
        return [self._row(one) for one in batch]

    def _count(self, batch: list[_Made]) -> None:
        """Count what stands approved below each: by place, which at the deepest is no parent."""
        by_key = {one.pk: one for one in batch}
        for one in batch:
            if one.state != Comment.State.APPROVED:
                continue
            self.shown[self.targets[one.target].article.pk] += 1
            for end in range(STEP, len(one.path), STEP):
                by_key[int(one.path[end - STEP : end])].below += 1

    def _row(self, one: _Made) -> tuple[Any, ...]:
        chance, target = self.chance, self.targets[one.target]
        is_shown, is_gone = one.state == Comment.State.APPROVED, one.state == Comment.State.REMOVED
        is_waiting = one.state == Comment.State.PENDING
        at = self._begin + timedelta(seconds=one.at)
        body, html = chance.choice(self._texts)
        helpful = int(chance.paretovariate(0.8)) - 1 if is_shown else 0
        helpful = min(helpful, 5_000)
        unhelpful = int(helpful * chance.random() * 0.5)
        about = chance.choice(target.anchors) if target.anchors and chance.random() < 0.05 else ""
        if about and is_shown:
            self.about[target.article.pk][about] += 1
        risk = chance.random() if is_waiting else 0.0
        return (
            one.pk,
            target.article.pk,
            target.publication.pk,
            one.parent.pk if one.parent else None,
            one.path,
            about,
            one.state,
            "" if is_gone else f"Reader {one.pk % 9973}",
            "" if is_gone else body,
            "" if is_gone else html,
            one.pk % 500 == 0 and is_shown,
            one.below,
            is_shown or one.below > 0,
            helpful,
            unhelpful,
            wilson_lower_bound(helpful, unhelpful),
            0,
            risk,
            "newcomer" if is_waiting else "",
            "",
            "",
            "",
            at,
            None if is_waiting else min(at + timedelta(hours=2), self._now),
        )

    def _text(self) -> str:
        sentences = (
            " ".join(self.chance.choices(WORDS, k=self.chance.randint(5, 20))).capitalize()
            for _ in range(self.chance.randint(1, 5))
        )
        return ". ".join(sentences) + "."


_TABLE = Comment._meta.db_table
COLUMNS = ("id", "article_id", "publication_id", "parent_id", "path", "about", "state", "name",
           "body", "body_html", "is_staff", "replies_shown", "has_place", "helpful", "unhelpful",
           "score", "open_reports", "spam_score", "held_by", "words_hash", "token_hash", "network",
           "created_at", "decided_at")  # fmt: skip


# Writing rows


def _columns() -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """Return all columns that a row must fill, and what the last of them hold everywhere."""
    others = [
        field
        for field in Comment._meta.concrete_fields
        if field.column not in COLUMNS and not field.null
    ]
    filled = tuple(field.get_db_prep_save(field.get_default(), connection) for field in others)
    return (*COLUMNS, *(field.column for field in others)), filled


def _written(batches: Iterator[list[tuple[Any, ...]]], progress: Progress) -> int:
    made = 0
    write = _copy if connection.vendor == "postgresql" else _insert
    columns, filled = _columns()
    with connection.cursor() as cursor:
        for rows in batches:
            write(cursor, columns, [(*row, *filled) for row in rows])
            made += len(rows)
            progress(len(rows))
    return made


def _copy(cursor: Any, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    """Write rows by PostgreSQL's COPY, several times as fast as INSERT."""
    with cursor.copy(f"COPY {_TABLE} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _insert(cursor: Any, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    marks = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {_TABLE} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
    moments = [COLUMNS.index(name) for name in ("created_at", "decided_at")]
    adapted = []
    for row in rows:
        values = list(row)
        for place in moments:
            values[place] = connection.ops.adapt_datetimefield_value(values[place])
        adapted.append(values)
    cursor.executemany(statement, adapted)


@contextmanager
def _indexes_at_the_end(*, is_empty: bool) -> Iterator[None]:
    """Take the table's indexes away, and build them when it is full: twice as fast, and denser.

    Both databases do so within the transaction, so that one that is stopped leaves them alone.
    """
    if not is_empty:
        yield
        return
    # Not entered: only its words are wanted, and on SQLite it refuses to begin in a transaction.
    editor = connection.schema_editor()
    editor.deferred_sql = []
    indexes = Comment._meta.indexes
    with connection.cursor() as cursor:
        references = _references(cursor)
        for name, _definition in references:
            cursor.execute(f"ALTER TABLE {_TABLE} DROP CONSTRAINT {name}")
        for index in indexes:
            cursor.execute(str(index.remove_sql(Comment, editor)))
        yield
        for index in indexes:
            cursor.execute(str(index.create_sql(Comment, editor)))
        for name, definition in references:
            cursor.execute(f"ALTER TABLE {_TABLE} ADD CONSTRAINT {name} {definition}")


def _references(cursor: Any) -> list[tuple[str, str]]:
    """Return the table's foreign keys, which PostgreSQL checks at once faster than row by row.

    SQLite checks them at the end of the transaction anyway.
    """
    if connection.vendor != "postgresql":
        return []
    # What waits to be checked at the end keeps tables from being altered: check it now.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(
        "SELECT quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype = 'f'",
        [_TABLE],
    )
    return cursor.fetchall()


def _next_key() -> int:
    return (Comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1


def _set_next_key() -> None:
    """Let the next comment be numbered behind the last. SQLite sees to that itself."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Comment]):
            cursor.execute(statement)
