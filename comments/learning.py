"""Learning from the moderators' own decisions how spam reads here: a score that orders the queue.

What they approve is good, what they put aside as spam is spam; nothing else teaches. The score
is naive Bayes over the presence of tokens, with Laplace's smoothing, summed in log space: the
multi-variate Bernoulli model without the absent words (V. Metsis, I. Androutsopoulos, G. Paliouras,
"Spam filtering with naive Bayes: which naive Bayes?", CEAS 2006, section 2), both classes taken for
equally likely beforehand, so that it speaks of the words and not of how much spam came lately
(P. Graham, "A plan for spam", 2002). It holds and sorts; it refuses and deletes nothing.

A comment remembers what it taught (``Comment.learned_as``), so that a decision that is changed or
taken back moves the counts, and one that is repeated does not.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from math import exp, log

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.utils import timezone

from comments.models import Comment, LearnedToken
from comments.wordlists import words_in

State = Comment.State
Counts = Mapping[str, tuple[int, int]]

ALL = ""
"""The token that stands for the comments themselves."""
MOST_TOKENS = 150
LONGEST_TOKEN = 64
ENOUGH = 10
"""Comments of each kind that must have been decided about before a score holds anything."""
FURTHEST = 30.0
"""Of the sum of logarithms, either way: beyond it scores could not be told apart."""

GOOD, SPAM = "good", "spam"
_TEACHES = {State.APPROVED: GOOD, State.SPAM: SPAM}


# What a comment consists of


def tokens_of(*, name: str, body: str, has_email: bool) -> list[str]:
    """Return the tokens of a comment, each once, at most ``MOST_TOKENS``: sorted.

    The words of the body, and with a mark before them the hosts it links to, the words of its
    name, how many links there are, and whether it came with an address.
    """
    linked = links_in(body)
    marked = [
        f"links:{min(len(linked), 5)}",
        f"email:{'yes' if has_email else 'no'}",
        *(f"host:{host}" for link in linked if (host := host_of(link))),
        *(f"name:{word}" for word in words_in(name)),
    ]
    unique = dict.fromkeys(token[:LONGEST_TOKEN] for token in [*marked, *words_in(body)])
    return sorted(list(unique)[:MOST_TOKENS])


def links_in(text: str) -> list[str]:
    """Return what in a text leads elsewhere: addresses, and targets of Markdown links."""
    return [found.group("target") or found.group() for found in _LINKS.finditer(text)]


def host_of(link: str) -> str:
    """Return the host that a link leads to, in small letters and without "www."; "" if none."""
    found = _HOST.match(link)
    return found.group(1).lower().removeprefix("www.") if found else ""


_LINKS = re.compile(
    r"\]\(\s*<?(?P<target>[^)\s>]+)|(?:https?:)?//[^\s)>\]\"']+|\bwww\.[^\s)>\]\"']+", re.IGNORECASE
)
_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?(?://)?(?:[^/@\s]*@)?([^/:?#\s]+)", re.IGNORECASE)


# The score


def score(tokens: Iterable[str], counts: Counts, *, besides: float = 0.0) -> float:
    """Return how likely a comment is spam, between 0 and 1; 0.5 where nothing is known.

    ``counts`` maps tokens to (comments called spam, comments approved), ``ALL`` among them;
    ``besides`` is what other signs say, as the logarithm of odds.
    """
    all_spam, all_good = counts.get(ALL, (0, 0))
    odds = besides
    for token in tokens:
        if token in counts:
            spam, good = counts[token]
            # A count may lie above that of the comments where rows were pruned.
            odds += log((spam + 1) / (max(all_spam, spam) + 2))
            odds -= log((good + 1) / (max(all_good, good) + 2))
    odds = max(-FURTHEST, min(FURTHEST, odds))
    return 1 / (1 + exp(-odds))


def has_learned_enough(counts: Counts) -> bool:
    """Were enough comments of both kinds decided about for a score to mean anything?"""
    return min(counts.get(ALL, (0, 0))) >= ENOUGH


def counts_of(tokens: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return {token: (spam, good)} of those that are known, and ``ALL``; one query."""
    wanted = [ALL, *tokens]
    places = ", ".join(["%s"] * len(wanted))
    table = LearnedToken._meta.db_table
    # Past the ORM, which takes longer to prepare a hundred tokens than the database to find them.
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT token, spam, good FROM {table} WHERE token IN ({places})",  # noqa: S608
            wanted,
        )
        rows = cursor.fetchall()
    return {token: (max(spam, 0), max(good, 0)) for token, spam, good in rows}


