"""Counting again what is counted by delta: after a bulk load, and nightly, to be sure."""

import math
from collections import Counter, defaultdict

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from comments.models import Comment, Discussion, Report, Vote, keys_of
from comments.states import lock_discussions
from comments.voting import wilson_lower_bound
from publishing.stamps import comments_stamp, touch

BATCH = 2_000


@transaction.atomic
def recount(article_id: int) -> int:
    """Count an article's comments anew and mend what differs; return how many rows were wrong."""
    lock_discussions([article_id])
    rows = Comment.objects.filter(article=article_id).order_by()
    below: Counter[int] = Counter()
    shown = 0
    approved = rows.filter(state=Comment.State.APPROVED).values_list("path", flat=True)
    for path in approved.iterator(BATCH):
        shown += 1
        below.update(keys_of(path)[:-1])
    wrong = []
    columns = ("pk", "state", "replies_shown", "has_place")
    for pk, state, replies, has_place in rows.values_list(*columns).iterator(BATCH):
        counted = below[pk]
        is_placed = state == Comment.State.APPROVED or counted > 0
        if (replies, has_place) != (counted, is_placed):
            wrong.append(Comment(pk=pk, replies_shown=counted, has_place=is_placed))
    Comment.objects.bulk_update(wrong, ["replies_shown", "has_place"], batch_size=500)
    discussion = Discussion.objects.select_related("article").get(pk=article_id)
    mended = len(wrong) + (discussion.shown != shown)
    if mended:
        Discussion.objects.filter(pk=article_id).update(shown=shown)
        touch(comments_stamp(discussion.article.uid))
    return mended


@transaction.atomic
def recount_votes(article_id: int) -> int:
    """Count the votes and open reports of an article's comments anew and mend what differs.

    Return how many rows were wrong. Pages are not told: votes touch none.
    """
    lock_discussions([article_id])
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    votes = Vote.objects.filter(comment__article=article_id).order_by()
    for key, is_helpful, number in votes.values_list("comment", "is_helpful").annotate(Count("pk")):
        counted[key]["helpful" if is_helpful else "unhelpful"] = number
    reports = Report.objects.filter(comment__article=article_id, settled_at=None).order_by()
    for key, number in reports.values_list("comment").annotate(Count("pk")):
        counted[key]["open_reports"] = number
    rows = Comment.objects.select_for_update().filter(article=article_id).order_by("pk")
    has_any = Q(helpful__gt=0) | Q(unhelpful__gt=0) | Q(open_reports__gt=0) | ~Q(score=0)
    has_any |= Q(Exists(votes.filter(comment=OuterRef("pk"))))
    has_any |= Q(Exists(reports.filter(comment=OuterRef("pk"))))
    columns = ("pk", "helpful", "unhelpful", "open_reports", "score")
    wrong = []
    for pk, *stored, score in rows.filter(has_any).values_list(*columns):
        right = [counted[pk][name] for name in columns[1:-1]]
        bound = wilson_lower_bound(*right[:2])
        if stored != right or not math.isclose(score, bound, abs_tol=1e-9):
            wrong.append(
                Comment(pk=pk, score=bound, **dict(zip(columns[1:-1], right, strict=True)))
            )
    Comment.objects.bulk_update(wrong, columns[1:], batch_size=500)
    return len(wrong)
