"""Writing a comment: post it, mend it for a while, delete it.

What waits for an editor changes no page, so posting touches no stamp. What
has been shown and is now changed goes back to waiting, and the page follows.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import Publication
from comments.limits import require_room_for_comment
from comments.models import STEP, Comment
from comments.tasks import forget_networks_in_time
from publishing.markup import render_plain
from publishing.stamps import comments_stamp, touch

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
    """Accept a comment, to wait for an editor. The fields come from a valid ``CommentForm``.

    A reply to a reply answers the comment at the root of both. Raises
    ``Closed``, ``AlreadyReceived`` for the same again, ``TooMany`` for too many.
    """
    at = at or timezone.now()
    if not (publication.is_live(at) and publication.takes_comments(at)):
        raise Closed
    parent_id = (reply_to.parent_id or reply_to.pk) if reply_to else None
    fingerprint = _fingerprint(publication.article_id, parent_id, name, body, network)
    _refuse_the_same(fingerprint, at)
    require_room_for_comment(network, at)
    token = secrets.token_urlsafe(24)
    comment = Comment(
        article_id=publication.article_id,
        publication=publication,
        parent_id=parent_id,
        about=about,
        name=name,
        email=email,
        body=body,
        body_html=render_plain(body),
        token_hash=hash_of(token),
        network=network,
        fingerprint=fingerprint,
        created_at=at,
    )
    try:
        with transaction.atomic():
            insert(comment)
    except IntegrityError:
        # Two clicks at the same moment: the other one was stored after we had looked.
        _refuse_the_same(fingerprint, at)
        raise
    forget_networks_in_time()
    return Posted(comment, token)


def insert(comment: Comment) -> None:
    """Store a new comment and give it its place in the thread: below its parent, in order of id."""
    comment.save(force_insert=True)
    place = f"{comment.pk:0{STEP}}"
    comment.path = f"{comment.parent_id:0{STEP}}{place}" if comment.parent_id else place
    comment.save(update_fields=["path"])


@transaction.atomic
def mend(
    comment: Comment, *, name: str, email: str, body: str, at: datetime | None = None
) -> Comment:
    """Change a fresh comment; words that an editor approved wait again. Raises ``TooLate``."""
    comment = _mendable(comment, at)
    if (name, body) == (comment.name, comment.body):
        comment.email = email
        comment.save(update_fields=["email"])
        return comment
    was_shown = comment.state == Comment.State.APPROVED
    comment.name, comment.email, comment.body = name, email, body
    comment.body_html = render_plain(body)
    comment.edited_at = at or timezone.now()
    comment.state = Comment.State.PENDING
    comment.decided_at = comment.decided_by = None
    comment.save(
        update_fields=[
            *("name", "email", "body", "body_html", "edited_at"),
            *("state", "decided_at", "decided_by"),
        ]
    )
    if was_shown:
        touch(comments_stamp(comment.article.uid))
    return comment


@transaction.atomic
def delete(comment: Comment, *, at: datetime | None = None) -> Comment:
    """Delete a fresh comment: its words go, its place stays, as it may have been answered.

    Doing so again changes nothing. Raises ``TooLate``.
    """
    comment = _lock(comment)
    if comment.state == Comment.State.DELETED:
        return comment
    comment = _mendable(comment, at)
    was_shown = comment.state == Comment.State.APPROVED
    comment.state = Comment.State.DELETED
    comment.name = comment.email = comment.body = comment.body_html = ""
    comment.fingerprint = None
    comment.save(update_fields=["state", "name", "email", "body", "body_html", "fingerprint"])
    if was_shown:
        touch(comments_stamp(comment.article.uid))
    return comment


def is_writers_token(comment: Comment, token: str) -> bool:
    """Was ``token`` given to the comment's writer when it was accepted?"""
    return bool(comment.token_hash) and secrets.compare_digest(comment.token_hash, hash_of(token))


def hash_of(token: str) -> str:
    """Return the hash under which a token is known: 64 hexadecimal figures."""
    return hashlib.sha256(token.encode()).hexdigest()


def _lock(comment: Comment) -> Comment:
    found = Comment.objects.select_for_update(of=("self",)).select_related("article")
    return found.get(pk=comment.pk)


def _mendable(comment: Comment, at: datetime | None) -> Comment:
    comment = _lock(comment)
    if not comment.may_be_mended(at):
        raise TooLate
    return comment


def _fingerprint(article_id: int, parent_id: int | None, name: str, body: str, network: str) -> str:
    # No field can hold the separator: control characters are refused.
    words = "\0".join([str(article_id), str(parent_id), name, body, network])
    return hashlib.sha256(words.encode()).hexdigest()


def _refuse_the_same(fingerprint: str, at: datetime) -> None:
    """Raise ``AlreadyReceived`` if this came lately; what came earlier gives its place free."""
    same = Comment.objects.filter(fingerprint=fingerprint)
    same.filter(created_at__lte=at - THE_SAME_WITHIN).update(fingerprint=None)
    if same.exists():
        raise AlreadyReceived
