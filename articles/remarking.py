"""Remarks: what colleagues and guests say about a place in a draft, and what becomes of it."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, DraftLink, Remark, ReviewRequest, Revision
from articles.models.reviewing import LONGEST_REMARK
from articles.notices import About, tell
from articles.places import WHOLE, Place


def threads_of(article: Article, *, link: DraftLink | None = None) -> models.QuerySet:
    """Return the article's remarks with their answers and people, in two queries.

    With ``link`` only those that were made through it: a guest sees no others.
    """
    people = ("author", "resolved_by")
    answers = models.Prefetch("answers", Remark.objects.select_related(*people))
    threads = Remark.objects.filter(article=article).threads()
    threads = threads.filter(link=link) if link else threads
    return threads.select_related(*people).prefetch_related(answers)


@transaction.atomic
def leave_remark(
    revision: Revision,
    *,
    text: str,
    by: AbstractBaseUser | None,
    place: Place = WHOLE,
    link: DraftLink | None = None,
    guest_name: str = "",
    is_told: bool = True,
) -> Remark:
    """Say something about a place in what ``revision`` holds; everyone concerned is told.

    ``is_told`` is off where another deed tells of it. Raises ``ValidationError``
    for a remark without words, or too many.
    """
    remark = Remark.objects.create(
        article=revision.article,
        revision_number=revision.number,
        part=place.part,
        row_uid=place.row_uid or None,
        field=place.field,
        text=_words(text),
        author=by,
        guest_name=guest_name,
        link=link,
        created_at=timezone.now(),
    )
    if is_told:
        _tell(remark, [revision.created_by, link and link.created_by])
    return remark


@transaction.atomic
def answer(
    thread: Remark,
    *,
    text: str,
    by: AbstractBaseUser | None,
    link: DraftLink | None = None,
    guest_name: str = "",
) -> Remark:
    """Answer a remark; those who spoke in the thread are told."""
    made = Remark.objects.create(
        article=thread.article,
        revision_number=thread.article.latest_revision.number,
        text=_words(text),
        answers_to=thread,
        author=by,
        guest_name=guest_name,
        link=link,
        created_at=timezone.now(),
    )
    spoke = [one.author for one in thread.answers.select_related("author")]
    _tell(made, [thread.author, thread.link and thread.link.created_by, *spoke])
    return made


def edit(remark: Remark, *, text: str, by: AbstractBaseUser) -> None:
    """Change the words of one's own remark or answer; when shows beside it."""
    if not is_by(remark, by):
        raise ValidationError(_("Only whoever wrote a remark can change it."))
    words = _words(text)
    if words == remark.text:
        return
    remark.text, remark.edited_at = words, timezone.now()
    remark.save(update_fields=["text", "edited_at"])


def resolve(thread: Remark, *, by: AbstractBaseUser) -> None:
    """Say that nothing more is to be done about a remark. Who said so first, stays."""
    _settle(thread, by, timezone.now())


def reopen(thread: Remark, *, by: AbstractBaseUser) -> None:
    """Say that there is something to be done after all."""
    _settle(thread, None, None)


def place_of(remark: Remark) -> Place:
    """Return the place that a remark speaks about."""
    return Place(remark.part, str(remark.row_uid) if remark.row_uid else "", remark.field)


def is_by(remark: Remark, by: AbstractBaseUser) -> bool:
    """Did ``by`` write it?"""
    return remark.author_id is not None and remark.author_id == by.pk


def _settle(thread: Remark, by: AbstractBaseUser | None, at: datetime | None) -> None:
    if thread.answers_to_id:
        raise ValidationError(_("An answer is resolved with the remark that it answers."))
    changed = Remark.objects.filter(pk=thread.pk, resolved_at__isnull=at is not None)
    changed.update(resolved_by=by, resolved_at=at)


def _words(text: str) -> str:
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise ValidationError(_("Write something before you send."))
    if len(words) > LONGEST_REMARK:
        raise ValidationError(_("A remark has %d characters at the most.") % LONGEST_REMARK)
    return words


def _tell(remark: Remark, concerned: Iterable[AbstractBaseUser | None]) -> None:
    """Tell those concerned, and whoever submitted the article or is reviewing it."""
    waiting = ReviewRequest.objects.waiting().filter(article=remark.article)
    for request in waiting.select_related("submitted_by", "claimed_by"):
        concerned = [*concerned, request.submitted_by, request.claimed_by]
    tell(
        About.REMARKED,
        concerned,
        article=remark.article,
        by=remark.author,
        guest_name=remark.guest_name,
        remark=remark,
    )
