"""The preview beside a form: the real page of what is typed, and what the checks say of it.

The form is posted here by static/admin_desk/beside.js whenever the editor
pauses. Nothing is written: no revision, no stamp, no lock.
"""

from typing import Any

from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path

from articles.admin.checks import NOTHING_FOUND, findings_of
from articles.admin.typed import Typed
from articles.documents import prepare
from articles.models import Article
from articles.page import typed_page
from library.showing import desk_address
from publishing.editing.choices import address_in_admin

# What the script asks for while the preview is hidden.
ONLY_CHECKS = "_only_checks"


class PreviewBeside:
    """Gives a form's admin the address at which its preview is drawn.

    Subclasses say what is typed, in ``typed``.
    """

    def typed(self, request: HttpRequest, row: Any) -> tuple[Typed, Article | None]:
        """Return what the form describes, and its article if that is saved.

        ``row`` is None for a form of a new one. A ``Typed`` without a document has no page yet.
        """
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_beside"
        view = self.admin_site.admin_view(self.beside_view)
        return [
            path("beside/", view, name=f"{name}_new"),
            path("<int:pk>/beside/", view, name=name),
            *super().get_urls(),
        ]

    def beside_address(self, request: HttpRequest, row: Any) -> str:
        """Return where the form of ``row``, or of a new one, is drawn; nothing for a dialog's form.

        Nothing, too, for who may only look.
        """
        may = self.has_change_permission if row else self.has_add_permission
        if not may(request) or IS_POPUP_VAR in request.GET or IS_POPUP_VAR in request.POST:
            return ""
        if row is None:
            return address_in_admin(self.model, "beside_new")
        return address_in_admin(row, "beside", row.pk)

    def beside_view(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Answer a form with its page and findings as data: {html, unseen, places, findings}."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        may = self.has_change_permission if pk else self.has_add_permission
        if not may(request):
            raise PermissionDenied
        row = get_object_or_404(self.model, pk=pk) if pk else None
        typed, article = self.typed(request, row)
        shown = _shown(request, typed, article)
        return JsonResponse({"unseen": typed.unseen, "places": typed.places, **shown})


def _shown(request: HttpRequest, typed: Typed, article: Article | None) -> dict[str, Any]:
    if not typed.document:
        return {"html": "", "findings": NOTHING_FOUND.as_data()}
    prepared = (
        None if ONLY_CHECKS in request.POST else prepare(typed.document, image_address=desk_address)
    )
    findings = findings_of(
        typed.document, article, request, prepared=prepared, new_rows=typed.new_rows
    ).as_data()
    if prepared is None:
        return {"findings": findings}
    page = typed_page(
        typed.document,
        prepared,
        slug=article.slug if article else "",
        image_address=desk_address,
        base_url=f"{request.scheme}://{request.get_host()}",
    )
    return {"html": page.fill(page.render()), "findings": findings}
