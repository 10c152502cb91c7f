"""Rules for comments: those of an article, and the site's where it has none of its own."""

from dataclasses import dataclass

from django.db.models import Q

from comments.models import DiscussionRules


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for one article's comments."""

    hidden_after_reports: int = 3


def rules_for(article_id: int) -> Rules:
    """Return the rules of an article, in one query."""
    found = DiscussionRules.objects.filter(Q(article=article_id) | Q(article=None))
    rows = sorted(found, key=lambda row: row.article_id is None)
    numbers = (row.hidden_after_reports for row in rows if row.hidden_after_reports is not None)
    return Rules(hidden_after_reports=next(numbers, 3))
