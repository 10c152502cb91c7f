"""What was learned about words from the moderators' own decisions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LearnedToken(models.Model):
    """In how many comments called spam, and in how many approved ones, a token stood.

    The empty token counts the comments themselves.
    """

    token = models.CharField(max_length=64, primary_key=True)
    spam = models.PositiveIntegerField(default=0)
    good = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("learned token")
        verbose_name_plural = _("learned tokens")

    def __str__(self) -> str:
        return self.token
