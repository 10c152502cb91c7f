"""What a reader's browser asks for when somebody begins to write."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from comments.rules import rules_for
from comments.tells import signed_moment
from comments.views.around import live_at, never_cached
from comments.working import challenge_for


@require_safe
def challenge(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the moment, signed, and the work that is asked for, if it is: as data, never kept."""
    now = timezone.now()
    publication, _present = live_at(slug, now)
    asks = rules_for(publication.article_id).asks_proof_of_work
    return never_cached(
        JsonResponse(
            {
                "age": signed_moment(now),
                "work": challenge_for(publication.article_id, now) if asks else None,
            }
        )
    )
