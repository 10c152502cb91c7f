"""The outbox: mail to readers that is to be sent, or was; and what their mail will tell of."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OutgoingMail(models.Model):
    """One mail to one reader. ``key`` says what it is about, so that nothing is sent twice.

    It is begun (``begun_at``) in a transaction of its own before the mail server is asked: one
    that was begun by a worker that died may have gone, so it is not sent again.
    """

    class Kind(models.TextChoices):
        CONFIRM = "confirm", _("Confirm an address")
        REPLY = "reply", _("An answer to a comment")
        NEW_COMMENTS = "new-comments", _("New comments on an article")
        DECIDED = "decided", _("What became of a comment")
        SUGGESTION = "suggestion", _("What became of a suggestion")
        MY_DATA = "my-data", _("Everything one wrote")

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    reader = models.ForeignKey(
        "comments.Reader", on_delete=models.CASCADE, related_name="mail", verbose_name=_("to")
    )
    # What its words are made of: keys of rows, never passages of a text.
    details = models.JSONField(default=dict)
    network = models.CharField(max_length=64, blank=True, editable=False)
    made_at = models.DateTimeField(_("made at"))
    due_at = models.DateTimeField(_("due at"))
    begun_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    # When the reader pressed the button on the page that a confirmation leads to.
    answered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("mail to a reader")
        verbose_name_plural = _("mail to readers")
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(begun_at__isnull=True, given_up_at__isnull=True),
                name="mail_due",
            ),
            models.Index(fields=["reader", "made_at"], name="mail_to_reader"),
            models.Index(
                fields=["network", "made_at"], condition=~Q(network=""), name="mail_by_network"
            ),
            # What is old enough to be deleted.
            models.Index(fields=["made_at"], name="mail_by_age"),
        ]
        constraints = [
            models.CheckConstraint(
                name="mail_sent_was_begun",
                condition=Q(sent_at__isnull=True) | Q(begun_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Announcement(models.Model):
    """An approved comment that followers are to be told of; kept for a while, so that it is once.

    Taken back with the approval, as long as nobody was told.
    """

    comment = models.OneToOneField(
        "comments.Comment", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    approved_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["article", "approved_at"],
                condition=Q(told_at__isnull=True),
                name="announcement_waiting",
            ),
            # What is old enough to be deleted.
            models.Index(
                fields=["told_at"],
                condition=Q(told_at__isnull=False),
                name="announcement_by_age",
            ),
        ]

    def __str__(self) -> str:
        return str(self.comment_id)
