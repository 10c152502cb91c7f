"""Following: who wants to be told of new comments; ``comments.announcing`` tells them."""

from collections.abc import Iterable
from datetime import datetime

from comments import confirming
from comments.models import Comment, Follow, Reader


def after_post(comment: Comment, follow: str, at: datetime) -> None:
    """Note what the writer of a new comment wants to follow, and ask whether the address is theirs.

    ``follow`` is "article" for all new comments, "replies" for those below this one, or empty.
    Nothing is sent about what was refused at once.
    """
    reader = comment.reader
    if reader is None or comment.state in (Comment.State.REJECTED, Comment.State.SPAM):
        return
    is_proved = comment.confirmed_at is not None
    made = None
    if follow == "article":
        made = follow_article(reader, comment.article_id, at=at, is_proved=is_proved)
    elif follow == "replies":
        made = follow_comment(reader, comment, at=at, is_proved=is_proved)
    if not is_proved:
        confirming.ask(reader, comment=comment, follow=made, network=comment.network, at=at)


def follow_article(
    reader: Reader, article_id: int, *, at: datetime, is_proved: bool = False
) -> Follow:
    """Follow all comments on an article; nothing is sent before the reader's address is proved."""
    return _follow(at, is_proved, reader=reader, article_id=article_id, comment=None)


def follow_comment(
    reader: Reader, comment: Comment, *, at: datetime, is_proved: bool = False
) -> Follow:
    """Follow what is written below a comment."""
    return _follow(at, is_proved, reader=reader, article_id=comment.article_id, comment=comment)


def end(reader_id: int, follows: Iterable[int]) -> int:
    """End follows of a reader; return how many there were. Doing it again does no harm."""
    return Follow.objects.filter(reader=reader_id, pk__in=list(follows)).delete()[0]


def end_all_mail(reader_id: int, *, at: datetime) -> None:
    """Send a reader nothing any more but what they ask for on the page of their own data."""
    Reader.objects.filter(pk=reader_id, wants_no_mail_since__isnull=True).update(
        wants_no_mail_since=at
    )


def resume_mail(reader_id: int) -> None:
    """Take that back: they are told again of what they follow."""
    Reader.objects.filter(pk=reader_id).update(wants_no_mail_since=None)


def _follow(at: datetime, is_proved: bool, **what: object) -> Follow:
    follow, is_new = Follow.objects.get_or_create(
        **what, defaults={"made_at": at, "confirmed_at": at if is_proved else None}
    )
    if is_proved and not is_new and follow.confirmed_at is None:
        follow.confirmed_at = at
        follow.save(update_fields=["confirmed_at"])
    return follow
