"""Thinning: old revisions of drafts that nobody needs go, so that history stays readable.

Of the last fourteen days every revision stays; before that the last of each
day, and after ninety days the last of each week (days and weeks of the site's
own time zone). What was ever published, scheduled, reviewed or named stays for
ever, as do the latest, the last that a person and not the system recorded, and
whatever any other row refers to. Numbers stay as
they were, so a history may say 7 and then 12.
"""

from collections.abc import Hashable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction
from django.utils import timezone

from articles.auditing import Deed, log
from articles.models import Article, Revision
from articles.recording import lock
from library.uses import relations_to

KEEPS_ALL_FOR = timedelta(days=14)
KEEPS_DAYS_FOR = timedelta(days=90)
A_TIME = 200
"""Revisions deleted in one transaction: editors wait for no longer than that."""


def thin_all() -> int:
    """Thin out every article's revisions and return how many went. Run again, it finds none."""
    old = Revision.objects.filter(created_at__lt=timezone.now() - KEEPS_ALL_FOR)
    articles = Article.objects.filter(pk__in=old.values("article")).order_by("pk")
    return sum(thin(article) for article in articles.only("pk", "uid"))


def thin(article: Article) -> int:
    """Thin out one article's revisions, and return how many went."""
    gone = 0
    for some in batched(_to_go(article, timezone.now()), A_TIME):
        gone += _delete(article, some)
    return gone


@transaction.atomic
def _delete(article: Article, keys: Sequence[int]) -> int:
    """Delete revisions, those apart that somebody came to need since they were chosen."""
    article = lock(article)
    free = _unneeded(article).filter(pk__in=keys).only("pk")
    gone, _kinds = free.delete()
    if gone:
        log(Deed.THINNED, by=None, article=article, removed=gone)
    return gone


def _to_go(article: Article, now: datetime) -> list[int]:
    """Return the keys of the revisions that no rule keeps."""
    drafts = article.revisions.of_draft().order_by("number")
    last: dict[Hashable, int] = {}
    for key, created_at in drafts.values_list("pk", "created_at"):
        last[_period(created_at, now) or key] = key
    kept = set(last.values())
    unneeded = _unneeded(article).order_by("number").values_list("pk", flat=True)
    return [key for key in unneeded if key not in kept]


def _period(at: datetime, now: datetime) -> Hashable | None:
    """Return the day or week of which the last revision stays, None while all of them do."""
    age = now - at
    if age < KEEPS_ALL_FOR:
        return None
    day = timezone.localtime(at).date()
    if age < KEEPS_DAYS_FOR:
        return day
    week = day.isocalendar()
    return ("week", week.year, week.week)


def _unneeded(article: Article) -> models.QuerySet:
    """Return the article's revisions that nothing refers to, neither by key nor by content."""
    found = article.revisions.filter(name="")
    found = found.exclude(pk__in=_last(article))
    for relation in relations_to(Revision):
        name = relation.field.name
        referring = relation.related_model._base_manager.filter(**{name: models.OuterRef("pk")})
        found = found.exclude(models.Exists(referring))
    for model in _naming_contents():
        same = model._base_manager.filter(article=article, digest=models.OuterRef("digest"))
        found = found.exclude(models.Exists(same))
    return found


def _last(article: Article) -> list[int]:
    """Return the keys of the latest revision, and of the last that a person recorded: four eyes."""
    drafts = article.revisions.of_draft().order_by("-number")
    found = [drafts, drafts.exclude(created_by=None)]
    return [key for one in found for key in one.values_list("pk", flat=True)[:1]]


def _naming_contents() -> Iterator[Any]:
    """Yield the models that name a content of an article by its digest, such as reviews."""
    for model in apps.get_models():
        try:
            article, _digest = model._meta.get_field("article"), model._meta.get_field("digest")
        except FieldDoesNotExist:
            continue
        if model is not Revision and article.related_model is Article:
            yield model
