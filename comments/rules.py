"""Rules of a discussion: what the site says, and what one article does otherwise.

The defaults stand in ``Rules``; the site's own row goes before them, an article's row before
that. An empty field says nothing. Words that hold or refuse are the exception: an article's are
added to the site's, as nobody wants to write a list twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction

from articles.auditing import Deed, log
from articles.models import Article, Publication
from comments.models import DiscussionRules
from publishing.stamps import article_stamp, comments_stamp, touch


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that hold for one discussion. In numbers, 0 means never, none or nobody."""

    is_moderated_first: bool = True
    closes_after_days: int = 0
    slow_mode_seconds: int = 0
    most_links: int = 2
    held_words: tuple[str, ...] = ()
    refused_words: tuple[str, ...] = ()
    trusted_after: int = 3
    trusted_within_days: int = 90
    hidden_after_reports: int = 3
    asks_proof_of_work: bool = False


DEFAULTS = Rules()
CHOICES = (
    "is_moderated_first",
    "closes_after_days",
    "slow_mode_seconds",
    "most_links",
    "trusted_after",
    "trusted_within_days",
    "hidden_after_reports",
    "asks_proof_of_work",
)
"""Fields of which an article's own take the place of the site's."""
WORDS = ("held_words", "refused_words")
"""Fields of which an article's own are added to the site's."""


def rules_for(article_id: int | None) -> Rules:
    """Return the rules for an article's discussion, or the site's for None; one query."""
    # Past the ORM: this is asked with each comment and each page that shows a discussion.
    with connection.cursor() as cursor:
        cursor.execute(_RULES, [article_id])
        rows = [dict(zip(("article", *CHOICES, *WORDS), row, strict=True)) for row in cursor]
    rules = DEFAULTS
    for row in sorted(rows, key=lambda row: row["article"] is not None):
        # SQLite has no truth values: a choice has the type of its default.
        said = {
            name: type(getattr(DEFAULTS, name))(row[name])
            for name in CHOICES
            if row[name] is not None
        }
        words = {name: (*getattr(rules, name), *lines_of(row[name])) for name in WORDS}
        rules = replace(rules, **said, **words)
    return rules


_RULES = (
    f"SELECT {', '.join(('article_id', *CHOICES, *WORDS))} "  # noqa: S608
    f"FROM {DiscussionRules._meta.db_table} WHERE article_id IS NULL OR article_id = %s"
)


def lines_of(text: str) -> tuple[str, ...]:
    """Return the entries of a list of words: one a line, empty lines left out."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


# Open or closed


def closes_at(publication: Publication, rules: Rules | None = None) -> datetime | None:
    """Return when the publication's discussion closes or closed; None if no end is set.

    The earlier of the moment that its editors chose and the end of the days that the rules give
    it, counted from when the article first went live. One query, unless ``rules`` are given.
    """
    rules = rules or rules_for(publication.article_id)
    ends = [publication.comments_until] if publication.comments_until else []
    if rules.closes_after_days and publication.first_published_at:
        ends.append(publication.first_published_at + timedelta(days=rules.closes_after_days))
    return min(ends, default=None)


def takes_comments(publication: Publication, at: datetime, rules: Rules | None = None) -> bool:
    """May readers comment on the publication at ``at``? One query, unless ``rules`` are given."""
    if not publication.comments_open:
        return False
    closing = closes_at(publication, rules)
    return closing is None or at < closing


# Changing them


@transaction.atomic
def set_rules(
    article: Article | None, said: Mapping[str, Any], *, by: AbstractBaseUser | None
) -> list[str]:
    """Set the rules of an article, or the site's for None; return the names of what changed.

    ``said`` maps fields of ``DiscussionRules`` to values, None and "" where it says nothing.
    Pages that say whether a discussion is open, or when a comment appears, are told.
    """
    row, _is_new = DiscussionRules.objects.get_or_create(article=article)
    row = DiscussionRules.objects.select_for_update(of=("self",)).get(pk=row.pk)
    changed = [name for name, value in said.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, said[name])
    if changed:
        row.save(update_fields=changed)
        log(Deed.SET_COMMENT_RULES, by=by, article=article, **_facts(row, changed))
    if changed:
        touch(*_stamps(article))
    return changed


def said_by(article: Article | None) -> dict[str, Any]:
    """Return what the rules of an article, or the site's for None, say themselves."""
    row = DiscussionRules.objects.filter(article=article).first() or DiscussionRules()
    return {name: getattr(row, name) for name in (*CHOICES, *WORDS)}


def _facts(row: DiscussionRules, changed: Iterable[str]) -> dict[str, Any]:
    """Return what changed, for the log: values, but of words only how many."""
    return {
        name: len(lines_of(getattr(row, name))) if name in WORDS else str(getattr(row, name))
        for name in changed
    }


def _stamps(article: Article | None) -> list[str]:
    """Return the stamps of pages that the rules of an article, or of the site, are seen on.

    The article's own, too: its page says when comments appear outside of what is filled anew
    with each comment.
    """
    uids = (
        [article.uid]
        if article
        else Publication.objects.order_by().values_list("article__uid", flat=True).distinct()
    )
    return [stamp(uid) for uid in uids for stamp in (article_stamp, comments_stamp)]
