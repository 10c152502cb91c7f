from django.db import models

from articles.models import PublicRow, WorkingRow


class PullQuote(WorkingRow):
    words = models.CharField(max_length=200, blank=True)
    image = models.ForeignKey("library.Image", null=True, blank=True, on_delete=models.PROTECT)

    def __str__(self) -> str:
        return self.words


class PublishedPullQuote(PublicRow):
    words = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.words
