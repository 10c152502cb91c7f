"""Reviewing: submitted, claimed, approved or sent back; and who checked what, for readers.

A review is of one content: edit the article again, and it no longer matches.
Remarks are in ``articles.remarking``.
"""

from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.auditing import Deed, log
from articles.deeds import NotReady
from articles.four_eyes import refuse_own_edit
from articles.models import Article, DraftLink, Review, ReviewRequest, Revision
from articles.models.reviewing import LONGEST_REMARK, ReviewRequestQuerySet
from articles.notices import About, people_with, tell
from articles.places import WHOLE, Place
from articles.readiness import problems
from articles.recording import lock
from articles.remarking import leave_remark
from library.models import Person

State = ReviewRequest.State
REVIEW, PUBLISH = "articles.review_article", "articles.publish_article"


# What others ask


def waiting_for_review() -> ReviewRequestQuerySet:
    """Return the requests that wait, the most pressing first, with article and people."""
    waiting = ReviewRequest.objects.waiting()
    return waiting.select_related("article", "submitted_by", "claimed_by")


def open_request(article: Article) -> ReviewRequest | None:
    """Return the article's request that waits for a decision, None if there is none."""
    return waiting_for_review().filter(article=article).first()


def reviews_of(revision: Revision) -> models.QuerySet:
    """Return the reviews of this very content, whichever revision they were made on."""
    return Review.objects.filter(article=revision.article_id, digest=revision.digest)


def is_approved(revision: Revision) -> bool:
    """Did somebody review this very content?"""
    return reviews_of(revision).exists()


def reviewer_named(by: AbstractBaseUser) -> Person | None:
    """Return as whom an account is likely to approve: as the last time, or as its full name."""
    last = Review.objects.filter(recorded_by=by).select_related("person").order_by("-pk").first()
    name = by.get_full_name()
    return last.person if last else Person.objects.filter(name=name).first() if name else None


# Asking for a review


@transaction.atomic
def submit(
    revision: Revision,
    *,
    by: AbstractBaseUser | None,
    remark: str = "",
    due_on: date | None = None,
) -> ReviewRequest:
    """Ask for a review of ``revision``, the latest one; everyone who may review is told.

    Raises ``NotReady`` if something required is missing, and ``ValidationError``
    if the article waits for a review already, for a day that has passed, and
    for a remark that is too long.
    """
    article = lock(revision.article)
    _refuse_unless_latest(article, revision)
    if due_on and due_on < timezone.localdate():
        raise ValidationError(_("The day on which it is due has passed."))
    if len(remark) > LONGEST_REMARK:
        raise ValidationError(_("The remark has %d characters at the most.") % LONGEST_REMARK)
    if open_request(article):
        raise ValidationError(_("It waits for a review already."))
    if found := problems(revision.document):
        raise NotReady(found)
    request = ReviewRequest.objects.create(
        article=article,
        revision_number=revision.number,
        digest=revision.digest,
        submitted_by=by,
        submitted_at=timezone.now(),
        remark=remark.strip(),
        due_on=due_on,
    )
    log(Deed.SUBMITTED, by=by, revision=revision, due_on=due_on and due_on.isoformat())
    tell(About.SUBMITTED, people_with(REVIEW), article=article, by=by, request=request)
    return request


@transaction.atomic
def withdraw_request(request: ReviewRequest, *, by: AbstractBaseUser | None) -> None:
    """Take an article out of the queue again. Refused once it is decided."""
    request = _still_waiting(request)
    _decide(request, State.WITHDRAWN, by=by)
    log(Deed.WITHDREW_REQUEST, by=by, article=request.article)
    concerned = [request.submitted_by, request.claimed_by]
    tell(About.WITHDRAWN, concerned, article=request.article, by=by, request=request)


@transaction.atomic
def claim(request: ReviewRequest, *, by: AbstractBaseUser) -> None:
    """Say that ``by`` is reviewing it, in the place of whoever said so before."""
    request = _still_waiting(request)
    if request.claimed_by_id == by.pk:
        return
    before = request.claimed_by
    request.claimed_by, request.claimed_at = by, timezone.now()
    request.save(update_fields=["claimed_by", "claimed_at"])
    log(Deed.CLAIMED, by=by, article=request.article)
    concerned = [request.submitted_by, before]
    tell(About.CLAIMED, concerned, article=request.article, by=by, request=request)


