"""Comments, their place in a thread, and what became of them."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.constants import Constant

LONGEST_NAME = 80
LONGEST_BODY = 5_000
# Figures in a step of a comment's path: enough for ten thousand million comments. Figures only,
# because letters sort differently from one database to the next ("z" before "t" in Estonian).
STEP = 10
DEEPEST = 8
"""Levels of a thread. An answer to what stands on the deepest stands beside it."""
MAY_BE_MENDED_FOR = timedelta(minutes=15)


class ThreadOf(models.Func):
    """The first step of a path: which thread a comment stands in.

    The numbers stand in the statement itself. As parameters, SQLite would not know the index.
    """

    template = f"SUBSTR(%(expressions)s, 1, {STEP})"
    output_field = models.TextField()


class CommentQuerySet(models.QuerySet):
    def approved(self) -> "CommentQuerySet":
        """Comments that readers may see, if they may see their article."""
        return self.in_state(Comment.State.APPROVED)

    def waiting(self) -> "CommentQuerySet":
        """Comments that wait for an editor, the oldest first."""
        return self.in_state(Comment.State.PENDING).order_by("pk")

    def in_state(self, state: str) -> "CommentQuerySet":
        """Comments in a state, one of those that there are."""
        return self.filter(state=Constant(Comment.State(state).value))

    def reported(self) -> "CommentQuerySet":
        """Comments about which readers' reports are open."""
        return self.filter(open_reports__gt=Constant(0))

    def from_a_network(self) -> "CommentQuerySet":
        """Comments of which it is still known whence they came."""
        return self.exclude(network=Constant(""))

    def shown(self) -> "CommentQuerySet":
        """What a thread shows: approved comments, and the places of others that were answered."""
        return self.filter(has_place=True)

    def roots(self) -> "CommentQuerySet":
        """Comments on an article itself, which answer no other."""
        return self.filter(parent__isnull=True)

    def in_thread(self) -> "CommentQuerySet":
        """In the order in which a thread is read: replies below what they answer."""
        return self.order_by("path")


