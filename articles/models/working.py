"""The working copy: ordinary rows, edited in the admin.

They constrain shape only (references, order, uniqueness of what is not
empty): a draft may be incomplete, and completeness is asked for by
``articles.readiness`` when publishing. No public page reads them.
"""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext_lazy as _

from publishing.parts import blocks


class Article(models.Model):
    """A page that answers one question. Its slug is not content: see ``Address``."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200, blank=True)
    question = models.CharField(
        _("question"), max_length=300, blank=True, help_text=_("The one question it answers.")
    )
    short_answer = models.CharField(
        _("short answer"), max_length=400, blank=True, help_text=_("One or two sentences.")
    )
    summary = models.TextField(
        _("summary"),
        max_length=1000,
        blank=True,
        help_text=_("Two or three sentences below the answer, also shown in lists."),
    )
    topics = models.ManyToManyField("library.Topic", verbose_name=_("topics"), blank=True)
    written_by = models.ManyToManyField(
        "library.Person", verbose_name=_("written by"), blank=True, related_name="+"
    )
    image = models.ForeignKey(
        "library.Image",
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    review_due_on = models.DateField(_("review due on"), null=True, blank=True)
    # Not content: the due day of which its editors were told. See articles.reminding.
    reminded_of = models.DateField(null=True, editable=False)
    comments_open = models.BooleanField(_("comments are open"), default=True)
    comments_until = models.DateTimeField(_("comments close at"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        permissions = [
            ("publish_article", _("Can publish, schedule and withdraw articles")),
            ("review_article", _("Can record a review of an article")),
            ("redact_article", _("Can redact what was published")),
        ]

    def __str__(self) -> str:
        return self.title or str(_("Untitled article"))

    @property
    def slug(self) -> str:
        """The present address, empty while it has none."""
        address = self.addresses.filter(is_current=True).first()
        return address.slug if address else ""

    @property
    def latest_revision(self):
        """The newest revision of the working copy, None while nothing is recorded."""
        return self.revisions.of_draft().order_by("-number").first()


class WorkingRow(models.Model):
    """A row of an article's part: it has a uid that survives restore, and a place."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="%(class)ss")
    position = models.PositiveIntegerField(_("place"), default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]

    def save(self, **kwargs) -> None:
        """Put a new row last: browsers send 0 for a row that was not moved."""
        if not self.position:
            rows = type(self).objects.filter(article=self.article)
            self.position = (rows.aggregate(last=models.Max("position"))["last"] or 0) + 1
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "position"}
        super().save(**kwargs)


def unique_anchor(kind: str) -> models.UniqueConstraint:
    """Return the constraint that an anchor stands once in an article; subclasses name it."""
    return models.UniqueConstraint(
        fields=["article", "anchor"],
        name=f"{kind}_anchor_once_in_article",
        violation_error_message=_("Another row of this article has the same anchor."),
    )


class AnchoredRow(WorkingRow):
    """A row with an id of its own on the page, made once from its title and then kept."""

    # The field whose words make the anchor.
    anchored_by: str = "title"

    anchor = models.SlugField(
        _("anchor"),
        max_length=60,
        null=True,
        blank=True,
        help_text=_("Its address on the page. Made from the title if left empty, then kept."),
    )

    class Meta(WorkingRow.Meta):
        abstract = True

    def save(self, **kwargs) -> None:
        if not self.anchor:
            self.anchor = self.free_anchor()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "anchor"}
        super().save(**kwargs)

    def clean(self) -> None:
        if self.anchor and self.anchor in {block.name for block in blocks()}:
            raise ValidationError(
                {
                    "anchor": _("“%s” is the name of a part of the page. Choose another.")
                    % self.anchor
                }
            )

    def free_anchor(self) -> str | None:
        """Return an anchor made from the title that no other row has, None without a title."""
        stem = slugify(getattr(self, self.anchored_by))[:50].strip("-")
        if not stem:
            return None
        rows = type(self).objects.filter(article=self.article, anchor__startswith=stem)
        taken = set(rows.exclude(pk=self.pk).values_list("anchor", flat=True))
        taken |= {block.name for block in blocks()}
        anchor, number = stem, 2
        while anchor in taken:
            anchor, number = f"{stem}-{number}", number + 1
        return anchor


