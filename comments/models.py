"""What readers write: comments, and whether an article helped."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 80
LONGEST_BODY = 5_000
LONGEST_FEEDBACK = 600
# Figures in a step of a comment's path: enough for ten thousand million comments. Figures only,
# because letters sort differently from one database to the next ("z" before "t" in Estonian).
STEP = 10
MAY_BE_MENDED_FOR = timedelta(minutes=15)


class CommentQuerySet(models.QuerySet):
    def approved(self) -> "CommentQuerySet":
        """Comments that readers may see, if they may see their article."""
        return self.filter(state=Comment.State.APPROVED)

    def waiting(self) -> "CommentQuerySet":
        """Comments that wait for an editor, the oldest first."""
        return self.filter(state=Comment.State.PENDING).order_by("pk")

    def in_thread(self) -> "CommentQuerySet":
        """In the order in which a thread is read: replies below what they answer."""
        return self.order_by("path")


class Comment(models.Model):
    """A reader's comment. Its path sorts a thread: ten figures for each level.

    Written and changed by the deeds of ``comments.writing`` and
    ``comments.moderating`` only.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        SPAM = "spam", _("Spam")
        # By its writer, who has a right to that: the row stays, without words or address.
        DELETED = "deleted", _("Deleted by its writer")

    # No plain indexes on article and parent: they would win over those below and read every row.
    article = models.ForeignKey(
        "articles.Article",
        verbose_name=_("article"),
        on_delete=models.CASCADE,
        related_name="comments",
        db_index=False,
    )
    publication = models.ForeignKey(
        "articles.Publication",
        verbose_name=_("written under"),
        on_delete=models.CASCADE,
        related_name="comments",
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("in reply to"),
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="replies",
        db_index=False,
    )
    path = models.CharField(max_length=8 * STEP, blank=True, editable=False)
    about = models.CharField(
        _("about"), max_length=80, blank=True, help_text=_("The anchor of what it speaks about.")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    email = models.EmailField(_("e-mail"), blank=True)
    body = models.TextField(_("comment"), max_length=LONGEST_BODY)
    body_html = models.TextField(editable=False)
    is_staff = models.BooleanField(_("by the newsroom"), default=False)
    # Of what the writer's own address carries; the token itself is kept nowhere.
    token_hash = models.CharField(max_length=64, editable=False, blank=True)
    # A keyed hash of the writer's network, for the limit on how often; forgotten after 30 days.
    network = models.CharField(max_length=64, blank=True, editable=False)
    # Of what was sent and from where: unique, so that the same sent twice is stored once.
    fingerprint = models.CharField(max_length=64, null=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("written at"), editable=False)
    edited_at = models.DateTimeField(_("changed at"), null=True, blank=True, editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        permissions = [("moderate_comment", _("Can approve and reject comments"))]
        indexes = [
            # The thread of an article, in order.
            models.Index(
                fields=["article", "path"], condition=Q(state="approved"), name="comment_thread"
            ),
            # How many an article shows, and how many wait: counted without reading a row.
            models.Index(fields=["article", "state", "id"], name="comment_of_article"),
            # What waits for an editor.
            models.Index(fields=["id"], condition=Q(state="pending"), name="comment_waiting"),
            # Replies to a comment; roots are never looked for by it.
            models.Index(
                fields=["parent"], condition=Q(parent__isnull=False), name="comment_replies"
            ),
            # How often a network wrote lately.
            models.Index(
                fields=["network", "created_at"], condition=~Q(network=""), name="comment_network"
            ),
            # Whose network is to be forgotten.
            models.Index(fields=["created_at"], condition=~Q(network=""), name="comment_forget"),
        ]
        constraints = [
            models.CheckConstraint(
                name="comment_has_name_and_words",
                condition=Q(state="deleted") | ~Q(name="") & ~Q(body=""),
            ),
            models.CheckConstraint(
                name="comment_deleted_without_words",
                condition=~Q(state="deleted") | Q(name="", email="", body="", body_html=""),
            ),
            models.CheckConstraint(
                name="comment_shown_was_decided_and_has_its_place",
                condition=~Q(state="approved") | Q(decided_at__isnull=False) & ~Q(path=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.body[:60]}" if self.name else str(self.State.DELETED.label)

    def get_absolute_url(self) -> str:
        return reverse("comments:comment", args=[self.pk])

    @property
    def depth(self) -> int:
        """0 for a comment on the article, 1 for a reply."""
        return len(self.path) // STEP - 1

    @property
    def may_be_mended_until(self) -> datetime:
        """The moment from which its writer may change it no more."""
        return self.created_at + MAY_BE_MENDED_FOR

    def may_be_mended(self, at: datetime | None = None) -> bool:
        """May its writer change or delete it at ``at``, now unless given?

        Not once an editor has turned it down: that is the end of it.
        """
        is_open = self.state in (self.State.PENDING, self.State.APPROVED)
        return is_open and (at or timezone.now()) < self.may_be_mended_until


class Feedback(models.Model):
    """Whether a publication helped a reader. Private: editors read it, nobody else.

    Written by the deeds of ``comments.answering`` only.
    """

    class Reason(models.TextChoices):
        MISSING = "missing", _("It did not answer my question")
        OUT_OF_DATE = "out-of-date", _("Something is out of date")
        WRONG = "wrong", _("Something is wrong")
        UNCLEAR = "unclear", _("It is hard to follow")
        ONE_SIDED = "one-sided", _("It is one-sided")
        OTHER = "other", _("Something else")

    article = models.ForeignKey(
        "articles.Article",
        verbose_name=_("article"),
        on_delete=models.CASCADE,
        related_name="feedback",
    )
    publication = models.ForeignKey(
        "articles.Publication",
        verbose_name=_("about"),
        on_delete=models.CASCADE,
        related_name="feedback",
    )
    helped = models.BooleanField(_("did it help"))
    reason = models.CharField(_("reason"), max_length=20, blank=True, choices=Reason)
    text = models.TextField(_("in their words"), max_length=LONGEST_FEEDBACK, blank=True)
    network = models.CharField(max_length=64, blank=True, editable=False)
    # Of publication and network: unique, so that a double click is one answer.
    fingerprint = models.CharField(max_length=64, null=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("given at"), editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        indexes = [
            # The helpful share of an article over time.
            models.Index(fields=["article", "created_at"], name="feedback_of_article"),
            # How often a network answered lately.
            models.Index(
                fields=["network", "created_at"], condition=~Q(network=""), name="feedback_network"
            ),
            # Whose network is to be forgotten.
            models.Index(fields=["created_at"], condition=~Q(network=""), name="feedback_forget"),
        ]

    def __str__(self) -> str:
        return str(_("It helped") if self.helped else _("It did not help"))
