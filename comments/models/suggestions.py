"""Suggestions: readers make the article better."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comments.models.comments import LONGEST_NAME

LONGEST_SUGGESTION = 2_000


class Suggestion(models.Model):
    """What a reader says is wrong with an article, or asks of it; with what became of that.

    A public one is a comment as well, moderated like any other. Written and changed by the deeds
    of ``comments.suggesting`` only.
    """

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("A correction")
        QUESTION = "question", _("A question")

    class State(models.TextChoices):
        NEW = "new", _("Waiting")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")

    class Credit(models.TextChoices):
        NAME = "name", _("With my name")
        READER = "reader", _("As “a reader”")
        NONE = "none", _("Not at all")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    article = models.ForeignKey(
        "articles.Article",
        verbose_name=_("article"),
        on_delete=models.CASCADE,
        related_name="suggestions",
    )
    publication = models.ForeignKey(
        "articles.Publication",
        verbose_name=_("about version"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    comment = models.OneToOneField(
        "comments.Comment",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="suggestion",
    )
    feedback = models.OneToOneField(
        "comments.Feedback",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="suggestion",
    )
    # The anchor of what it speaks about, and its name as it was then.
    about = models.CharField(_("about"), max_length=80, blank=True)
    about_title = models.CharField(max_length=300, blank=True)
    text = models.TextField(_("what they write"), max_length=LONGEST_SUGGESTION)
    source = models.CharField(_("where that can be read"), max_length=500, blank=True)
    name = models.CharField(_("name"), max_length=LONGEST_NAME, blank=True)
    credit = models.CharField(_("credit"), max_length=10, choices=Credit, default=Credit.NONE)
    reader = models.ForeignKey(
        "comments.Reader",
        verbose_name=_("reader"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="suggestions",
    )
    # The moderator's answer to the writer.
    reply = models.TextField(_("answer"), blank=True)
    # The row of the working copy that it led to: a correction, or a question.
    led_to = models.UUIDField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, editable=False)
    network = models.CharField(max_length=64, blank=True, editable=False)
    fingerprint = models.CharField(max_length=64, null=True, unique=True, editable=False)
    made_at = models.DateTimeField(_("written at"), editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        indexes = [
            models.Index(fields=["article", "state"], name="suggestion_of_article"),
            models.Index(fields=["id"], condition=Q(state="new"), name="suggestion_waiting"),
            models.Index(
                fields=["led_to"], condition=Q(led_to__isnull=False), name="suggestion_led_to"
            ),
            models.Index(
                fields=["network", "made_at"],
                condition=~Q(network=""),
                name="suggestion_by_network",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
