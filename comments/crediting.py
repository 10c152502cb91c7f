"""What readers' comments led to."""

from datetime import datetime


def led_to(article_id: int, at: datetime) -> dict[int, tuple[int, str]]:
    """Return which comments of an article led to a correction that readers have seen.

    By the comment's key: the number of the first publication with it, and the address of the
    change.
    """
    return {}
