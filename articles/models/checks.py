"""How much each check matters to this site, where that is not what the code says."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from publishing.checks import Level


class CheckLevel(models.Model):
    """The level of one check, by its name; a check without a row keeps its own."""

    check_name = models.CharField(_("check"), max_length=60, unique=True)
    level = models.CharField(_("level"), max_length=12, choices=Level)

    class Meta:
        ordering = ["check_name"]
        verbose_name = _("level of a check")
        verbose_name_plural = _("checks before publishing")
        default_permissions = ("view", "change")

    def __str__(self) -> str:
        return f"{self.check_name}: {self.level}"
