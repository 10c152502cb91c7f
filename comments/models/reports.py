"""Reports: readers say that a comment breaks the rules."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LONGEST_REPORT = 600


class Report(models.Model):
    """A reader's report of a comment, open until a moderator has settled it."""

    class Category(models.TextChoices):
        ABUSE = "abuse", _("It attacks or insults somebody")
        HATE = "hate", _("It is hateful")
        PRIVATE = "private", _("It tells something private about somebody")
        SPAM = "spam", _("It is advertising or spam")
        FALSE = "false", _("It states something false")
        ILLEGAL = "illegal", _("It is against the law")
        OTHER = "other", _("Something else")

    comment = models.ForeignKey(
        "comments.Comment", on_delete=models.CASCADE, related_name="reports"
    )
    category = models.CharField(_("category"), max_length=10, choices=Category)
    text = models.TextField(_("in their words"), max_length=LONGEST_REPORT, blank=True)
    network = models.CharField(max_length=64, blank=True, editable=False)
    # One network reports a comment once; forgotten together with the network.
    fingerprint = models.CharField(max_length=64, null=True, unique=True, editable=False)
    made_at = models.DateTimeField(_("made at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("settled by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        indexes = [
            models.Index(
                fields=["comment"], condition=Q(settled_at__isnull=True), name="report_open"
            ),
            models.Index(
                fields=["network", "made_at"], condition=~Q(network=""), name="report_by_network"
            ),
            # Whose network is to be forgotten.
            models.Index(fields=["made_at"], condition=~Q(network=""), name="report_forget"),
        ]

    def __str__(self) -> str:
        return str(self.Category(self.category).label)
