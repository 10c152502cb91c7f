"""What articles reuse: people, images, sources, topics.

A publication embeds what it shows of these rows (``embedded``), so later
changes here change no publication. A restore or an import finds a row again
by its uid, makes it anew if it is gone, and never overwrites it.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from library.asking import Outcome
from library.pictures import digest_of_file
from library.tasks import make_renditions_in_time
from publishing.dates import parse_date
from publishing.parts import Row
from publishing.row_values import Differences, plain_value, write_values


class LibraryQuerySet(models.QuerySet):
    def recover(self, plain: Row, differences: Differences) -> models.Model:
        """Return the row that ``plain`` describes, made anew if it is gone.

        A row that is there keeps what it says; ``differences`` tells the
        editor where that is not what ``plain`` says. What an older release
        did not embed yet gets its default, and is no difference.
        """
        known = {name: plain[name] for name in self.model.shown if name in plain}
        row = self.filter(uid=plain["uid"]).first() or self._merged(plain) or self._named(plain)
        if row is None:
            row = self.model(uid=uuid.UUID(plain["uid"]))
            write_values(row, known, differences)
            row.save()
            differences.note(differences.recreated, row, self.model)
        elif not row.says(known):
            differences.note(differences.differing, row, self.model)
        return row

    def _merged(self, plain: Row) -> models.Model | None:
        """The row may have been merged into another since: that one is meant then."""
        merged = MergedRow.objects.of(self.model).filter(uid=plain["uid"])
        return self.filter(uid__in=merged.values("into")).first()

    def _named(self, plain: Row) -> models.Model | None:
        """Another row may have taken the unique name since: that row is meant then."""
        unique = self.model.known_by
        return self.filter(**{unique: plain[unique]}).first() if unique else None


class LibraryRow(models.Model):
    """A row that articles reuse; ``shown`` are the fields a publication embeds."""

    shown: tuple[str, ...] = ()
    # Those of them that look like words and are none: see publishing.row_values.holds_words.
    not_words: frozenset[str] = frozenset()
    # The unique name in addresses or citations, if there is one.
    known_by: str = ""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = LibraryQuerySet.as_manager()

    class Meta:
        abstract = True

    def embedded(self) -> dict[str, Any]:
        """Return all that a publication shows of the row, as plain JSON."""
        values = {name: plain_value(self, name) for name in self.shown}
        return {"uid": str(self.uid), **without_what_goes_without_saying(values)}

    def says(self, embedded: Row) -> bool:
        """Does the row say what was embedded of it? What was not embedded then is no matter."""
        return _says(self.embedded(), embedded)


# Later additions, which are embedded only where they say something else than this: so documents
# from before there were any are equal to those that are read today.
MIDDLE = 50
GOES_WITHOUT_SAYING = {"focus_x": MIDDLE, "focus_y": MIDDLE}


def without_what_goes_without_saying(values: Row) -> Row:
    """Return the values of a library row without those that are left out where they are usual."""
    return {
        name: value
        for name, value in values.items()
        if name not in GOES_WITHOUT_SAYING or value != GOES_WITHOUT_SAYING[name]
    }


def _says(present: Any, embedded: Any) -> bool:
    if isinstance(present, dict) and isinstance(embedded, dict):
        present, embedded = ({**GOES_WITHOUT_SAYING, **one} for one in (present, embedded))
        return all(_says(present.get(name), value) for name, value in embedded.items())
    return present == embedded


class MergedRowQuerySet(models.QuerySet):
    def of(self, model: type[LibraryRow]) -> "MergedRowQuerySet":
        """Rows of one kind."""
        return self.filter(kind=model._meta.model_name)

    def into(self, row: LibraryRow) -> "MergedRowQuerySet":
        """Rows that were merged into ``row``."""
        return self.of(type(row)).filter(into=row.uid)

    def present_names(self, model: type[LibraryRow], names: Iterable[str]) -> dict[str, str]:
        """Return, of the names that no row has any longer, those of the rows they lead to."""
        unique = model.known_by
        wanted = set(names)
        if not wanted:
            return {}
        taken = model.objects.filter(**{f"{unique}__in": wanted}).values_list(unique, flat=True)
        merged = self.of(model).filter(name__in=wanted - set(taken)).order_by("pk")
        into = dict(merged.values_list("name", "into"))
        rows = model.objects.filter(uid__in=into.values()).values_list("uid", unique)
        present = dict(rows)
        return {name: present[uid] for name, uid in into.items() if uid in present}


class MergedRow(models.Model):
    """That a row was merged into another: old documents, marks and addresses lead there."""

    kind = models.CharField(max_length=40)
    uid = models.UUIDField(unique=True)
    name = models.CharField(max_length=120)
    into = models.UUIDField()
    merged_at = models.DateTimeField(auto_now_add=True)

    objects = MergedRowQuerySet.as_manager()

    class Meta:
        indexes = [
            # Marks that cite an old key, addresses of people and topics that went.
            models.Index(fields=["kind", "name"], name="merged_row_name"),
            # What live pages show of the rows merged into one.
            models.Index(fields=["into"], name="merged_row_into"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Topic(LibraryRow):
    shown = ("slug", "name", "description")
    known_by = "slug"

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown."))

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.name


LENGTH_OF_KEY = 12


def image_key(uid: str) -> str:
    """Return the key by which texts show an image: the beginning of its uid, which never changes.

    Twelve hexadecimal figures: with a million images, two share a key once in five hundred.
    """
    return uid.replace("-", "")[:LENGTH_OF_KEY]


class ImageQuerySet(LibraryQuerySet):
    def by_key(self, keys: Iterable[str]) -> dict[str, "Image"]:
        """Return the images that have one of the keys, by their keys, in one query."""
        wanted = models.Q(pk__in=[])
        for key in keys:
            # As a range, which the index on the uid serves on every database.
            wanted |= models.Q(
                uid__gte=uuid.UUID(key.ljust(32, "0")), uid__lte=uuid.UUID(key.ljust(32, "f"))
            )
        return {image.key: image for image in self.filter(wanted).order_by("-pk")}


def _percent(words: Any, help_text: Any) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        words, default=MIDDLE, validators=[MaxValueValidator(100)], help_text=help_text
    )


class Image(LibraryRow):
    """A picture; its file is named by its content, so it is never overwritten."""

    shown = (
        "file",
        "digest",
        "width",
        "height",
        "alt",
        "is_decorative",
        "caption",
        "credit",
        "licence",
        "licence_url",
        "focus_x",
        "focus_y",
    )

    file = models.CharField(_("file"), max_length=120, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    # Of the file as it is stored: equal for uploads that differ only in what is taken out of them.
    stored_digest = models.CharField(max_length=64, blank=True, editable=False)
    width = models.PositiveIntegerField(_("width in pixels"), editable=False)
    height = models.PositiveIntegerField(_("height in pixels"), editable=False)
    alt = models.CharField(
        _("alternative text"),
        max_length=600,
        blank=True,
        help_text=_("What the picture says, for a reader who does not see it."),
    )
    is_decorative = models.BooleanField(
        _("decorative"),
        default=False,
        help_text=_("The picture says nothing that the text does not say: no alternative text."),
    )
    caption = models.CharField(_("caption"), max_length=500, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    licence_url = models.URLField(_("address of the licence"), blank=True)
    focus_x = _percent(
        _("focal point from the left"),
        _("In per cent. What is here stays in view where the picture is cropped."),
    )
    focus_y = _percent(_("focal point from the top"), _("In per cent."))

    objects = ImageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("image")
        verbose_name_plural = _("images")
        indexes = [
            # Is an upload in the library already?
            models.Index(fields=["digest"], name="image_digest"),
            models.Index(fields=["stored_digest"], name="image_stored_digest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="image_focus_in_picture",
                condition=models.Q(focus_x__lte=100, focus_y__lte=100),
            ),
            models.CheckConstraint(
                name="image_alt_or_decorative",
                condition=models.Q(is_decorative=True, alt="")
                | (models.Q(is_decorative=False) & ~models.Q(alt="")),
                violation_error_message=_(
                    "Give an alternative text, or say that the picture is decorative: "
                    "one of the two, not both."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.alt or self.caption or self.file.rpartition("/")[2]

    def save(self, **kwargs: Any) -> None:
        """Save; of a new image, have the renditions made too."""
        is_new = self._state.adding
        if is_new:
            self.read_stored_digest()
        super().save(**kwargs)
        if is_new:
            make_renditions_in_time(self.file)

    def read_stored_digest(self) -> bool:
        """Read the file's digest, unless it is known; return whether it is now."""
        if not self.stored_digest and default_storage.exists(self.file):
            self.stored_digest = digest_of_file(self.file)
        return bool(self.stored_digest)

    @property
    def key(self) -> str:
        """The name by which texts show the image: ``![](image:KEY)``."""
        return image_key(str(self.uid))


