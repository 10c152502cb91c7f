"""What the pages of an article's deeds share: who may come, what every template is given."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from articles.admin.listing import LIST_TITLE
from articles.admin.standing import standing
from articles.models import Article

View = Callable[..., HttpResponse]


def page_for(*permissions: str) -> Callable[[View], View]:
    """Make ``view(request, article, desk=…)`` a page for staff with all of ``permissions``.

    Anybody who may see the article in the admin comes first; the rest get 403.
    """

    def decorate(view: View) -> View:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def guarded(request: HttpRequest, pk: int, *, desk: Any, **kwargs: Any) -> HttpResponse:
            article = get_object_or_404(Article, pk=pk)
            sees = desk.has_view_or_change_permission(request, article)
            if not (sees and request.user.has_perms(permissions)):
                raise PermissionDenied
            return view(request, article, desk=desk, **kwargs)

        return guarded

    return decorate


def at(desk: Any, route: str, view: View, name: str) -> URLPattern:
    """Return the address of a page of one article, for staff only."""
    guarded = desk.admin_site.admin_view(partial(view, desk=desk))
    return path(route, guarded, name=f"articles_article_{name}")


def show(
    request: HttpRequest,
    article: Article,
    *,
    desk: Any,
    template: str,
    title: str,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Render one of the pages, in the admin's own frame."""
    request.current_app = desk.admin_site.name
    given = {
        **desk.admin_site.each_context(request),
        "title": title,
        "list_title": LIST_TITLE,
        "subtitle": str(article),
        "original": article,
        "article": article,
        "opts": desk.opts,
        "standing": standing(article),
        "form_url": desk.address_of(article),
        **context,
    }
    return TemplateResponse(request, f"admin/articles/{template}.html", given, status=status)


def back_to_form(
    request: HttpRequest, article: Article, *, desk: Any, said: str = ""
) -> HttpResponse:
    """Go back to the article's form and say what happened."""
    if said:
        messages.success(request, said)
    return redirect(desk.address_of(article))


def tell_refusal(request: HttpRequest, error: ValidationError) -> None:
    """Say what a deed that has no form refuses."""
    for sentence in error.messages:
        messages.error(request, sentence)


def refuse(form: Any, error: ValidationError) -> None:
    """Put a deed's refusal on its form."""
    for sentence in error.messages:
        form.add_error(None, sentence)
