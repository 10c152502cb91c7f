"""Bans: who may not comment until when, known by keyed hashes only."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class BanQuerySet(models.QuerySet):
    def in_force(self, at: datetime) -> "BanQuerySet":
        """Bans that hold at ``at``."""
        return self.filter(ends_at__gt=at)


class Ban(models.Model):
    """Comments of a reader or a network are refused until ``ends_at``."""

    class Kind(models.TextChoices):
        ADDRESS = "address", _("E-mail address")
        NETWORK = "network", _("Network")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    # As in Reader.address_hash or Comment.network; forgotten when it bans nobody any more.
    hash = models.CharField(max_length=64, blank=True, editable=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("made at"), editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    ends_at = models.DateTimeField(_("ends at"))

    objects = BanQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("ban")
        verbose_name_plural = _("bans")
        indexes = [models.Index(fields=["hash", "ends_at"], name="ban_in_force")]

    def __str__(self) -> str:
        return str(self.Kind(self.kind).label)
