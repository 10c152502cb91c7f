"""Auditing: each deed that matters says here that it was done, in its own transaction."""

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
    return AuditEntry.objects.create(
        at=timezone.now(),
        deed=deed,
        user_id=by.pk if by else None,
        user_name=by.get_username() if by else "",
        article_uid=article.uid if article else None,
        revision=revision.number if revision else None,
        version=publication.number if publication else None,
        details={name: _plain(value) for name, value in details.items() if value is not None},
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
