"""Four eyes: where the site asks for it, nobody approves or publishes their own last edit.

``FOUR_EYES`` is off by default, as a small newsroom may have one editor.
"""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles.models import Revision


def is_own_edit(revision: Revision, by: AbstractBaseUser | None) -> bool:
    """Was ``by`` the last person to edit what ``revision`` holds?

    Revisions that the system recorded, such as after a change in the library,
    are nobody's edit: the one before them counts. Neither is what readers saw
    already, published again with words of the library.
    """
    if by is None or revision.is_from_live:
        return False
    edited = revision.article.revisions.of_draft().filter(number__lte=revision.number)
    edited = edited.exclude(created_by=None).order_by("-number")
    return edited.values_list("created_by", flat=True).first() == by.pk


def refuse_own_edit(revision: Revision, *, by: AbstractBaseUser | None) -> None:
    """Raise ``ValidationError`` if four eyes are asked for and these are the same two."""
    if settings.FOUR_EYES and is_own_edit(revision, by):
        raise ValidationError(
            _("You made the last edit yourself. Here somebody else approves and publishes it.")
        )
