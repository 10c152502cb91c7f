"""Redaction: what a court or privacy law takes out of what was published.

Passages are replaced everywhere in the article's history, public rows and
search included. Digests and seals stay as they were, readers see when and
why, and verification says "redacted" instead of "broken".
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.documents import Document, prepare, search_text, upgraded_document, write_document
from articles.models import Article, Publication, Revision
from articles.public_rows import write_public_rows
from articles.recording import lock, record
from publishing.canonical import canonical_json
from publishing.stamps import ARTICLES, article_stamp, comments_stamp, touch

REPLACEMENT = "[redacted]"


@transaction.atomic
def redact(
    article: Article,
    *,
    passages: Sequence[str],
    reason: str,
    by: AbstractBaseUser | None,
    files: Iterable[str] = (),
) -> list[Publication]:
    """Replace passages in every revision, publication and the working copy; remove files.

    Returns the publications that changed. ``passages`` are matched as they
    stand; ``files`` are names of image files, which are deleted for good.
    """
    passages = [passage for passage in passages if passage.strip()]
    files = list(files)
    if not (passages or files):
        raise ValidationError(_("Say which words or which files are to be redacted."))
    if not reason.strip():
        raise ValidationError(_("Give the reason. Readers will see it."))
    article = lock(article)
    now = timezone.now()
    _redact_working_copy(article, passages, files)
    for revision in article.revisions.all():
        _redact_revision(revision, passages, files, reason, now)
    changed = [
        publication
        for publication in article.publications.select_related("revision")
        if _redact_publication(publication, passages, reason, now)
    ]
    transaction.on_commit(lambda: _delete_files(files))
    touch(ARTICLES, article_stamp(article.uid), comments_stamp(article.uid))
    return changed


def replaced(data: Any, passages: Sequence[str], files: Sequence[str] = ()) -> Any:
    """Return ``data`` with the passages replaced in all its texts, and without the files."""
    if isinstance(data, str):
        for passage in passages:
            data = data.replace(passage, REPLACEMENT)
        return data
    if isinstance(data, list):
        return [replaced(item, passages, files) for item in data]
    if isinstance(data, dict):
        if data.get("digest") and data.get("file") in files:
            return None
        return {key: replaced(value, passages, files) for key, value in data.items()}
    return data


def _redact_working_copy(article: Article, passages: Sequence[str], files: Sequence[str]) -> None:
    revision = record(article, by=None)
    document = replaced(revision.document, passages, files)
    if document != revision.document:
        write_document(article, document)
        record(article, by=None)


def _redact_revision(
    revision: Revision, passages: Sequence[str], files: Sequence[str], reason: str, now: datetime
) -> None:
    document: Document = replaced(revision.document, passages, files)
    if document != revision.document:
        revision.content = canonical_json(document)
        revision.redacted_at = now
        revision.redaction_reason = reason
        revision.save(update_fields=["content", "redacted_at", "redaction_reason"])


def _redact_publication(
    publication: Publication, passages: Sequence[str], reason: str, now: datetime
) -> bool:
    reviews = replaced(publication.reviews, passages)
    change_note = replaced(publication.change_note, passages)
    is_same = reviews == publication.reviews and change_note == publication.change_note
    if is_same and publication.revision.redacted_at != now:
        return False
    document = upgraded_document(publication.revision.document)
    own, prepared = document["article"], prepare(document)
    publication.title = own["title"]
    publication.question = own["question"]
    publication.short_answer = own["short_answer"]
    publication.summary = own["summary"]
    publication.search_text = search_text(document)
    publication.prepared, publication.prepared_by = prepared, prepared["build"]
    publication.reviews, publication.change_note = reviews, change_note
    publication.redacted_at, publication.redaction_reason = now, reason
    publication.save()
    write_public_rows(publication, document)
    return True


def _delete_files(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)
