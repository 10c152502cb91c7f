"""Rules for comments: those of an article, and the site's where it has none of its own."""

from dataclasses import dataclass

from django.db.models import Q

from comments.models import DiscussionRules


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for one article's comments, as far as trusting a reader asks for it."""

    trusted_after: int = 3
    trusted_within_days: int = 90


def rules_for(article_id: int) -> Rules:
    """Return the rules of an article, in one query."""
    rows = DiscussionRules.objects.filter(Q(article=article_id) | Q(article=None))
    given = {}
    for row in sorted(rows, key=lambda row: row.article_id is not None):
        for name in Rules.__slots__:
            if getattr(row, name) is not None:
                given[name] = getattr(row, name)
    return Rules(**given)
