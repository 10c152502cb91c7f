"""Draft links: made, renewed, revoked, and found again by the address that a guest opens."""

from datetime import timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.auditing import Deed, log
from articles.documents import files_of
from articles.four_eyes import refuse_own_edit
from articles.models import Article, DraftLink, Publication, Revision
from articles.recording import lock
from library.models import Person
from library.renditions import originals

LASTS = timedelta(hours=48)
LONGEST = timedelta(days=60)


@transaction.atomic
def make_link(
    revision: Revision,
    *,
    by: AbstractBaseUser | None,
    lasts: timedelta = LASTS,
    note: str = "",
    may_remark: bool = False,
    approves_as: Person | None = None,
) -> DraftLink:
    """Make an address at which somebody without an account may read ``revision``.

    With ``approves_as`` the guest may approve it, and the page names that
    person: where four eyes are asked for, not from whoever edited it last.
    """
    _refuse_bad_time(lasts)
    if revision.redacted_at:
        raise ValidationError(_("This revision was redacted. Share a later one."))
    if approves_as:
        refuse_own_edit(revision, by=by)
    now = timezone.now()
    link = DraftLink.objects.create(
        article=revision.article,
        revision=revision,
        note=note.strip(),
        may_remark=may_remark,
        approves_as=approves_as,
        expires_at=now + lasts,
        created_by=by,
        created_at=now,
    )
    log(
        Deed.MADE_LINK,
        by=by,
        revision=revision,
        expires_at=link.expires_at,
        may_remark=may_remark,
        may_approve=approves_as is not None,
    )
    return link


@transaction.atomic
def renew_link(link: DraftLink, *, by: AbstractBaseUser | None, lasts: timedelta = LASTS) -> None:
    """Let the same address work from now for ``lasts``, whether or not it had expired."""
    _refuse_bad_time(lasts)
    link = _held(link)
    if not may_hand_on(link, by):
        raise ValidationError(_("Only whoever made a link with the right to approve renews it."))
    link.expires_at = timezone.now() + lasts
    link.save(update_fields=["expires_at"])
    log(Deed.RENEWED_LINK, by=by, revision=link.revision, expires_at=link.expires_at)


@transaction.atomic
def revoke_link(link: DraftLink, *, by: AbstractBaseUser | None) -> None:
    """End an address at once and for ever."""
    link = _held(link)
    link.revoked_by, link.revoked_at = by, timezone.now()
    link.save(update_fields=["revoked_by", "revoked_at"])
    log(Deed.REVOKED_LINK, by=by, revision=link.revision)


def may_hand_on(link: DraftLink, by: AbstractBaseUser | None) -> bool:
    """May ``by`` see the address? One that carries the right to approve is its maker's alone.

    Otherwise an author could find it at the desk, and approve as somebody else.
    """
    return link.approves_as_id is None or (by is not None and link.created_by_id == by.pk)


def find_link(signed: str) -> DraftLink | None:
    """Return the link that an address names, None if it was forged or revoked.

    It may have expired: whoever holds the address may be told so.
    """
    uid = DraftLink.uid_in(signed)
    if uid is None:
        return None
    links = DraftLink.objects.filter(uid=uid, revoked_at=None)
    return links.select_related("article", "revision__article", "approves_as", "created_by").first()


def has_been_published(link: DraftLink) -> bool:
    """Has its very content been before readers? Then the link has done its work."""
    begun = Publication.objects.filter(cancelled_at=None, goes_live_at__lte=timezone.now())
    return begun.filter(article=link.article_id, digest=link.revision.digest).exists()


def shown_original(link: DraftLink, name: str) -> str:
    """Return the image file that the draft shows, by its name or a rendition's; "" for none."""
    shown = files_of(link.revision.document)
    return next((one for one in originals(name) if one in shown), "")


def links_of(article: Article) -> list[DraftLink]:
    """Return the article's links, the newest first, with their people."""
    links = article.draft_links.select_related("revision", "created_by", "approves_as")
    return list(links.defer("revision__content").order_by("-created_at", "-pk"))


def _held(link: DraftLink) -> DraftLink:
    lock(link.article)
    link = DraftLink.objects.select_related("article", "revision__article").get(pk=link.pk)
    if link.revoked_at:
        raise ValidationError(_("This link was revoked. Make another."))
    return link


def _refuse_bad_time(lasts: timedelta) -> None:
    if not timedelta(0) < lasts <= LONGEST:
        raise ValidationError(_("A link lasts for %d days at the most.") % LONGEST.days)