class Person(LibraryRow):
    """Somebody who writes or reviews: a desk or a human being."""

    shown = ("slug", "name", "credentials", "bio", "portrait", "links")
    known_by = "slug"

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    credentials = models.CharField(
        _("credentials"),
        max_length=200,
        blank=True,
        help_text=_("One line under the name: what this person or desk knows about."),
    )
    bio = models.TextField(_("about"), blank=True, help_text=_("Markdown."))
    portrait = models.ForeignKey(
        Image, verbose_name=_("portrait"), null=True, blank=True, on_delete=models.PROTECT
    )
    links = models.JSONField(_("links"), default=list, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name


class Source(LibraryRow):
    """Where a statement comes from. Texts cite it by its key, which never changes."""

    class Kind(models.TextChoices):
        PRIMARY = "primary", _("Primary")
        SECONDARY = "secondary", _("Secondary")
        SIDE = "side", _("One side")

    shown = (
        "key",
        "title",
        "publisher",
        "author",
        "url",
        "published",
        "accessed_on",
        "archived_url",
        "kind",
    )
    known_by = "key"
    not_words = frozenset({"key", "published"})

    key = models.CharField(
        _("key"),
        max_length=60,
        unique=True,
        blank=True,
        validators=[
            RegexValidator(
                r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
                _("Use lower-case letters, figures and single hyphens, such as state-2016."),
            )
        ],
        help_text=_("Texts cite the source as [@key]. Made from the title if left empty."),
    )
    title = models.CharField(_("title"), max_length=300)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    author = models.CharField(_("author"), max_length=200, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    published = models.CharField(
        _("published"),
        max_length=64,
        blank=True,
        help_text=_("As precise as is known: 2016-12-20, 2016-12 or 2016."),
    )
    accessed_on = models.DateField(_("read on"), null=True, blank=True)
    archived_url = models.URLField(_("archived copy"), max_length=500, blank=True)
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=Kind,
        default=Kind.SECONDARY,
        help_text=_("One side: used only for what that side says."),
    )
    # What came of asking the address, by the worker (library.source_checking). Not embedded.
    address_state = models.CharField(
        _("address"), max_length=12, blank=True, editable=False, choices=Outcome
    )
    address_asked = models.CharField(max_length=500, blank=True, editable=False)
    address_checked_at = models.DateTimeField(
        _("address asked at"), null=True, editable=False, db_index=True
    )

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.title

    def save(self, **kwargs: Any) -> None:
        if not self.key:
            self.key = self._free_key()
        super().save(**kwargs)

    def clean(self) -> None:
        if self.published:
            try:
                self.published = parse_date(self.published).edtf
            except ValidationError as error:
                raise ValidationError({"published": error.messages}) from error
        if self.pk and Source.objects.filter(pk=self.pk).exclude(key=self.key).exists():
            raise ValidationError(
                {"key": _("Texts already cite the source by its key, so it cannot change.")}
            )

    @property
    def is_gone(self) -> bool:
        """Did its present address answer, when it was last asked, that nothing is there?"""
        return self.address_state == Outcome.GONE and self.address_asked == self.url

    def _free_key(self) -> str:
        stem = slugify(self.title)[:50].strip("-") or "source"
        taken = set(Source.objects.filter(key__startswith=stem).values_list("key", flat=True))
        key, number = stem, 2
        while key in taken:
            key, number = f"{stem}-{number}", number + 1
        return key
