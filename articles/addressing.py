"""Addresses: an article's slug is unique for ever, and changing it is a deed of its own."""

from contextlib import suppress

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import IntegrityError, transaction
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
    article.addresses.filter(is_current=True).update(is_current=False)
    if address:
        address.is_current = True
        address.save(update_fields=["is_current"])
    else:
        address = _create(article, slug)
    log(Deed.CHANGED_ADDRESS, by=by, article=article, old=before or None, new=slug)
    touch(ADDRESSES, ARTICLES, article_stamp(article.uid))
    return address


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
