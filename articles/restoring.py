"""Restoring: a document written back into rows, which is a new revision."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from articles.auditing import Deed, log
from articles.citing import under_present_keys
from articles.documents import (
    Document,
    parts_not_installed,
    upgraded_document,
    write_document,
)
from articles.models import Article, Revision
from articles.recording import lock, record
from publishing.row_values import Differences


@dataclass(frozen=True, slots=True)
class Restored:
    """The revision that a restore or an import made, and where the library differs."""

    revision: Revision
    differences: Differences


@transaction.atomic
def restore(revision: Revision, *, by: AbstractBaseUser | None) -> Restored:
    """Make the working copy say what ``revision`` says, as a new revision.

    Rows are matched by uid. Library rows that are gone are made again, those
    that are there are left as they are, and ``differences`` says which.
    Readers see nothing of it until it is published.
    """
    article = lock(revision.article)
    revision.refresh_from_db()
    if revision.redacted_at:
        raise ValidationError(_("This revision was redacted, so it cannot be restored."))
    restored = _written(article, revision.document, by)
    log(Deed.RESTORED, by=by, revision=restored.revision, restored=revision.number)
    return restored


@transaction.atomic
def import_document(document: Document, *, by: AbstractBaseUser | None) -> Restored:
    """Write an exported document into the article of its uid, made anew if there is none."""
    article, _made = Article.objects.get_or_create(uid=document["uid"])
    article = lock(article)
    imported = _written(article, document, by)
    log(Deed.IMPORTED, by=by, revision=imported.revision)
    return imported


def _written(article: Article, document: Document, by: AbstractBaseUser | None) -> Restored:
    document = under_present_keys(upgraded_document(document))
    differences = write_document(article, document)
    kept = parts_not_installed(document)
    return Restored(record(article, by=by, not_installed=kept), differences)
