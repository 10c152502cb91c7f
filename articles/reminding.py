"""Reminding: who edited an article last is told by e-mail when its review is due, once."""

import logging

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.mail import send_mail
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.auditing import Deed, log
from articles.models import Article, Publication, Revision

logger = logging.getLogger(__name__)

# How many of those who edited an article are told, the last first.
OWNERS = 2


def remind_of_reviews() -> int:
    """Tell the owners of live articles that are due; return of how many articles they were told.

    Once for each due day: running it again, or on two machines at once, tells
    nobody twice. An article whose owners have no address, or whose e-mail could
    not be sent, is tried again the next time.
    """
    live = Publication.objects.live().values("article")
    due = Article.objects.filter(review_due_on__lte=timezone.localdate(), pk__in=live)
    return sum(_remind(article) for article in _not_reminded(due).order_by("review_due_on", "pk"))


def owners(article: Article) -> list[AbstractBaseUser]:
    """Return the accounts that edited an article last, those that have an address."""
    users = get_user_model().objects.filter(is_active=True).exclude(email="")
    recorded = Revision.objects.filter(article=article, created_by__in=users)
    last = recorded.values("created_by").annotate(last=models.Max("number")).order_by("-last")
    keys = [row["created_by"] for row in last[:OWNERS]]
    found = users.in_bulk(keys)
    return [found[key] for key in keys]


def _not_reminded(articles: models.QuerySet) -> models.QuerySet:
    is_open = models.Q(reminded_of__isnull=True) | ~models.Q(reminded_of=models.F("review_due_on"))
    return articles.filter(is_open)


def _remind(article: Article) -> bool:
    people = owners(article)
    if not people:
        logger.warning("Nobody who edited “%s” has an e-mail address to be reminded at.", article)
        return False
    try:
        with transaction.atomic():
            # Whoever sets the mark sends; the mark goes if the e-mail does not.
            mine = _not_reminded(Article.objects.filter(pk=article.pk))
            if not mine.update(reminded_of=article.review_due_on):
                return False
            log(Deed.REMINDED, by=None, article=article, due_on=article.review_due_on.isoformat())
            _send(article, [person.email for person in people])
    except OSError:
        logger.exception("The reminder of “%s” could not be sent.", article)
        return False
    return True


def _send(article: Article, addresses: list[str]) -> None:
    day = date_format(article.review_due_on, "j F Y")
    words = _(
        "“%(article)s” was due for review on %(day)s.\n\n"
        "You are told because you edited it last. Check whether it is still true, mend what is "
        "not, and set the next day of review in its form:\n\n%(address)s\n"
    ) % {
        "article": article,
        "day": day,
        "address": settings.SITE_ADDRESS
        + reverse("admin:articles_article_change", args=[article.pk]),
    }
    subject = _("%(site)s: review due, “%(article)s”") % {
        "site": settings.SITE_NAME,
        "article": article,
    }
    # One each: owners need not know each other's addresses.
    for address in addresses:
        send_mail(" ".join(subject.split()), words, None, [address])
