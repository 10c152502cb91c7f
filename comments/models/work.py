"""Proof of work that was handed in, so that nobody hands in the same twice."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SpentWork(models.Model):
    """A challenge whose solution has bought a comment. Kept until the challenge expires."""

    # The signature of the challenge, which is different for each.
    signature = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField(_("expires at"), db_index=True)

    class Meta:
        verbose_name = _("spent proof of work")
        verbose_name_plural = _("spent proofs of work")

    def __str__(self) -> str:
        return self.signature
