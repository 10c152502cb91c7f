"""The moderators' digest: one e-mail says that comments wait, however many they are.

Whoever may decide about comments and has an e-mail address is told once something has waited for
an hour, and again when more has waited that long, at most once an hour; of what they were told
already, once a day. It holds no word of a reader.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.notices import people_with
from comments.models import Comment, CommentQuerySet, Digest
from comments.queue import COUNTED_TO, REPORTED, counts

logger = logging.getLogger(__name__)

HAS_WAITED = timedelta(hours=1)
# A little less than an hour, as whoever runs this hourly is not on time to the second.
AT_MOST_EVERY = timedelta(minutes=55)
AGAIN_AFTER = timedelta(hours=23)


def tell_moderators(at: datetime | None = None) -> int:
    """Send the digests that are due; return how many went.

    Running it again, or on two machines at once, tells nobody twice; one that could not be sent
    is tried again the next time.
    """
    at = at or timezone.now()
    if not _has_waited(at).exists():
        return 0
    people = people_with("comments.moderate_comment").exclude(email="")
    told = dict(Digest.objects.values_list("moderator", "told_at"))
    return sum(
        _tell(person, told.get(person.pk), at)
        for person in people
        if _is_due(told.get(person.pk), at)
    )


def _has_waited(at: datetime) -> CommentQuerySet:
    return Comment.objects.waiting().filter(created_at__lte=at - HAS_WAITED)


def _is_due(told_at: datetime | None, at: datetime) -> bool:
    if told_at is None or at - told_at >= AGAIN_AFTER:
        return True
    is_new = _has_waited(at).filter(created_at__gt=told_at - HAS_WAITED)
    return at - told_at >= AT_MOST_EVERY and is_new.exists()


def _tell(person: AbstractBaseUser, told_at: datetime | None, at: datetime) -> bool:
    """Tell one moderator. Whoever sets the mark sends; without an e-mail the mark goes back."""
    Digest.objects.bulk_create([Digest(moderator=person)], ignore_conflicts=True)
    marks = Digest.objects.filter(moderator=person)
    as_before = marks.filter(told_at=told_at) if told_at else marks.filter(told_at__isnull=True)
    if not as_before.update(told_at=at):
        return False
    subject, text = words_of()
    try:
        # Outside of any transaction: a mail server may take its time.
        send_mail(subject, text, None, [person.email])
    except OSError:
        logger.exception("A digest of what waits could not be sent.")
        marks.filter(told_at=at).update(told_at=told_at)
        return False
    return True


def words_of() -> tuple[str, str]:
    """Return (subject, text) of the digest."""
    found = counts()
    waiting, reported = found[Comment.State.PENDING], found[REPORTED]
    oldest = Comment.objects.waiting().first()
    subject = ngettext(
        "%(site)s: %(count)s comment waits", "%(site)s: %(count)s comments wait", waiting
    ) % {"site": settings.SITE_NAME, "count": _up_to(waiting)}
    lines = [
        ngettext(
            "%(count)s comment waits for a decision.",
            "%(count)s comments wait for a decision.",
            waiting,
        )
        % {"count": _up_to(waiting)}
    ]
    if oldest:
        since = date_format(timezone.localtime(oldest.created_at), "j F Y, H:i")
        lines.append(_("The first has waited since %s.") % since)
    if reported:
        lines.append(
            ngettext(
                "%(count)s comment was reported by readers.",
                "%(count)s comments were reported by readers.",
                reported,
            )
            % {"count": _up_to(reported)}
        )
    address = settings.SITE_ADDRESS + reverse("admin:comments_comment_changelist")
    why = _(
        "You are told because your account may decide about comments: at most once an hour, and "
        "only while something has waited for one."
    )
    return " ".join(subject.split()), "\n".join([*lines, "", address, "", why])


def _up_to(count: int) -> str:
    return str(count) if count < COUNTED_TO else _("more than %s") % f"{COUNTED_TO - 1:,}"
