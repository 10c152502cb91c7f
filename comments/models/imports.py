"""Where imported comments come from, so that the same import twice changes nothing."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models.comments import Comment


class ImportedComment(models.Model):
    """The key under which another system, or another site, knows a comment."""

    comment = models.OneToOneField(
        Comment, on_delete=models.CASCADE, primary_key=True, related_name="imported"
    )
    # "wordpress:example.org:123": the system, the site, its own key.
    key = models.CharField(max_length=200, unique=True)

    class Meta:
        verbose_name = _("imported comment")
        verbose_name_plural = _("imported comments")

    def __str__(self) -> str:
        return self.key