@transaction.atomic
def release(request: ReviewRequest, *, by: AbstractBaseUser) -> None:
    """Say that ``by`` is not reviewing it after all."""
    request = _still_waiting(request)
    if request.claimed_by_id != by.pk:
        raise ValidationError(_("Somebody else is reviewing it."))
    request.claimed_by = request.claimed_at = None
    request.save(update_fields=["claimed_by", "claimed_at"])


# Deciding


@transaction.atomic
def send_back(
    request: ReviewRequest,
    *,
    by: AbstractBaseUser | None,
    text: str,
    place: Place = WHOLE,
) -> None:
    """Decide that it needs more work, with a remark that says what, and perhaps where."""
    request = _still_waiting(request)
    article = request.article
    revision = article.latest_revision
    remark = leave_remark(revision, text=text, place=place, by=by, is_told=False)
    _decide(request, State.SENT_BACK, by=by)
    log(Deed.SENT_BACK, by=by, revision=revision)
    concerned = [request.submitted_by, revision.created_by]
    tell(About.SENT_BACK, concerned, article=article, by=by, request=request, remark=remark)


@transaction.atomic
def record_review(
    revision: Revision,
    *,
    person: Person,
    reviewed_on: date,
    checked: str,
    by: AbstractBaseUser | None,
    link: DraftLink | None = None,
    guest_name: str = "",
) -> Review:
    """Record that ``person`` checked the content of ``revision``, the latest one.

    This is the approval: it decides the article's open request, if there is
    one. Publications made of that content from now on show it; edit the
    article again, and it no longer matches. A guest approves through ``link``,
    without an account. Raises ``ValidationError`` for a day in the future, a
    revision that is not the latest, a second review of the same content by the
    same person, and where four eyes are asked for, for one's own last edit.
    """
    article = lock(revision.article)
    _refuse_unless_latest(article, revision)
    refuse_own_edit(revision, by=by or (link and link.created_by))
    if reviewed_on > timezone.localdate():
        raise ValidationError(_("The day of the review lies in the future."))
    if not checked.strip():
        raise ValidationError(_("Say what was checked. Readers will see it."))
    if reviews_of(revision).filter(person=person).exists():
        raise ValidationError(_("%s has already reviewed this very text.") % person)
    review = Review.objects.create(
        article=article,
        digest=revision.digest,
        person=person,
        reviewed_on=reviewed_on,
        checked=checked,
        recorded_by=by,
        guest_name=guest_name,
    )
    _approve(article, revision, review, link)
    return review


def _approve(article: Article, revision: Revision, review: Review, link: DraftLink | None) -> None:
    """Decide the open request, if there is one, and tell everyone concerned."""
    by, guest_name = review.recorded_by, review.guest_name
    request = open_request(article)
    log(
        Deed.APPROVED if request else Deed.REVIEWED,
        by=by,
        revision=revision,
        is_guest=True if link else None,
    )
    if request:
        request.revision_number, request.digest = revision.number, revision.digest
        _decide(request, State.APPROVED, by=by, guest_name=guest_name)
    concerned = [revision.created_by, link and link.created_by]
    if request:
        concerned += [request.submitted_by, request.claimed_by, *people_with(PUBLISH)]
    tell(About.APPROVED, concerned, article=article, by=by, guest_name=guest_name, request=request)


def _decide(
    request: ReviewRequest, state: State, *, by: AbstractBaseUser | None, guest_name: str = ""
) -> None:
    request.state, request.decided_by, request.guest_name = state, by, guest_name
    request.decided_at = timezone.now()
    request.save(
        update_fields=[
            "state", "decided_by", "guest_name", "decided_at", "revision_number", "digest"
        ]
    )  # fmt: skip


def _still_waiting(request: ReviewRequest) -> ReviewRequest:
    """Lock the article and return the request as it is now; refuse one that is decided."""
    lock(request.article)
    people = ReviewRequest.objects.select_related("article", "submitted_by", "claimed_by")
    request = people.get(pk=request.pk)
    if not request.is_waiting:
        raise ValidationError(
            _("That is decided already: %s.") % request.get_state_display().lower()
        )
    return request


def _refuse_unless_latest(article: Article, revision: Revision) -> None:
    latest = article.latest_revision
    if revision.digest != latest.digest:
        raise ValidationError(
            _("Revision %d has been recorded since. Look at what changed, then decide.")
            % latest.number
        )
