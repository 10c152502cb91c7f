"""Following: who wants to be told of new comments."""

from datetime import datetime

from comments.models import Comment


def after_post(comment: Comment, follow: str, at: datetime) -> None:
    """Note what the writer of a new comment wants to follow: "replies", "article" or nothing."""
