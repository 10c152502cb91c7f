"""What articles put on the desk: drafts, what goes live soon, reviews due, facts grown old."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.listing import moment
from articles.admin.standing import State, latest_of, live_of
from articles.models import Article, Fact, Publication, ReviewRequest, Revision
from articles.reviewing import REVIEW
from library.models import Source
from library.source_checking import gone
from publishing.editing.charts import Bar, start_of, week_bars, weeks
from publishing.editing.choices import address_in_admin
from publishing.editing.first_page import Chart, Line, Tray, add_chart, add_tray

REVIEWS_AHEAD = timedelta(days=14)
WEEKS = 26


def may_see(request: HttpRequest, model: type[models.Model] = Article) -> bool:
    """May the editor see rows of a model at the desk?"""
    return admin.site.get_model_admin(model).has_view_or_change_permission(request)


def form_of(article: Article, fragment: str = "") -> str:
    """Return the address of an article's form, or of a place in it."""
    url = address_in_admin(Article, "change", article.pk)
    return f"{url}#{fragment}" if fragment else url


# Drafts


def my_drafts(request: HttpRequest) -> models.QuerySet | None:
    """Explainers in which one wrote and which say something that readers do not see."""
    if not may_see(request):
        return None
    mine = Revision.objects.filter(created_by=request.user, article=OuterRef("pk"))
    return (
        Article.objects.filter(Exists(mine))
        .annotate(
            live_digest=live_of("digest"),
            latest_digest=latest_of("digest"),
            edited_at=latest_of("created_at"),
        )
        .filter(Q(live_digest__isnull=True) | ~Q(live_digest=F("latest_digest")))
        .order_by("-edited_at", "-pk")
    )


def _draft_line(article: Article) -> Line:
    state = State.CHANGED if article.live_digest else State.DRAFT
    return Line(str(article), form_of(article), f"{state.label}, {moment(article.edited_at)}")


# Reviewing


def to_review(request: HttpRequest) -> models.QuerySet | None:
    """What waits for review and nobody else has claimed, the most pressing first."""
    if not (may_see(request) and request.user.has_perm(REVIEW)):
        return None
    mine_or_free = Q(claimed_by=request.user) | Q(claimed_by__isnull=True)
    return ReviewRequest.objects.waiting().filter(mine_or_free).select_related("article")


def _review_request_line(waiting: ReviewRequest) -> Line:
    said = [_("you are reviewing it") if waiting.claimed_by_id else _("nobody reviews it yet")]
    if waiting.due_on:
        words = _("overdue since %s") if waiting.is_overdue else _("due on %s")
        said.append(words % date_format(waiting.due_on, "j F Y"))
    url = address_in_admin(Article, "reviewing", waiting.article_id)
    return Line(str(waiting.article), url, ", ".join(said))


# Going live


def going_live(request: HttpRequest) -> models.QuerySet | None:
    """Publications that wait for their time, the next first."""
    if not may_see(request):
        return None
    waiting = Publication.objects.filter(cancelled_at__isnull=True, goes_live_at__gt=timezone.now())
    return waiting.only("title", "change_note", "goes_live_at", "article").order_by(
        "goes_live_at", "pk"
    )


def _going_live_line(publication: Publication) -> Line:
    url = address_in_admin(Article, "change", publication.article_id)
    detail = f"{moment(publication.goes_live_at)}, {publication.change_note}"
    return Line(publication.title, url, detail)


# Reviews


def reviews_due(request: HttpRequest) -> models.QuerySet | None:
    """Explainers to be reviewed within two weeks, and those that are overdue."""
    if not may_see(request):
        return None
    until = timezone.localdate() + REVIEWS_AHEAD
    due = Article.objects.filter(review_due_on__lte=until)
    return due.only("title", "review_due_on").order_by("review_due_on", "pk")


def _review_line(article: Article) -> Line:
    day = date_format(article.review_due_on, "j F Y")
    is_past = article.review_due_on < timezone.localdate()
    words = _("Overdue since %s") if is_past else _("Due on %s")
    return Line(str(article), form_of(article, "id_review_due_on"), words % day)


# What has grown old


def grown_old(rows: models.QuerySet) -> models.QuerySet:
    """Of rows with an ``as_of``, those of live articles that are older than the site allows.

    The same rule by which the public page marks a fact as due for a check.
    """
    last_day = timezone.localdate() - timedelta(days=settings.STALE_AFTER_DAYS)
    live = Publication.objects.live().values("article")
    old = rows.filter(as_of__lt=last_day, article__in=live)
    return old.select_related("article").order_by("as_of", "pk")


