"""Suggesting as readers do: through the forms, to the page of what became of it."""

from urllib.parse import parse_qs, urlsplit

from django.http import HttpResponse
from django.utils import timezone

from articles.models import Article
from comments import confirming, suggesting
from comments.models import OutgoingMail, Suggestion

CORRECTION = {
    "text": "It closed in 1934.",
    "right": "It closed in 1933.",
    "source": "The archive, box 7, page 12",
    "audience": "editors",
    "name": "Anna",
    "credit": "name",
    "email": "",
}
QUESTION = {"text": "Who carried the telegram?", "audience": "editors", "name": "", "email": ""}


def suggest_page(article: Article) -> str:
    return f"/articles/{article.slug}/suggest/"


def ask_page(article: Article) -> str:
    return f"/articles/{article.slug}/ask/"


def suggest(client, article: Article, /, *, headers=None, **fields) -> HttpResponse:
    """Send the form for a correction, complete unless ``fields`` say otherwise."""
    return client.post(suggest_page(article), {**CORRECTION, **fields}, headers=headers)


def ask(client, article: Article, /, *, headers=None, **fields) -> HttpResponse:
    """Send the form for a question, complete unless ``fields`` say otherwise."""
    return client.post(ask_page(article), {**QUESTION, **fields}, headers=headers)


def token_in(url: str) -> str:
    return parse_qs(urlsplit(url).query)["token"][0]


def made(article: Article, **fields) -> Suggestion:
    """Make a suggestion about what is live, without a browser; an address is its writer's own."""
    live = article.publications.live().get()
    given = {"kind": Suggestion.Kind.CORRECTION, "text": "It closed in 1934.", **fields}
    if given["kind"] == Suggestion.Kind.CORRECTION:
        given.setdefault("right", "It closed in 1933.")
    suggestion = suggesting.suggest(live, **given).suggestion
    if suggestion.reader:
        confirm(suggestion)
    return suggestion


def confirm(suggestion: Suggestion) -> None:
    """Let its writer answer the mail that asks whether the address is theirs."""
    mail = OutgoingMail.objects.get(kind=OutgoingMail.Kind.CONFIRM, reader=suggestion.reader)
    key, now = suggestion.pk, timezone.now()
    confirming.confirm(mail, comments=[], follows=[], suggestions=[key], at=now)
    mail.delete()
    suggestion.refresh_from_db()


def accepted(suggestion: Suggestion, *, by=None):
    """Accept a suggestion; return the row that it led to."""
    suggestion.refresh_from_db()
    return suggesting.accept(suggestion, by=by, turn=suggestion.turn)
