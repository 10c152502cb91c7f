"""Deciding about comments: approve, reject, call spam, settle reports, pin, remove, answer.

Decisions may be taken back (``comments.undoing``): a comment that was rejected can be approved,
and one that is shown can be taken down. What was removed, by its writer or here, stays removed.
A decision counts only for what was seen: see ``comments.seen``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.auditing import Deed, log_of_each
from articles.models import Article, Publication
from comments import banning, reporting
from comments.models import LONGEST_NAME, Ban, Comment
from comments.seen import Seen
from comments.states import insert, lock, move, write_down
from comments.writing import remove
from publishing.markup.comments import render_comment
from publishing.stamps import comments_stamp, touch

State = Comment.State

MOST_PINNED = 3
"""Comments that may be pinned on one article."""
# What the log says of deeds that leave the state as it is.
NO_BREACH, PINNED, UNPINNED = "no-breach", "pinned", "unpinned"
# Comments decided about in one transaction, where somebody decides about everything of a writer.
BATCH = 500


@dataclass(slots=True)
class Decision:
    """What became of the comments decided about.

    ``done`` were decided now. ``already`` were decided otherwise, or in the same way, since they
    were seen, or are removed; ``mended`` were changed by their writer or reported since, and are
    left for another look.
    """

    done: list[Comment] = field(default_factory=list)
    already: list[Comment] = field(default_factory=list)
    mended: list[Comment] = field(default_factory=list)


def approve(
    comments: Iterable[Comment],
    *,
    by: AbstractBaseUser | None,
    seen: Mapping[int, Seen] | None = None,
) -> Decision:
    """Show the comments to readers. ``seen`` is what the moderator was shown, by key."""
    return decide(comments, State.APPROVED, by=by, seen=seen)


def reject(
    comments: Iterable[Comment],
    *,
    by: AbstractBaseUser | None,
    reason: str = "",
    seen: Mapping[int, Seen] | None = None,
) -> Decision:
    """Do not show the comments to readers, or no more; ``reason`` is told to their writers."""
    return decide(comments, State.REJECTED, by=by, reason=reason, seen=seen)


def mark_as_spam(
    comments: Iterable[Comment],
    *,
    by: AbstractBaseUser | None,
    seen: Mapping[int, Seen] | None = None,
) -> Decision:
    """Put the comments aside as spam."""
    return decide(comments, State.SPAM, by=by, seen=seen)


@transaction.atomic
def decide(
    comments: Iterable[Comment],
    to: State,
    *,
    by: AbstractBaseUser | None,
    reason: str = "",
    seen: Mapping[int, Seen] | None = None,
    at: datetime | None = None,
) -> Decision:
    """Give the comments the state ``to``, and settle what readers reported about them."""
    at = at or timezone.now()
    decision = _sorted_out(lock(comments), to, seen or {})
    reporting.settle_all(decision.done, by=by, at=at)
    _log(decision.done, to, by=by)
    move(decision.done, to, by=by, reason=reason or "moderator", at=at)
    return decision


def decide_all(
    comments: Iterable[int],
    to: State,
    *,
    by: AbstractBaseUser,
    seen_at: datetime,
) -> Decision:
    """Decide about waiting comments by their keys, many at a time, as they stood at ``seen_at``.

    Each batch is a transaction of its own, so that nobody waits for thousands; whoever is
    interrupted in between finds the rest waiting. All have one moment, so that they can be taken
    back as one.
    """
    at, whole, keys = timezone.now(), Decision(), list(comments)
    for start in range(0, len(keys), BATCH):
        found = Comment.objects.filter(pk__in=keys[start : start + BATCH])
        seen = {comment.pk: _as_waiting(comment, seen_at) for comment in found}
        part = decide(found, to, by=by, seen=seen, at=at)
        whole.done += part.done
        whole.already += part.already
        whole.mended += part.mended
    return whole


@transaction.atomic
def keep(
    comments: Iterable[Comment],
    *,
    by: AbstractBaseUser | None,
    seen: Mapping[int, Seen] | None = None,
    at: datetime | None = None,
) -> Decision:
    """Say that what was reported breaks no rule: its reports are settled, its state stays.

    A comment reported again since it was seen is left for another look.
    """
    at, decision = at or timezone.now(), Decision()
    for comment in lock(comments):
        shown = (seen or {}).get(comment.pk, Seen.of(comment))
        if not comment.open_reports or comment.state != shown.state:
            decision.already.append(comment)
        elif Seen.of(comment) != shown:
            decision.mended.append(comment)
        else:
            decision.done.append(comment)
    reporting.settle_all(decision.done, by=by, at=at)
    write_down(decision.done, by=by, reason=NO_BREACH, at=at)
    return decision


@transaction.atomic
def remove_words(
    comment: Comment,
    *,
    by: AbstractBaseUser,
    reason: str = "",
    seen: Mapping[int, Seen] | None = None,
) -> Decision:
    """Take a comment's words and its writer's name out for good; its place stays if answered."""
    at = timezone.now()
    decision = _sorted_out(lock([comment]), State.REMOVED, seen or {})
    reporting.settle_all(decision.done, by=by, at=at)
    _log(decision.done, State.REMOVED, by=by)
    remove(decision.done, reason=reason or "moderator", at=at, by=by)
    return decision


@transaction.atomic
def pin(comment: Comment, *, by: AbstractBaseUser) -> Comment:
    """Show a comment above all others of its article. Raises ``ValidationError``.

    Only one that begins a thread and is shown, and ``MOST_PINNED`` of an article at most.
    """
    (comment,) = lock([comment])
    if comment.pinned_at:
        return comment
    if comment.state != State.APPROVED:
        raise ValidationError(_("Approve the comment before you pin it."))
    if comment.parent_id:
        raise ValidationError(_("Only a comment that begins a thread can be pinned."))
    pinned = Comment.objects.filter(article=comment.article_id, pinned_at__isnull=False)
    if pinned.count() >= MOST_PINNED:
        raise ValidationError(
            _("%d comments are pinned on this article already. Unpin one first.") % MOST_PINNED
        )
    return _pin(comment, timezone.now(), by=by, reason=PINNED)


@transaction.atomic
def unpin(comment: Comment, *, by: AbstractBaseUser) -> Comment:
    """Show a pinned comment among the others again."""
    (comment,) = lock([comment])
    return _pin(comment, None, by=by, reason=UNPINNED) if comment.pinned_at else comment


def ban_writer(
    comment: Comment, *, kind: Ban.Kind, days: int, reason: str, by: AbstractBaseUser
) -> Ban:
    """Ban the address or the network that a comment came from. Raises ``ValidationError``."""
    hashed = hashes_of(comment).get(kind)
    if not hashed:
        raise ValidationError(_("That is not known of this comment, or not any more."))
    return banning.ban(kind, hashed, days=days, reason=reason, by=by)


def hashes_of(comment: Comment) -> dict[str, str]:
    """Return by which hashes the writer of a comment is known: of the address, of the network."""
    address = comment.reader.address_hash if comment.reader else ""
    known = {Ban.Kind.ADDRESS.value: address, Ban.Kind.NETWORK.value: comment.network}
    return {kind: hashed for kind, hashed in known.items() if hashed}


@transaction.atomic
def answer(
    comment: Comment,
    *,
    body: str,
    by: AbstractBaseUser,
    approving: Mapping[int, Seen] | None = None,
) -> Comment:
    """Answer a comment for the newsroom, under the name of ``by``: shown at once, with a badge.

    With ``approving`` a comment that waits, as it was seen, is approved with it. Raises
    ``ValidationError`` if readers do not see what is answered.
    """
    if approving is not None:
        decide([comment], State.APPROVED, by=by, seen=approving)
    (comment,) = lock([comment])
    if comment.state != State.APPROVED:
        raise ValidationError(_("Approve the comment before you answer it."))
    now = timezone.now()
    published = Publication.objects.filter(article=comment.article).published(now)
    reply = Comment(
        article=comment.article,
        publication=published.order_by("-number").first() or comment.publication,
        parent=comment,
        name=name_of(by),
        body=body,
        body_html=render_comment(body),
        is_staff=True,
        held_by="staff",
        state=State.APPROVED,
        created_at=now,
    )
    insert(reply, at=now, by=by)
    return reply


def name_of(user: AbstractBaseUser) -> str:
    """Return the name under which somebody of the newsroom answers."""
    return (user.get_full_name().strip() or user.get_username())[:LONGEST_NAME]


def _sorted_out(comments: list[Comment], to: State, seen: Mapping[int, Seen]) -> Decision:
    """Tell apart what can be decided about and what is no longer as it was seen."""
    decision = Decision()
    for comment in comments:
        shown, present = seen.get(comment.pk), Seen.of(comment)
        is_mended = shown is not None and present.edited != shown.edited
        if comment.state == State.REMOVED:
            decision.already.append(comment)
        elif is_mended and comment.state == State.PENDING:
            decision.mended.append(comment)
        elif comment.state == to or (shown and present.state != shown.state):
            decision.already.append(comment)
        elif is_mended:
            decision.mended.append(comment)
        else:
            decision.done.append(comment)
    return decision


def _as_waiting(comment: Comment, seen_at: datetime) -> Seen:
    """Return what was to be seen of a comment at a moment: it waited, and no later change."""
    edited = Seen.of(comment).edited
    is_later = comment.edited_at is not None and comment.edited_at > seen_at
    return Seen(State.PENDING, -1 if is_later else edited, comment.open_reports)


def _pin(comment: Comment, at: datetime | None, *, by: AbstractBaseUser, reason: str) -> Comment:
    comment.pinned_at = at
    comment.save(update_fields=["pinned_at"])
    write_down([comment], by=by, reason=reason, at=timezone.now())
    touch(comments_stamp(comment.article.uid))
    return comment


def _log(comments: Iterable[Comment], state: State, *, by: AbstractBaseUser | None) -> None:
    """Write one entry for each article whose comments were decided about."""
    decided: dict[Article, list[int]] = {}
    for comment in comments:
        decided.setdefault(comment.article, []).append(comment.pk)
    log_of_each(
        Deed.DECIDED_COMMENTS,
        by=by,
        details={
            article: {"state": state.value, "comments": keys} for article, keys in decided.items()
        },
    )
