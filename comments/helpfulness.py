"""Which articles do not help, by what their readers say.

An article needs a look if at least ``ENOUGH`` readers answered within
``LATELY`` and the helpful share is below the site's by more than chance
explains: the upper end of its Wilson interval (95 %) lies below the share of
all answers of that time. Few answers make a wide interval, so three angry
readers do not put an article on the list, while thirty do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from articles.models import Article
from comments.models import Feedback
from publishing.editing.charts import start_of

LATELY = timedelta(days=90)
ENOUGH = 10
# Of the normal distribution, for 95 per cent.
Z = 1.96


@dataclass(frozen=True, slots=True)
class Helpfulness:
    """How many readers answered, and how many said that it helped."""

    answers: int
    helped: int

    @property
    def share(self) -> float:
        """The helpful share, 0 to 1; 0 without any answer."""
        return self.helped / self.answers if self.answers else 0.0

    @property
    def upper(self) -> float:
        """The upper end of the Wilson interval of the share: it is hardly higher than that."""
        if not self.answers:
            return 1.0
        n, p, square = self.answers, self.share, Z * Z
        middle = p + square / (2 * n)
        spread = Z * sqrt(p * (1 - p) / n + square / (4 * n * n))
        return (middle + spread) / (1 + square / n)


@dataclass(frozen=True, slots=True)
class Unhelpful:
    """An article that its readers say does not help."""

    article: Article
    of_it: Helpfulness
    of_site: Helpfulness


def unhelpful_articles() -> list[Unhelpful]:
    """Return the articles that need a look, the least helpful first; two queries."""
    since = timezone.now() - LATELY
    counted = {
        key: Helpfulness(answers, helped)
        for key, answers, helped in Feedback.objects.filter(created_at__gte=since)
        .order_by()
        .values("article")
        .annotate(answers=Count("pk"), helpful=Count("pk", filter=Q(helped=True)))
        .values_list("article", "answers", "helpful")
    }
    site = Helpfulness(
        sum(one.answers for one in counted.values()), sum(one.helped for one in counted.values())
    )
    low = {
        key: one for key, one in counted.items() if one.answers >= ENOUGH and one.upper < site.share
    }
    articles = Article.objects.filter(pk__in=low).only("title").order_by("pk")
    found = [Unhelpful(article, low[article.pk], site) for article in articles]
    return sorted(found, key=lambda one: one.of_it.share)


def by_month(article: Article, months: Sequence[date]) -> dict[date, Helpfulness]:
    """Return what readers said of an article in each month, by its first day; one query."""
    rows = Feedback.objects.filter(article=article, created_at__gte=start_of(months[0]))
    monthly = rows.order_by().annotate(month=TruncMonth("created_at")).values("month")
    counted = monthly.annotate(answers=Count("pk"), helpful=Count("pk", filter=Q(helped=True)))
    return {
        timezone.localtime(month).date(): Helpfulness(answers, helped)
        for month, answers, helped in counted.values_list("month", "answers", "helpful")
    }
