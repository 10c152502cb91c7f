"""Addresses: an article's slug is unique for ever, and changing it is a deed of its own."""

from contextlib import suppress

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles.auditing import Deed, log
from articles.models import Address, Article
from articles.recording import lock
from publishing.stamps import ADDRESSES, ARTICLES, article_stamp, touch


@transaction.atomic
def change_slug(article: Article, slug: str, *, by: AbstractBaseUser | None) -> Address:
    """Give the article the address ``slug``, at once; the old one leads to the new one.

    Raises ``ValidationError`` if the slug is malformed or was ever another
    article's. An address the article had before may be taken up again.
    """
    validate_slug(slug)
    if len(slug) > Address._meta.get_field("slug").max_length:
        raise ValidationError(_("The address is too long: 100 characters at the most."))
    article = lock(article)
    address = Address.objects.filter(slug=slug).select_for_update().first()
    if address and address.article_id != article.pk:
        raise _taken()
    if address and address.is_current:
        return address
    before = article.slug
    article.addresses.filter(is_current=True).update(is_current=False, replaced_at=timezone.now())
    if address:
        address.is_current, address.replaced_at = True, None
        address.save(update_fields=["is_current", "replaced_at"])
    else:
        address = _create(article, slug)
    log(Deed.CHANGED_ADDRESS, by=by, article=article, old=before or None, new=slug)
    touch(ADDRESSES, ARTICLES, article_stamp(article.uid))
    return address


@transaction.atomic
def go_back(article: Article, slug: str, *, by: AbstractBaseUser | None) -> bool:
    """Take up an earlier address again; return whether the one given up is free for others.

    It is, if no reader can ever have seen it; otherwise it leads to the article
    like every other address that it had. Raises ``ValidationError`` if the
    article never had the address ``slug``.
    """
    article = lock(article)
    if not article.addresses.filter(slug=slug).exists():
        raise ValidationError(_("The article never had this address."))
    given_up = article.addresses.filter(is_current=True).exclude(slug=slug).first()
    change_slug(article, slug, by=by)
    if given_up is None:
        return False
    given_up.refresh_from_db()
    if may_have_been_seen(given_up):
        return False
    forget(given_up, by=by)
    return True


@transaction.atomic
def forget(address: Address, *, by: AbstractBaseUser | None) -> None:
    """Let go of an address that no reader ever saw; another article may then have it.

    Raises ``ValidationError`` for the present one and for one that readers may
    have seen: that is the article's for ever.
    """
    article = lock(address.article)
    address = article.addresses.filter(pk=address.pk).first()
    if address is None:
        return
    if address.is_current:
        raise ValidationError(_("This is the present address. Choose another one first."))
    if may_have_been_seen(address):
        raise ValidationError(
            _("Readers may have this address, so it leads to the article for ever.")
        )
    slug = address.slug
    address.delete()
    log(Deed.FORGOT_ADDRESS, by=by, article=article, slug=slug)
    touch(ADDRESSES, ARTICLES, article_stamp(article.uid))


def may_have_been_seen(*addresses: Address) -> set[str]:
    """Return those slugs under which readers may have seen the article: all of one article.

    The article was before them while it had that address, or nobody knows any
    longer when it had. Two queries at the most, however many there are.
    """
    if not addresses:
        return set()
    made = addresses[0].article.publications.filter(cancelled_at=None)
    shown = list(made.values_list("goes_live_at", "ends_at"))
    return {
        address.slug
        for address in addresses
        for begins, ends in shown
        if begins <= (address.replaced_at or timezone.now())
        and (ends is None or ends > address.created_at)
    }


def give_first_slug(article: Article, *, by: AbstractBaseUser | None) -> Address | None:
    """Make an address from the title if the article has none and there is a title."""
    if article.addresses.filter(is_current=True).exists() or not article.title:
        return None
    stem = slugify(article.title)[:90].strip("-") or "article"
    slug, number = stem, 1
    while True:
        if not Address.objects.filter(slug=slug).exists():
            with suppress(ValidationError):  # Somebody else was quicker: take the next.
                return change_slug(article, slug, by=by)
        number += 1
        slug = f"{stem}-{number}"


def _create(article: Article, slug: str) -> Address:
    try:
        with transaction.atomic():
            return Address.objects.create(article=article, slug=slug)
    except IntegrityError:
        # Somebody else took it after we had looked.
        raise _taken() from None


def _taken() -> ValidationError:
    return ValidationError(_("Another article has or had this address. Choose a new one."))
