"""Reports of comments, and how a moderator settles them."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser

from comments.models import Comment, Report


def settle(comment: Comment, *, by: AbstractBaseUser | None, at: datetime) -> None:
    """Close the open reports of a locked comment."""
    open_reports = Report.objects.filter(comment=comment, settled_at__isnull=True)
    open_reports.update(settled_at=at, settled_by=by)
    comment.open_reports = 0
    comment.save(update_fields=["open_reports"])
