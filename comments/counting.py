"""Counting again what is counted by delta: after a bulk load, and nightly, to be sure."""

from collections import Counter

from django.db import transaction

from comments.models import Comment, Discussion, keys_of
from comments.states import lock_discussions
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
