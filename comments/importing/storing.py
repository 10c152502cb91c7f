"""Storing what comes out of the spool, batch by batch, each in a transaction of its own.

A batch that was stored is found again by its keys, so an import that was killed goes on where it
was when it is run again. No mail leaves because of an import, and nothing is learned from it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from articles.models import Article, Publication
from comments.exporting import key_of
from comments.importing.spooling import moment_of
from comments.models import Comment, ImportedComment, Reader, Report, Transition, place_below
from comments.readers import address_hash
from comments.states import insert_many, lock_discussions, next_keys
from comments.voting import wilson_lower_bound
from publishing.markup.comments import render_comment

Row = tuple[dict[str, Any], int, str, str]
"""A comment as data, its article, and the key of what it answers: in the file, or elsewhere."""


@dataclass(frozen=True, slots=True)
class Known:
    """A comment that is stored here under a key of another system."""

    pk: int
    path: str
    article_id: int


class Store:
    """Stores batches. ``trusts_addresses``: that an address was confirmed is believed."""

    def __init__(self, now: datetime, *, trusts_addresses: bool = False) -> None:
        self.now = now
        self.trusts_addresses = trusts_addresses
        self._publications: dict[int, Publications] = {}
        self._articles: dict[int, Article] = {}
        self._people: dict[str, int | None] = {}

    def count_known(self, batch: list[Row]) -> int:
        """Return how many of a batch are stored already, without writing anything."""
        return len(known_among(data["key"] for data, *_places in batch))

    @transaction.atomic
    def store(self, batch: list[Row]) -> tuple[int, int]:
        """Store those of a batch that are not; return how many were, and how many were already."""
        self._look_up(batch)
        lock_discussions(article for _data, article, _inner, _outer in batch)
        keys = {key for data, _article, *parents in batch for key in (data["key"], *parents) if key}
        known = known_among(keys)
        new = [row for row in batch if row[0]["key"] not in known]
        comments: list[Comment] = []
        readers = self._readers([data for data, *_places in new])
        for pk, (data, article, inner, outer) in zip(next_keys(len(new)), new, strict=True):
            parent = known.get(inner or outer)
            if parent and parent.article_id != article:
                parent = None
            comment = self._comment(data, article, readers)
            comment.pk, comment.parent_id = pk, parent.pk if parent else None
            comment.path = place_below(parent.path if parent else "", pk)
            known[data["key"]] = Known(pk, comment.path, article)
            comments.append(comment)
        # The last of all touches the pages, so what belongs to the comments is written in it.
        pairs = list(zip(comments, (data for data, *_places in new), strict=True))
        transitions = [one for pair in pairs for one in self._transitions(*pair)]
        insert_many(comments, transitions, beside=lambda: self._write_beside(pairs))
        return len(new), len(batch) - len(new)

    def _look_up(self, batch: list[Row]) -> None:
        """Read, once each, the articles and the people that a batch names."""
        wanted = {article for _data, article, *_parents in batch} - set(self._publications)
        for article in Article.objects.filter(pk__in=wanted).only("uid"):
            self._articles[article.pk] = article
            self._publications[article.pk] = Publications(article.pk)
        names = {name for data, *_places in batch for name in _names_in(data["details"])}
        if missing := names - set(self._people):
            field = get_user_model().USERNAME_FIELD
            found = get_user_model().objects.filter(**{f"{field}__in": missing})
            self._people |= dict.fromkeys(missing) | dict(found.values_list(field, "pk"))

    def _comment(self, data: dict[str, Any], article: int, readers: Mapping[str, int]) -> Comment:
        details, at = data["details"], moment_of(data)
        is_pending = data["state"] == Comment.State.PENDING
        is_approved = data["state"] == Comment.State.APPROVED
        helpful, unhelpful = details.get("helpful", 0), details.get("unhelpful", 0)
        reports = details.get("reports", [])
        reader = readers.get(data["email"]) if data["email"] else None
        confirmed_at = _moment(details.get("confirmed_at")) if self.trusts_addresses else None
        return Comment(
            article=self._articles[article],
            publication_id=self._publications[article].under(details.get("publication"), at),
            state=data["state"],
            name=data["name"],
            body=data["body"],
            body_html=render_comment(data["body"]) if data["body"] else "",
            reader_id=reader,
            confirmed_at=confirmed_at if reader else None,
            about=details.get("about", ""),
            is_staff=details.get("is_staff", False),
            pinned_at=_moment(details.get("pinned_at")) if is_approved else None,
            helpful=helpful,
            unhelpful=unhelpful,
            score=wilson_lower_bound(helpful, unhelpful),
            open_reports=sum("settled_at" not in one for one in reports),
            spam_score=details.get("spam_score", 0.0),
            held_by=details.get(
                "held_by", "imported" if is_pending and not data["is_ours"] else ""
            ),
            created_at=at,
            edited_at=_moment(details.get("edited_at")),
            decided_at=None if is_pending else _moment(details.get("decided_at")) or self.now,
            decided_by_id=None if is_pending else self._people.get(details.get("decided_by", "")),
        )

    def _transitions(self, comment: Comment, data: dict[str, Any]) -> list[Transition]:
        """Return the log that a comment came with; else one entry that says that it came."""
        if not (given := data["details"].get("transitions")):
            return [
                Transition(comment=comment, after=comment.state, at=self.now, reason="imported")
            ]
        return [
            Transition(
                comment=comment,
                before=one.get("before", ""),
                after=one["after"],
                at=_moment(one["at"]),
                by_id=self._people.get(one.get("by", "")),
                reason=one.get("reason", ""),
            )
            for one in given
        ]

    def _write_beside(self, pairs: Iterable[tuple[Comment, dict[str, Any]]]) -> None:
        ImportedComment.objects.bulk_create(
            ImportedComment(comment=comment, key=data["key"]) for comment, data in pairs
        )
        Report.objects.bulk_create(
            Report(
                comment=comment,
                category=one["category"],
                text=one.get("text", ""),
                made_at=_moment(one["made_at"]),
                settled_at=_moment(one.get("settled_at")),
                settled_by_id=self._people.get(one.get("settled_by", "")),
            )
            for comment, data in pairs
            for one in data["details"].get("reports", [])
        )

    def _readers(self, rows: list[dict[str, Any]]) -> dict[str, int]:
        confirmed = {
            data["email"]: moment
            for data in rows
            if self.trusts_addresses and (moment := _moment(data["details"].get("confirmed_at")))
        }
        emails = {data["email"] for data in rows if data["email"]}
        return readers_with(emails, self.now, confirmed)


def begun_publications() -> QuerySet[Publication]:
    """Publications that are or were before readers, hidden ones included."""
    return Publication.objects.filter(
        number__isnull=False, cancelled_at__isnull=True, goes_live_at__lte=timezone.now()
    )


class Publications:
    """The publications of an article, to say under which of them something was written."""

    def __init__(self, article_id: int) -> None:
        rows = begun_publications().filter(article=article_id)
        columns = rows.order_by("number").values_list("goes_live_at", "number", "pk")
        self._begun, numbers, self._keys = zip(*columns, strict=True)
        self._by_number = dict(zip(numbers, self._keys, strict=True))

    def under(self, number: int | None, at: datetime) -> int:
        """Return the key of the publication with the number, else of the one live at ``at``.

        What is older than the first was written under the first.
        """
        if found := self._by_number.get(number):
            return found
        return self._keys[max(0, bisect_right(self._begun, at) - 1)]


def readers_with(
    emails: Iterable[str], at: datetime, confirmed: Mapping[str, datetime] | None = None
) -> dict[str, int]:
    """Return the keys of the readers with these addresses; new ones are made, unconfirmed.

    Those in ``confirmed`` count as confirmed from then on.
    """
    hashes = {email: address_hash(email) for email in emails}
    rows = Reader.objects.filter(address_hash__in=hashes.values())
    known = dict(rows.values_list("address_hash", "pk"))
    missing = {made: email for email, made in sorted(hashes.items()) if made not in known}
    if missing:
        Reader.objects.bulk_create(
            (
                Reader(email=email, address_hash=made, made_at=at)
                for made, email in sorted(missing.items())
            ),
            ignore_conflicts=True,
        )
        known = dict(rows.all().values_list("address_hash", "pk"))
    for email, moment in (confirmed or {}).items():
        rows.filter(pk=known[hashes[email]], confirmed_at__isnull=True).update(confirmed_at=moment)
    return {email: known[made] for email, made in hashes.items()}


def known_among(keys: Iterable[str]) -> dict[str, Known]:
    """Return the comments here that are known by these keys: imported, or this site's own."""
    wanted = set(keys)
    columns = ("key", "comment_id", "comment__path", "comment__article_id")
    rows = ImportedComment.objects.filter(key__in=wanted).values_list(*columns)
    known = {key: Known(*place) for key, *place in rows}
    numbers = {pk: key for key in wanted - set(known) if (pk := _own_number(key))}
    for comment in Comment.objects.filter(pk__in=numbers, imported__isnull=True).only(
        "path", "article_id", "created_at"
    ):
        # Another site has a comment of the same number, but not of the same microsecond.
        if key_of(comment) == numbers[comment.pk]:
            known[numbers[comment.pk]] = Known(comment.pk, comment.path, comment.article_id)
    return known


def _own_number(key: str) -> int:
    system, _colon, rest = key.partition(":")
    number = rest.partition(":")[0]
    is_one = system == "on-record" and number.isascii() and number.isdecimal() and len(number) < 19
    return int(number) if is_one else 0


def _names_in(details: dict[str, Any]) -> Iterable[str]:
    yield details.get("decided_by", "")
    yield from (one.get("by", "") for one in details.get("transitions", []))
    yield from (one.get("settled_by", "") for one in details.get("reports", []))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
