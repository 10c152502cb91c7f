"""Naming: what the desk calls a revision, such as “before the court's letter”."""

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from articles.auditing import Deed, log
from articles.models import Revision
from articles.recording import lock

LONGEST_NAME = Revision._meta.get_field("name").max_length


@transaction.atomic
def name_revision(revision: Revision, name: str, *, by: AbstractBaseUser | None) -> None:
    """Call the revision ``name``, and keep it for ever; with an empty name, no longer.

    Raises ``ValidationError`` for a name that is too long.
    """
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME:
        raise ValidationError(_("The name is too long: %d characters at the most.") % LONGEST_NAME)
    lock(revision.article)
    revision.refresh_from_db(fields=["name"])
    if revision.name == name:
        return
    revision.name = name
    revision.save(update_fields=["name"])
    log(Deed.NAMED, by=by, revision=revision)
