"""What the site itself remembers: which rights its roles were given."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RightGiven(models.Model):
    """That a role was given a right once: if an administrator took it away since, it stays away."""

    role = models.CharField(_("role"), max_length=60)
    right = models.CharField(_("right"), max_length=160)

    class Meta:
        verbose_name = _("right given")
        verbose_name_plural = _("rights given")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["role", "right"], name="right_given_once_to_role")
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.right}"
