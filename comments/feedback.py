"""Did the article help? An answer, and what a reader adds to it. Private, so it touches no page."""

import hashlib
from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import Publication
from comments.limits import require_room_for_feedback
from comments.models import Feedback
from comments.tasks import forget_networks_in_time

THE_SAME_WITHIN = timedelta(minutes=10)


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


# The follow-up question belongs to the one who answered: its address is signed.


def sign(feedback: Feedback | None, *, helped: bool) -> str:
    """Return signed words that name an answer; None for one that was not stored."""
    return _signer().sign(f"{feedback.pk if feedback else 0}-{'yes' if helped else 'no'}")


def read_signed(words: str) -> tuple[int, bool] | None:
    """Return (id, whether it helped) from ``sign``; id 0 was not stored. None if forged."""
    try:
        pk, _, helped = _signer().unsign(words).partition("-")
    except BadSignature:
        return None
    return int(pk), helped == "yes"


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