class Comment(models.Model):
    """A reader's comment. Its path sorts a thread: ten figures for each level.

    Its ``parent`` is what it answers; its path says below what it stands, which is the same but
    at the deepest level. Written by ``comments.writing``; its state, and every count that
    follows from it, is changed by ``comments.states`` only.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        SPAM = "spam", _("Spam")
        # For good, by its writer, who has a right to that: the row stays, without words or name.
        REMOVED = "removed", _("Removed")

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
    path = models.CharField(max_length=DEEPEST * STEP, blank=True, editable=False)
    about = models.CharField(
        _("about"), max_length=80, blank=True, help_text=_("The anchor of what it speaks about.")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    reader = models.ForeignKey(
        "comments.Reader",
        verbose_name=_("reader"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="comments",
        db_index=False,
    )
    # When it was proved that its writer has the reader's e-mail address. Anybody can type one.
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True, editable=False)
    body = models.TextField(_("comment"), max_length=LONGEST_BODY)
    body_html = models.TextField(editable=False)
    is_staff = models.BooleanField(_("by the newsroom"), default=False)
    pinned_at = models.DateTimeField(_("pinned at"), null=True, blank=True, editable=False)
    # Counts, kept by delta in the transaction that changes them; comments.counting recounts them.
    replies_shown = models.PositiveIntegerField(
        _("approved comments below it"), default=0, editable=False
    )
    has_place = models.BooleanField(default=False, editable=False)
    helpful = models.PositiveIntegerField(_("found helpful by"), default=0, editable=False)
    unhelpful = models.PositiveIntegerField(default=0, editable=False)
    # The lower bound of the share of helpful votes: see comments.voting.
    score = models.FloatField(default=0, editable=False)
    open_reports = models.PositiveIntegerField(_("reports"), default=0, editable=False)
    # How likely it is spam, from 0 to 1, as learned from decisions: orders the queue, no more.
    spam_score = models.FloatField(_("spam score"), default=0, editable=False)
    # What it taught: "good", "spam", or nothing. Changed by ``comments.learning`` only.
    learned_as = models.CharField(max_length=4, blank=True, editable=False)
    # The phase of the pipeline that decided about it when it came: see comments.pipeline.
    held_by = models.CharField(_("decided by phase"), max_length=30, blank=True, editable=False)
    # Of its words alone, whatever their case and spacing: the same on many articles is found by it.
    words_hash = models.CharField(max_length=64, blank=True, editable=False)
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
                fields=["article", "path"], condition=Q(has_place=True), name="comment_thread"
            ),
            # The beginnings of an article's threads: by age, and the best first.
            models.Index(
                fields=["article", "created_at", "id"],
                condition=Q(has_place=True, parent__isnull=True),
                name="comment_roots_by_age",
            ),
            models.Index(
                fields=["article", "score", "id"],
                condition=Q(has_place=True, parent__isnull=True),
                name="comment_roots_by_score",
            ),
            models.Index(
                fields=["article", "pinned_at", "id"],
                condition=Q(pinned_at__isnull=False),
                name="comment_pinned",
            ),
            # The newest approved ones, of an article and of the site: feeds.
            models.Index(
                fields=["article", "id"], condition=Q(state="approved"), name="comment_newest_here"
            ),
            models.Index(fields=["id"], condition=Q(state="approved"), name="comment_newest"),
            # The newest of one thread: its feed.
            models.Index(
                ThreadOf("path"),
                "id",
                condition=Q(state="approved"),
                name="comment_newest_in_thread",
            ),
            # What is about a part of an article: counted, and the newest first.
            models.Index(
                fields=["article", "about", "id"],
                condition=Q(state="approved") & ~Q(about=""),
                name="comment_about",
            ),
            # How many an article shows, and how many wait: counted without reading a row.
            models.Index(fields=["article", "state", "id"], name="comment_of_article"),
            # What waits for an editor. The key comes first, here and in those of what was turned
            # down: PostgreSQL takes rows to lie in the order of an index's first column or in none,
            # and would rather go down the keys of all comments than through an index without
            # order, however far back what waits begins. The state is in it for SQLite, which would
            # read each row for it; and the article, of which the queue offers a choice.
            models.Index(
                fields=["id", "state", "article"],
                condition=Q(state="pending"),
                name="comment_waiting",
            ),
            # The same, the riskiest first, on the site and on one article; and what readers
            # reported, by how many. Of equals the oldest first.
            models.Index(
                fields=["-spam_score", "id"],
                condition=Q(state="pending"),
                name="comment_waiting_by_risk",
            ),
            models.Index(
                fields=["article", "-spam_score", "id"],
                condition=Q(state="pending"),
                name="comment_waiting_here_by_risk",
            ),
            models.Index(
                fields=["-open_reports", "id"],
                condition=Q(open_reports__gt=0),
                name="comment_reported",
            ),
            # What was turned down, the newest first.
            models.Index(
                fields=["id", "state"], condition=Q(state="rejected"), name="comment_rejected"
            ),
            models.Index(fields=["id", "state"], condition=Q(state="spam"), name="comment_spam"),
            models.Index(
                fields=["id", "state"], condition=Q(state="removed"), name="comment_removed"
            ),
            # What a reader wrote, and how that was received.
            models.Index(
                fields=["reader", "state", "id"],
                condition=Q(reader__isnull=False),
                name="comment_of_reader",
            ),
            models.Index(
                fields=["words_hash", "created_at"],
                condition=~Q(words_hash=""),
                name="comment_same_words",
            ),
            # Replies to a comment, the newest first; roots are never looked for by it.
            models.Index(
                fields=["parent", "id"], condition=Q(parent__isnull=False), name="comment_replies"
            ),
            # How often a network wrote lately.
            models.Index(
                fields=["network", "created_at"], condition=~Q(network=""), name="comment_network"
            ),
            # How what came from a network was received: the queue's word on a writer's standing.
            models.Index(
                fields=["network", "state"],
                condition=~Q(network="") & ~Q(state="pending"),
                name="comment_network_standing",
            ),
            # Whose network is to be forgotten.
            models.Index(fields=["created_at"], condition=~Q(network=""), name="comment_forget"),
        ]
        constraints = [
            models.CheckConstraint(
                name="comment_has_name_and_words",
                condition=Q(state="removed") | ~Q(name="") & ~Q(body=""),
            ),
            models.CheckConstraint(
                name="comment_removed_without_words",
                condition=~Q(state="removed")
                | Q(name="", reader__isnull=True, body="", body_html=""),
            ),
            models.CheckConstraint(
                name="comment_shown_was_decided_and_has_its_place",
                condition=~Q(state="approved") | Q(decided_at__isnull=False) & ~Q(path=""),
            ),
            models.CheckConstraint(
                name="comment_has_place_if_shown_or_answered",
                condition=Q(has_place=True) & (Q(state="approved") | Q(replies_shown__gt=0))
                | Q(has_place=False, replies_shown=0) & ~Q(state="approved"),
            ),
            models.CheckConstraint(
                name="comment_pinned_is_shown",
                condition=Q(pinned_at__isnull=True) | Q(state="approved"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.body[:60]}" if self.name else str(self.State.REMOVED.label)

    def get_absolute_url(self) -> str:
        return reverse("comments:comment", args=[self.pk])

    @property
    def depth(self) -> int:
        """0 for a comment on the article, 1 for a reply, 2 for a reply to that."""
        return len(self.path) // STEP - 1

    @property
    def stands_below(self) -> list[int]:
        """The keys of the comments that it stands below in its thread, the root first."""
        return keys_of(self.path)[:-1]

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


def keys_of(path: str) -> list[int]:
    """Return the keys of the comments on the way to a place: the root first, the comment last."""
    return [int(path[start : start + STEP]) for start in range(0, len(path), STEP)]


def place_below(path: str, key: int) -> str:
    """Return the path of a comment that answers the one at ``path``, or the article if empty."""
    return f"{path[: (DEEPEST - 1) * STEP]}{key:0{STEP}}"