def old_line(row: Any, url: str) -> Line:
    """Return the line of a row from ``grown_old``."""
    said = _("as of %(day)s, in “%(article)s”") % {
        "day": date_format(row.as_of, "j F Y"),
        "article": row.article,
    }
    return Line(str(row), url, said)


def old_hint() -> str:
    """Return in words by which rule something has grown old."""
    words = ngettext(
        "On live pages, last true more than %d day ago.",
        "On live pages, last true more than %d days ago.",
        settings.STALE_AFTER_DAYS,
    )
    return words % settings.STALE_AFTER_DAYS


def old_facts(request: HttpRequest) -> models.QuerySet | None:
    """Facts that have grown old; of several values of one thing only the newest can."""
    if not may_see(request):
        return None
    newer = Fact.objects.filter(
        article=OuterRef("article"),
        characteristic=OuterRef("characteristic"),
        as_of__gt=OuterRef("as_of"),
    )
    return grown_old(Fact.objects.filter(~Exists(newer)))


def _fact_line(fact: Fact) -> Line:
    return old_line(fact, form_of(fact.article, f"row-{fact.uid}-as_of"))


# Each week


def publications_by_week(request: HttpRequest, _row: Any = None) -> list[Bar] | None:
    """How many publications began in each of the last weeks."""
    if not may_see(request):
        return None
    mondays = weeks(WEEKS)
    begun = Publication.objects.filter(
        cancelled_at__isnull=True,
        goes_live_at__gte=start_of(mondays[0]),
        goes_live_at__lte=timezone.now(),
    )
    return week_bars(counted_by_week(begun, "goes_live_at", mondays), mondays, _publications)


def counted_by_week(
    rows: models.QuerySet, moment_field: str, mondays: Sequence[date]
) -> dict[date, int]:
    """Return how many rows each week has, by its Monday; one query.

    The weeks are counted side by side, because finding the week of every row
    is work of Python's on SQLite, and took longer than the rest of the page.
    """
    ends = [*mondays[1:], mondays[-1] + timedelta(weeks=1)]
    weeks_of = {
        f"week_{number}": models.Count(
            "pk",
            filter=Q(
                **{f"{moment_field}__gte": start_of(begin), f"{moment_field}__lt": start_of(end)}
            ),
        )
        for number, (begin, end) in enumerate(zip(mondays, ends, strict=True))
    }
    counted = rows.order_by().aggregate(**weeks_of)
    return {monday: counted[f"week_{number}"] for number, monday in enumerate(mondays)}


def _publications(count: int) -> str:
    return ngettext("%d publication", "%d publications", count) % count


# Sources


def gone_sources(request: HttpRequest) -> models.QuerySet | None:
    """Cited sources whose address answered, when it was last asked, that nothing is there."""
    return gone() if may_see(request, Source) else None


def _source_line(source: Source) -> Line:
    asked = _("asked on %s") % moment(source.address_checked_at)
    return Line(str(source), f"{address_in_admin(source, 'change', source.pk)}#id_url", asked)


for _tray in (
    Tray("my-drafts", gettext_lazy("My drafts"), 10, my_drafts, _draft_line),
    Tray("to-review", gettext_lazy("Waiting for my review"), 20, to_review, _review_request_line),
    Tray("going-live", gettext_lazy("Going live soon"), 30, going_live, _going_live_line),
    Tray(
        "reviews-due",
        gettext_lazy("Reviews due"),
        10,
        reviews_due,
        _review_line,
        needs_a_look=True,
        hint=gettext_lazy("Past the day in the article’s form, or within two weeks of it."),
    ),
    Tray(
        "old-facts",
        gettext_lazy("Facts grown old"),
        20,
        old_facts,
        _fact_line,
        needs_a_look=True,
        hint=old_hint,
    ),
    Tray(
        "gone-sources",
        gettext_lazy("Sources that are gone"),
        30,
        gone_sources,
        _source_line,
        needs_a_look=True,
        hint=gettext_lazy("Nothing is at their address any more. Cited ones are asked weekly."),
    ),
):
    add_tray(_tray)

add_chart(
    Chart(
        name="publications",
        title=gettext_lazy("Publications each week"),
        order=10,
        bars=publications_by_week,
        unit=gettext_lazy("Publications"),
    )
)
