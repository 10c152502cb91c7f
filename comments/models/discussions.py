"""An article's discussion: how many comments it shows, and the rules that hold for it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Discussion(models.Model):
    """The counts of one article's comments; also the lock under which they change.

    Made with the first comment. Changed by ``comments.states`` only.
    """

    article = models.OneToOneField(
        "articles.Article", on_delete=models.CASCADE, primary_key=True, related_name="discussion"
    )
    shown = models.PositiveIntegerField(_("approved comments"), default=0)
    # How many of them are about each part of the article, by its anchor; none without one.
    about = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("discussion")
        verbose_name_plural = _("discussions")

    def __str__(self) -> str:
        return str(self.article)


class DiscussionRules(models.Model):
    """Rules for comments: the site's own, and what one article does otherwise.

    A field that is empty on an article's rules takes the site's; one that is empty there, the
    default of ``comments.rules``.
    """

    article = models.OneToOneField(
        "articles.Article",
        verbose_name=_("article"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="discussion_rules",
    )
    is_moderated_first = models.BooleanField(
        _("read by a moderator before they are shown"), null=True, blank=True
    )
    closes_after_days = models.PositiveIntegerField(
        _("closes after so many days"), null=True, blank=True
    )
    slow_mode_seconds = models.PositiveIntegerField(
        _("seconds between two comments of one reader"), null=True, blank=True
    )
    most_links = models.PositiveSmallIntegerField(
        _("links that a comment may have without being held"), null=True, blank=True
    )
    held_words = models.TextField(_("words that hold a comment"), blank=True)
    refused_words = models.TextField(_("words that refuse a comment"), blank=True)
    trusted_after = models.PositiveSmallIntegerField(
        _("approved comments after which a reader is trusted"), null=True, blank=True
    )
    trusted_within_days = models.PositiveSmallIntegerField(
        _("days in which none of theirs may have been refused"), null=True, blank=True
    )
    hidden_after_reports = models.PositiveSmallIntegerField(
        _("reports after which a comment is hidden"), null=True, blank=True
    )
    asks_proof_of_work = models.BooleanField(_("asks for proof of work"), null=True, blank=True)

    class Meta:
        verbose_name = _("rules for comments")
        verbose_name_plural = _("rules for comments")
        constraints = [
            models.UniqueConstraint(
                models.functions.Coalesce("article", 0), name="discussion_rules_once_for_the_site"
            ),
        ]

    def __str__(self) -> str:
        return str(self.article or _("The whole site"))
