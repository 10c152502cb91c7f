"""The moderators' queue: which comments it shows, in which order, page by page.

A page begins behind the last comment of the one before (keyset paging), so that the hundredth
costs what the first does, and deciding about comments moves none from one page to the next.
"""

import re
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery

from articles.models import Address, Article, Publication
from comments.models import Comment, CommentQuerySet

User = get_user_model()

DECIDED_BY = Prefetch("decided_by", User.objects.only("username", "first_name", "last_name"))
"""Who decided about comments, by one query for all of them."""

REPORTED, EVERYTHING = "reported", "all"
OLDEST, RISKIEST = "oldest", "riskiest"
SHOWN = (Comment.State.PENDING.value, REPORTED, *Comment.State.values[1:], EVERYTHING)

COUNTED_TO = 1_000
"""Counting goes no further: a hundred thousand rows take longer than the page they are for."""
# Of what waits longest, so many are looked at for the articles to choose from.
LOOKED_AT = 500
MOST_ARTICLES = 50

# The columns by which a comment ranks where age is not the order.
_RANKS = {RISKIEST: "spam_score", REPORTED: "open_reports"}
_CURSOR = re.compile(r"(?:([0-9.e+-]{1,30}),)?([0-9]{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks of the queue. ``after`` is where a page begins, as ``Page`` said."""

    show: str = Comment.State.PENDING.value
    order: str = OLDEST
    article: int | None = None
    words: str = ""
    after: str = ""

    @property
    def is_waiting(self) -> bool:
        return self.show == Comment.State.PENDING

    @property
    def rank(self) -> str:
        """The column that comes before age, "" if age alone is the order."""
        if self.show == REPORTED:
            return _RANKS[REPORTED]
        return _RANKS[RISKIEST] if self.is_waiting and self.order == RISKIEST else ""


@dataclass(frozen=True, slots=True)
class Page:
    """Comments of the queue, and behind which the next page begins, "" if that is all."""

    comments: list[Comment]
    after: str = ""


def page_of(wanted: Wanted, most: int) -> Page:
    """Return one page, in one query; two where a rank comes before age, and a few more for all
    that was ever written on one article."""
    found = _ranked(wanted, most + 1) if wanted.rank else _by_age(wanted, most + 1)
    comments = found[:most]
    return Page(comments, _cursor(comments[-1], wanted.rank) if len(found) > most else "")


def comments_like(wanted: Wanted) -> CommentQuerySet:
    """Return all that is asked for, in no order, whatever page."""
    comments = Comment.objects.order_by()
    if wanted.show == REPORTED:
        comments = comments.reported()
    elif wanted.show != EVERYTHING:
        comments = comments.in_state(wanted.show)
    if wanted.article:
        comments = comments.filter(article=wanted.article)
    for word in wanted.words.split():
        comments = comments.filter(
            Q(name__icontains=word)
            | Q(body__icontains=word)
            | Q(reader__email__icontains=word)
            | Q(publication__title__icontains=word)
        )
    return comments


def with_article(comments: QuerySet) -> QuerySet:
    """Add to comments what the desk shows beside them.

    Of their article title, version, and address if live; what they answer, who wrote and who
    decided, each asked for by its key: joined, that is a hundred columns, and a database takes
    longer to think about them than to find the rows.
    """
    # One row at most in each, so there is nothing to put in order.
    present = Address.objects.filter(article=OuterRef("article"), is_current=True).order_by()
    live = Publication.objects.live().filter(article=OuterRef("article")).order_by()
    shown = comments.prefetch_related(
        Prefetch("parent", Comment.objects.only("name", "body")), "reader", DECIDED_BY
    )
    return shown.annotate(
        title=F("publication__title"),
        version=F("publication__number"),
        slug=Subquery(present.values("slug")[:1]),
        live_number=Subquery(live.values("number")[:1]),
    )


def counted(wanted: Wanted) -> int:
    """Return how many there are, ``COUNTED_TO`` for that many or more."""
    return comments_like(wanted).values("pk")[:COUNTED_TO].count()


def waiting_count() -> int:
    """Return how many comments wait, of all articles, ``COUNTED_TO`` for that many or more."""
    return counted(Wanted())


def counts() -> dict[str, int]:
    """Return how many comments wait, and how many are reported, of all articles; two queries."""
    return {
        Comment.State.PENDING.value: waiting_count(),
        REPORTED: counted(Wanted(show=REPORTED)),
    }


def articles_to_choose(chosen: int | None) -> list[Article]:
    """Return the articles of what waits longest, and the one that is chosen; one query."""
    longest = Comment.objects.waiting().values("article")[:LOOKED_AT]
    found = Q(pk__in=longest) if chosen is None else Q(pk__in=longest) | Q(pk=chosen)
    articles = Article.objects.filter(found).only("title")
    return list(articles.order_by("title", "pk")[:MOST_ARTICLES])


def _by_age(wanted: Wanted, most: int) -> list[Comment]:
    """What waits longest first; of everything else, what is newest."""
    comments = comments_like(wanted)
    _rank, key = _read(wanted.after)
    if wanted.is_waiting:
        return list(with_article(comments.filter(pk__gt=key)).order_by("pk")[:most])
    newest = comments.filter(pk__lt=key) if key else comments
    if wanted.show == EVERYTHING and wanted.article:
        newest = Comment.objects.filter(pk__in=_newest_keys(newest, most))
    return list(with_article(newest).order_by("-pk")[:most])


def _newest_keys(comments: CommentQuerySet, most: int) -> list[int]:
    """Return the keys of an article's newest comments, whatever their state; one query for each.

    The index of an article's comments is by state: so no page of a hundred thousand sorts them.
    """
    each = [
        comments.in_state(state).order_by("-pk").values_list("pk", flat=True)[:most]
        for state in Comment.State.values
    ]
    return sorted((key for keys in each for key in keys), reverse=True)[:most]


def _ranked(wanted: Wanted, most: int) -> list[Comment]:
    """The highest rank first, of equals the oldest.

    Those that equal the last of the page before and those below it are two queries: each is a
    stretch of the index, and together they are not.
    """
    comments = with_article(comments_like(wanted))
    rank, key = _read(wanted.after)
    if rank is None:
        return list(comments.order_by(F(wanted.rank).desc(), "pk")[:most])
    equal = comments.filter(**{wanted.rank: rank}, pk__gt=key).order_by("pk")[:most]
    below = comments.filter(**{f"{wanted.rank}__lt": rank}).order_by(F(wanted.rank).desc(), "pk")
    return [*equal, *below[:most]][:most]


def _cursor(comment: Comment, rank: str) -> str:
    return f"{getattr(comment, rank)!r},{comment.pk}" if rank else str(comment.pk)


def _read(after: str) -> tuple[float | None, int]:
    """Return (rank, key) of a cursor; (None, 0) for the beginning and for what is none."""
    match = _CURSOR.fullmatch(after)
    if not match:
        return None, 0
    try:
        return float(match[1]) if match[1] else None, int(match[2])
    except ValueError:
        return None, 0
