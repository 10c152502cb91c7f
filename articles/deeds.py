"""The deeds that put an article before readers: publish, schedule, cancel, withdraw, expire.

Each locks the article's row, changes its publications, recomputes the line of
their intervals, and raises the stamps last. Without the lock two people
publishing at once left two live publications on PostgreSQL.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from articles.announcing import announce
from articles.auditing import Deed, log
from articles.documents import prepare, search_text, upgraded_document
from articles.four_eyes import refuse_own_edit
from articles.models import Article, Publication, Review, Revision
from articles.passages import forget_ended_passages, forget_passages
from articles.public_rows import write_public_rows
from articles.readiness import problems
from articles.recording import lock
from articles.verifying import seal_of
from library.source_checking import check_sources_in_time
from publishing.parts import Problem
from publishing.stamps import ARTICLES, article_stamp, comments_stamp, touch


class NotReady(ValidationError):
    """The revision is not complete; ``problems`` says what is missing, and where."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__([problem.message for problem in self.problems])


class SomethingScheduled(ValidationError):
    """Later publications wait already; the editor has to say what becomes of them."""

    def __init__(self, scheduled: Sequence[Publication]) -> None:
        self.scheduled = list(scheduled)
        super().__init__(
            _("Another publication of this article is scheduled. Cancel it, or keep it?")
        )


class Scheduled(StrEnum):
    """What publishing does with publications that wait for their time."""

    CANCEL = "cancel"
    KEEP = "keep"


@transaction.atomic
def publish(
    revision: Revision,
    *,
    by: AbstractBaseUser | None,
    change_note: str,
    goes_live_at: datetime | None = None,
    expires_at: datetime | None = None,
    is_major: bool = True,
    remark: str = "",
    scheduled: Scheduled | None = None,
) -> Publication:
    """Put the revision before readers, now or at ``goes_live_at``.

    Raises ``NotReady`` if it is not complete, ``SomethingScheduled`` if other
    publications wait and ``scheduled`` does not say what becomes of them, and
    ``ValidationError`` for a moment in the past or one already taken, for a
    change note that is missing or too long, and where four eyes are asked for,
    for one's own last edit. Readers see the note; ``remark`` is for the desk alone.
    """
    article = lock(revision.article)
    now = timezone.now()
    _refuse_bad_moments(now, goes_live_at, expires_at)
    _refuse_bad_note(change_note, remark)
    revision.refresh_from_db()
    if revision.redacted_at:
        raise ValidationError(_("This revision was redacted. Publish a later one."))
    refuse_own_edit(revision, by=by)
    if found := problems(revision.document):
        raise NotReady(found)
    _settle_scheduled(article, now, scheduled)
    publication = _make(
        article,
        revision,
        goes_live_at=goes_live_at or _now_after_the_last(article, now),
        expires_at=expires_at,
        is_major=is_major,
        change_note=change_note,
        remark=remark.strip(),
        created_at=now,
        created_by=by,
    )
    write_public_rows(publication, upgraded_document(revision.document))
    forget_ended_passages(article, now)
    recompute(article, now)
    publication.refresh_from_db()
    log(
        Deed.SCHEDULED if goes_live_at else Deed.PUBLISHED,
        by=by,
        publication=publication,
        goes_live_at=goes_live_at,
        expires_at=expires_at,
    )
    check_sources_in_time()
    announce(publication)
    _touch(article)
    return publication


def schedule(
    revision: Revision, *, goes_live_at: datetime, by: AbstractBaseUser | None, **options: Any
) -> Publication:
    """Publish the revision at a moment in the future; options as for ``publish``."""
    return publish(
        revision, by=by, goes_live_at=goes_live_at, **{"scheduled": Scheduled.KEEP, **options}
    )


@transaction.atomic
def cancel(publication: Publication, *, by: AbstractBaseUser | None) -> None:
    """Take back a publication that has not begun. Refused once it has."""
    article = lock(publication.article)
    now = timezone.now()
    publication.refresh_from_db()
    if publication.cancelled_at:
        return
    if publication.has_begun(now):
        raise ValidationError(
            _("This publication has already begun. Withdraw the article, or publish a new one.")
        )
    log(Deed.CANCELLED, by=by, publication=publication, goes_live_at=publication.goes_live_at)
    _cancel(publication, now)
    recompute(article, now)
    _touch(article)


@transaction.atomic
def withdraw(article: Article, *, by: AbstractBaseUser | None, keep_history: bool = False) -> None:
    """Take the article away from readers now, and cancel what was scheduled.

    Its history, citations, data and comments go too, unless ``keep_history``.
    Called again, it changes that choice.
    """
    article = lock(article)
    now = timezone.now()
    publications = article.publications.filter(cancelled_at__isnull=True)
    if not publications.exists():
        raise ValidationError(_("This article has not been published."))
    for publication in publications.filter(goes_live_at__gt=now):
        _cancel(publication, now)
    begun = publications.filter(goes_live_at__lte=now)
    begun.filter(models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=now)).update(
        expires_at=now, ends_at=now
    )
    begun.update(is_hidden=not keep_history)
    forget_passages(article.publications.only("pk"))
    recompute(article, now)
    log(Deed.WITHDREW, by=by, article=article, keep_history=keep_history)
    _touch(article)


