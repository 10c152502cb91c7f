"""Bans: somebody's comments are refused for a while, known by keyed hashes only.

By e-mail address, whoever types it; or by network, which may be many people's. A network is known
under its present key (``publishing.readers.network_of``): when that changes, every thirty days,
the same network looks like another, so a ban of it ends then at the latest.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.auditing import Deed, log
from comments.models import Ban
from publishing.readers import network_key_changes_at

LONGEST_DAYS = 3_650
KEPT_FOR = timedelta(days=30)
"""How long a ban stays in the list after its end."""


@transaction.atomic
def ban(
    kind: str,
    hash: str,
    *,
    days: int,
    reason: str,
    by: AbstractBaseUser | None,
    at: datetime | None = None,
) -> Ban:
    """Refuse comments of an address or a network for so many days; one that holds is changed.

    ``kind`` is of ``Ban.Kind``, ``hash`` as in ``Reader.address_hash`` or ``Comment.network``.
    Raises ``ValidationError`` for what cannot be banned.
    """
    at = at or timezone.now()
    kind = Ban.Kind(kind)
    if not hash:
        raise ValidationError(
            _("The network of this comment is forgotten, so it cannot be banned any more.")
            if kind == Ban.Kind.NETWORK
            else _("This comment came without an e-mail address.")
        )
    if not 1 <= days <= LONGEST_DAYS:
        raise ValidationError(_("Ban for 1 to %s days.") % f"{LONGEST_DAYS:,}")
    ends_at = at + timedelta(days=days)
    if kind == Ban.Kind.NETWORK:
        ends_at = min(ends_at, network_key_changes_at(at))
    held = Ban.objects.in_force(at).filter(kind=kind, hash=hash).select_for_update(of=("self",))
    made = held.first() or Ban(kind=kind, hash=hash)
    made.reason, made.ends_at = reason.strip()[:200], ends_at
    made.made_at, made.made_by = at, by
    made.save()
    log(Deed.BANNED, by=by, ban=made.pk, kind=kind.value, ends_at=ends_at)
    return made


def is_banned(hashes: Iterable[str], at: datetime) -> bool:
    """Does a ban hold at ``at`` for one of the hashes? One query."""
    wanted = [one for one in hashes if one]
    held = Ban.objects.in_force(at).filter(hash__in=wanted).order_by()
    return bool(wanted) and held.exists()


@transaction.atomic
def lift(ban: Ban, by: AbstractBaseUser | None, at: datetime | None = None) -> bool:
    """End a ban now; False if it had ended already."""
    at = at or timezone.now()
    held = Ban.objects.in_force(at).select_for_update(of=("self",)).filter(pk=ban.pk).first()
    if held is None:
        return False
    held.ends_at = ban.ends_at = at
    held.save(update_fields=["ends_at"])
    log(Deed.LIFTED_BAN, by=by, ban=ban.pk, kind=str(ban.kind))
    return True


def forget_ended(at: datetime) -> int:
    """Forget whom ended bans were about, and delete those that ended ``KEPT_FOR`` ago; return how
    many were deleted. Run it daily.
    """
    Ban.objects.filter(ends_at__lte=at).exclude(hash="").update(hash="")
    gone, _by_model = Ban.objects.filter(ends_at__lt=at - KEPT_FOR).delete()
    return gone
