"""The standing of comments' writers: how what they wrote before was received, and bans.

For all comments of a page at once, in a fixed number of queries; counting stops at
``COUNTED_TO``, as nobody decides otherwise for 1,000 than for 50.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from comments.models import Ban, Comment, Report, Transition
from comments.moderating import hashes_of
from publishing.constants import Constant

COUNTED_TO = 50
# Texts of reports that are shown with a comment.
MOST_TEXTS = 5

REFUSED = (Comment.State.REJECTED, Comment.State.SPAM)


@dataclass(frozen=True, slots=True)
class Received:
    """How comments were received: so many approved, so many rejected or called spam."""

    approved: int
    refused: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a comment and its writer, besides its words.

    ``reason`` is why it is in its state, as the log says; ``by_address`` and ``by_network`` how
    others from there were received, None where there is no address or network. ``reports`` counts
    open reports by category, ``texts`` are the newest of them with words.
    """

    reason: str = ""
    by_address: Received | None = None
    by_network: Received | None = None
    bans: list[Ban] = field(default_factory=list)
    reports: dict[str, int] = field(default_factory=dict)
    texts: list[Report] = field(default_factory=list)


def standings(comments: Iterable[Comment], at: datetime) -> dict[int, Standing]:
    """Return the standing of each comment by its key; four queries."""
    comments = list(comments)
    facts = {row["pk"]: row for row in _facts(comments)}
    bans = _bans(comments, at)
    categories, texts = _categories(comments), _texts(comments)
    return {
        comment.pk: Standing(
            reason=facts[comment.pk]["reason"] or comment.held_by,
            by_address=_received(facts[comment.pk], "reader") if comment.reader_id else None,
            by_network=_received(facts[comment.pk], "network") if comment.network else None,
            bans=[ban for hashed in hashes_of(comment).values() for ban in bans.get(hashed, [])],
            reports=categories.get(comment.pk, {}),
            texts=texts.get(comment.pk, []),
        )
        for comment in comments
        if comment.pk in facts
    }


class _CountOfSome(Subquery):
    """How many rows a subquery has, which says itself how many it looks at most."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def _facts(comments: list[Comment]) -> QuerySet:
    """One row for each comment: why it is in its state, and the counts of its writer."""
    last = Transition.objects.filter(comment=OuterRef("pk")).order_by("-pk")
    counts = {
        f"{column}_{state}": _count(column, state)
        for column in ("reader", "network")
        for state in (Comment.State.APPROVED, *REFUSED)
    }
    rows = Comment.objects.filter(pk__in=[comment.pk for comment in comments]).order_by()
    return rows.annotate(reason=Subquery(last.values("reason")[:1]), **counts).values(
        "pk", "reason", *counts
    )


def _count(column: str, state: str) -> _CountOfSome:
    """Others with the same reader or network in a state, ``COUNTED_TO`` at most.

    The second filters say of a network what its index says, or SQLite does not see that it fits.
    """
    same = Comment.objects.in_state(state).filter(**{column: OuterRef(column)})
    others = same.exclude(pk=OuterRef("pk")).order_by()
    if column == "network":
        others = others.from_a_network().exclude(state=Constant(Comment.State.PENDING.value))
    return _CountOfSome(others.values("pk")[:COUNTED_TO])


def _received(row: dict[str, Any], column: str) -> Received:
    refused = sum(row[f"{column}_{state}"] for state in REFUSED)
    return Received(row[f"{column}_{Comment.State.APPROVED}"], min(refused, COUNTED_TO))


def _bans(comments: list[Comment], at: datetime) -> dict[str, list[Ban]]:
    hashes = {hashed for comment in comments for hashed in hashes_of(comment).values()}
    found: dict[str, list[Ban]] = {}
    for ban in Ban.objects.filter(hash__in=hashes, ends_at__gt=at).select_related("made_by"):
        found.setdefault(ban.hash, []).append(ban)
    return found


def _open_reports(comments: list[Comment]) -> QuerySet[Report]:
    reported = [comment.pk for comment in comments if comment.open_reports]
    return Report.objects.filter(comment__in=reported, settled_at__isnull=True).order_by()


def _categories(comments: list[Comment]) -> dict[int, dict[str, int]]:
    counted = _open_reports(comments).values("comment", "category").annotate(count=Count("pk"))
    found: dict[int, dict[str, int]] = {}
    for row in counted.order_by("comment", "-count", "category"):
        found.setdefault(row["comment"], {})[row["category"]] = row["count"]
    return found


def _texts(comments: list[Comment]) -> dict[int, list[Report]]:
    number = Window(RowNumber(), partition_by=F("comment"), order_by=F("pk").desc())
    written = _open_reports(comments).exclude(text="").annotate(place=number)
    found: dict[int, list[Report]] = {}
    for report in written.filter(place__lte=MOST_TEXTS).order_by("comment", "-pk"):
        found.setdefault(report.comment_id, []).append(report)
    return found
