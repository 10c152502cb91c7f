"""What the pages about a reader's address share."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from articles.models import Publication
from comments.views.around import never_cached
from publishing.refusals import Refusal


def shown(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Return a page that no cache may keep."""
    return never_cached(render(request, f"comments/readers/{template}", context, status=status))


def expired(request: HttpRequest, what: str) -> HttpResponse:
    """Say that an address was right and is not any more (410), and how to get another one."""
    return shown(request, "expired.html", {"what": what}, status=410)


def leads_to(address: str) -> HttpResponse:
    """Lead on after a POST (303)."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def titles_of(articles: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return (title, address) as readers see them, by article; nothing of what they do not see."""
    live = Publication.objects.live(timezone.now()).filter(article__in=set(articles))
    return {
        publication.article_id: (
            publication.title,
            reverse("articles:article", args=[publication.article.slug]),
        )
        for publication in live.select_related("article").defer("prepared", "search_text")
    }


def no_such_address(message: str) -> Refusal:
    """The answer to a form on a page whose address is not right any more."""
    return Refusal(410, message)
