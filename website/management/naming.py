"""How commands are told which article they are to work on."""

from django.core.management.base import CommandError

from articles.models import Address, Article


def article_at(slug: str | None) -> Article | None:
    """Return the article that has or had an address, None if none is named.

    Raises ``CommandError`` for an address that no article ever had.
    """
    if slug is None:
        return None
    address = Address.objects.filter(slug=slug).select_related("article").first()
    if address is None:
        raise CommandError(f"No article has the address “{slug}”.")
    return address.article
