"""Telling everyone concerned, by e-mail: who is told of what, and in which words.

A deed leaves a ``Notice`` for each recipient in its own transaction; a task
sends them once that is committed (``articles.tasks``).
"""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.models import Article, Notice, Remark, ReviewRequest

About = Notice.About


def tell(
    about: About,
    recipients: Iterable[AbstractBaseUser | None],
    *,
    article: Article,
    by: AbstractBaseUser | None,
    guest_name: str = "",
    request: ReviewRequest | None = None,
    remark: Remark | None = None,
) -> None:
    """Leave a notice for each recipient who has an e-mail address, but not for ``by``."""
    told = {one.pk: one for one in recipients if one and one.is_active and one.email}
    if by:
        told.pop(by.pk, None)
    if not told:
        return
    actor = guest_name or (by.get_full_name() or by.get_username() if by else "")
    Notice.objects.bulk_create(
        Notice(
            about=about,
            recipient=recipient,
            article=article,
            request=request,
            remark=remark,
            actor=actor[:150],
            made_at=timezone.now(),
        )
        for recipient in told.values()
    )
    # Robust: the deed is done, whatever becomes of the e-mail.
    transaction.on_commit(_send_soon, robust=True)


def people_with(permission: str) -> models.QuerySet:
    """Return the active accounts that have a permission, superusers among them."""
    return get_user_model().objects.with_perm(permission).filter(is_active=True).distinct()


def words_of(notice: Notice) -> tuple[str, str]:
    """Return (subject, text) of a notice's e-mail: plain text, with a link."""
    given = {"who": notice.actor or _("The system"), "article": notice.article}
    subject = " ".join((_SUBJECTS[notice.about]() % given).split())
    lines = [_SENTENCES[notice.about]() % given, *_details(notice)]
    lines += ["", _page_of(notice.article), "", settings.SITE_NAME]
    return subject, "\n".join(lines)


_SUBJECTS = {
    About.SUBMITTED: lambda: _("To review: %(article)s"),
    About.CLAIMED: lambda: _("%(who)s is reviewing: %(article)s"),
    About.APPROVED: lambda: _("Approved: %(article)s"),
    About.SENT_BACK: lambda: _("Sent back: %(article)s"),
    About.WITHDRAWN: lambda: _("No longer to review: %(article)s"),
    About.REMARKED: lambda: _("A remark on: %(article)s"),
}

_SENTENCES = {
    About.SUBMITTED: lambda: _("%(who)s submitted “%(article)s” for review."),
    About.CLAIMED: lambda: _("%(who)s is reviewing “%(article)s”."),
    About.APPROVED: lambda: _(
        "%(who)s approved “%(article)s”. The approval counts until it is edited again."
    ),
    About.SENT_BACK: lambda: _("%(who)s sent “%(article)s” back."),
    About.WITHDRAWN: lambda: _("%(who)s withdrew “%(article)s” from review."),
    About.REMARKED: lambda: _("%(who)s left a remark on “%(article)s”."),
}


def _details(notice: Notice) -> list[str]:
    request, remark, details = notice.request, notice.remark, []
    if request and notice.about == About.SUBMITTED:
        if request.due_on:
            details.append(_("It is due on %s.") % date_format(request.due_on, "j F Y"))
        if request.remark:
            details += ["", request.remark]
    if remark:
        details += ["", remark.text]
    return details


def _page_of(article: Article) -> str:
    path = reverse("admin:articles_article_reviewing", args=[article.pk])
    return f"{settings.SITE_ADDRESS}{path}"


def _send_soon() -> None:
    # Here, as the task composes what this module says.
    from articles.tasks import send_notices

    send_notices.enqueue()
