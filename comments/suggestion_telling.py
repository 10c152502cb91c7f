"""Telling the writer of a suggestion what became of it, by e-mail, if they gave an address.

Each thing is told once: its mail waits in the outbox under a key of its own, and names rows by
their keys. ``comments.suggestion_mail`` has the words.
"""

from typing import Any

from articles.models import Publication
from comments import mailing
from comments.models import OutgoingMail, Suggestion
from comments.suggestion_mail import ANSWERED, DECLINED, PUBLISHED


def tell_declined(suggestion: Suggestion) -> None:
    """Leave a mail that says why nothing comes of it."""
    _tell(suggestion, DECLINED, suggestion.turn)


def tell_answered(suggestion: Suggestion) -> None:
    """Leave a mail with the editors' answer."""
    _tell(suggestion, ANSWERED, suggestion.turn)


def tell_published(suggestion: Suggestion, publication: Publication) -> None:
    """Leave a mail that goes once the publication with what it led to is before readers."""
    _tell(suggestion, PUBLISHED, publication.pk, due_at=publication.goes_live_at)


def _tell(suggestion: Suggestion, what: str, which: int, **options: Any) -> None:
    # An address that was only typed may be somebody else's.
    if suggestion.reader is None or suggestion.confirmed_at is None:
        return
    mailing.queue(
        OutgoingMail.Kind.SUGGESTION,
        suggestion.reader,
        key=f"suggestion-{suggestion.pk}-{what}-{which}",
        details={"suggestion": suggestion.pk, "what": what, "which": which},
        network=suggestion.network,
        **options,
    )