# Learning


def after_move(
    before: Iterable[tuple[Comment, str]], to: State, *, by: AbstractBaseUser | None
) -> None:
    """Learn from a decision: called by ``comments.states.move``, in its transaction.

    Only what somebody decided teaches: neither the pipeline nor reports nor a writer do, and
    nothing that the newsroom wrote.
    """
    if by is None:
        return
    _teach([comment for comment, _was in before if not comment.is_staff], _TEACHES.get(to, ""))


def forget(comments: Iterable[Comment]) -> None:
    """Take back what comments taught, before their words change or go: call it in a transaction.

    The comments are locked, and still have the words that they taught.
    """
    _teach(comments, "")


def _teach(comments: Iterable[Comment], lesson: str) -> None:
    changed = [comment for comment in comments if comment.learned_as != lesson]
    if not changed:
        return
    deltas: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for comment in changed:
        spam = (lesson == SPAM) - (comment.learned_as == SPAM)
        good = (lesson == GOOD) - (comment.learned_as == GOOD)
        has_email = comment.reader_id is not None
        for token in [
            ALL,
            *tokens_of(name=comment.name, body=comment.body, has_email=has_email),
        ]:
            deltas[token][0] += spam
            deltas[token][1] += good
        comment.learned_as = lesson
    Comment.objects.filter(pk__in=[comment.pk for comment in changed]).update(learned_as=lesson)
    _add(deltas)


IN_A_STATEMENT = 2_000


def _add(deltas: Mapping[str, Iterable[int]]) -> None:
    """Add to the counts, tokens in sorted order, so that nobody waits for another in a circle."""
    today = timezone.localdate()
    rows = [(token, *deltas[token], today) for token in sorted(deltas) if any(deltas[token])]
    table = LearnedToken._meta.db_table
    for start in range(0, len(rows), IN_A_STATEMENT):
        some = rows[start : start + IN_A_STATEMENT]
        places = ", ".join(["(%s, %s, %s, %s)"] * len(some))
        # Django's own upsert puts the new value in the old one's place; this one adds.
        statement = (
            f"INSERT INTO {table} (token, spam, good, changed_on) VALUES {places} "  # noqa: S608
            f"ON CONFLICT (token) DO UPDATE SET spam = {table}.spam + excluded.spam, "
            f"good = {table}.good + excluded.good, changed_on = excluded.changed_on"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [value for row in some for value in row])


# Forgetting


RARE = 2
"""A token that stood in no more comments than this says little, and most tokens are so."""
RARE_KEPT_FOR = timedelta(days=60)
MOST_ROWS = 200_000


def prune(today: date | None = None, most: int = MOST_ROWS) -> int:
    """Delete rare tokens that no decision touched for long; return how many. Run it daily.

    Where more than ``most`` are left, those that nobody used for longest go too.
    """
    today = today or timezone.localdate()
    rows = LearnedToken.objects.exclude(token=ALL)
    rare = rows.filter(spam__lte=RARE, good__lte=RARE, changed_on__lt=today - RARE_KEPT_FOR)
    gone = 0
    while keys := list(rare.values_list("token", flat=True)[:IN_A_STATEMENT]):
        gone += _delete(keys, rare)
    while (excess := rows.count() - most) > 0:
        oldest = rows.order_by("changed_on", "token").values_list("token", flat=True)
        gone += _delete(list(oldest[: min(excess, IN_A_STATEMENT)]), rows)
    return gone


@transaction.atomic
def _delete(keys: list[str], still: "LearnedToken.objects") -> int:
    """Delete tokens, locked in the order in which they are written, if they still qualify."""
    locked = still.filter(token__in=keys).select_for_update().order_by("token")
    found = list(locked.values_list("token", flat=True))
    LearnedToken.objects.filter(token__in=found).delete()
    return len(found)
