"""Amending what is scheduled: a small change to documents that no reader has seen yet.

How somebody is named is theirs to change until the page goes live. What has begun is never amended.
"""

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from articles.deeds import recompute
from articles.documents import Document, prepare, search_text, upgraded_document
from articles.models import Article, Publication
from articles.public_rows import write_public_rows
from articles.recording import lock, new_revision, note_files
from publishing.canonical import canonical_json, digest_of

Change = Callable[[Document], Document]


@transaction.atomic
def amend_scheduled(
    article: Article,
    change: Change,
    *,
    by: AbstractBaseUser | None,
    at: datetime | None = None,
) -> list[Publication]:
    """Give every publication that waits for its time the document that ``change`` makes of its own.

    Returns those that differ now. Their reviews stay: whoever reviewed them reviewed the rest.
    """
    article = lock(article)
    now = at or timezone.now()
    waiting = article.publications.filter(cancelled_at__isnull=True, goes_live_at__gt=now)
    amended = [one for one in waiting.select_related("revision") if _amend(one, change, by=by)]
    if amended:
        recompute(article, now)
    return amended


def _amend(publication: Publication, change: Change, *, by: AbstractBaseUser | None) -> bool:
    old = upgraded_document(publication.revision.document)
    document = change(old)
    if document == old:
        return False
    content = canonical_json(document)
    digest = digest_of(content)
    article = publication.article
    known = article.revisions.filter(digest=digest, redacted_at=None).order_by("-number").first()
    publication.revision = known or new_revision(article, content, digest, by=by, is_from_live=True)
    note_files(article, document)
    publication.digest = publication.shown_digest = digest
    publication.prepared = prepare(document, at=publication.goes_live_at)
    publication.prepared_by = publication.prepared["build"]
    publication.search_text = search_text(document)
    publication.save(
        update_fields=[
            "revision", "digest", "shown_digest", "prepared", "prepared_by", "search_text"
        ]
    )  # fmt: skip
    write_public_rows(publication, document)
    return True
