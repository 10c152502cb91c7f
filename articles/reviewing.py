"""Reviewing: somebody checked one content of an article, and says what was checked."""

from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.auditing import Deed, log
from articles.models import Review, Revision
from articles.recording import lock
from library.models import Person


@transaction.atomic
def record_review(
    revision: Revision,
    *,
    person: Person,
    reviewed_on: date,
    checked: str,
    by: AbstractBaseUser | None,
) -> Review:
    """Record that ``person`` checked the content of ``revision``, the latest one.

    Publications made of that content from now on show it; edit the article
    again, and it no longer matches. Raises ``ValidationError`` for a day in
    the future, a revision that is not the latest, and a second review of the
    same content by the same person.
    """
    article = lock(revision.article)
    latest = article.latest_revision
    if revision.digest != latest.digest:
        raise ValidationError(
            _("Revision %d has been recorded since. Look at what changed, then record the review.")
            % latest.number
        )
    if reviewed_on > timezone.localdate():
        raise ValidationError(_("The day of the review lies in the future."))
    if not checked.strip():
        raise ValidationError(_("Say what was checked. Readers will see it."))
    if Review.objects.filter(article=article, digest=revision.digest, person=person).exists():
        raise ValidationError(_("%s has already reviewed this very text.") % person)
    log(Deed.REVIEWED, by=by, revision=latest)
    return Review.objects.create(
        article=article,
        digest=revision.digest,
        person=person,
        reviewed_on=reviewed_on,
        checked=checked,
        recorded_by=by,
    )
