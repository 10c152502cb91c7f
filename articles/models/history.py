"""What an article was: its revisions, who reviewed them, the addresses it had."""

import json
import uuid
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RevisionQuerySet(models.QuerySet):
    def of_draft(self) -> "RevisionQuerySet":
        """Those that held the working copy: what a republication made was never anybody's draft."""
        return self.filter(is_from_live=False)


class Revision(models.Model):
    """The whole article as canonical JSON, at the moment somebody changed it.

    One that ``is_from_live`` was made by ``articles.republishing`` of what readers saw, with
    newer words of the library; the draft may have said something else all the while.
    """

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="revisions"
    )
    number = models.PositiveIntegerField(_("number"))
    content = models.TextField(_("content"))
    digest = models.CharField(_("digest"), max_length=64)
    created_at = models.DateTimeField(_("recorded at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # What the desk calls it. Named revisions are kept for ever.
    name = models.CharField(_("name"), max_length=120, blank=True)
    is_from_live = models.BooleanField(_("made from the live page"), default=False)
    redacted_at = models.DateTimeField(_("redacted at"), null=True, blank=True)
    redaction_reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["article", "-number"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "number"], name="revision_number_once_in_article"
            ),
            models.CheckConstraint(
                name="revision_redacted_with_reason",
                condition=models.Q(redacted_at__isnull=True) | ~models.Q(redaction_reason=""),
            ),
        ]
        indexes = [
            # The newest of each article, in lists: answered from the index alone, because in the
            # row what is asked for stands behind the whole content.
            models.Index(
                fields=["article", "-number", "digest", "created_at", "created_by"],
                name="revision_newest",
            ),
            # In which articles somebody wrote, and whether at all.
            models.Index(fields=["created_by", "article"], name="revision_of_editor"),
        ]

    def __str__(self) -> str:
        return _("Revision %(number)s of %(article)s") % {
            "number": self.number,
            "article": self.article,
        }

    @cached_property
    def document(self) -> dict[str, Any]:
        """The content as data, as it was recorded: parts keep the schema they had."""
        return json.loads(self.content)


class RecordedFile(models.Model):
    """That some revision of an article shows an image file, or did before it was thinned out."""

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="recorded_files"
    )
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "name"], name="recorded_file_once_in_article"
            )
        ]
        # Which other articles show a file that is to be redacted.
        indexes = [models.Index(fields=["name"], name="recorded_file_name")]

    def __str__(self) -> str:
        return self.name


class Review(models.Model):
    """That somebody checked one content of the article: edit again, and it no longer matches."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="reviews"
    )
    digest = models.CharField(_("digest"), max_length=64)
    person = models.ForeignKey(
        "library.Person",
        verbose_name=_("reviewed by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    reviewed_on = models.DateField(_("reviewed on"))
    checked = models.TextField(
        _("what was checked"),
        max_length=1000,
        help_text=_("Readers see it. Say also what was not checked."),
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Who approved it through a draft link, without an account.
    guest_name = models.CharField(_("guest"), max_length=120, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["reviewed_on", "pk"]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "digest", "person"], name="review_once_by_person_and_content"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.reviewed_on}"


class Address(models.Model):
    """A slug an article has or had. It is the article's for ever, so old links go on working."""

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="addresses"
    )
    slug = models.SlugField(_("address"), max_length=100, unique=True)
    is_current = models.BooleanField(_("is the present one"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # When another took its place the last time: None while it is current, and where nobody knows.
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-is_current", "slug"]
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["article"],
                condition=models.Q(is_current=True),
                name="address_one_current_in_article",
            )
        ]

    def __str__(self) -> str:
        return self.slug
