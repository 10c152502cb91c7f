"""Checks: what is asked of a text before readers see it, each with a level that a site may set.

A part brings checks of its own in ``Part.checks``; ``articles.checking`` brings
those of whole articles, and runs all of them. Nothing here knows an article.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Level(TextChoices):
    """How much a check matters to a site."""

    REQUIRED = "required", _("Required")
    RECOMMENDED = "recommended", _("Recommended")
    OFF = "off", _("Off")


@dataclass(frozen=True, slots=True)
class Check:
    """A check by its name: how the site's settings call it, what it asks, its level unless set.

    One that is ``is_fixed`` is always required: the database or the page itself
    could not do without what it asks for.
    """

    name: str
    title: Any
    asks: Any
    level: Level = Level.RECOMMENDED
    is_fixed: bool = False


COMPLETE = Check(
    "complete",
    _("Everything that a page needs"),
    _("Title, question, short answer, summary, an author, a section; no row half filled in."),
    level=Level.REQUIRED,
    is_fixed=True,
)
