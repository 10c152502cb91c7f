"""What stands around a comment in its thread, whatever its state, for whoever decides about it."""

from django.db.models import prefetch_related_objects

from comments.models import STEP, Comment
from comments.queue import DECIDED_BY

BEFORE, BESIDE, BELOW = 20, 10, 20


def around(comment: Comment) -> list[Comment]:
    """Return what a comment answers, what stands before and beside it and what answers it.

    In the order of the thread, itself among them; four queries, each a stretch of an index, and
    one for who decided. Of comments that readers do not see only its neighbours are found.
    """
    root = comment.path[:STEP]
    comments = Comment.objects.exclude(state=Comment.State.REMOVED, replies_shown=0).order_by()
    shown = comments.filter(
        has_place=True, article=comment.article_id, path__gte=root, path__lt=comment.path
    )
    stretches = [
        Comment.objects.filter(pk__in=[*comment.stands_below, comment.pk]),
        shown.order_by("-path")[:BEFORE],
        comments.filter(parent=comment).order_by("pk")[:BELOW],
    ]
    if comment.parent_id:
        beside = comments.filter(parent=comment.parent_id, pk__lt=comment.pk)
        stretches.append(beside.order_by("-pk")[:BESIDE])
    found = {one.pk: one for stretch in stretches for one in stretch}
    prefetch_related_objects(list(found.values()), DECIDED_BY)
    return sorted(found.values(), key=lambda one: one.path)
