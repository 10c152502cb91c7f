"""What readers put on the desk: comments that wait or are found, articles that do not help."""

from dataclasses import astuple
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.listing import moment
from articles.admin.trays import WEEKS, counted_by_week, may_see
from articles.models import Article
from comments.helpfulness import (
    ENOUGH,
    LATELY,
    Helpfulness,
    Unhelpful,
    by_month,
    unhelpful_articles,
)
from comments.models import Comment, Feedback
from publishing.editing.charts import Bar, start_of, week_bars, weeks
from publishing.editing.choices import address_in_admin
from publishing.editing.finding import Finder, Found, add_finder
from publishing.editing.first_page import Chart, Line, Tray, add_chart, add_tray

MONTHS = 12


def comments_waiting(request: HttpRequest) -> QuerySet | None:
    """Comments that wait for a decision, the oldest first."""
    if not may_see(request, Comment):
        return None
    return Comment.objects.waiting().select_related("article")


def _comment_line(comment: Comment) -> Line:
    detail = _("on “%(article)s”, %(moment)s") % {
        "article": comment.article,
        "moment": moment(comment.created_at),
    }
    return Line(str(comment), address_in_admin(comment, "change", comment.pk), detail)


def comments_reported(request: HttpRequest) -> QuerySet | None:
    """Comments that readers reported, those reported most often first."""
    if not may_see(request, Comment):
        return None
    reported = Comment.objects.filter(open_reports__gt=0).select_related("article")
    return reported.order_by("-open_reports", "pk")


def _reported_line(comment: Comment) -> Line:
    count = ngettext("%d report", "%d reports", comment.open_reports) % comment.open_reports
    detail = _("%(count)s, on “%(article)s”") % {"count": count, "article": comment.article}
    return Line(str(comment), address_in_admin(comment, "change", comment.pk), detail)


def articles_that_do_not_help(request: HttpRequest) -> list[Unhelpful] | None:
    """Articles below the site's helpful share by more than chance explains."""
    if not (may_see(request, Feedback) and may_see(request)):
        return None
    return unhelpful_articles()


def _unhelpful_line(found: Unhelpful) -> Line:
    detail = _("%(share)s; the site: %(site)s") % {
        "share": share_in_words(found.of_it),
        "site": f"{found.of_site.share:.0%}",
    }
    url = address_in_admin(Article, "doing", found.article.pk)
    return Line(str(found.article), url, detail)


def _rule() -> str:
    words = _(
        "At least %(enough)d answers in %(days)d days, and a helpful share below the site’s by "
        "more than chance explains."
    )
    return words % {"enough": ENOUGH, "days": LATELY.days}


def share_in_words(of: Helpfulness) -> str:
    """Return a helpful share as people say it."""
    if not of.answers:
        return _("no answers")
    words = ngettext(
        "helped %(helped)d of %(answers)d reader (%(share)s)",
        "helped %(helped)d of %(answers)d readers (%(share)s)",
        of.answers,
    )
    return words % {"helped": of.helped, "answers": of.answers, "share": f"{of.share:.0%}"}


def comments_by_week(request: HttpRequest, _row: Any = None) -> list[Bar] | None:
    """How many comments came in each of the last weeks."""
    if not may_see(request, Comment):
        return None
    mondays = weeks(WEEKS)
    rows = Comment.objects.filter(created_at__gte=start_of(mondays[0]))
    return week_bars(counted_by_week(rows, "created_at", mondays), mondays, _comments)


def _comments(count: int) -> str:
    return ngettext("%d comment", "%d comments", count) % count


def helpful_share_by_month(request: HttpRequest, article: Article) -> list[Bar] | None:
    """The helpful share of an article in each of the last months."""
    if not may_see(request, Feedback):
        return None
    months = _months(timezone.localdate())
    counted = by_month(article, months)
    said = [(month, counted.get(month, Helpfulness(0, 0))) for month in months]
    return [
        Bar(
            date_format(month, "M Y"),
            round(of.share * 100) if of.answers else None,
            share_in_words(of),
        )
        for month, of in said
    ]


def _months(today: date) -> list[date]:
    """Return the first days of the last months, this one the last."""
    counted = [today.year * 12 + today.month - 1 - before for before in reversed(range(MONTHS))]
    return [date(number // 12, number % 12 + 1, 1) for number in counted]


add_tray(
    Tray(
        name="comments-waiting",
        title=gettext_lazy("Comments waiting"),
        order=40,
        rows=comments_waiting,
        line=_comment_line,
    )
)
add_tray(
    Tray(
        name="comments-reported",
        title=gettext_lazy("Comments reported"),
        order=45,
        rows=comments_reported,
        line=_reported_line,
    )
)
add_tray(
    Tray(
        name="unhelpful",
        title=gettext_lazy("Articles that readers say do not help"),
        order=60,
        rows=articles_that_do_not_help,
        line=_unhelpful_line,
        needs_a_look=True,
        hint=_rule,
    )
)
add_finder(
    Finder(
        name="comments",
        title=gettext_lazy("Comments"),
        order=100,
        fields=("name", "body"),
        rows=lambda: (
            Comment.objects.exclude(state=Comment.State.REMOVED)
            .select_related("article")
            .order_by("-pk")
        ),
        show=lambda comment: Found(*astuple(_comment_line(comment))),
        may_see=lambda request: may_see(request, Comment),
    )
)
add_chart(
    Chart(
        name="comments",
        title=gettext_lazy("Comments each week"),
        order=20,
        bars=comments_by_week,
        unit=gettext_lazy("Comments"),
    )
)
add_chart(
    Chart(
        name="helpful",
        title=gettext_lazy("Did it help? Share of yes, month by month"),
        order=10,
        bars=helpful_share_by_month,
        unit=gettext_lazy("Helpful share"),
        about=Article,
        full=100,
    )
)
