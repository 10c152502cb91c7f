"""Votes: whether a reader found a comment helpful."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Vote(models.Model):
    """One reader's vote on one comment, which may be changed. Unhelpful ones are shown nowhere."""

    comment = models.ForeignKey("comments.Comment", on_delete=models.CASCADE, related_name="votes")
    # A keyed hash of network and browser, forgotten after 30 days; the vote stays counted.
    voter = models.CharField(max_length=64, null=True, editable=False)
    # Of the network alone: how often one votes is limited, whatever its browsers call themselves.
    network = models.CharField(max_length=64, blank=True, editable=False)
    is_helpful = models.BooleanField()
    cast_at = models.DateTimeField()

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(fields=["comment", "voter"], name="vote_once_by_each"),
        ]
        indexes = [
            models.Index(
                fields=["cast_at"], condition=Q(voter__isnull=False), name="vote_to_be_forgotten"
            ),
            # How often a network voted lately, and on one comment.
            models.Index(
                fields=["network", "cast_at"], condition=~Q(network=""), name="vote_by_network"
            ),
            models.Index(
                fields=["comment", "network"], condition=~Q(network=""), name="vote_on_by_network"
            ),
        ]

    def __str__(self) -> str:
        return str(_("Helpful") if self.is_helpful else _("Not helpful"))
