"""Questions that readers ask, and their answers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models import PublicRow
from articles.models.working import AnchoredRow, unique_anchor


class Question(AnchoredRow):
    """A question with its answer, in one article."""

    anchored_by = "question"

    question = models.CharField(_("question"), max_length=300, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    topics = models.ManyToManyField(
        "library.Topic",
        verbose_name=_("topics"),
        blank=True,
        related_name="+",
        help_text=_("Only if they differ from the article's."),
    )
    as_of = models.DateField(_("as of"), null=True, blank=True)

    class Meta(AnchoredRow.Meta):
        ordering = ["article", "position", "pk"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [unique_anchor("question")]

    def __str__(self) -> str:
        return self.question or str(_("Question without words"))


class PublishedQuestion(PublicRow):
    """A question as a publication shows it: what lists, filters and search read."""

    # Indexed: which publications show a question.
    uid = models.UUIDField(db_index=True)
    anchor = models.CharField(max_length=80)
    position = models.PositiveIntegerField()
    question = models.CharField(max_length=300)
    answer = models.TextField()
    shown = models.JSONField(default=dict)

    class Meta:
        ordering = ["-publication__goes_live_at", "publication", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "uid"], name="published_question_once_in_publication"
            ),
            models.CheckConstraint(
                name="published_question_is_complete",
                condition=~models.Q(question="") & ~models.Q(answer=""),
            ),
        ]

    def __str__(self) -> str:
        return self.question


class PublishedQuestionTopic(models.Model):
    """A topic of a published question: its own, or else its article's."""

    question = models.ForeignKey(PublishedQuestion, on_delete=models.CASCADE, related_name="topics")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "slug"], name="published_question_topic_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
