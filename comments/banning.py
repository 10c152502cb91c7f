"""Bans: whose comments are refused, by keyed hash, until an end date."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from comments.models import Ban


def ban(kind: str, hashed: str, *, days: int, reason: str, by: AbstractBaseUser | None) -> Ban:
    """Refuse comments of an address or a network for so many days."""
    now = timezone.now()
    return Ban.objects.create(
        kind=kind,
        hash=hashed,
        reason=reason,
        made_at=now,
        made_by=by,
        ends_at=now + timedelta(days=days),
    )


def is_banned(hashes: Iterable[str], at: datetime) -> bool:
    """Is a ban in force on one of the hashes?"""
    known = [hashed for hashed in hashes if hashed]
    return Ban.objects.filter(hash__in=known, ends_at__gt=at).exists()


def lift(ban: Ban, by: AbstractBaseUser | None) -> None:
    """End a ban now."""
    ban.ends_at = timezone.now()
    ban.save(update_fields=["ends_at"])
