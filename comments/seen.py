"""What a moderator was shown of a comment: a decision counts for that and for nothing else."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from comments.models import Comment

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TOKEN = re.compile(r"([0-9]{1,18})-([a-z]{1,10})-([0-9]{1,18})-([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Seen:
    """A comment as it was shown: its state, when its writer had last changed it, its reports.

    ``edited`` counts microseconds since 1970, 0 for one that was never changed.
    """

    state: str
    edited: int
    reports: int

    @classmethod
    def of(cls, comment: Comment) -> "Seen":
        edited = (
            (comment.edited_at - _EPOCH) // timedelta(microseconds=1) if comment.edited_at else 0
        )
        return cls(comment.state, edited, comment.open_reports)


def token_of(comment: Comment) -> str:
    """Return the words that a form carries about a comment, for ``read_tokens``."""
    seen = Seen.of(comment)
    return f"{comment.pk}-{seen.state}-{seen.edited}-{seen.reports}"


def read_tokens(tokens: Iterable[str]) -> dict[int, Seen]:
    """Return what was seen of each comment, by its key; what is no token is left out."""
    found = (_TOKEN.fullmatch(token) for token in tokens)
    return {int(match[1]): Seen(match[2], int(match[3]), int(match[4])) for match in found if match}
