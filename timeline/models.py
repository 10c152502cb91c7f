"""Events: what happened, when as far as is known, and who acted."""

import math

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from articles.models import PublicRow, PublicRowQuerySet
from articles.models.working import AnchoredRow, unique_anchor
from publishing.dates import (
    HistoricalDate,
    Precision,
    describe,
    parse_date,
    read_date,
    read_old_style,
)

# Earlier first; of two that begin together the coarser first (publishing.dates.sort_key).
IN_ORDER = (F("lower").asc(nulls_first=True), F("upper").desc(nulls_first=True))


class StateShape(models.TextChoices):
    """How a state is drawn; its name is the article's own."""

    CONTACTS = "contacts", _("Dots: contacts only")
    FORCE = "force", _("Full bar: in force")
    REDUCED = "reduced", _("Half bar: reduced")
    BREAK = "break", _("Broken line: the interruption")


class Event(AnchoredRow):
    """A dated event of one article. With a state it is a period, and draws the band."""

    date = models.CharField(
        _("date"),
        max_length=64,
        blank=True,
        help_text=_(
            "As people write it: 6 December 1917, Feb 2022, 1941–1945, 1920s, c. 1917, from 2022; "
            "a day of the old calendar as 25 October 1917, Old Style."
        ),
    )
    lower = models.IntegerField(null=True, editable=False)
    upper = models.IntegerField(null=True, editable=False)
    precision = models.CharField(max_length=12, blank=True, editable=False, choices=Precision)
    calendar_note = models.CharField(
        _("calendar note"),
        max_length=120,
        blank=True,
        help_text=_("Its date in another calendar: 24 October, Old Style."),
    )
    as_of = models.DateField(_("as of"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    kind = models.CharField(
        _("kind"), max_length=60, blank=True, help_text=_("One word: Treaty, Talks, Statement.")
    )
    actors = models.JSONField(_("who acted"), default=list, blank=True)
    image = models.ForeignKey(
        "library.Image",
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    state = models.CharField(
        _("state"),
        max_length=60,
        blank=True,
        help_text=_("Only for a period that the band shows: In force, Interrupted."),
    )
    state_shape = models.CharField(_("drawn as"), max_length=10, blank=True, choices=StateShape)

    class Meta(AnchoredRow.Meta):
        ordering = ["article", *IN_ORDER, "position", "pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            unique_anchor("event"),
            models.CheckConstraint(
                name="event_bounds_in_order",
                condition=models.Q(lower__isnull=True)
                | models.Q(upper__isnull=True)
                | models.Q(lower__lte=F("upper")),
            ),
            models.CheckConstraint(
                name="event_state_has_a_shape",
                condition=models.Q(state="", state_shape="")
                | (~models.Q(state="") & ~models.Q(state_shape="")),
                violation_error_message=_(
                    "A state needs a name and a way to be drawn: give both, or neither."
                ),
            ),
        ]
        # The compact list in the article's form.
        indexes = [models.Index(fields=["article", "lower", "upper"], name="event_of_article")]

    def __str__(self) -> str:
        return self.title or str(_("Event without a title"))

    @property
    def when(self) -> HistoricalDate | None:
        """The date with all that can be derived from it, None while there is none."""
        return parse_date(self.date) if self.date else None

    @property
    def date_in_words(self) -> str:
        """How the date was read, for the editor."""
        return str(describe(self.when)) if self.when else ""

    def _keeps_its_date(self) -> bool:
        """Is the date as it is stored? Typed anew, 2021-23 might be an autumn or three years."""
        return self.pk is not None and Event.objects.filter(pk=self.pk, date=self.date).exists()

    def clean(self) -> None:
        super().clean()
        if self.date and not self._keeps_its_date():
            try:
                self._read_date()
            except ValidationError as error:
                raise ValidationError({"date": error.messages}) from error
        self._derive_bounds()

    def _read_date(self) -> None:
        """Read what was typed; a day in the old calendar goes into the note, which may be there."""
        if found := read_old_style(self.date):
            when, note = found
            self.date, self.calendar_note = when.edtf, self.calendar_note or note
        else:
            self.date = read_date(self.date).edtf

    def _derive_bounds(self) -> None:
        """Set what is derived from the date."""
        when = self.when
        self.lower = when.lower if when else None
        self.upper = when.upper if when else None
        self.precision = when.precision if when else ""

    def save(self, **kwargs) -> None:
        """Derive the bounds from the date, always: a list action or an import must not miss it."""
        self._derive_bounds()
        named = kwargs.get("update_fields")
        if named is not None and "date" in named:
            kwargs["update_fields"] = {*named, "lower", "upper", "precision"}
        super().save(**kwargs)


class PublishedEvent(PublicRow):
    """An event as a publication shows it: what lists, filters and downloads read."""

    uid = models.UUIDField()
    anchor = models.CharField(max_length=80)
    date = models.CharField(max_length=64)
    lower = models.IntegerField(null=True)
    upper = models.IntegerField(null=True)
    title = models.CharField(max_length=200)
    text = models.TextField()
    kind = models.CharField(max_length=60, blank=True)
    rail = models.CharField(max_length=10, blank=True)
    is_period = models.BooleanField(default=False)
    shown = models.JSONField(default=dict)

    objects = PublicRowQuerySet.as_manager()

    class Meta:
        ordering = [*IN_ORDER, "date", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "uid"], name="published_event_once_in_publication"
            ),
            models.CheckConstraint(
                name="published_event_is_complete",
                condition=~models.Q(title="") & ~models.Q(date=""),
            ),
        ]
        indexes = [
            # The site's timeline, in order and by period.
            models.Index(fields=["lower", "upper"], name="published_event_bounds"),
            # An event's own address.
            models.Index(fields=["uid"], name="published_event_uid"),
            # All that the site's timeline counts and sorts by: of ten thousand events it then reads
            # fifty, whose rows are large, and nothing of publications that are not live.
            models.Index(
                fields=["publication", "is_period", "lower", "upper", "date", "kind", "id"],
                name="published_event_listed",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PublishedActor(models.Model):
    """Who acted in a published event: a row of its own, so that the filter can find it."""

    event = models.ForeignKey(PublishedEvent, on_delete=models.CASCADE, related_name="actors")
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "name"], name="published_actor_once_in_event")
        ]
        indexes = [models.Index(fields=["name"], name="published_actor_name")]

    def __str__(self) -> str:
        return self.name


def order_of(lower: int | None, upper: int | None) -> tuple[float, float]:
    """Return the key that sorts in Python as ``IN_ORDER`` does in the database."""
    return (-math.inf if lower is None else lower, -(math.inf if upper is None else upper))
