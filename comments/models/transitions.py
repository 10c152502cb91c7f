"""Transitions: every change of a comment's state, with who, when and why."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comments.models.comments import Comment


class Transition(models.Model):
    """One change of a comment's state. Written by ``comments.states`` only, and never changed.

    A deed that leaves the state as it is (reports settled, pinned) has the same before and after.
    """

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="transitions")
    # Empty for a comment that has just come.
    before = models.CharField(_("before"), max_length=10, choices=Comment.State, blank=True)
    after = models.CharField(_("after"), max_length=10, choices=Comment.State)
    at = models.DateTimeField(_("when"))
    # Nobody: its writer, or the pipeline, as the reason says.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    # A phase of the pipeline ("links"), "writer", "reports", "undo", or a moderator's own words.
    reason = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("change of state")
        verbose_name_plural = _("changes of state")
        indexes = [
            # The last decisions of a moderator, to be taken back; none of a reader's own.
            models.Index(
                fields=["by", "id"], condition=Q(by__isnull=False), name="transition_of_moderator"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before or '–'} → {self.after}"
