"""Deciding about comments: approve, reject, call spam, and answer for the newsroom.

Decisions may be taken back: a comment that was rejected can be approved, and
one that is shown can be taken down. What its writer deleted stays deleted.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.auditing import Deed, log_of_each
from articles.models import Article, Publication
from comments.models import LONGEST_NAME, Comment
from comments.states import insert, lock, move
from publishing.markup import render_comment


@dataclass(slots=True)
class Decision:
    """What became of the comments decided about.

    ``done`` were decided now. ``already`` were so before, or were deleted by
    their writer; ``mended`` were changed by their writer after the editor had
    seen them, and are left for another look.
    """

    done: list[Comment] = field(default_factory=list)
    already: list[Comment] = field(default_factory=list)
    mended: list[Comment] = field(default_factory=list)


def approve(
    comments: Iterable[Comment], *, by: AbstractBaseUser | None, seen_at: datetime | None = None
) -> Decision:
    """Show the comments to readers.

    ``seen_at`` is when the editor was shown them: one changed by its writer
    since then is not approved unseen.
    """
    return _decide(comments, Comment.State.APPROVED, by=by, seen_at=seen_at)


def reject(comments: Iterable[Comment], *, by: AbstractBaseUser | None) -> Decision:
    """Do not show the comments to readers, or no more."""
    return _decide(comments, Comment.State.REJECTED, by=by)


def mark_as_spam(comments: Iterable[Comment], *, by: AbstractBaseUser | None) -> Decision:
    """Put the comments aside as spam."""
    return _decide(comments, Comment.State.SPAM, by=by)


@transaction.atomic
def answer(comment: Comment, *, body: str, by: AbstractBaseUser) -> Comment:
    """Answer a comment for the newsroom, under the name of ``by``: shown at once, with a badge.

    Raises ``ValidationError`` if readers do not see what is answered.
    """
    (comment,) = lock([comment])
    if comment.state != Comment.State.APPROVED:
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
        state=Comment.State.APPROVED,
        created_at=now,
    )
    insert(reply, at=now, by=by)
    return reply


def name_of(user: AbstractBaseUser) -> str:
    """Return the name under which somebody of the newsroom answers."""
    return (user.get_full_name().strip() or user.get_username())[:LONGEST_NAME]


@transaction.atomic
def _decide(
    comments: Iterable[Comment],
    state: Comment.State,
    *,
    by: AbstractBaseUser | None,
    seen_at: datetime | None = None,
) -> Decision:
    decision = Decision()
    for comment in lock(comments):
        if comment.state in (state, Comment.State.REMOVED):
            decision.already.append(comment)
        elif seen_at and comment.edited_at and comment.edited_at > seen_at:
            decision.mended.append(comment)
        else:
            decision.done.append(comment)
    _log(decision.done, state, by=by)
    move(decision.done, state, by=by)
    return decision


def _log(comments: Iterable[Comment], state: Comment.State, *, by: AbstractBaseUser | None) -> None:
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
