"""What readers write: comments, and whether an article helped."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

LONGEST_BODY = 5_000
# Figures of base 36 in a step of a comment's path: enough for 78 thousand million comments.
STEP = 7
MAY_BE_MENDED_FOR = timedelta(minutes=15)


class CommentQuerySet(models.QuerySet):
    def approved(self) -> "CommentQuerySet":
        """Comments that readers may see, if they may see their article."""
        return self.filter(state=Comment.State.APPROVED)

    def waiting(self) -> "CommentQuerySet":
        """Comments that wait for an editor, oldest first."""
        return self.filter(state=Comment.State.PENDING).order_by("pk")

    def in_thread(self) -> "CommentQuerySet":
        """In the order in which a thread is read: replies below what they answer."""
        return self.order_by("path")


class Comment(models.Model):
    """A reader's comment. Its path sorts a thread: seven figures for each level."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        SPAM = "spam", _("Spam")
        REMOVED = "removed", _("Removed")

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="comments"
    )
    publication = models.ForeignKey(
        "articles.Publication",
        verbose_name=_("written under"),
        on_delete=models.CASCADE,
        related_name="comments",
    )
    # No plain index: it would win over the partial ones below and read every root.
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replies",
        db_index=False,
    )
    path = models.CharField(max_length=8 * STEP, blank=True)
    about = models.CharField(
        _("about"), max_length=80, blank=True, help_text=_("The anchor of what it speaks about.")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail"), blank=True)
    body = models.TextField(_("comment"), max_length=LONGEST_BODY)
    body_html = models.TextField(editable=False)
    is_staff = models.BooleanField(_("by the newsroom"), default=False)
    # Of what the writer's own address carries; the token itself is kept nowhere.
    token_hash = models.CharField(max_length=64, editable=False, blank=True)
    # A keyed hash of the writer's network, for the limit on how often; forgotten after 30 days.
    network = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("written at"))
    edited_at = models.DateTimeField(_("changed at"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
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
            # The thread of an article, in order, and its count.
            models.Index(
                fields=["article", "path"],
                condition=Q(state="approved"),
                name="comment_thread",
            ),
            # What waits for an editor.
            models.Index(fields=["id"], condition=Q(state="pending"), name="comment_waiting"),
            # Replies to a comment; roots are never looked for by it.
            models.Index(
                fields=["parent"], condition=Q(parent__isnull=False), name="comment_replies"
            ),
            # How often a network wrote lately, and whose hash is to be forgotten.
            models.Index(
                fields=["network", "created_at"], condition=~Q(network=""), name="comment_network"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="comment_has_name_and_words", condition=~Q(name="") & ~Q(body="")
            ),
            models.CheckConstraint(
                name="comment_shown_was_decided",
                condition=~Q(state="approved") | Q(decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.body[:60]}"

    def get_absolute_url(self) -> str:
        return reverse("comments:comment", args=[self.pk])

    @property
    def depth(self) -> int:
        """0 for a comment on the article, 1 for a reply."""
        return len(self.path) // STEP - 1


class Feedback(models.Model):
    """Whether a publication helped a reader. Private: editors read it, nobody else."""

    class Reason(models.TextChoices):
        OUT_OF_DATE = "out-of-date", _("Something is out of date")
        UNCLEAR = "unclear", _("It is hard to follow")
        MISSING = "missing", _("It did not answer my question")
        ONE_SIDED = "one-sided", _("It is one-sided")
        WRONG = "wrong", _("Something is wrong")
        OTHER = "other", _("Something else")

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="feedback"
    )
    publication = models.ForeignKey(
        "articles.Publication",
        verbose_name=_("about"),
        on_delete=models.CASCADE,
        related_name="feedback",
    )
    helped = models.BooleanField(_("did it help"))
    reason = models.CharField(_("reason"), max_length=20, blank=True, choices=Reason)
    text = models.CharField(_("in their words"), max_length=600, blank=True)
    network = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("given at"))

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        indexes = [
            # The helpful share of an article over time.
            models.Index(fields=["article", "created_at"], name="feedback_of_article"),
            models.Index(
                fields=["network", "created_at"], condition=~Q(network=""), name="feedback_network"
            ),
        ]

    def __str__(self) -> str:
        return str(_("It helped") if self.helped else _("It did not help"))
