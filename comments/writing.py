"""Writing a comment: post it, mend it for a while, delete it.

What waits for an editor changes no page, so posting touches no stamp. What
has been shown and is now changed goes back to waiting, and the page follows.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import Publication
from comments import learning
from comments.following import after_post
from comments.gathering import Gathered, Writer, gather, writer_of
from comments.limits import Lately, hold, lately_from, require_room
from comments.models import Comment
from comments.pipeline import judge
from comments.readers import reader_of
from comments.reporting import settle_all
from comments.rules import Rules, rules_for
from comments.states import insert, lock, move
from comments.tasks import forget_networks_in_time
from comments.tells import NOTHING_TOLD, Tells
from comments.working import spend
from publishing.markup.comments import render_comment
from publishing.stamps import comments_stamp, touch
from publishing.turns import in_turn

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


def post(
    publication: Publication,
    *,
    name: str,
    body: str,
    network: str,
    email: str = "",
    reply_to: Comment | None = None,
    about: str = "",
    follow: str = "",
    tells: Tells = NOTHING_TOLD,
    rules: Rules | None = None,
    at: datetime | None = None,
) -> Posted:
    """Accept a comment in the state that the pipeline gives it.

    The fields come from a valid ``CommentForm``; ``follow`` is what its writer wants to be told
    of. Raises ``Closed``, ``AlreadyReceived`` for the same again, ``TooMany`` for too many. What a
    phase refuses is accepted all the same, as rejected: its writer is told why, and moderators
    can see it.

    All that can be found out before is, so that the transaction is short: on SQLite nobody else
    writes meanwhile.
    """
    at = at or timezone.now()
    rules = rules or rules_for(publication.article_id)
    gathered = gather(
        publication,
        writer=writer_of(email, tells.known, at),
        name=name,
        body=body,
        network=network,
        tells=tells,
        rules=rules,
        at=at,
    )
    if not (publication.is_live(at) and gathered.incoming.is_open):
        raise Closed
    answered = reply_to.pk if reply_to else None
    token = secrets.token_urlsafe(24)
    comment = Comment(
        article_id=publication.article_id,
        publication=publication,
        parent=reply_to,
        about=about,
        name=name,
        reader=gathered.writer.reader,
        confirmed_at=at if gathered.writer.is_proved else None,
        body=body,
        body_html=render_comment(body),
        spam_score=gathered.incoming.spam_score,
        words_hash=gathered.words_hash,
        token_hash=hash_of(token),
        network=network,
        fingerprint=_fingerprint(publication.article_id, answered, name, body, network),
        created_at=at,
    )
    try:
        _store(comment, gathered, email=email, follow=follow, at=at)
    except IntegrityError:
        # Two clicks at the same moment: the other one was stored after we had looked. Or the
        # same was sent long ago, and still has the place.
        if not _free_place(comment.fingerprint, at):
            raise
        _store(comment, gathered, email=email, follow=follow, at=at)
    forget_networks_in_time()
    return Posted(comment, token)


@in_turn
@transaction.atomic
def _store(comment: Comment, gathered: Gathered, *, email: str, follow: str, at: datetime) -> None:
    """Judge a comment and store it, once it is sure that there is room for it."""
    rules = gathered.incoming.rules
    hold(comment.network)
    lately = lately_from(comment.network, at)
    _refuse_the_same(comment.fingerprint, lately, at)
    require_room(
        lately,
        article_id=comment.article_id,
        slow_mode_seconds=rules.slow_mode_seconds,
        last_here_at=gathered.last_here_at,
        at=at,
    )
    has_worked = bool(gathered.work) and spend(gathered.work, at)
    verdict = judge(gathered.judged(lately, at, has_worked=has_worked))
    if email and comment.reader is None:
        comment.reader = reader_of(email, at=at)
    comment.pk, comment.state, comment.held_by = None, verdict.state, verdict.phase
    insert(comment, at=at)
    after_post(comment, follow, at)


@transaction.atomic
def mend(
    comment: Comment, *, name: str, email: str, body: str, at: datetime | None = None
) -> Comment:
    """Change a fresh comment. Raises ``TooLate``.

    It waits again, unless what it says now would appear at once if it came anew.
    """
    at = at or timezone.now()
    # First, as in posting: a new reader and the counts of an article are held in this order.
    reader = reader_of(email, at=at)
    comment = _mendable(comment, at)
    if (name, body) != (comment.name, comment.body):
        learning.forget([comment])
    is_another = reader != comment.reader
    if is_another:
        # What proved the one address proves nothing of the other.
        comment.reader, comment.confirmed_at = reader, None
    if (name, body) == (comment.name, comment.body):
        comment.save(update_fields=["reader", "confirmed_at"])
        if is_another:
            after_post(comment, "", at)
        return comment
    comment.name, comment.body = name, body
    comment.body_html = render_comment(body)
    comment.edited_at = at
    gathered = _gathered_again(comment, at)
    comment.words_hash = gathered.words_hash
    comment.spam_score = gathered.incoming.spam_score
    comment.save(
        update_fields=[
            *("name", "body", "body_html", "words_hash", "spam_score"),
            *("reader", "confirmed_at", "edited_at"),
        ]
    )
    if comment.state == Comment.State.APPROVED and _still_passes(gathered, comment, at):
        touch(comments_stamp(comment.article.uid))
    else:
        move([comment], Comment.State.PENDING, reason="writer", at=at)
    if is_another:
        after_post(comment, "", at)
    return comment


def _gathered_again(comment: Comment, at: datetime) -> Gathered:
    """Gather what the pipeline asks about a comment that its writer has changed."""
    reader = comment.reader
    address = reader.address_hash if reader else ""
    return gather(
        comment.publication,
        writer=Writer(address, reader, is_proved=comment.confirmed_at is not None),
        name=comment.name,
        body=comment.body,
        network=comment.network,
        rules=rules_for(comment.article_id),
        at=at,
        besides=comment.pk,
    )


def _still_passes(gathered: Gathered, comment: Comment, at: datetime) -> bool:
    """Would a comment that is shown be shown, as it is now, if it came anew?

    Where comments appear at once, or to a trusted reader, mending a word must not take it away.
    The work that it came with was done for it.
    """
    lately = lately_from(comment.network, at)
    incoming = replace(gathered.judged(lately, at, has_worked=True), is_open=True)
    return judge(incoming).state == Comment.State.APPROVED


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
    learning.forget(comments)
    settle_all(comments, by=by, at=at)
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


def _refuse_the_same(fingerprint: str, lately: Iterable[Lately], at: datetime) -> None:
    """Raise ``AlreadyReceived`` if this is among what came from the network a short while ago."""
    for one in lately:
        if one.fingerprint == fingerprint and one.created_at > at - THE_SAME_WITHIN:
            raise AlreadyReceived


@transaction.atomic
def _free_place(fingerprint: str, at: datetime) -> bool:
    """Let the same be sent again if it came long ago; return whether there was anything to free.

    Raises ``AlreadyReceived`` if it came a short while ago.
    """
    same = Comment.objects.filter(fingerprint=fingerprint)
    if same.filter(created_at__gt=at - THE_SAME_WITHIN).exists():
        raise AlreadyReceived
    return bool(same.update(fingerprint=None))
