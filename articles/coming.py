"""What is coming: publications that will begin, and pages that will end by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import F, Q
from django.utils import timezone

from articles.models import Publication
from articles.models.public import PublicationQuerySet

MOST_SHOWN = 200
# What a list has no use for, and what weighs most.
_HEAVY = ("prepared", "search_text", "revision__content")


class Change(StrEnum):
    """What readers will notice of an article: it appears, it changes, it goes."""

    APPEARS = "appears"
    CHANGES = "changes"
    ENDS = "ends"


@dataclass(frozen=True, slots=True)
class Coming:
    """One change at a moment to come, and the publication that brings it or ends with it."""

    at: datetime
    change: Change
    publication: Publication


def coming(at: datetime | None = None, most: int = MOST_SHOWN) -> list[Coming]:
    """Return what will change by itself after ``at``, now unless given, the next first.

    Two queries, whatever is scheduled. A publication that is replaced before its
    own end does not end by itself.
    """
    at = at or timezone.now()
    begins = _publications().filter(goes_live_at__gt=at).order_by("goes_live_at", "pk")[:most]
    ends = _publications().filter(ends_at__gt=at, ends_at=F("expires_at"))
    ends = ends.filter(Q(goes_live_at__gt=at) | Q(is_hidden=False)).order_by("ends_at", "pk")
    changes = [
        *(Coming(one.goes_live_at, _beginning(one), one) for one in begins),
        *(Coming(one.ends_at, Change.ENDS, one) for one in ends[:most]),
    ]
    return _in_order(changes)[:most]


def _publications() -> PublicationQuerySet:
    made = Publication.objects.filter(cancelled_at=None)
    return made.select_related("article", "revision", "created_by").defer(*_HEAVY)


def _beginning(publication: Publication) -> Change:
    is_first = publication.first_published_at == publication.goes_live_at
    return Change.APPEARS if is_first else Change.CHANGES


def _in_order(changes: Sequence[Coming]) -> list[Coming]:
    # What ends at the moment at which something begins ends first.
    return sorted(changes, key=lambda one: (one.at, one.change != Change.ENDS, one.publication.pk))
