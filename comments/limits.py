"""How often one network may write. A limit, not a lock: two at the same instant may both fit."""

from datetime import datetime, timedelta

from comments.models import Comment, Feedback
from publishing.readers import seconds_until_room

WITHIN = timedelta(minutes=10)
MOST_COMMENTS = 5
MOST_FEEDBACK = 20


class TooMany(Exception):
    """A network has used up its room; there is some again after ``seconds``."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"There is room again in {seconds} seconds.")


def require_room_for_comment(network: str, at: datetime) -> None:
    """Raise ``TooMany`` if ``MOST_COMMENTS`` came from the network lately."""
    _require_room(Comment, network, MOST_COMMENTS, at)


def require_room_for_feedback(network: str, at: datetime) -> None:
    """Raise ``TooMany`` if ``MOST_FEEDBACK`` came from the network lately."""
    _require_room(Feedback, network, MOST_FEEDBACK, at)


def _require_room(model: type[Comment | Feedback], network: str, most: int, at: datetime) -> None:
    rows = model.objects.filter(network=network)
    if network and (seconds := seconds_until_room(rows, most=most, within=WITHIN, at=at)):
        raise TooMany(seconds)
