"""Suggestions: readers make the article better."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Publication
from comments.models.comments import LONGEST_NAME, Comment
from publishing.parts import Part, parts

LONGEST_WRONG = 1_000
"""Characters: what a correction of the working copy holds, too."""
LONGEST_QUESTION = 300
LONGEST_RIGHT = 2_000
LONGEST_ADDRESS = 500
LONGEST_REPLY = 2_000


class SuggestionQuerySet(models.QuerySet):
    """Suggestions; ``at`` is a moment, now unless given."""

    def waiting(self) -> "SuggestionQuerySet":
        """Those that wait for an editor: new ones, and accepted ones that came to nothing.

        An editor may delete the row before it is published, or bring back an older draft: then
        nothing became of it, and somebody should look again. What turned out to be spam waits not.
        """
        kept = _by_kind(_rows_of, models.BooleanField(), Value(False))
        shown = _by_kind(_shown_of, models.BooleanField(), Value(False))
        lost = Q(state=Suggestion.State.ACCEPTED, is_in_draft=False, is_in_publication=False)
        found = self.annotate(is_in_draft=kept, is_in_publication=shown)
        found = found.filter(Q(state=Suggestion.State.NEW) | lost)
        spam = Comment.objects.filter(pk=OuterRef("comment"), state=Comment.State.SPAM)
        return found.exclude(Exists(spam)).order_by("pk")

    def with_outcome(self, at: datetime | None = None) -> "SuggestionQuerySet":
        """With what became of the row that each led to.

        ``is_in_draft``; ``version`` and ``live_at`` of the first publication before readers that
        shows it; ``scheduled_at``, when the next one that shows it begins.
        """
        at = at or timezone.now()
        return self.with_version(at).annotate(
            is_in_draft=_by_kind(_rows_of, models.BooleanField(), Value(False)),
            live_at=_by_kind(
                lambda part: _published(part, at).values("publication__goes_live_at")[:1],
                models.DateTimeField(),
            ),
            scheduled_at=_by_kind(
                lambda part: _scheduled(part, at).values("publication__goes_live_at")[:1],
                models.DateTimeField(),
            ),
        )

    def with_version(self, at: datetime | None = None) -> "SuggestionQuerySet":
        """With the number of the first ``version`` before readers that shows what each led to."""
        at = at or timezone.now()
        return self.annotate(
            version=_by_kind(
                lambda part: _published(part, at).values("publication__number")[:1],
                models.IntegerField(),
            )
        )

    def published(self, at: datetime | None = None) -> "SuggestionQuerySet":
        """Accepted ones whose row a publication before readers shows, with its ``version``."""
        accepted = self.filter(state=Suggestion.State.ACCEPTED, led_to__isnull=False)
        return accepted.with_version(at).filter(version__isnull=False)


def _by_kind(query, kind: models.Field, default: Value | None = None) -> Case:
    """Return for each row what ``query`` asks of the part that its kind becomes a row of."""
    cases = []
    for part in parts():
        if part.takes and part.public_model:
            asked = query(part)
            found = asked if isinstance(asked, Exists) else Subquery(asked)
            cases.append(When(kind=part.takes, led_to__isnull=False, then=found))
    return Case(*cases, default=default or Value(None), output_field=kind)


def _rows_of(part: Part) -> Exists:
    return Exists(part.model._default_manager.filter(uid=OuterRef("led_to")))


def _shown_of(part: Part) -> Exists:
    rows = part.public_model._default_manager.filter(uid=OuterRef("led_to"))
    return Exists(rows.filter(publication__cancelled_at__isnull=True))


def _published(part: Part, at: datetime) -> models.QuerySet:
    rows = part.public_model._default_manager.published(at)
    rows = rows.filter(uid=OuterRef("led_to"), publication__article=OuterRef("article"))
    return rows.order_by("publication__goes_live_at")


def _scheduled(part: Part, at: datetime) -> models.QuerySet:
    rows = part.public_model._default_manager.filter(
        uid=OuterRef("led_to"),
        publication__article=OuterRef("article"),
        publication__cancelled_at__isnull=True,
        publication__goes_live_at__gt=at,
    )
    return rows.order_by("publication__goes_live_at")


class Suggestion(models.Model):
    """What a reader says is wrong with an article, or asks of it; with what became of that.

    A public one is a comment as well, moderated like any other. Written and changed by the deeds
    of ``comments.suggesting`` only.
    """

    class Kind(models.TextChoices):
        # What parts say that they take: see publishing.parts.Part.takes.
        CORRECTION = "correction", _("A correction")
        QUESTION = "question", _("A question")

    class State(models.TextChoices):
        NEW = "new", _("Waiting")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        # By its writer, for good: the row stays, without words or name.
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Credit(models.TextChoices):
        NAME = "name", _("With my name")
        READER = "reader", _("As “a reader”")
        NONE = "none", _("Not at all")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    article = models.ForeignKey(
        "articles.Article",
        verbose_name=_("article"),
        on_delete=models.CASCADE,
        related_name="suggestions",
    )
    publication = models.ForeignKey(
        Publication,
        verbose_name=_("about version"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    comment = models.OneToOneField(
        Comment,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="suggestion",
    )
    feedback = models.OneToOneField(
        "comments.Feedback",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="suggestion",
    )
    # The anchor of what it speaks about, and its name as it was then.
    about = models.CharField(_("about"), max_length=80, blank=True)
    about_title = models.CharField(max_length=300, blank=True)
    # The question, or what is wrong.
    text = models.TextField(_("what they write"), max_length=LONGEST_WRONG, blank=True)
    right = models.TextField(_("what would be right"), max_length=LONGEST_RIGHT, blank=True)
    # As it was typed: an address, a book, anything. It is shown, and never fetched.
    source = models.CharField(_("where that can be read"), max_length=LONGEST_ADDRESS, blank=True)
    name = models.CharField(_("name"), max_length=LONGEST_NAME, blank=True)
    credit = models.CharField(_("credit"), max_length=10, choices=Credit, default=Credit.NONE)
    reader = models.ForeignKey(
        "comments.Reader",
        verbose_name=_("reader"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="suggestions",
    )
    # When it was proved that its writer has that address. Anybody can type one.
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True, editable=False)
    # The editors' answer to the writer.
    reply = models.TextField(_("answer"), max_length=LONGEST_REPLY, blank=True)
    # The uid of the working row that it led to: a correction, or a question.
    led_to = models.UUIDField(null=True, blank=True)
    # Counts what editors decided and answered: a decision names the one that was shown.
    turn = models.PositiveIntegerField(default=0, editable=False)
    token_hash = models.CharField(max_length=64, editable=False)
    network = models.CharField(max_length=64, blank=True, editable=False)
    fingerprint = models.CharField(max_length=64, null=True, unique=True, editable=False)
    made_at = models.DateTimeField(_("written at"), editable=False)
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

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        # Who may edit articles or moderate: see comments.admin.suggestions.
        default_permissions = ()
        indexes = [
            models.Index(fields=["article", "state"], name="suggestion_of_article"),
            models.Index(fields=["state", "id"], name="suggestion_by_state"),
            # What the rows of a publication go back to.
            models.Index(
                fields=["led_to"], condition=Q(led_to__isnull=False), name="suggestion_led_to"
            ),
            # How often a network wrote lately.
            models.Index(
                fields=["network", "made_at"],
                condition=~Q(network=""),
                name="suggestion_by_network",
            ),
            # Whose network is to be forgotten.
            models.Index(fields=["made_at"], condition=~Q(network=""), name="suggestion_forget"),
        ]
        constraints = [
            models.CheckConstraint(
                name="suggestion_has_words_until_withdrawn",
                condition=Q(state="withdrawn", text="", name="", reader__isnull=True)
                | ~Q(state="withdrawn") & ~Q(text=""),
            ),
            models.CheckConstraint(
                name="suggestion_accepted_led_to_something",
                condition=~Q(state="accepted") | Q(led_to__isnull=False),
            ),
            models.CheckConstraint(
                name="suggestion_credit_has_a_name",
                condition=~Q(credit="name") | ~Q(name=""),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60] if self.text else str(self.State.WITHDRAWN.label)

    @property
    def is_public(self) -> bool:
        """Is it a comment as well?"""
        return self.comment_id is not None


class SuggestionStep(models.Model):
    """What somebody did about a suggestion, in its order. Written once."""

    class Deed(models.TextChoices):
        MADE = "made", _("Written")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        ANSWERED = "answered", _("Answered")
        CREDIT = "credit", _("Credit changed by its writer")
        WITHDRAWN = "withdrawn", _("Withdrawn by its writer")

    suggestion = models.ForeignKey(Suggestion, on_delete=models.CASCADE, related_name="steps")
    deed = models.CharField(_("what"), max_length=10, choices=Deed)
    # What the writer was told; never the writer's own words.
    text = models.TextField(_("answer"), blank=True)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        verbose_name = _("step of a suggestion")
        verbose_name_plural = _("steps of suggestions")

    def __str__(self) -> str:
        return self.get_deed_display()
