"""What passes between colleagues about a draft: requests for review, remarks, links for guests.

None of it is content: a restore or an import leaves it as it is. Revisions are
named by number and digest, as old ones may be thinned out; only a link, which
lives for days, needs its revision to be there.
"""

import uuid
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_REMARK = 2000
LONGEST_NAME = 120
# A signature made for something else of the site opens no draft.
_SALT = "articles.draft-link"


def account(name: str, **options: bool) -> models.ForeignKey:
    """Return a field that names an account, and forgets it when the account goes."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=name,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        **options,
    )


class ReviewRequestQuerySet(models.QuerySet):
    def waiting(self) -> "ReviewRequestQuerySet":
        """Return those nobody has decided yet, the most pressing first."""
        waiting = self.filter(state=ReviewRequest.State.WAITING)
        return waiting.order_by(models.F("due_on").asc(nulls_last=True), "submitted_at", "pk")


class ReviewRequest(models.Model):
    """That somebody submitted an article for review, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for review")
        APPROVED = "approved", _("Approved")
        SENT_BACK = "sent-back", _("Sent back")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    article = models.ForeignKey(
        "articles.Article",
        verbose_name=_("article"),
        on_delete=models.CASCADE,
        related_name="review_requests",
    )
    # What was submitted; once approved, what was approved.
    revision_number = models.PositiveIntegerField(_("revision"))
    digest = models.CharField(_("digest"), max_length=64)
    submitted_by = account(_("submitted by"))
    submitted_at = models.DateTimeField(_("submitted at"))
    remark = models.TextField(_("remark"), max_length=LONGEST_REMARK, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    claimed_by = account(_("reviewer"), blank=True)
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    decided_by = account(_("decided by"), blank=True)
    guest_name = models.CharField(_("guest"), max_length=LONGEST_NAME, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = ReviewRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-pk"]
        verbose_name = _("review request")
        verbose_name_plural = _("review requests")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["article"],
                condition=models.Q(state="waiting"),
                name="review_request_one_open_in_article",
            ),
            models.CheckConstraint(
                name="review_request_decided_with_moment",
                condition=models.Q(state="waiting", decided_at__isnull=True)
                | (~models.Q(state="waiting") & models.Q(decided_at__isnull=False)),
            ),
        ]
        indexes = [
            # The queue: what waits, by the day on which it is due.
            models.Index(fields=["state", "due_on", "submitted_at"], name="review_request_queue"),
        ]

    def __str__(self) -> str:
        return _("%(article)s, revision %(number)d") % {
            "article": self.article,
            "number": self.revision_number,
        }

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_overdue(self) -> bool:
        """Has the day on which it was due passed without a decision?"""
        return bool(self.is_waiting and self.due_on and self.due_on < timezone.localdate())


class DraftLink(models.Model):
    """A signed address at which somebody without an account may read one revision for a while."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="draft_links"
    )
    revision = models.ForeignKey("articles.Revision", on_delete=models.CASCADE, related_name="+")
    note = models.CharField(_("for whom"), max_length=LONGEST_NAME, blank=True)
    may_remark = models.BooleanField(_("may leave remarks"), default=False)
    # As whom the guest approves; nobody, for a link that does not carry that right.
    approves_as = models.ForeignKey(
        "library.Person",
        verbose_name=_("may approve as"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    expires_at = models.DateTimeField(_("expires at"))
    created_by = account(_("made by"))
    created_at = models.DateTimeField(_("made at"))
    revoked_by = account(_("revoked by"), blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("draft link")
        verbose_name_plural = _("draft links")
        default_permissions = ("add",)

    def __str__(self) -> str:
        return self.note or str(_("Draft link"))

    def get_absolute_url(self) -> str:
        return reverse("draft:page", args=[self.signed])

    @property
    def signed(self) -> str:
        """The part of the address that cannot be guessed or made elsewhere."""
        return signing.Signer(salt=_SALT, sep=".").sign(self.uid.hex)

    def has_expired(self, at: datetime | None = None) -> bool:
        return self.expires_at <= (at or timezone.now())

    @property
    def is_open(self) -> bool:
        """Does the address still show the draft?"""
        return self.revoked_at is None and not self.has_expired()

    @staticmethod
    def uid_in(signed: str) -> uuid.UUID | None:
        """Return the uid that a signed address names, None if we did not sign it."""
        try:
            return uuid.UUID(signing.Signer(salt=_SALT, sep=".").unsign(signed))
        except (signing.BadSignature, ValueError):
            return None


class RemarkQuerySet(models.QuerySet):
    def threads(self) -> "RemarkQuerySet":
        """Return remarks that answer no other, in the order in which they were made."""
        return self.filter(answers_to=None).order_by("created_at", "pk")

    def unresolved(self) -> "RemarkQuerySet":
        return self.filter(answers_to=None, resolved_at=None)


class Remark(models.Model):
    """What somebody says about a place in a draft, for colleagues only; or an answer to it."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="remarks"
    )
    revision_number = models.PositiveIntegerField(_("revision"))
    # The place: "article" or a part's name, a row of it, a field; nothing for the whole article.
    part = models.CharField(_("part"), max_length=60, blank=True)
    row_uid = models.UUIDField(null=True, blank=True)
    field = models.CharField(_("field"), max_length=60, blank=True)
    text = models.TextField(_("remark"), max_length=LONGEST_REMARK)
    answers_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="answers"
    )
    author = account(_("by"))
    guest_name = models.CharField(_("guest"), max_length=LONGEST_NAME, blank=True)
    # The link through which a guest wrote it, who sees no other remarks than these.
    link = models.ForeignKey(
        DraftLink, null=True, blank=True, on_delete=models.SET_NULL, related_name="remarks"
    )
    created_at = models.DateTimeField(_("made at"))
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)
    resolved_by = account(_("resolved by"), blank=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        default_permissions = ("add",)
        constraints = [
            models.CheckConstraint(
                name="remark_answer_has_no_place_of_its_own",
                condition=models.Q(answers_to__isnull=True)
                | models.Q(part="", row_uid__isnull=True, field="", resolved_at__isnull=True),
            ),
        ]
        indexes = [
            # How many of an article's remarks are not resolved: its tab, and the queue.
            models.Index(
                fields=["article"],
                condition=models.Q(answers_to__isnull=True, resolved_at__isnull=True),
                name="remark_unresolved",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Notice(models.Model):
    """An e-mail that is still to be sent: it says of what and to whom, and goes once it is sent.

    Its words are made when it is sent, so nothing has to be redacted here.
    """

    class About(models.TextChoices):
        SUBMITTED = "submitted", _("Submitted for review")
        CLAIMED = "claimed", _("Somebody is reviewing it")
        APPROVED = "approved", _("Approved")
        SENT_BACK = "sent-back", _("Sent back")
        WITHDRAWN = "withdrawn", _("Withdrawn from review")
        REMARKED = "remarked", _("A remark")

    about = models.CharField(max_length=10, choices=About)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="+")
    request = models.ForeignKey(ReviewRequest, null=True, on_delete=models.CASCADE)
    remark = models.ForeignKey(Remark, null=True, on_delete=models.CASCADE)
    # Whoever did it, in words; empty for the system.
    actor = models.CharField(max_length=150, blank=True)
    made_at = models.DateTimeField()
    # A worker that began to send it and died is waited for until then.
    taken_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_about_display()} → {self.recipient}"
