"""Auditing: each deed that matters says here that it was done, in its own transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from articles.models import Article, AuditEntry, Publication, Revision

Deed = AuditEntry.Deed


def log(
    deed: Deed,
    *,
    by: AbstractBaseUser | None,
    article: Article | None = None,
    revision: Revision | None = None,
    publication: Publication | None = None,
    **details: Any,
) -> AuditEntry:
    """Write down that ``by`` did something; None is the system itself.

    Of a publication and a revision the rest is known: name only the narrowest.
    ``details`` are facts such as moments, addresses and numbers, never passages
    of a text: those may have to be redacted one day.
    """
    if publication:
        revision = publication.revision
    if revision:
        article = revision.article
    entry = _entry(deed, by, article, details)
    entry.revision = revision.number if revision else None
    entry.version = publication.number if publication else None
    entry.save()
    return entry


def log_of_each(
    deed: Deed, *, by: AbstractBaseUser | None, details: Mapping[Article, Mapping[str, Any]]
) -> None:
    """Write one entry for each article that a deed was about, with its own details, in one go."""
    AuditEntry.objects.bulk_create(
        _entry(deed, by, article, facts) for article, facts in details.items()
    )


def _entry(
    deed: Deed,
    by: AbstractBaseUser | None,
    article: Article | None,
    details: Mapping[str, Any],
) -> AuditEntry:
    return AuditEntry(
        at=timezone.now(),
        deed=deed,
        user_id=by.pk if by else None,
        user_name=by.get_username() if by else "",
        article_uid=article.uid if article else None,
        details={name: _plain(value) for name, value in details.items() if value is not None},
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