@transaction.atomic
def expire(publication: Publication, *, at: datetime | None, by: AbstractBaseUser | None) -> None:
    """Say when a publication ends by itself, or with None that it does not. Future only."""
    article = lock(publication.article)
    now = timezone.now()
    publication.refresh_from_db()
    _refuse_bad_moments(now, None, at)
    if publication.ends_at and publication.ends_at <= now:
        raise ValidationError(_("This publication has already ended."))
    if at and at <= publication.goes_live_at:
        raise ValidationError(_("It would end before it begins."))
    publication.expires_at = at
    publication.ends_at = min(filter(None, (at, publication.ends_at)), default=None)
    publication.save(update_fields=["expires_at", "ends_at"])
    recompute(article, now)
    log(Deed.SET_END, by=by, publication=publication, expires_at=at)
    _touch(article)


def recompute(article: Article, now: datetime) -> None:
    """Bring the article's line of publications into order: ends, numbers, seals, dates.

    What has begun by ``now`` keeps its number and seal for ever; only its end
    follows what comes after it.
    """
    line = list(article.publications.filter(cancelled_at__isnull=True).order_by("goes_live_at"))
    # Two steps, because numbers are unique at every moment.
    waiting = [publication.pk for publication in line if publication.goes_live_at > now]
    article.publications.filter(pk__in=waiting).update(number=models.F("number") + 1_000_000)
    before: Publication | None = None
    for publication, following in zip_longest(line, line[1:]):
        publication.ends_at = min(
            filter(None, (publication.expires_at, following and following.goes_live_at)),
            default=None,
        )
        if publication.goes_live_at > now or not publication.seal:
            _place(publication, before)
        before = publication
        publication.save(
            update_fields=[
                "ends_at", "number", "previous_seal", "seal", "first_published_at", "updated_at"
            ]
        )  # fmt: skip


def _place(publication: Publication, before: Publication | None) -> None:
    begins = publication.goes_live_at
    publication.number = before.number + 1 if before else 1
    publication.previous_seal = before.seal if before else ""
    publication.first_published_at = before.first_published_at if before else begins
    publication.updated_at = begins if publication.is_major or not before else before.updated_at
    publication.seal = seal_of(publication)


def _refuse_bad_moments(
    now: datetime, goes_live_at: datetime | None, expires_at: datetime | None
) -> None:
    if goes_live_at and goes_live_at <= now:
        raise ValidationError(_("Choose a moment in the future, or publish now."))
    if expires_at and expires_at <= max(now, goes_live_at or now):
        raise ValidationError(_("The end has to lie in the future, after the beginning."))


def _refuse_bad_note(change_note: str, remark: str) -> None:
    longest = Publication._meta.get_field("change_note").max_length
    if not change_note.strip():
        raise ValidationError(_("Say what changed. Readers see it in the history."))
    if len(change_note) > longest:
        raise ValidationError(_("What changed is said in %d characters at the most.") % longest)
    longest = Publication._meta.get_field("remark").max_length
    if len(remark.strip()) > longest:
        raise ValidationError(_("The remark has %d characters at the most.") % longest)


def _now_after_the_last(article: Article, now: datetime) -> datetime:
    """Now, or just after the last beginning, if another node's clock runs ahead of ours."""
    begun = article.publications.filter(cancelled_at__isnull=True, goes_live_at__lte=now)
    last = begun.aggregate(last=models.Max("goes_live_at"))["last"]
    return max(now, last + timedelta(microseconds=1)) if last else now


def _settle_scheduled(article: Article, now: datetime, scheduled: Scheduled | None) -> None:
    waiting = article.publications.filter(cancelled_at__isnull=True, goes_live_at__gt=now)
    if scheduled is None and waiting:
        raise SomethingScheduled(waiting)
    if scheduled == Scheduled.CANCEL:
        for publication in waiting:
            _cancel(publication, now)


def _cancel(publication: Publication, now: datetime) -> None:
    publication.cancelled_at = now
    publication.number = None
    publication.save(update_fields=["cancelled_at", "number"])
    forget_passages([publication])


def _make(article: Article, revision: Revision, **values: Any) -> Publication:
    if (
        values["goes_live_at"]
        and article.publications.filter(
            cancelled_at__isnull=True, goes_live_at=values["goes_live_at"]
        ).exists()
    ):
        raise ValidationError(
            _("Another publication of this article begins at that very moment. Choose another.")
        )
    document = upgraded_document(revision.document)
    prepared = prepare(document, at=values["goes_live_at"])
    own = document["article"]
    until = own["comments_until"]
    return Publication.objects.create(
        article=article,
        revision=revision,
        digest=revision.digest,
        shown_digest=revision.digest,
        reviews=_reviews_of(revision),
        # Provisional, and out of the way of real ones: recompute gives the number.
        number=2_000_000 + article.publications.count(),
        title=own["title"],
        question=own["question"],
        short_answer=own["short_answer"],
        summary=own["summary"],
        search_text=search_text(document),
        reading_minutes=prepared["reading_minutes"],
        comments_open=own["comments_open"],
        comments_until=parse_datetime(until) if until else None,
        prepared=prepared,
        prepared_by=prepared["build"],
        **values,
    )


def _reviews_of(revision: Revision) -> list[dict[str, Any]]:
    """Embed the reviews of this very content: those of another say nothing about it."""
    reviews = Review.objects.filter(article=revision.article, digest=revision.digest)
    return [
        {
            "person": review.person.embedded(),
            "reviewed_on": review.reviewed_on.isoformat(),
            "checked": review.checked,
        }
        for review in reviews.select_related("person__portrait")
    ]


def _touch(article: Article) -> None:
    touch(ARTICLES, article_stamp(article.uid), comments_stamp(article.uid))
