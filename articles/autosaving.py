"""Autosaving: what an editor typed and has not saved, kept on the server in one slot for each form.

It is the editor's own: nobody else is ever shown it. A save that succeeds
forgets it; so does time. What is new has no key yet: each page of the browser
in which something new is written has a slot of its own, so that two of them
in two tabs do not take each other's place.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, Autosave
from articles.replacing import Replacing

LONGEST = 2_000_000
"""Letters that one slot holds: some twenty times the longest explainer."""

KEPT_FOR = timedelta(days=90)

# Fields of a form that hold what the machine needs, and no words.
_NOT_WORDS = ("_FORMS", "-id", "-uid", "-article", "-position", "opened_on", "clash")

Fields = Mapping[str, Sequence[str]]


def slot_of(model: type[models.Model], key: int | None, within: str = "") -> str:
    """Return the name of a form's slot: of one row, or of a new one (``within`` an article).

    That of a new row ends in a slash: it stands for the slots of all pages that write one.
    """
    if key is not None:
        return f"{model._meta.label_lower}/{key}"
    return f"{model._meta.label_lower}/new/{within or '-'}/"


def keep(
    fields: Fields, *, by: AbstractBaseUser, slot: str, article: Article | None, page: str
) -> Autosave:
    """Keep what ``by`` has typed, in place of what the slot held. One statement.

    Raises ``ValidationError`` if it is too long to be kept.
    """
    letters = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
    if letters > LONGEST:
        raise ValidationError(
            _("This is too long to be kept while you type: save it as a draft now and then.")
        )
    kept = Autosave(
        editor=by,
        article=article,
        slot=f"{slot}{page}" if _is_of_new(slot) else slot,
        page=page,
        fields={name: list(values) for name, values in fields.items()},
        saved_at=timezone.now(),
    )
    Autosave.objects.bulk_create(
        [kept],
        update_conflicts=True,
        unique_fields=["editor", "slot"],
        update_fields=["article", "page", "fields", "saved_at"],
    )
    return kept


def kept_for(editor: AbstractBaseUser, slot: str, *, page: str = "") -> Autosave | None:
    """Return what ``editor`` typed into this form and did not save, None if there is nothing.

    Of several new ones that which ``page`` of the browser kept, else the newest.
    """
    kept = _kept_in(editor, slot).order_by("-saved_at", "-pk")
    return (page and kept.filter(page=page).first()) or kept.first()


def forget(editor: AbstractBaseUser, slot: str, *, pages: Collection[str] | None = None) -> None:
    """Empty the slot, and all that is older than `KEPT_FOR`.

    With ``pages``, only if one of those pages of the browser filled it: what the
    editor types in another tab is not saved yet.
    """
    own = _kept_in(editor, slot)
    (own if pages is None else own.filter(page__in=pages)).delete()
    Autosave.objects.filter(saved_at__lt=timezone.now() - KEPT_FOR).delete()


def _is_of_new(slot: str) -> bool:
    return slot.endswith("/")


def _kept_in(editor: AbstractBaseUser, slot: str) -> models.QuerySet[Autosave]:
    named = {"slot__startswith": slot} if _is_of_new(slot) else {"slot": slot}
    return Autosave.objects.filter(editor=editor, **named)


def redact_autosaves(article: Article, replacing: Replacing) -> None:
    """Take the passages also out of what was typed into the article's forms and not saved."""
    for kept in article.autosaves.all():
        redacted = {
            name: values if name.endswith(_NOT_WORDS) else replacing.words(values)
            for name, values in kept.fields.items()
        }
        if redacted != kept.fields:
            kept.fields = redacted
            kept.save(update_fields=["fields"])
