"""How much readers make articles better: what they suggest, what comes of it, and how soon."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article
from comments.models import Comment, Suggestion
from comments.models.suggestions import SuggestionQuerySet

State = Suggestion.State


@dataclass(frozen=True, slots=True)
class Tally:
    """Suggestions of one kind: how many came, were accepted, and led to something readers see.

    ``usual_time`` is the median from writing to being live, None while nothing is.
    """

    suggested: int
    accepted: int
    published: int
    usual_time: timedelta | None


def tally(kind: Suggestion.Kind, article: Article | None = None) -> Tally:
    """Count the suggestions of a kind, of one article or of the site; without spam.

    Two queries.
    """
    rows = _counted(kind, article)
    counts = rows.aggregate(
        suggested=Count("pk"), accepted=Count("pk", filter=Q(state=State.ACCEPTED))
    )
    moments = rows.published().with_outcome().order_by().values_list("made_at", "live_at")
    times = [live_at - made_at for made_at, live_at in moments]
    return Tally(
        suggested=counts["suggested"],
        accepted=counts["accepted"],
        published=len(times),
        usual_time=median(times) if times else None,
    )


def _counted(kind: Suggestion.Kind, article: Article | None) -> SuggestionQuerySet:
    spam = Comment.objects.filter(pk=OuterRef("comment"), state=Comment.State.SPAM)
    rows = Suggestion.objects.filter(~Exists(spam), kind=kind)
    return rows.filter(article=article) if article else rows


def in_words(span: timedelta) -> str:
    """Return a length of time as people say it: in days, or in hours or minutes if it is short."""
    minutes = round(span.total_seconds() / 60)
    if minutes < 60:
        return ngettext("%d minute", "%d minutes", minutes) % minutes
    if (hours := round(minutes / 60)) < 48:
        return ngettext("%d hour", "%d hours", hours) % hours
    days = round(hours / 24)
    return _("%d days") % days
