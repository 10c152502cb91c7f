"""Republishing: a live page takes up what the library says now, and nothing else of the draft.

The document that readers see is published again with one row of the library
replaced. The draft is not asked: it may be half-written. What such a
publication shows is kept in a revision that ``is_from_live``, unless the draft
says the very same.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Min, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.auditing import Deed, log
from articles.citing import with_keys
from articles.deeds import Scheduled, publish
from articles.documents import (
    Document,
    embedded_in,
    library_rows_in,
    read_document,
    upgraded_document,
)
from articles.models import Article, Publication, PublishedUse, Revision
from articles.recording import lock, new_revision, note_files, record
from library.models import LibraryRow, MergedRow
from publishing.canonical import canonical_json, digest, digest_of
from publishing.parts import Row


@dataclass(frozen=True, slots=True)
class Wording:
    """One way in which live pages show a row otherwise than the library has it."""

    old: Row
    new: Row
    count: int


def old_uses(row: LibraryRow) -> QuerySet[PublishedUse]:
    """Return the places where live publications show old words of ``row``, or a row merged into it.

    A publication that shows two wordings has two.
    """
    live = PublishedUse.objects.live()
    return live.filter(uid__in=_uids_of(row)).exclude(uid=row.uid, digest=digest(row.embedded()))


def outdated(row: LibraryRow) -> QuerySet[Publication]:
    """Return the live publications that show old words of ``row``, with their address as ``slug``.

    Each also says whether it shows a review, and when what is scheduled goes live.
    """
    waiting = Publication.objects.filter(
        article=OuterRef("article"), cancelled_at=None, goes_live_at__gt=timezone.now()
    )
    live = Publication.objects.filter(pk__in=old_uses(row).values("publication"))
    live = live.filter(article__addresses__is_current=True).annotate(
        slug=F("article__addresses__slug"),
        waiting_at=Subquery(waiting.order_by("goes_live_at").values("goes_live_at")[:1]),
    )
    return live.defer("prepared", "search_text", "summary").order_by("title", "pk")


def wordings(row: LibraryRow, most: int) -> list[Wording]:
    """Return in which other words live pages show ``row``, the commonest first; two queries."""
    found = list(
        old_uses(row)
        .order_by()
        .values("uid", "digest")
        .annotate(count=Count("publication", distinct=True), first=Min("publication"))
        .order_by("-count", "digest")[:most]
    )
    shown = Publication.objects.filter(pk__in={one["first"] for one in found})
    rows = {
        digest(old): old
        for publication in shown.select_related("revision").only("reviews", "revision__content")
        for old in _rows_shown(publication)
    }
    present = row.embedded()
    return [
        Wording(rows[one["digest"]], present, one["count"])
        for one in found
        if one["digest"] in rows
    ]


@transaction.atomic
def republish(
    publication: Publication,
    row: LibraryRow,
    *,
    by: AbstractBaseUser | None,
    change_note: str,
) -> Publication:
    """Publish again what readers see, with ``row`` as the library has it now.

    Also for pages that show a row which was merged into it. A minor change; it
    ends when the old one was to end, and what is scheduled stays scheduled.
    Raises ``ValidationError`` if readers no longer see ``publication``, if it
    shows nothing old of ``row``, and for all that ``publish`` refuses.
    """
    article = lock(publication.article)
    publication = Publication.objects.select_related("revision").get(pk=publication.pk)
    if not publication.is_live():
        raise ValidationError(_("Readers no longer see this version. Look again."))
    uids = _uids_of(row)
    if not any(_is_old(one, row, uids) for one in _rows_shown(publication)):
        raise ValidationError(_("This page shows what the library says already."))
    old = upgraded_document(publication.revision.document)
    new = replaced(old, row, uids)
    # Where only a review names the person, the text stays the very same.
    revision = publication.revision if new == old else _revision_of(article, new, by)
    made = publish(
        revision,
        by=by,
        change_note=change_note,
        expires_at=publication.expires_at,
        is_major=False,
        scheduled=Scheduled.KEEP,
    )
    log(Deed.REPUBLISHED, by=by, publication=made, row=str(row.uid))
    return made


def replaced(document: Document, row: LibraryRow, uids: Iterable[uuid.UUID]) -> Document:
    """Return ``document`` with ``row`` as it is now in the place of all rows with these uids."""
    known = {str(uid) for uid in uids}
    present = row.embedded()
    keys = {
        old[row.known_by]: present[row.known_by]
        for old in library_rows_in(document)
        if row.known_by and old["uid"] in known
    }
    found = _replaced(document, known, present)
    if "key" in present:
        found = with_keys(found, {old: new for old, new in keys.items() if old != new})
    return found


def _replaced(data: Any, known: set[str], present: Row) -> Any:
    if isinstance(data, dict):
        if data.get("uid") in known:
            return present
        return {name: _replaced(value, known, present) for name, value in data.items()}
    if isinstance(data, list):
        rows = [_replaced(item, known, present) for item in data]
        return _once(rows, present) if rows != data else rows
    return data


def _once(rows: list[Any], present: Row) -> list[Any]:
    """Keep the row once, and people and topics in the order of their names, as documents do."""
    first = next((place for place, one in enumerate(rows) if one is present), None)
    if first is None:
        return rows
    kept = [one for place, one in enumerate(rows) if one is not present or place == first]
    is_named = all(isinstance(one, dict) and "name" in one for one in kept)
    return sorted(kept, key=lambda one: (one["name"], one["uid"])) if is_named else kept


def _revision_of(article: Article, document: Document, by: AbstractBaseUser | None) -> Revision:
    """Return the revision that holds ``document``: the draft's own, if that says the same."""
    content = canonical_json(document)
    same = digest_of(content)
    if digest(read_document(article)) == same:
        # The words are the library's: recording them makes nobody the last to have edited.
        return record(article, by=None)
    known = article.revisions.filter(digest=same, redacted_at=None).order_by("-number").first()
    if known:
        return known
    note_files(article, document)
    return new_revision(article, content, same, by=by, is_from_live=True)


def _uids_of(row: LibraryRow) -> list[uuid.UUID]:
    return [row.uid, *MergedRow.objects.into(row).values_list("uid", flat=True)]


def _rows_shown(publication: Publication) -> list[Row]:
    """Return every row of the library that a publication shows, in its text and its reviews."""
    document = upgraded_document(publication.revision.document)
    return [*library_rows_in(document), *embedded_in(publication.reviews)]


def _is_old(shown: Row, row: LibraryRow, uids: Iterable[uuid.UUID]) -> bool:
    return shown["uid"] in {str(uid) for uid in uids} and shown != row.embedded()
