"""Counting again what is counted by delta: after a bulk load, and nightly, to be sure.

An article is read in the order of its threads, so that only what stands above the comment in hand
is kept, at most as many rows as a thread has levels. Nothing is locked while all is well; what
seems wrong is looked at again under the lock.
"""

import logging
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import batched

from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q

from comments.models import Comment, Discussion, Report, Vote
from comments.states import lock_discussions
from comments.voting import wilson_lower_bound
from publishing.stamps import comments_stamp, touch

BATCH = 2_000
MOST_NAMED = 20
"""Comments of one article whose wrong counts are told in the log; the others are only counted."""

logger = logging.getLogger(__name__)

Progress = Callable[[int], None]


@dataclass(slots=True)
class Recounted:
    """What a recount of the site read, and how many rows were wrong."""

    articles: int = 0
    comments: int = 0
    mended: int = 0


def recount_all(progress: Progress = lambda comments: None) -> Recounted:
    """Count the comments of every article anew and mend what is wrong, each on its own.

    ``progress`` is told of every few thousand comments that were read.
    """
    found = Recounted()

    def count(comments: int) -> None:
        found.comments += comments
        progress(comments)

    for article_id in _articles():
        found.mended += recount(article_id, progress=count) + recount_votes(article_id)
        found.articles += 1
    return found


def recount(article_id: int, *, progress: Progress = lambda comments: None) -> int:
    """Count an article's comments anew and mend what differs; return how many rows were wrong.

    The log tells what was wrong. ``progress`` as in ``recount_all``.
    """
    if _is_right(article_id, progress):
        return 0
    with transaction.atomic():
        lock_discussions([article_id])
        mended = _mend(article_id)
        if mended:
            logger.warning("Article %s: %s counts of comments were wrong.", article_id, mended)
            discussion = Discussion.objects.select_related("article").get(pk=article_id)
            touch(comments_stamp(discussion.article.uid))
    return mended


@transaction.atomic
def recount_votes(article_id: int) -> int:
    """Count the votes and open reports of an article's comments anew and mend what differs.

    Return how many rows were wrong. Pages are not told: votes touch none. Of comments
    whose votes were counted elsewhere, and are no rows here, nothing is changed.
    """
    lock_discussions([article_id])
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    votes = Vote.objects.filter(comment__article=article_id).order_by()
    for key, is_helpful, number in votes.values_list("comment", "is_helpful").annotate(Count("pk")):
        counted[key]["helpful" if is_helpful else "unhelpful"] = number
    reports = Report.objects.filter(comment__article=article_id, settled_at=None).order_by()
    for key, number in reports.values_list("comment").annotate(Count("pk")):
        counted[key]["open_reports"] = number
    rows = Comment.objects.select_for_update(of=("self",)).filter(article=article_id, imported=None)
    has_any = Q(open_reports__gt=0) | Q(Exists(votes.filter(comment=OuterRef("pk"))))
    has_any |= Q(Exists(reports.filter(comment=OuterRef("pk"))))
    columns = ("pk", "helpful", "unhelpful", "open_reports", "score")
    wrong = []
    for pk, *stored, score in rows.filter(has_any).order_by("pk").values_list(*columns):
        right = [counted[pk][name] for name in columns[1:-1]]
        bound = wilson_lower_bound(*right[:2])
        if stored != right or not math.isclose(score, bound, abs_tol=1e-9):
            wrong.append(
                Comment(pk=pk, score=bound, **dict(zip(columns[1:-1], right, strict=True)))
            )
    Comment.objects.bulk_update(wrong, columns[1:], batch_size=500)
    return len(wrong)


def _articles() -> Iterator[int]:
    """Yield the keys of articles that have comments, or a count of them.

    Each is found by a jump to the next in an index, which reads no other comments.
    """
    last = 0
    while True:
        nexts = [
            rows.filter(article__gt=last).aggregate(key=models.Min("article"))["key"]
            for rows in (Comment.objects, Discussion.objects)
        ]
        last = min((key for key in nexts if key), default=0)
        if not last:
            return
        yield last


@dataclass(slots=True)
class _Shown:
    """How many comments an article shows, and about which of its parts, as they are counted."""

    shown: int = 0
    about: Counter[str] = field(default_factory=Counter)

    def add(self, some: Iterable["_Counted"]) -> None:
        for one in some:
            if one.is_shown:
                self.shown += 1
                self.about.update([one.about] if one.about else [])

    def is_said_by(self, discussion: Discussion | None) -> bool:
        said = discussion or Discussion()
        return (said.shown, said.about) == (self.shown, self.about)


def _is_right(article_id: int, progress: Progress) -> bool:
    """Look without a lock, which a busy discussion would feel; who writes meanwhile may mislead."""
    is_right, counted = True, _Shown()
    for some in batched(_counted(article_id), BATCH):
        counted.add(some)
        is_right = is_right and not any(one.is_wrong for one in some)
        progress(len(some))
    return is_right and counted.is_said_by(Discussion.objects.filter(pk=article_id).first())


def _mend(article_id: int) -> int:
    """Write what differs, under the lock, and return how many rows that were."""
    counted, wrong = _Shown(), 0
    for some in batched(_counted(article_id), BATCH):
        counted.add(some)
        mended = [one for one in some if one.is_wrong]
        for one in mended[: max(0, MOST_NAMED - wrong)]:
            logger.warning("Comment %s: %s below it, not %s.", one.pk, one.below, one.said)
        wrong += len(mended)
        Comment.objects.bulk_update(
            [
                Comment(pk=one.pk, replies_shown=one.below, has_place=one.has_place)
                for one in mended
            ],
            ["replies_shown", "has_place"],
            batch_size=500,
        )
    discussion = Discussion.objects.filter(pk=article_id).first()
    if discussion is None or counted.is_said_by(discussion):
        return wrong
    logger.warning(
        "Article %s: it shows %s comments, not %s.", article_id, counted.shown, discussion.shown
    )
    discussion.shown, discussion.about = counted.shown, dict(counted.about)
    discussion.save(update_fields=["shown", "about"])
    return wrong + 1


@dataclass(slots=True)
class _Counted:
    """A comment with what its row says, and what was counted once its replies are read."""

    pk: int
    path: str
    about: str
    is_shown: bool
    said: int
    said_place: bool
    below: int = 0

    @property
    def has_place(self) -> bool:
        return self.is_shown or self.below > 0

    @property
    def is_wrong(self) -> bool:
        return (self.said, self.said_place) != (self.below, self.has_place)


def _counted(article_id: int) -> Iterator[_Counted]:
    """Yield every comment of an article, each after all that stand below it."""
    above: list[_Counted] = []
    for one in _in_thread(article_id):
        while above and not one.path.startswith(above[-1].path):
            yield _end_of(above)
        above.append(one)
    while above:
        yield _end_of(above)


def _end_of(above: list[_Counted]) -> _Counted:
    one = above.pop()
    if above:
        above[-1].below += one.below + one.is_shown
    return one


def _in_thread(article_id: int) -> Iterator[_Counted]:
    rows = Comment.objects.filter(article=article_id).in_thread()
    columns = ("pk", "path", "about", "state", "replies_shown", "has_place")
    for pk, path, about, state, *said in rows.values_list(*columns).iterator(BATCH):
        yield _Counted(pk, path, about, state == Comment.State.APPROVED, *said)
