"""Announcing: followers are told of comments once these are approved, and stay so for a while.

An approval leaves an ``Announcement``. When the time in which it may be taken back is over, each
follower gets one mail for all of an article's, in which nobody is told of what they wrote.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet

from comments.models import Announcement, Comment, Discussion, Follow, OutgoingMail
from comments.tasks import send_mail_in_time

UNDO_WINDOW = timedelta(minutes=5)
"""How long a decision may be taken back before any mail tells of it."""
WAITS_AT_MOST = timedelta(hours=1)
"""How long followers wait at most while one comment after the other is approved."""
MOST_NAMED = 50
"""How many comments one mail remembers; of more than that it knows the number."""

Kind = OutgoingMail.Kind


def to_announce(comments: Iterable[Comment], *, at: datetime) -> None:
    """Have followers told of comments that were approved just now, unless they were told before.

    Nobody is told of what came from another site.
    """
    new = [comment for comment in comments if comment.held_by != "imported"]
    follows = Follow.objects.filter(article=OuterRef("pk"), confirmed_at__isnull=False)
    discussions = Discussion.objects.filter(pk__in={comment.article_id for comment in new})
    followed = set(discussions.filter(Exists(follows)).values_list("pk", flat=True))
    announced = [
        Announcement(comment=comment, article_id=comment.article_id, approved_at=at)
        for comment in new
        if comment.article_id in followed
    ]
    if announced:
        Announcement.objects.bulk_create(announced, ignore_conflicts=True)
        send_mail_in_time(at + UNDO_WINDOW)


def take_back(comments: Iterable[Comment]) -> None:
    """Have nobody told of comments, as far as nobody was."""
    keys = [comment.pk for comment in comments]
    Announcement.objects.filter(comment__in=keys, told_at__isnull=True).delete()


def announce(now: datetime) -> int:
    """Leave mail for the followers of what was approved a while ago; return of how many comments.

    While one comment of an article is approved after the other they are gathered, for
    ``WAITS_AT_MOST``, so that a moderator who empties the queue causes one mail.
    """
    articles = _waiting().filter(Q(last__lte=now - UNDO_WINDOW) | Q(first__lte=now - WAITS_AT_MOST))
    # Whoever reaches the limit of a day's mail hears of what was approved first.
    longest_waiting = list(articles.order_by("first", "article"))
    return sum(_announce(row["article"], now) for row in longest_waiting)


def next_announcement() -> datetime | None:
    """Return when the next comments are to be announced, None if there are none."""
    moments = [min(row["last"] + UNDO_WINDOW, row["first"] + WAITS_AT_MOST) for row in _waiting()]
    return min(moments, default=None)


def _waiting() -> QuerySet:
    waiting = Announcement.objects.filter(told_at__isnull=True).order_by().values("article")
    return waiting.annotate(first=Min("approved_at"), last=Max("approved_at"))


@transaction.atomic
def _announce(article_id: int, now: datetime) -> int:
    rows = Announcement.objects.select_for_update(of=("self",)).filter(
        article=article_id, told_at__isnull=True, approved_at__lte=now - UNDO_WINDOW
    )
    news = _News(article_id, list(rows.select_related("comment").order_by("comment")))
    if not news.announced:
        return 0
    mails = (news.mail_to(follows, now) for follows in news.followers())
    OutgoingMail.objects.bulk_create(filter(None, mails), ignore_conflicts=True, batch_size=500)
    Announcement.objects.filter(pk__in=[one.pk for one in news.announced]).update(told_at=now)
    return len(news.announced)


class _News:
    """What an article's followers are told of in one go, found quickly for each of them."""

    def __init__(self, article_id: int, announced: list[Announcement]) -> None:
        self.article_id = article_id
        self.announced = announced
        self.below: dict[int, list[Announcement]] = defaultdict(list)
        for one in announced:
            for key in one.comment.stands_below:
                self.below[key].append(one)

    def followers(self) -> Iterator[list[Follow]]:
        """Yield the follows that the comments concern, those of one reader together."""
        follows = Follow.objects.filter(
            Q(comment__isnull=True) | Q(comment__in=list(self.below)),
            article=self.article_id,
            confirmed_at__isnull=False,
            reader__wants_no_mail_since__isnull=True,
        )
        ordered = follows.order_by("reader_id", "pk")
        for _reader, theirs in groupby(ordered, key=lambda follow: follow.reader_id):
            yield list(theirs)

    def mail_to(self, follows: list[Follow], now: datetime) -> OutgoingMail | None:
        """Return the mail that these follows of one reader cause, if they cause any."""
        reader_id = follows[0].reader_id
        caused = [(follow, rows) for follow in follows if (rows := self._rows(follow))]
        told = sorted({one.pk for _follow, rows in caused for one in rows})
        if not told:
            return None
        is_of_article = any(follow.comment_id is None for follow, _rows in caused)
        return OutgoingMail(
            key=f"follow:{reader_id}:{told[0]}",
            kind=Kind.NEW_COMMENTS if is_of_article else Kind.REPLY,
            reader_id=reader_id,
            details={
                "article": self.article_id,
                "comments": told[:MOST_NAMED],
                "more": len(told[MOST_NAMED:]),
                "follows": [follow.pk for follow, _rows in caused],
            },
            made_at=now,
            due_at=now,
        )

    def _rows(self, follow: Follow) -> list[Announcement]:
        """Return what a follow tells of: nothing from before it, and nothing of their own."""
        rows = self.announced if follow.comment_id is None else self.below[follow.comment_id]
        return [
            one
            for one in rows
            if one.approved_at >= follow.confirmed_at and one.comment.reader_id != follow.reader_id
        ]
