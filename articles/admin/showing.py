"""Tells the library which live pages show one of its rows, and whether they show old words."""

from django.db import models
from django.urls import reverse

from articles.models import Publication, PublishedUse
from articles.republishing import outdated
from library.uses import Showing, tells_showings


@tells_showings
def live_articles(row: models.Model) -> list[Showing]:
    """Return the live articles whose document embeds ``row``, in three queries."""
    old = set(outdated(row).values_list("pk", flat=True))
    uses = PublishedUse.objects.live().filter(uid=row.uid)
    shown = models.Q(pk__in=uses.values("publication")) | models.Q(pk__in=old)
    live = Publication.objects.filter(shown, article__addresses__is_current=True)
    live = live.annotate(slug=models.F("article__addresses__slug")).order_by("title", "pk")
    return [
        Showing(
            title=title,
            url=reverse("articles:article", args=[slug]),
            is_old=key in old,
            mend_url=reverse(
                "admin:articles_article_republish", args=[row._meta.model_name, row.pk]
            ),
            mend_permission="articles.publish_article",
        )
        for key, title, slug in live.values_list("pk", "title", "slug")
    ]
