"""The outbox: mail to readers, left there once for each key."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from comments.models import OutgoingMail, Reader


def queue(
    kind: str,
    reader: Reader,
    *,
    key: str,
    details: dict[str, Any] | None = None,
    due_at: datetime | None = None,
    network: str = "",
) -> OutgoingMail | None:
    """Leave a mail in the outbox, in the transaction of what it tells of; None if it is there."""
    now = timezone.now()
    mail, is_new = OutgoingMail.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "reader": reader,
            "details": details or {},
            "network": network,
            "made_at": now,
            "due_at": due_at or now,
        },
    )
    return mail if is_new else None
