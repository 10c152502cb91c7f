"""The audit log: who did what, when, from which revision. Written once, and never again."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class WrittenOnce(TypeError):
    """Somebody tried to change or delete what the audit log says."""

    def __init__(self) -> None:
        super().__init__("The audit log is written once: entries are neither changed nor deleted.")


class AuditEntryQuerySet(models.QuerySet):
    def update(self, **_values: Any) -> int:
        raise WrittenOnce

    def bulk_update(self, *_args: Any, **_options: Any) -> int:
        raise WrittenOnce

    def delete(self) -> tuple[int, dict[str, int]]:
        raise WrittenOnce


class AuditEntry(models.Model):
    """One deed. It names rows by what survives them, and holds no passage of any text.

    So it stays true when an account or an article goes, and redaction has
    nothing to look for here. Names of accounts and addresses are what it is about.
    """

    class Deed(models.TextChoices):
        PUBLISHED = "published", _("Published")
        SCHEDULED = "scheduled", _("Scheduled")
        CANCELLED = "cancelled", _("Cancelled what was scheduled")
        WITHDREW = "withdrew", _("Withdrew")
        SET_END = "set-end", _("Changed when it ends")
        RESTORED = "restored", _("Restored a revision")
        IMPORTED = "imported", _("Imported")
        CHANGED_ADDRESS = "changed-address", _("Changed the address")
        SUBMITTED = "submitted", _("Submitted for review")
        CLAIMED = "claimed", _("Began to review")
        APPROVED = "approved", _("Approved")
        SENT_BACK = "sent-back", _("Sent back")
        WITHDREW_REQUEST = "withdrew-request", _("Withdrew from review")
        REVIEWED = "reviewed", _("Recorded a review")
        MADE_LINK = "made-link", _("Made a draft link")
        RENEWED_LINK = "renewed-link", _("Renewed a draft link")
        REVOKED_LINK = "revoked-link", _("Revoked a draft link")
        REPUBLISHED = "republished", _("Took up a change of the library")
        NAMED = "named-revision", _("Named a revision")
        THINNED = "thinned", _("Thinned out old revisions")
        FORGOT_ADDRESS = "forgot-address", _("Took an address away again")
        MERGED = "merged", _("Merged two rows of the library")
        COPIED = "copied", _("Copied rows from another article")
        REDACTED = "redacted", _("Redacted")
        SET_CHECKS = "set-checks", _("Changed the checks")
        DELETED = "deleted", _("Deleted")
        DECIDED_COMMENTS = "decided-comments", _("Decided about comments")
        SET_COMMENT_RULES = "set-comment-rules", _("Changed the rules for comments")
        BANNED = "banned", _("Banned from commenting")
        LIFTED_BAN = "lifted-ban", _("Lifted a ban from commenting")
        DECIDED_SUGGESTION = "decided-suggestion", _("Decided about a suggestion")
        CHANGED_ACCOUNTS = "changed-accounts", _("Changed an account or a group")
        REMINDED = "reminded", _("Reminded of the review")

    at = models.DateTimeField(_("when"))
    # Without choices: an app above may have deeds of its own.
    deed = models.CharField(_("what"), max_length=30)
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(_("who"), max_length=150, blank=True)
    article_uid = models.UUIDField(_("article"), null=True)
    revision = models.PositiveIntegerField(_("revision"), null=True)
    version = models.PositiveIntegerField(_("version"), null=True)
    # Moments, addresses, numbers: see articles.auditing.
    details = models.JSONField(_("details"), default=dict)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        default_permissions = ("view",)
        indexes = [
            # The log of one article.
            models.Index(fields=["article_uid", "id"], name="audit_of_article"),
        ]

    def __str__(self) -> str:
        return f"{self.deed_words}, {self.user_name or '–'}"

    def save(self, **kwargs: Any) -> None:
        if self.pk:
            raise WrittenOnce
        super().save(**kwargs)

    def delete(self, **_options: Any) -> tuple[int, dict[str, int]]:
        raise WrittenOnce

    @property
    def deed_words(self) -> str:
        """What was done, in words."""
        return str(self.Deed(self.deed).label) if self.deed in self.Deed else self.deed
