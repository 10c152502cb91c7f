"""Pages about one article that other apps have: links below "More" of its form."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from articles.models import Article


@dataclass(frozen=True, slots=True)
class MorePage:
    """A page about an article: its name, its address, and who may open it."""

    title: str
    url: Callable[[Article], str]
    may_see: Callable[[HttpRequest], bool]


_pages: list[MorePage] = []


def add_page(page: MorePage) -> None:
    """Put a link to the page below "More" of every article's form."""
    _pages.append(page)


def more_pages(request: HttpRequest, article: Article | None) -> list[tuple[str, str]]:
    """Return (title, address) of the pages about the article that one may open."""
    if article is None:
        return []
    return [(str(page.title), page.url(article)) for page in _pages if page.may_see(request)]
