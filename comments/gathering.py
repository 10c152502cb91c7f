"""Gathering what the pipeline asks about a comment, in a fixed number of queries.

Most of it is found before the comment's transaction begins: on SQLite one writes at a time, and
whoever reads meanwhile lets all others wait. What has to be exact, how much came from the network
lately, is found inside (``comments.limits.lately_from``) and joins with ``judged``.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection

from articles.models import Publication
from comments import learning
from comments.limits import Lately
from comments.models import Reader
from comments.pipeline import Incoming
from comments.readers import address_hash, known_reader
from comments.rules import Rules, takes_comments
from comments.tells import NOTHING_TOLD, Tells
from comments.trust import REFUSED, Said, is_trusted, said_by
from comments.wordlists import name_key, words_in
from comments.working import is_solved

REPEATED_WITHIN = timedelta(days=30)
SHORTEST_REPEAT = 6
"""Words. "Thank you for this" is said by many, and not by a program."""
REFUSED_LATELY = timedelta(days=7)
MOST_NAMES = 1_000
# What no age, and one of an instant, add to the logarithm of the odds that it is spam.
NO_AGE, TOO_YOUNG = 0.4, 2.0


class Writer(NamedTuple):
    """Who writes, as far as it is known: by an address, and whether it is proved to be theirs.

    ``address`` is its hash, "" without one; ``reader`` is None also if it is new.
    """

    address: str = ""
    reader: Reader | None = None
    is_proved: bool = False


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was found before the transaction: ``incoming`` lacks what came from the network lately.

    ``work`` is the signature of the challenge that was solved, "" if none was; ``last_here_at``
    when the writer, if that is proved, last wrote on the article.
    """

    incoming: Incoming
    writer: Writer
    words_hash: str
    last_here_at: datetime | None
    work: str

    def judged(self, lately: Iterable[Lately], at: datetime, *, has_worked: bool) -> Incoming:
        """Return what the phases look at, completed by what came from the network ``lately``.

        A network may be many people's: what others did there does not count against somebody
        who is trusted.
        """
        is_refused = not self.incoming.is_trusted and any(
            one.state in REFUSED and one.created_at > at - REFUSED_LATELY for one in lately
        )
        return replace(
            self.incoming,
            is_refused_lately=self.incoming.is_refused_lately or is_refused,
            has_worked=has_worked,
        )


def writer_of(email: str, known: str, at: datetime) -> Writer:
    """Return who writes under an address: two queries at most.

    ``known`` is what a browser sends that remembers its reader: it counts unless another address
    is typed beside it. An address that is only typed proves nothing.
    """
    remembered = known_reader(known, at) if known else None
    address = address_hash(email) if email else ""
    if remembered and address in ("", remembered.address_hash):
        return Writer(remembered.address_hash, remembered, is_proved=True)
    reader = Reader.objects.filter(address_hash=address).order_by().first() if address else None
    return Writer(address, reader)


def gather(
    publication: Publication,
    *,
    writer: Writer,
    name: str,
    body: str,
    network: str,
    rules: Rules,
    at: datetime,
    tells: Tells = NOTHING_TOLD,
    besides: int | None = None,
) -> Gathered:
    """Find out what the pipeline asks: three queries, and one more about a reader who is known.

    ``besides`` is the key of a comment that does not count as a repetition: itself, when changed.
    """
    reader, is_proved = writer.reader, writer.is_proved
    said = said_by(reader) if reader else []
    hashed = words_hash(body)
    tokens = learning.tokens_of(name=name, body=body, has_email=bool(writer.address))
    counts = learning.counts_of(tokens)
    is_repeated, is_banned = _look_up(hashed, [writer.address, network], at, besides or 0)
    incoming = Incoming(
        name=name,
        body=body,
        rules=rules,
        is_open=takes_comments(publication, at, rules),
        is_repeated=is_repeated,
        is_banned=is_banned,
        taken_names=taken_names(),
        links=len(learning.links_in(body)),
        is_refused_lately=_was_refused(said, is_proved, at),
        is_trapped=tells.is_trapped,
        is_too_young=tells.is_too_young,
        spam_score=learning.score(tokens, counts, besides=_signs(tells)),
        has_learned_enough=learning.has_learned_enough(counts),
        is_trusted=is_proved and is_trusted(reader, at, rules, said),
    )
    work = is_solved(tells.work, publication.article_id, at) if rules.asks_proof_of_work else ""
    # Whoever only types an address must not keep the one who has it from writing.
    here = [one for one in said if one.confirmed_at and one.article_id == publication.article_id]
    last_here_at = max((one.created_at for one in here), default=None) if is_proved else None
    return Gathered(incoming, writer, hashed, last_here_at, work)


def words_hash(body: str) -> str:
    """Return a hash of the words of a text, whatever their case and spacing; "" for a short one."""
    words = words_in(body)
    is_short = len(words) < SHORTEST_REPEAT and not learning.links_in(body)
    return "" if is_short or not words else hashlib.sha256(" ".join(words).encode()).hexdigest()


def taken_names() -> frozenset[str]:
    """Return the keys of names that are the site's, or somebody's in the newsroom; one query."""
    accounts = get_user_model()._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT username, first_name, last_name FROM {accounts} "  # noqa: S608
            "WHERE is_staff AND is_active LIMIT %s",
            [MOST_NAMES],
        )
        rows = cursor.fetchall()
    names = [settings.SITE_NAME]
    for username, first, last in rows:
        names += [username, f"{first} {last}"]
    return frozenset(key for key in map(name_key, names) if key)


def _look_up(hashed: str, banned: list[str], at: datetime, besides: int) -> tuple[bool, bool]:
    """Return whether the same words came before, and whether one of the hashes is banned.

    One statement past the ORM, which takes ten times as long to prepare it as the database to
    answer. What is not empty is said as the indexes say it: else SQLite would not use them.
    """
    as_stored = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(
            _LOOK_UP,
            [hashed, as_stored(at - REPEATED_WITHIN), besides, *banned, as_stored(at)],
        )
        is_repeated, is_banned = cursor.fetchone()
    return bool(is_repeated), bool(is_banned)


_LOOK_UP = (
    "SELECT EXISTS(SELECT 1 FROM comments_comment WHERE words_hash = %s AND created_at > %s "
    "AND NOT (words_hash = '') AND id <> %s), EXISTS(SELECT 1 FROM comments_ban "
    "WHERE hash IN (%s, %s) AND hash <> '' AND ends_at > %s)"
)


def _was_refused(said: Iterable[Said], is_proved: bool, at: datetime) -> bool:
    """Was something refused lately under this address?

    Of somebody who proves that it is theirs, only what is proved to be theirs counts: whoever
    types the address of another could otherwise have them held.
    """
    since = at - REPEATED_WITHIN
    return any(one.was_refused_since(since) and (one.confirmed_at or not is_proved) for one in said)


def _signs(tells: Tells) -> float:
    if tells.age is None:
        return NO_AGE
    return TOO_YOUNG if tells.is_too_young else 0.0
