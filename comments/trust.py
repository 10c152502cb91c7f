"""Trust: whose comments need not wait."""

from datetime import datetime, timedelta

from comments.models import Comment, Reader
from comments.rules import Rules

State = Comment.State


def is_trusted(reader: Reader, at: datetime, rules: Rules) -> bool:
    """Did the reader prove their address, write enough that was approved, and nothing bad lately?

    Only comments count that are proved to be theirs.
    """
    if reader.confirmed_at is None:
        return False
    theirs = Comment.objects.filter(reader=reader, confirmed_at__isnull=False)
    since = at - timedelta(days=rules.trusted_within_days)
    refused = theirs.filter(state__in=[State.REJECTED, State.SPAM], decided_at__gt=since)
    if refused.exists():
        return False
    approved = theirs.filter(state=State.APPROVED).order_by()
    return approved[: rules.trusted_after].count() >= rules.trusted_after
