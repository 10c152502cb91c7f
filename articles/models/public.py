"""What readers see: publications, and the public rows that belong to them.

Written when a publication is made (scheduled ones too) and read only through
``live`` and ``published``. Both are one interval on columns, because search
cannot use subqueries, and because one place to be wrong is enough.
"""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PublicRowQuerySet(models.QuerySet):
    """Rows of publications; ``at`` is a moment, now unless given."""

    def live(self, at: datetime | None = None) -> "PublicRowQuerySet":
        """What readers see at ``at``."""
        at = at or timezone.now()
        ends = self.model.publication_path + "ends_at"
        return self.published(at).filter(Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gt": at}))

    def published(self, at: datetime | None = None) -> "PublicRowQuerySet":
        """What had begun by ``at``: history. Withdrawn articles may hide theirs."""
        path = self.model.publication_path
        return self.filter(
            **{
                f"{path}goes_live_at__lte": at or timezone.now(),
                f"{path}cancelled_at__isnull": True,
                f"{path}is_hidden": False,
            }
        )


class PublicRow(models.Model):
    """A row that readers may see while its publication is before them."""

    publication_path = "publication__"

    publication = models.ForeignKey(
        "articles.Publication", on_delete=models.CASCADE, related_name="%(class)ss"
    )

    objects = PublicRowQuerySet.as_manager()

    class Meta:
        abstract = True


class PublicationQuerySet(PublicRowQuerySet):
    def next_change(self, at: datetime) -> datetime | None:
        """Return the first moment after ``at`` at which some publication begins or ends."""
        moments = self.filter(cancelled_at__isnull=True, is_hidden=False)
        begins = moments.filter(goes_live_at__gt=at).aggregate(at=models.Min("goes_live_at"))["at"]
        ends = moments.filter(ends_at__gt=at).aggregate(at=models.Min("ends_at"))["at"]
        return min((moment for moment in (begins, ends) if moment), default=None)

    def at_address(self, slug: str) -> "PublicationQuerySet":
        """Publications of the article whose present address is ``slug``."""
        return self.filter(article__addresses__slug=slug, article__addresses__is_current=True)


class Publication(models.Model):
    """One revision before readers, from ``goes_live_at`` until ``ends_at``.

    Made and changed by the deeds of ``articles.deeds`` only. Once begun it is
    frozen, except for ``expires_at`` (into the future) and redaction.
    """

    publication_path = ""

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="publications"
    )
    revision = models.ForeignKey(
        "articles.Revision", on_delete=models.PROTECT, related_name="publications"
    )
    number = models.PositiveIntegerField(_("number"), null=True)
    goes_live_at = models.DateTimeField(_("goes live at"))
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at"), null=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True)
    is_hidden = models.BooleanField(_("hidden by withdrawal"), default=False)
    is_major = models.BooleanField(_("a major change"), default=True)
    change_note = models.CharField(_("what changed"), max_length=500)
    # For the desk alone: in no public answer, and no part of what is sealed.
    remark = models.CharField(_("remark for the desk"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("decided at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    # The chain: the content's digest, the seal of the one before, and the seal over all that
    # was promised. See articles.verifying.
    digest = models.CharField(_("digest"), max_length=64)
    # Of what it shows now: the same, until it is redacted.
    shown_digest = models.CharField(max_length=64, blank=True)
    previous_seal = models.CharField(_("seal of the one before"), max_length=64, blank=True)
    seal = models.CharField(_("seal"), max_length=64, blank=True)
    reviews = models.JSONField(_("reviews"), default=list)

    # What lists, filters and search read.
    title = models.CharField(_("title"), max_length=200)
    question = models.CharField(_("question"), max_length=300)
    short_answer = models.CharField(_("short answer"), max_length=400)
    summary = models.TextField(_("summary"))
    search_text = models.TextField()
    reading_minutes = models.PositiveSmallIntegerField(default=1)
    comments_open = models.BooleanField(default=True)
    comments_until = models.DateTimeField(null=True)
    first_published_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True)

    # HTML made once from the content, by the build named; it can be made again.
    prepared = models.JSONField(default=dict)
    prepared_by = models.CharField(max_length=16, blank=True)

    redacted_at = models.DateTimeField(_("redacted at"), null=True, blank=True)
    redaction_reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["article", "-goes_live_at"]
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "goes_live_at"],
                condition=Q(cancelled_at__isnull=True),
                name="publication_one_beginning_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["article", "number"], name="publication_number_once_in_article"
            ),
            models.CheckConstraint(
                name="publication_ends_after_it_begins",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=models.F("goes_live_at")),
            ),
            models.CheckConstraint(
                name="publication_ends_by_its_expiry",
                condition=Q(expires_at__isnull=True)
                | Q(cancelled_at__isnull=False)
                | Q(ends_at__lte=models.F("expires_at")),
            ),
            models.CheckConstraint(
                name="publication_numbered_unless_cancelled",
                condition=Q(cancelled_at__isnull=False, number__isnull=True)
                | Q(cancelled_at__isnull=True, number__isnull=False),
            ),
            models.CheckConstraint(
                name="publication_is_complete",
                condition=~Q(title="") & ~Q(question="") & ~Q(short_answer="") & ~Q(change_note=""),
            ),
            models.CheckConstraint(
                name="publication_redacted_with_reason",
                condition=Q(redacted_at__isnull=True) | ~Q(redaction_reason=""),
            ),
        ]
        indexes = [
            # live() of one article, its history, and the page as of a date.
            models.Index(fields=["article", "goes_live_at"], name="publication_of_article"),
            # live() across articles, newest change first.
            models.Index(fields=["ends_at", "goes_live_at"], name="publication_live"),
            # What goes live soon, how much was published each week, and which articles are live:
            # from the index alone, as the article stands behind all that was prepared.
            models.Index(
                fields=["goes_live_at", "ends_at", "is_hidden", "article"],
                condition=Q(cancelled_at__isnull=True),
                name="publication_beginning",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})" if self.number else self.title

    def has_begun(self, at: datetime | None = None) -> bool:
        """Has it gone live by ``at``, now unless given?"""
        return self.cancelled_at is None and self.goes_live_at <= (at or timezone.now())

    def is_live(self, at: datetime | None = None) -> bool:
        """Do readers see it at ``at``, now unless given? The same interval as ``live()``."""
        at = at or timezone.now()
        return (
            self.has_begun(at)
            and not self.is_hidden
            and (self.ends_at is None or self.ends_at > at)
        )


