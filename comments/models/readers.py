"""Readers who gave an e-mail address, and what they follow."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Reader(models.Model):
    """Whoever has an e-mail address. It is never shown to other readers.

    A comment that names an address proves nothing: only one with ``confirmed_at`` is theirs.
    """

    email = models.EmailField(_("e-mail"))
    # A keyed hash of the address in small letters; the same address is one reader.
    address_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("first seen at"), editable=False)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True, editable=False)
    # No mail but what they ask for on the page of their own data goes to somebody who said so.
    wants_no_mail_since = models.DateTimeField(null=True, blank=True, editable=False)
    # What browsers remember of them counts only if it is younger: see comments.readers.
    forgotten_by_browsers_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("reader")
        verbose_name_plural = _("readers")
        indexes = [
            # Who may be forgotten: an address that nobody proved to be theirs.
            models.Index(
                fields=["made_at"], condition=Q(confirmed_at__isnull=True), name="reader_unproved"
            ),
        ]

    def __str__(self) -> str:
        return self.email


class Follow(models.Model):
    """A reader wants to be told of new comments: on an article, or below one comment."""

    reader = models.ForeignKey(Reader, on_delete=models.CASCADE, related_name="follows")
    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="+")
    comment = models.ForeignKey(
        "comments.Comment", null=True, blank=True, on_delete=models.CASCADE, related_name="follows"
    )
    made_at = models.DateTimeField()
    # Nothing is sent before the reader's address is proved.
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["reader", "comment"],
                condition=Q(comment__isnull=False),
                name="follow_of_comment_once",
            ),
            models.UniqueConstraint(
                fields=["reader", "article"],
                condition=Q(comment__isnull=True),
                name="follow_of_article_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader}: {self.comment or self.article}"
