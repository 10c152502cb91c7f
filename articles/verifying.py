"""The chain: each publication is sealed together with the seal of the one before.

Whoever changes a past publication in the database has to change every seal
after it, and readers may have kept one of those.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from articles.documents import prepare, search_text, upgraded_document
from articles.models import Article, Publication
from publishing.build import build
from publishing.canonical import digest, digest_of


class State(StrEnum):
    """What verification finds of a publication."""

    GOOD = "good"
    REDACTED = "redacted"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found of one publication; ``reason`` says why it is not good."""

    publication: Publication
    state: State
    reason: str = ""


def seal_of(publication: Publication) -> str:
    """Return the digest of all that a publication promised when it began."""
    return digest(sealed(publication))


def sealed(publication: Publication) -> dict[str, Any]:
    """Return what the seal is made of: readers get the same, and can make it again."""
    begins = publication.goes_live_at.astimezone(UTC)
    return {
        "article": str(publication.article.uid),
        "number": publication.number,
        "goes_live_at": begins.isoformat(timespec="microseconds"),
        "is_major": publication.is_major,
        "change_note": publication.change_note,
        "digest": publication.digest,
        "reviews": publication.reviews,
        "previous": publication.previous_seal,
    }


def verify(article: Article) -> Iterator[Verdict]:
    """Yield a verdict for each publication of the article that is not cancelled, oldest first."""
    before = ""
    publications = article.publications.filter(cancelled_at__isnull=True)
    for publication in publications.select_related("revision", "article").order_by("goes_live_at"):
        yield _verdict(publication, before)
        before = publication.seal


def _verdict(publication: Publication, before: str) -> Verdict:
    if publication.previous_seal != before:
        reason = _("it does not follow the publication before it")
        return Verdict(publication, State.BROKEN, reason)
    is_redacted = publication.redacted_at is not None
    if not is_redacted and publication.seal != seal_of(publication):
        return Verdict(publication, State.BROKEN, _("what it says of itself was changed"))
    if not is_redacted and publication.digest != digest_of(publication.revision.content):
        return Verdict(publication, State.BROKEN, _("its content was changed"))
    if not _shows_its_content(publication):
        return Verdict(publication, State.BROKEN, _("what readers see is not its content"))
    if is_redacted:
        return Verdict(publication, State.REDACTED, publication.redaction_reason)
    return Verdict(publication, State.GOOD)


def _shows_its_content(publication: Publication) -> bool:
    """Do lists, search and the page show what the sealed content says?"""
    document = upgraded_document(publication.revision.document)
    own = document["article"]
    listed = all(
        getattr(publication, name) == own[name]
        for name in ("title", "question", "short_answer", "summary")
    )
    if not listed or publication.search_text != search_text(document):
        return False
    # What another build prepared is not shown, but made again.
    is_shown = publication.prepared_by == build()
    return not is_shown or publication.prepared == prepare(document, at=publication.goes_live_at)