class PublishedTopic(PublicRow):
    uid = models.UUIDField()
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=80)
    shown = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "uid"], name="published_topic_once_in_publication"
            )
        ]
        # /topics/<slug>/ and the topic filters.
        indexes = [models.Index(fields=["slug"], name="published_topic_slug")]
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class PublishedPerson(PublicRow):
    """Somebody a publication names, and as what."""

    class Role(models.TextChoices):
        WROTE = "wrote", _("Written by")
        REVIEWED = "reviewed", _("Reviewed by")

    uid = models.UUIDField()
    slug = models.SlugField(max_length=120)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=10, choices=Role)
    shown = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "uid", "role"], name="published_person_once_in_role"
            )
        ]
        # /people/<slug>/
        indexes = [models.Index(fields=["slug"], name="published_person_slug")]
        ordering = ["role", "name", "pk"]

    def __str__(self) -> str:
        return self.name


class PublishedCorrection(PublicRow):
    """A correction as its publication shows it: what the public log is made of."""

    uid = models.UUIDField()
    anchor = models.CharField(max_length=80)
    corrected_on = models.DateField()
    shown = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "uid"], name="published_correction_once_in_publication"
            )
        ]
        indexes = [
            # /corrections/, the newest first.
            models.Index(fields=["-corrected_on", "-id"], name="published_correction_order"),
            # Which publications show a correction.
            models.Index(fields=["uid"], name="published_correction_uid"),
        ]
        ordering = ["-corrected_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.corrected_on}, {self.anchor}"


class PublishedFile(PublicRow):
    """That a publication shows a file: what no publication shows is not served."""

    name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "name"], name="published_file_once_in_publication"
            )
        ]
        # Each request for a file.
        indexes = [models.Index(fields=["name"], name="published_file_name")]

    def __str__(self) -> str:
        return self.name


class PublishedUse(PublicRow):
    """That a publication embeds a row of the library, and in which words: their digest."""

    uid = models.UUIDField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "uid", "digest"], name="published_use_once_in_publication"
            )
        ]
        # Which live pages show a row of the library, and which of them old words.
        indexes = [models.Index(fields=["uid", "digest"], name="published_use_of_row")]

    def __str__(self) -> str:
        return str(self.uid)


class PublishedPassage(PublicRow):
    """What is found of a publication, and where it stands there: the search reads nothing else.

    Written for publications that readers see now or will (``articles.passages``).
    """

    kind = models.CharField(max_length=20)
    uid = models.UUIDField()
    # The place on the article's page; of somebody, the address of their own.
    anchor = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    # How much it counts among others that are found just as well.
    weight = models.FloatField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "kind", "uid"], name="published_passage_once_in_publication"
            )
        ]
        # Of somebody whom several publications name, the newest alone.
        indexes = [models.Index(fields=["kind", "uid"], name="published_passage_of")]
        ordering = ["publication", "pk"]

    def __str__(self) -> str:
        return self.title
