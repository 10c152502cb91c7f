"""Where an article stands: what readers see of it, what waits, what only the desk knows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, TextChoices, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Address, Article, Publication, Revision

HEAVY = ("prepared", "search_text", "summary")


class State(TextChoices):
    """The one word for it, in the list and above the form."""

    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    LIVE = "live", _("Live")
    CHANGED = "changed", _("Live, with unpublished changes")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@dataclass
class Standing:
    """One article's standing, each look at the database made once and only if it is asked for."""

    article: Article
    at: datetime

    @cached_property
    def latest(self) -> Revision | None:
        """The newest revision."""
        revisions = self.article.revisions.select_related("created_by").defer("content")
        return revisions.of_draft().order_by("-number").first()

    @cached_property
    def live(self) -> Publication | None:
        """What readers see now."""
        return self._publications.live(self.at).first()

    @cached_property
    def waiting(self) -> Sequence[Publication]:
        """What is scheduled, the next first."""
        scheduled = self._publications.filter(cancelled_at=None, goes_live_at__gt=self.at)
        return list(scheduled.order_by("goes_live_at"))

    @cached_property
    def last(self) -> Publication | None:
        """The last that has begun, whether or not readers may still see it."""
        begun = self._publications.filter(cancelled_at=None, goes_live_at__lte=self.at)
        return begun.order_by("-goes_live_at").first()

    @cached_property
    def slug(self) -> str:
        return self.article.slug

    @property
    def has_changes(self) -> bool:
        """Does the draft say anything that readers do not see?"""
        return bool(self.live and self.latest and self.live.shown_digest != self.latest.digest)

    @property
    def state(self) -> State:
        if self.live:
            return State.CHANGED if self.has_changes else State.LIVE
        if self.waiting:
            return State.SCHEDULED
        return State.WITHDRAWN if self.last else State.DRAFT

    @property
    def _publications(self) -> Any:
        return self.article.publications.select_related("revision", "created_by").defer(
            *HEAVY, "revision__content"
        )


def standing(article: Article) -> Standing:
    """Return where ``article`` stands now."""
    return Standing(article, timezone.now())


def with_standing(articles: QuerySet, at: datetime | None = None) -> QuerySet:
    """Add to each article what the list shows of it, in the same query."""
    at = at or timezone.now()
    own = Publication.objects.filter(article=OuterRef("pk"))
    live = own.live(at).order_by("-goes_live_at")
    made = own.filter(cancelled_at=None)
    waiting = made.filter(goes_live_at__gt=at).order_by("goes_live_at")
    begun = made.filter(goes_live_at__lte=at).order_by("-goes_live_at")
    drafts = Revision.objects.of_draft()
    latest = drafts.filter(article=OuterRef("pk")).order_by("-number")
    present = Address.objects.filter(article=OuterRef("pk"), is_current=True)
    return articles.annotate(
        current_slug=_first(present, "slug"),
        live_number=_first(live, "number"),
        live_digest=_first(live, "shown_digest"),
        waiting_at=_first(waiting, "goes_live_at"),
        last_number=_first(begun, "number"),
        last_published_at=_first(begun, "goes_live_at"),
        latest_number=_first(latest, "number"),
        latest_digest=_first(latest, "digest"),
        edited_at=_first(latest, "created_at"),
        edited_by=_first(latest, "created_by_id"),
        edited_by_name=_first(latest, "created_by__username"),
        edited_by_first=_first(latest, "created_by__first_name"),
        edited_by_last=_first(latest, "created_by__last_name"),
    ).annotate(
        standing=Case(
            When(live_digest__isnull=False, live_digest=F("latest_digest"), then=_as(State.LIVE)),
            When(live_digest__isnull=False, then=_as(State.CHANGED)),
            When(waiting_at__isnull=False, then=_as(State.SCHEDULED)),
            When(last_number__isnull=False, then=_as(State.WITHDRAWN)),
            default=_as(State.DRAFT),
        )
    )


def live_of(name: str) -> Subquery:
    """Return one value of what readers see now of an article, as an annotation of articles."""
    live = Publication.objects.filter(article=OuterRef("pk")).live()
    return _first(live.order_by("-goes_live_at"), name)


def latest_of(name: str) -> Subquery:
    """Return one value of an article's newest revision, as an annotation of articles."""
    latest = Revision.objects.filter(article=OuterRef("pk"))
    return _first(latest.order_by("-number"), name)


def _first(rows: QuerySet, name: str) -> Subquery:
    return Subquery(rows.values(name)[:1])


def _as(state: State) -> Value:
    return Value(state.value)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that an app above adds to the list of articles: what it counts and how it looks."""

    name: str
    title: str
    annotations: Callable[[], dict[str, Any]]
    show: Callable[[Article], Any]


_columns: dict[str, Column] = {}


def add_column(column: Column) -> None:
    """Add a column to the list of articles; its annotations ride in the list's one query."""
    _columns[column.name] = column


def columns() -> list[Column]:
    return list(_columns.values())
