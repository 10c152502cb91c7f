"""What stands at a public address: the article, its publications, the way from an old address.

Views of all apps look up here what they show; each look-up tells the page what it depends on.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from articles.models import Address, Publication
from publishing.pages import Page, public_page
from publishing.stamps import ADDRESSES, ARTICLES, article_stamp


def article_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make ``view(request, page, address, …)`` a public page of an article, at a ``slug``.

    The address is the present one; an old one leads there, with the rest of the path.
    """

    @public_page
    @wraps(view)
    def found(
        request: HttpRequest, page: Page, slug: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        address = find_address(page, slug)
        if not address.is_current:
            return to_present_address(request, address)
        return view(request, page, address, *args, **kwargs)

    return found


def find_address(page: Page, slug: str) -> Address:
    """Return the address, or answer 404; the page then depends on all addresses."""
    page.reads(ADDRESSES)
    address = get_object_or_404(Address.objects.select_related("article"), slug=slug)
    page.reads(article_stamp(address.article.uid))
    return address


def to_present_address(request: HttpRequest, address: Address) -> HttpResponse:
    """Lead from an old address to the present one, keeping the rest of the path.

    Only where something is published: an unpublished article has no address.
    """
    publications = address.article.publications.published()
    present = address.article.addresses.filter(is_current=True).first()
    if present is None or not publications.exists():
        raise Http404
    path = request.get_full_path()
    response = redirect(path.replace(f"/articles/{address.slug}", f"/articles/{present.slug}", 1))
    response.status_code = 301
    return response


def live_publication(page: Page, address: Address) -> Publication:
    """Return what readers see at the address, or answer 404."""
    publications = address.article.publications.live(page.at).select_related("revision", "article")
    return get_object_or_404(publications)


def begun_publications(page: Page, address: Address) -> QuerySet[Publication]:
    """Return the publications of the address that have begun, the latest first."""
    page.holds_until(
        *address.article.publications.filter(
            cancelled_at__isnull=True, goes_live_at__gt=page.at
        ).values_list("goes_live_at", flat=True),
        *address.article.publications.filter(ends_at__gt=page.at).values_list("ends_at", flat=True),
    )
    publications = address.article.publications.published(page.at)
    return publications.select_related("revision", "article").order_by("-number")


def find_publication(page: Page, address: Address, number: int) -> Publication:
    """Return publication ``number`` if it has begun, or answer 404."""
    return get_object_or_404(begun_publications(page, address), number=number)


def reads_live(page: Page) -> None:
    """Note that a page shows what is live across articles."""
    page.reads(ADDRESSES, ARTICLES)
    page.holds_until(Publication.objects.next_change(page.at))


def base_url(request: HttpRequest) -> str:
    """Return scheme and host, for addresses that leave the site."""
    return f"{request.scheme}://{request.get_host()}"
