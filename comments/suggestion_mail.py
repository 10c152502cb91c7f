"""The words of the mails that tell what became of a suggestion: made when a mail goes.

It goes only if what it tells is still so, and holds no word that a reader wrote.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Publication
from comments.models import Suggestion
from comments.suggestion_tokens import status_url, token_for_mail
from comments.suggestion_words import was_led_to

DECLINED, ANSWERED, PUBLISHED = "declined", "answered", "published"


def words_of(details: dict[str, Any]) -> tuple[str, list[str]] | None:
    """Return (subject, lines) of a mail with these details, None if there is no more to tell."""
    found = Suggestion.objects.select_related("publication", "article")
    suggestion = found.filter(pk=details["suggestion"]).with_outcome().first()
    if suggestion is None or suggestion.state == Suggestion.State.WITHDRAWN:
        return None
    lines = _LINES[details["what"]](suggestion, details["which"])
    if lines is None:
        return None
    title = suggestion.publication.title
    subject = " ".join((_("Your suggestion for “%s”") % title).split())
    own_page = f"{settings.SITE_ADDRESS}{status_url(suggestion, token_for_mail(suggestion))}"
    return subject, [*lines, "", _("What became of it: %s") % own_page]


def _declined(suggestion: Suggestion, turn: int) -> list[str] | None:
    if suggestion.turn != turn:
        return None
    return [_("The editors read what you suggested, and decided against it:"), "", suggestion.reply]


def _answered(suggestion: Suggestion, turn: int) -> list[str] | None:
    if suggestion.turn != turn:
        return None
    return [_("The editors answer to what you suggested:"), "", suggestion.reply]


def _published(suggestion: Suggestion, publication_id: int) -> list[str] | None:
    """Only if it is the first before readers that shows the row: one that was cancelled is not."""
    publication = Publication.objects.filter(pk=publication_id).first()
    is_accepted = suggestion.state == Suggestion.State.ACCEPTED
    if not (publication and is_accepted and publication.has_begun(timezone.now())):
        return None
    if suggestion.version is None or suggestion.version != publication.number:
        return None
    change = reverse(
        "articles:changes",
        kwargs={"slug": suggestion.article.slug, "number": suggestion.version},
    )
    return [
        was_led_to(suggestion.kind, suggestion.version),
        _("What changed: %s") % f"{settings.SITE_ADDRESS}{change}",
    ]


_LINES = {DECLINED: _declined, ANSWERED: _answered, PUBLISHED: _published}
