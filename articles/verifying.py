"""The chain: each publication is sealed together with the seal of the one before.

Whoever changes a past publication in the database has to change every seal
after it, and readers may have kept one of those.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from articles.models import Article, Publication
from publishing.canonical import digest, digest_of


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found of one publication."""

    publication: Publication
    state: str  # "good", "redacted" or "broken"
    reason: str = ""


def seal_of(publication: Publication) -> str:
    """Return the digest of all that a publication promised when it began."""
    begins = publication.goes_live_at.astimezone(UTC)
    return digest(
        {
            "article": str(publication.article.uid),
            "number": publication.number,
            "goes_live_at": begins.isoformat(timespec="microseconds"),
            "is_major": publication.is_major,
            "change_note": publication.change_note,
            "digest": publication.digest,
            "reviews": publication.reviews,
            "previous": publication.previous_seal,
        }
    )


def verify(article: Article) -> Iterator[Verdict]:
    """Yield a verdict for each publication of the article that is not cancelled, oldest first."""
    before = ""
    publications = article.publications.filter(cancelled_at__isnull=True)
    for publication in publications.select_related("revision", "article").order_by("goes_live_at"):
        yield _verdict(publication, before)
        before = publication.seal


def _verdict(publication: Publication, before: str) -> Verdict:
    if publication.previous_seal != before:
        return Verdict(publication, "broken", "it does not follow the publication before it")
    if publication.redacted_at:
        return Verdict(publication, "redacted", publication.redaction_reason)
    if publication.seal != seal_of(publication):
        return Verdict(publication, "broken", "what it says of itself was changed")
    if publication.digest != digest_of(publication.revision.content):
        return Verdict(publication, "broken", "its content was changed")
    return Verdict(publication, "good")
