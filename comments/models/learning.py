"""What was learned about words from the moderators' own decisions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LearnedToken(models.Model):
    """In how many comments called spam, and in how many approved ones, a token stood.

    The empty token counts the comments themselves. Written by ``comments.learning`` only: by
    adding, so that a count may fall below nothing where a rare token was pruned in between;
    whoever reads takes that for nothing.
    """

    token = models.CharField(max_length=64, primary_key=True)
    spam = models.IntegerField(default=0)
    good = models.IntegerField(default=0)
    changed_on = models.DateField()

    class Meta:
        verbose_name = _("learned token")
        verbose_name_plural = _("learned tokens")
        indexes = [
            # What is pruned: rare tokens that nobody used for long.
            models.Index(fields=["changed_on"], name="learned_token_age"),
        ]

    def __str__(self) -> str:
        return self.token
