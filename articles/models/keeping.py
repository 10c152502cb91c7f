"""What is kept while somebody writes: the text before it is saved, and who is there.

Neither is content: no revision holds it, no export takes it along, readers
never see it.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SILENCE = timedelta(seconds=90)
"""A browser says every 15 seconds that it is there, or every 60 with its tab in the background."""


class Autosave(models.Model):
    """What one editor typed into one form and has not saved: one slot, overwritten each time."""

    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="autosaves"
    )
    # None while the article itself has never been saved.
    article = models.ForeignKey(
        "articles.Article", null=True, on_delete=models.CASCADE, related_name="autosaves"
    )
    # Which form: see articles.autosaving.slot_of.
    slot = models.CharField(max_length=120)
    # The page that typed it: another tab of the same editor is another page.
    page = models.CharField(max_length=36)
    # The form's fields as they would be posted: {name: [text, …]}.
    fields = models.JSONField()
    saved_at = models.DateTimeField(_("kept at"))

    class Meta:
        ordering = ["editor", "slot"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["editor", "slot"], name="autosave_one_slot_of_editor_and_form"
            )
        ]
        indexes = [
            # Forgetting old ones.
            models.Index(fields=["saved_at"], name="autosave_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.slot}, {self.editor}"


class PresenceQuerySet(models.QuerySet):
    def here(self, at: datetime | None = None) -> "PresenceQuerySet":
        """Those who have something open now: a browser that fell silent is gone."""
        return self.filter(seen_at__gt=(at or timezone.now()) - SILENCE)


class Presence(models.Model):
    """That one page of an editor's browser has a form of an article open."""

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="presences"
    )
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    slot = models.CharField(max_length=120)
    page = models.CharField(max_length=36)
    opened_at = models.DateTimeField(_("open since"))
    seen_at = models.DateTimeField(_("last seen at"))
    active_at = models.DateTimeField(_("last typed at"))

    objects = PresenceQuerySet.as_manager()

    class Meta:
        ordering = ["opened_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["page", "editor"], name="presence_once_for_a_page")
        ]
        indexes = [
            # Who has an article open now: its form and the list of articles ask.
            models.Index(fields=["article", "seen_at"], name="presence_in_article"),
            # Forgetting old ones.
            models.Index(fields=["seen_at"], name="presence_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.editor}, {self.article}"
