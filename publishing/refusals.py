"""Refusals: what a reader's request may not do, answered with a page in the site's own look."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


class Refusal(Exception):
    """A request is refused with ``status``; ``message`` says why, in a sentence for the reader.

    ``typed`` is what the reader wrote, given back so that nothing is lost;
    ``retry_after`` is in seconds.
    """

    def __init__(
        self, status: int, message: str, *, typed: str = "", retry_after: int | None = None
    ) -> None:
        self.status = status
        self.message = message
        self.typed = typed
        self.retry_after = retry_after
        super().__init__(message)


class RefusalsMiddleware:
    """Turns a ``Refusal`` into its page, or into JSON for a script that asks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal; anything else is none of our business."""
        return refuse(request, error) if isinstance(error, Refusal) else None


def refuse(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return the answer to a refused request; never cached."""
    response = _answer(request, refusal)
    response["Cache-Control"] = "no-store"
    if refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    return response


def wants_json(request: HttpRequest) -> bool:
    """Does a script ask for data? A browser's form asks for HTML first."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"error": refusal.message}, status=refusal.status)
    template = _TEMPLATES.get(refusal.status, f"errors/{refusal.status}.html")
    context: dict[str, Any] = {"reason": refusal.message, "typed": refusal.typed}
    return render(request, template, context, status=refusal.status)


# Django asks for these at the root.
_TEMPLATES = {status: f"{status}.html" for status in (400, 403, 404)}
