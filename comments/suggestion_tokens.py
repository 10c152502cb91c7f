"""Whose a suggestion is: the token that opens the page where its writer sees what became of it."""

import secrets

from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.http import urlencode

from comments.models import Suggestion
from comments.writing import hash_of


def is_writers_token(suggestion: Suggestion, token: str) -> bool:
    """Was ``token`` given to its writer, on the page or in a mail?"""
    if secrets.compare_digest(suggestion.token_hash, hash_of(token)):
        return True
    try:
        return _signer().unsign(token) == str(suggestion.pk)
    except BadSignature:
        return False


def token_for_mail(suggestion: Suggestion) -> str:
    """Return signed words that open the page from a mail: the token itself is stored nowhere."""
    return _signer().sign(suggestion.pk)


def status_url(suggestion: Suggestion, token: str) -> str:
    """Return the address at which its writer sees what became of it."""
    page = reverse("suggestions:suggestion", args=[suggestion.pk])
    return f"{page}?{urlencode({'token': token})}"


def _signer() -> Signer:
    return Signer(salt="comments.suggestion")