class Fact(AnchoredRow):
    """One dated value of a characteristic; several rows may share the characteristic."""

    anchored_by = "characteristic"

    characteristic = models.CharField(_("characteristic"), max_length=120, blank=True)
    value = models.TextField(_("value"), max_length=1000, blank=True)
    as_of = models.DateField(
        _("as of"), null=True, blank=True, help_text=_("The day on which it was last true.")
    )

    class Meta(AnchoredRow.Meta):
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        constraints = [unique_anchor("fact")]

    def __str__(self) -> str:
        return self.characteristic or str(_("Fact without a name"))


class Section(AnchoredRow):
    anchored_by = "heading"

    heading = models.CharField(_("heading"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    image = models.ForeignKey(
        "library.Image",
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta(AnchoredRow.Meta):
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [unique_anchor("section")]

    def __str__(self) -> str:
        return self.heading or str(_("Section without a heading"))


class SeeAlso(WorkingRow):
    """Another article of ours, or an address elsewhere with a label."""

    target = models.ForeignKey(
        Article,
        verbose_name=_("article"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    url = models.URLField(_("address"), max_length=500, blank=True)
    label = models.CharField(
        _("label"), max_length=200, blank=True, help_text=_("An article of ours shows its title.")
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta(WorkingRow.Meta):
        verbose_name = _("see also")
        verbose_name_plural = _("see also")
        constraints = [
            models.CheckConstraint(
                name="see_also_article_or_address",
                condition=models.Q(target__isnull=True) | models.Q(url=""),
                violation_error_message=_("Choose an article or give an address, not both."),
            )
        ]

    def __str__(self) -> str:
        return self.label or (str(self.target) if self.target else self.url)


class Correction(WorkingRow):
    """What the page said wrongly, what is right, and who noticed. Once published, it stays."""

    wrong = models.TextField(
        _("what was wrong"), max_length=1000, blank=True, help_text=_("As the page said it.")
    )
    right = models.TextField(
        _("what is right"), max_length=2000, blank=True, help_text=_("Markdown; may cite sources.")
    )
    noticed_by = models.CharField(
        _("who noticed"),
        max_length=200,
        blank=True,
        help_text=_("As they wish to be named, such as “a reader in Riga”. May stay empty."),
    )
    corrected_on = models.DateField(_("corrected on"), null=True, blank=True)
    about = models.SlugField(
        _("place on the page"),
        max_length=80,
        blank=True,
        db_index=False,
        help_text=_("What a link to it ends with, behind the #: fact-embassy, event-riga."),
    )

    class Meta(WorkingRow.Meta):
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")

    def __str__(self) -> str:
        return Truncator(self.wrong).words(12) or str(_("Correction without words"))


class Citation(models.Model):
    """That a working text cites a source: derived from the texts whenever they are recorded.

    It serves the list of sources cited and "where used" in the library; the
    text itself stays the only place where a citation is written.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="citations")
    source = models.ForeignKey("library.Source", on_delete=models.CASCADE, related_name="citations")
    part = models.CharField(_("part"), max_length=60)
    row_uid = models.UUIDField()
    row_title = models.CharField(_("cited by"), max_length=300)
    where = models.CharField(_("where in it"), max_length=300, blank=True)
    words = models.TextField(_("words"), blank=True)
    claim = models.TextField(_("claim"), blank=True)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["article", "position", "pk"]
        verbose_name = _("citation")
        verbose_name_plural = _("citations")

    def __str__(self) -> str:
        return f"{self.source} ← {self.row_title}"

    @property
    def use_words(self) -> str:
        """Where the source is cited, as "where used" says it."""
        return _("Cited in “%(place)s” – %(article)s") % {
            "place": self.row_title,
            "article": self.article,
        }


class ImageInText(models.Model):
    """That a working text shows an image: derived like a citation, for "where used"."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="images_in_texts")
    image = models.ForeignKey("library.Image", on_delete=models.CASCADE, related_name="in_texts")
    part = models.CharField(_("part"), max_length=60)
    row_uid = models.UUIDField()
    row_title = models.CharField(_("shown in"), max_length=300)

    class Meta:
        ordering = ["article", "pk"]
        verbose_name = _("text")
        verbose_name_plural = _("texts")

    def __str__(self) -> str:
        return self.row_title
