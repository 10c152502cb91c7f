"""Whether articles helped, in readers' words."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LONGEST_FEEDBACK = 600


class Feedback(models.Model):
    """Whether a publication helped a reader. Private: editors read it, nobody else.

    Written by the deeds of ``comments.feedback`` only.
    """

    class Reason(models.TextChoices):
        MISSING = "missing", _("It did not answer my question")
        OUT_OF_DATE = "out-of-date", _("Something is out of date")
        WRONG = "wrong", _("Something is wrong")
        UNCLEAR = "unclear", _("It is hard to follow")
        ONE_SIDED = "one-sided", _("It is one-sided")
        OTHER = "other", _("Something else")

    article = models.ForeignKey(
        "articles.Article",
        verbose_name=_("article"),
        on_delete=models.CASCADE,
        related_name="feedback",
    )
    publication = models.ForeignKey(
        "articles.Publication",
        verbose_name=_("about"),
        on_delete=models.CASCADE,
        related_name="feedback",
    )
    helped = models.BooleanField(_("did it help"))
    reason = models.CharField(_("reason"), max_length=20, blank=True, choices=Reason)
    text = models.TextField(_("in their words"), max_length=LONGEST_FEEDBACK, blank=True)
    network = models.CharField(max_length=64, blank=True, editable=False)
    # Of publication and network: unique, so that a double click is one answer.
    fingerprint = models.CharField(max_length=64, null=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("given at"), editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        indexes = [
            # The helpful share of an article over time.
            models.Index(fields=["article", "created_at"], name="feedback_of_article"),
            # How often a network answered lately.
            models.Index(
                fields=["network", "created_at"], condition=~Q(network=""), name="feedback_network"
            ),
            # Whose network is to be forgotten.
            models.Index(fields=["created_at"], condition=~Q(network=""), name="feedback_forget"),
        ]

    def __str__(self) -> str:
        return str(_("It helped") if self.helped else _("It did not help"))
