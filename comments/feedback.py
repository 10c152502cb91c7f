"""Did the article help? An answer, and what a reader adds to it. Private, so it touches no page.

Words that a program sent get the same thanks as everybody's and are not stored: what fills in the
hidden field, what is sent sooner than anybody types, and what repeats itself.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from articles.models import Publication
from comments.limits import require_room_for_feedback
from comments.models import Feedback
from comments.tasks import forget_networks_in_time

THE_SAME_WITHIN = timedelta(minutes=10)
TOO_YOUNG = timedelta(seconds=3)
"""Nobody reads the question that follows, types an answer and sends it in less."""
REPEATED_WITHIN = timedelta(days=1)


@transaction.atomic
def give(
    publication: Publication, *, helped: bool, network: str, at: datetime | None = None
) -> Feedback:
    """Store a reader's answer about a publication.

    A second answer from the same network within ten minutes takes the place
    of the first, so that a double click counts once; but not of one to which
    its reader has added something. Raises ``TooMany``.
    """
    at = at or timezone.now()
    fingerprint = _fingerprint(publication, network)
    same = Feedback.objects.filter(fingerprint=fingerprint)
    same.filter(created_at__lte=at - THE_SAME_WITHIN).update(fingerprint=None)
    if earlier := _replace(fingerprint, helped):
        return earlier
    require_room_for_feedback(network, at)
    try:
        with transaction.atomic():
            given = Feedback.objects.create(
                article_id=publication.article_id,
                publication=publication,
                helped=helped,
                network=network,
                fingerprint=fingerprint,
                created_at=at,
            )
    except IntegrityError:
        # Two clicks at the same moment: the other one was stored after we had looked.
        if earlier := _replace(fingerprint, helped):
            return earlier
        raise
    forget_networks_in_time()
    return given


@transaction.atomic
def explain(feedback: Feedback, *, reason: str, text: str) -> None:
    """Add a reader's reason and words to their answer, which no later one then replaces."""
    if reason or text:
        feedback = Feedback.objects.select_for_update(of=("self",)).get(pk=feedback.pk)
        feedback.reason, feedback.text, feedback.fingerprint = reason, text, None
        feedback.save(update_fields=["reason", "text", "fingerprint"])


def is_by_program(feedback: Feedback, text: str, *, asked_at: datetime, at: datetime) -> bool:
    """Was a text sent sooner than people type, or does it say again what was said lately?

    Said again by another answer, about the same article or from the same network. A reader who
    chooses a reason and writes nothing is never taken for a program.
    """
    if not text:
        return False
    if at - asked_at < TOO_YOUNG:
        return True
    lately = Feedback.objects.filter(text=text, created_at__gt=at - REPEATED_WITHIN)
    here = Q(article=feedback.article_id)
    if feedback.network:
        here |= Q(network=feedback.network)
    return lately.filter(here).exclude(pk=feedback.pk).exists()


# The follow-up question belongs to the one who answered: its address is signed.


class Given(NamedTuple):
    """What a signed address says of an answer: ``pk`` is 0 for one that was not stored."""

    pk: int
    helped: bool
    asked_at: datetime


def sign(feedback: Feedback | None, *, helped: bool, at: datetime) -> str:
    """Return signed words that name an answer and when the question that follows was asked.

    None is an answer that was not stored.
    """
    named = f"{feedback.pk if feedback else 0}-{'yes' if helped else 'no'}"
    return _signer().sign(f"{named}-{at.timestamp():.3f}")


def read_signed(words: str) -> Given | None:
    """Return what ``sign`` was told; None if the words are forged or those of another release."""
    try:
        pk, helped, moment = _signer().unsign(words).split("-")
        return Given(int(pk), helped == "yes", datetime.fromtimestamp(float(moment), UTC))
    except (BadSignature, ValueError, OverflowError, OSError):
        return None


def _signer() -> Signer:
    return Signer(salt="comments.feedback")


def _replace(fingerprint: str, helped: bool) -> Feedback | None:
    found = Feedback.objects.select_for_update(of=("self",)).filter(fingerprint=fingerprint)
    earlier = found.first()
    if earlier and earlier.helped != helped:
        earlier.helped = helped
        earlier.save(update_fields=["helped"])
    return earlier


def _fingerprint(publication: Publication, network: str) -> str:
    return hashlib.sha256(f"{publication.pk}\0{network}".encode()).hexdigest()
