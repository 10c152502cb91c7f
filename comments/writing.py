"""Writing a comment: post it, mend it for a while, delete it.

What waits for an editor changes no page, so posting touches no stamp. What
has been shown and is now changed goes back to waiting, and the page follows.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import Publication
from comments.limits import require_room_for_comment
from comments.models import Comment
from comments.pipeline import Incoming, judge
from comments.readers import reader_of
from comments.states import insert, lock, move
from comments.tasks import forget_networks_in_time
from publishing.markup import render_plain

THE_SAME_WITHIN = timedelta(hours=1)


class AlreadyReceived(Exception):
    """The same words by the same name came from the same network a short while ago."""


class Closed(Exception):
    """The publication is not before readers, or takes no comments."""


class TooLate(Exception):
    """The comment may no longer be changed by its writer."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A comment that was accepted, and the token of its writer, which is stored nowhere."""

    comment: Comment
    token: str


@transaction.atomic
def post(
    publication: Publication,
    *,
    name: str,
    body: str,
    network: str,
    email: str = "",
    reply_to: Comment | None = None,
    about: str = "",
    at: datetime | None = None,
) -> Posted:
    """Accept a comment in the state that the pipeline gives it.

    The fields come from a valid ``CommentForm``. Raises ``Closed``, ``AlreadyReceived`` for the
    same again, ``TooMany`` for too many.
    """
    at = at or timezone.now()
    if not (publication.is_live(at) and publication.takes_comments(at)):
        raise Closed
    answered = reply_to.pk if reply_to else None
    fingerprint = _fingerprint(publication.article_id, answered, name, body, network)
    _refuse_the_same(fingerprint, at)
    require_room_for_comment(network, at)
    token = secrets.token_urlsafe(24)
    verdict = judge(Incoming(name=name, body=body))
    comment = Comment(
        article_id=publication.article_id,
        publication=publication,
        parent=reply_to,
        state=verdict.state,
        held_by=verdict.phase,
        about=about,
        name=name,
        reader=reader_of(email, at=at),
        body=body,
        body_html=render_plain(body),
        token_hash=hash_of(token),
        network=network,
        fingerprint=fingerprint,
        created_at=at,
    )
    try:
        with transaction.atomic():
            insert(comment, at=at)
    except IntegrityError:
        # Two clicks at the same moment: the other one was stored after we had looked.
        _refuse_the_same(fingerprint, at)
        raise
    forget_networks_in_time()
    return Posted(comment, token)


@transaction.atomic
def mend(
    comment: Comment, *, name: str, email: str, body: str, at: datetime | None = None
) -> Comment:
    """Change a fresh comment; words that an editor approved wait again. Raises ``TooLate``."""
    at = at or timezone.now()
    comment = _mendable(comment, at)
    if (name, body) == (comment.name, comment.body):
        comment.reader = reader_of(email, at=at)
        comment.save(update_fields=["reader"])
        return comment
    comment.name, comment.body, comment.reader = name, body, reader_of(email, at=at)
    comment.body_html = render_plain(body)
    comment.edited_at = at
    comment.save(update_fields=["name", "body", "body_html", "reader", "edited_at"])
    move([comment], Comment.State.PENDING, reason="writer", at=at)
    return comment


@transaction.atomic
def delete(comment: Comment, *, at: datetime | None = None) -> Comment:
    """Delete a fresh comment: its words go, its place stays, as it may have been answered.

    Doing so again changes nothing. Raises ``TooLate``.
    """
    at = at or timezone.now()
    (comment,) = lock([comment])
    if comment.state == Comment.State.REMOVED:
        return comment
    if not comment.may_be_mended(at):
        raise TooLate
    remove([comment], reason="writer", at=at)
    return comment


def remove(
    comments: list[Comment],
    *,
    reason: str,
    at: datetime,
    by: AbstractBaseUser | None = None,
) -> None:
    """Take the words, the name and the address out of locked comments, for good."""
    move(comments, Comment.State.REMOVED, by=by, reason=reason, at=at, also=_FORGOTTEN)


_FORGOTTEN = {
    **dict.fromkeys(("name", "body", "body_html", "words_hash"), ""),
    **dict.fromkeys(("reader", "fingerprint", "confirmed_at")),
}


def is_writers_token(comment: Comment, token: str) -> bool:
    """Was ``token`` given to the comment's writer when it was accepted?"""
    return bool(comment.token_hash) and secrets.compare_digest(comment.token_hash, hash_of(token))


def hash_of(token: str) -> str:
    """Return the hash under which a token is known: 64 hexadecimal figures."""
    return hashlib.sha256(token.encode()).hexdigest()


def _mendable(comment: Comment, at: datetime) -> Comment:
    (comment,) = lock([comment])
    if not comment.may_be_mended(at):
        raise TooLate
    return comment


def _fingerprint(article_id: int, answered: int | None, name: str, body: str, network: str) -> str:
    # No field can hold the separator: control characters are refused.
    words = "\0".join([str(article_id), str(answered), name, body, network])
    return hashlib.sha256(words.encode()).hexdigest()


def _refuse_the_same(fingerprint: str, at: datetime) -> None:
    """Raise ``AlreadyReceived`` if this came lately; what came earlier gives its place free."""
    same = Comment.objects.filter(fingerprint=fingerprint)
    same.filter(created_at__lte=at - THE_SAME_WITHIN).update(fingerprint=None)
    if same.exists():
        raise AlreadyReceived
