"""My data: everything that is kept of a reader, given to them and deleted as they wish."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from comments import mailing, suggesting
from comments.links import site_url
from comments.models import Comment, Follow, OutgoingMail, Reader, Suggestion, Transition
from comments.readers import find_reader
from comments.states import lock
from comments.writing import remove

FORMAT = "on-record-reader-1"
AT_ONCE = 200
"""Comments deleted in one transaction: nobody waits for long, and a killed one can go on."""

State = Comment.State


def ask(email: str, *, network: str, at: datetime) -> None:
    """Mail the address of the page with all that was written under ``email``, if anything was.

    Whoever asks is told nothing of that; see ``mailing.queue`` for how often.
    """
    reader = find_reader(email)
    if reader:
        key = f"my-data:{reader.pk}:{at.timestamp():.0f}"
        kind = OutgoingMail.Kind.MY_DATA
        mailing.queue(kind, reader, key=key, details={}, network=network, at=at)


def comments_of(reader: Reader) -> QuerySet:
    """What was written under the reader's address, the newest first; no words of others."""
    theirs = Comment.objects.filter(reader=reader).exclude(state=State.REMOVED)
    return theirs.select_related("article", "publication").order_by("-pk")


def suggestions_of(reader: Reader) -> QuerySet:
    """What the reader suggested, the newest first."""
    return Suggestion.objects.filter(reader=reader).select_related("publication").order_by("-pk")


def follows_of(reader: Reader) -> QuerySet:
    """What the reader follows or asked to follow."""
    return Follow.objects.filter(reader=reader).select_related("article", "comment").order_by("pk")


def reasons_of(comments: list[Comment]) -> dict[int, str]:
    """Return why each comment has the state that it has, by its key, in one query."""
    rows = Transition.objects.filter(comment__in=comments).order_by("pk")
    return dict(rows.values_list("comment", "reason"))


def shown_state(comment: Comment) -> str:
    """Return the state as a writer may know it: of spam no more than that it was rejected."""
    return "rejected" if comment.state == State.SPAM else str(comment.state)


def everything_of(reader: Reader, *, at: datetime) -> dict[str, Any]:
    """Return all that is kept of a reader as plain data: see ``FORMAT``; moments in ISO 8601."""
    return {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "email": reader.email,
        "first_seen_at": reader.made_at.isoformat(),
        "confirmed_at": _iso(reader.confirmed_at),
        "wants_no_mail_since": _iso(reader.wants_no_mail_since),
        "comments": [_comment(one) for one in comments_of(reader)],
        "suggestions": [_suggestion(one) for one in suggestions_of(reader)],
        "follows": [_follow(one) for one in follows_of(reader)],
        "mail": [
            {"kind": one.kind, "made_at": one.made_at.isoformat(), "sent_at": _iso(one.sent_at)}
            for one in reader.mail.order_by("pk")
        ],
    }


@transaction.atomic
def delete_comments(reader: Reader, keys: list[int], *, at: datetime) -> int:
    """Delete comments of the reader for good; return how many. One with replies leaves a stub."""
    theirs = Comment.objects.filter(reader=reader, pk__in=keys).exclude(state=State.REMOVED)
    comments = lock(theirs)
    remove(comments, reason="writer", at=at)
    return len(comments)


def delete_everything(reader: Reader, *, at: datetime) -> int:
    """Delete all comments of a reader, and forget them; return how many comments that were.

    A suggestion that led to something readers see stays without name and address, as the article
    rests on it; of any other the words go. Stopped in between, it can be done again.
    """
    deleted = 0
    while keys := list(_keys(reader)):
        deleted += delete_comments(reader, keys, at=at)
    suggesting.forget_writer(reader, at=at)
    # What came in the meantime loses the address with the reader.
    Reader.objects.filter(pk=reader.pk).delete()
    return deleted


def _keys(reader: Reader) -> QuerySet:
    theirs = Comment.objects.filter(reader=reader).exclude(state=State.REMOVED)
    return theirs.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]


def _comment(comment: Comment) -> dict[str, Any]:
    return {
        "address": site_url(comment.get_absolute_url()),
        "article": comment.publication.title,
        "about": comment.about,
        "in_reply_to": comment.parent_id,
        "state": shown_state(comment),
        "written_at": comment.created_at.isoformat(),
        "changed_at": _iso(comment.edited_at),
        "confirmed_at": _iso(comment.confirmed_at),
        "name": comment.name,
        "text": comment.body,
    }


def _suggestion(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "article": suggestion.publication.title,
        "about": suggestion.about_title,
        "kind": suggestion.kind,
        "state": suggestion.state,
        "made_at": suggestion.made_at.isoformat(),
        "name": suggestion.name,
        "credit": suggestion.credit,
        "text": suggestion.text,
        "source": suggestion.source,
        "answer": suggestion.reply,
    }


def _follow(follow: Follow) -> dict[str, Any]:
    return {
        "article": follow.article.slug,
        "comment": follow.comment_id,
        "made_at": follow.made_at.isoformat(),
        "confirmed_at": _iso(follow.confirmed_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
