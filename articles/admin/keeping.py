"""Forms in which nothing typed is lost: autosave, who else is there, and saves that meet.

``KeptForms`` stands before ``DeskAdmin`` in the admin of an article and of its
rows. What the browser asks for is in ``static/admin_desk/autosave.js`` and
``presence.js``; all of it works without, except that nothing is kept then
before it is saved.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import BaseModelFormSet, ModelForm
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from articles import autosaving, presence
from articles.admin.meeting import Meeting, meet
from articles.models import Article
from publishing.editing.choices import address_in_admin
from publishing.whole_numbers import whole_number

# What a browser sends besides the form's own fields; buttons begin like this too.
OWN = "_"
PAGE = "_page"
# The pages that a form went through before, refused or brought back.
BEFORE = "_before"
MOST_PAGES = 50


class KeptForms:
    """The form of an article, or of one of its rows, as something several people write in."""

    def article_of(self, row: Any) -> Article:
        """Return the article that ``row`` is, or belongs to."""
        return row if isinstance(row, Article) else row.article

    def article_of_new(self, request: HttpRequest) -> Article | None:
        """Return the article in which a new row is written; None for a new article."""
        return None

    # Saving

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Bring back what was typed earlier, and merge what somebody saved meanwhile."""
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            row = self.get_object(request, object_id) if object_id else None
            if object_id and row is None:
                answer = self.answer_for_deleted(request)
                return answer or super().changeform_view(
                    request, object_id, form_url, extra_context
                )
            if row and not self.has_change_permission(request, row):
                raise PermissionDenied
            slot = self._slot(request, row)
            if "_forget" in request.POST:
                autosaving.forget(request.user, slot, pages=_pages(request) or None)
                return HttpResponseRedirect(request.get_full_path())
            if "_bring_back" in request.POST and not self._bring_back(request, slot):
                return HttpResponseRedirect(request.get_full_path())
            if row:
                request.meeting = meet(self, request, row)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def answer_for_deleted(self, request: HttpRequest) -> HttpResponse | None:
        """Answer a form whose row somebody deleted meanwhile; None leaves it to Django."""
        return None

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change, **kwargs)
        form.meeting = getattr(request, "meeting", None)
        form.is_brought_back = hasattr(request, "brought_back")
        form.is_deleted = getattr(request, "is_deleted", False)
        return form

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: list[BaseModelFormSet], change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        slot = self._slot(request, form.instance if change else None)
        autosaving.forget(request.user, slot, pages=_pages(request))
        meeting: Meeting | None = getattr(request, "meeting", None)
        if meeting and meeting.taken:
            messages.info(request, meeting.words)

    def _bring_back(self, request: HttpRequest, slot: str) -> bool:
        """Put what was typed earlier in place of what was posted; False if there is nothing."""
        kept = autosaving.kept_for(request.user, slot, page=_page(request))
        if kept is None:
            return False
        data = QueryDict(mutable=True)
        for name, values in kept.fields.items():
            data.setlist(name, values)
        data[BEFORE] = kept.page
        request.POST = data
        request.brought_back = kept
        return True

    # The form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], **kwargs: Any
    ) -> HttpResponse:
        row = kwargs.get("obj")
        may_write = self.has_change_permission(request, row) if row else not kwargs.get("change")
        if may_write:
            context["keeping"] = self._keeping(request, row)
        return super().render_change_form(request, context, **kwargs)

    def _keeping(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Return what the form shows and its scripts need to keep what is typed."""
        slot = self._slot(request, row)
        is_fresh = request.method != "POST"
        return {
            "account": request.user.pk,
            "autosave_url": self._address(request, "autosave", row),
            "presence_url": self._address(request, "presence", row) if row else "",
            "kept": autosaving.kept_for(request.user, slot) if is_fresh else None,
            "pages": _pages(request),
            "brought_back": getattr(request, "brought_back", None),
            "people": self._people(request, row, slot) if row else [],
        }

    def _people(self, request: HttpRequest, row: Any, slot: str) -> list[presence.Here]:
        return presence.others_here(
            self.article_of(row),
            to=request.user,
            slot=slot,
            page=_page(request),
            of_article=isinstance(row, Article),
        )

    def _address(self, request: HttpRequest, deed: str, row: Any) -> str:
        if row:
            return address_in_admin(row, deed, row.pk)
        within = request.GET.get("article", "")
        query = f"?article={within}" if within.isdigit() else ""
        return address_in_admin(self.model, f"{deed}_new") + query

    def _slot(self, request: HttpRequest, row: Any) -> str:
        if row:
            return autosaving.slot_of(self.model, row.pk)
        # By the address alone: the article may still be chosen in the form.
        within = request.GET.get("article", "")
        return autosaving.slot_of(self.model, None, within if within.isdigit() else "")

    # What browsers ask for while somebody writes

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        guarded = self.admin_site.admin_view
        return [
            path("add/autosave/", guarded(self.autosave_view), name=f"{name}_autosave_new"),
            path("<int:object_id>/autosave/", guarded(self.autosave_view), name=f"{name}_autosave"),
            path("<int:object_id>/presence/", guarded(self.presence_view), name=f"{name}_presence"),
            *super().get_urls(),
        ]

    def autosave_view(self, request: HttpRequest, object_id: int | None = None) -> JsonResponse:
        """Keep what is typed; or with ``_forget`` empty the slot: all was taken back."""
        row = self._row_asked_for(request, object_id)
        if refused := _refused(request):
            return refused
        slot = self._slot(request, row)
        if "_forget" in request.POST:
            autosaving.forget(request.user, slot, pages=[_page(request)])
            return JsonResponse({"is_kept": False})
        article = self.article_of(row) if row else self.article_of_new(request)
        try:
            autosaving.keep(
                _typed(request), by=request.user, slot=slot, article=article, page=_page(request)
            )
        except ValidationError as error:
            return JsonResponse({"said": " ".join(error.messages)}, status=413)
        return JsonResponse({"is_kept": True})

    def presence_view(self, request: HttpRequest, object_id: int) -> JsonResponse:
        """Note that a page is there, or with ``_leaving`` no longer; answer with who else is."""
        row = self._row_asked_for(request, object_id)
        if refused := _refused(request):
            return refused
        if "_leaving" in request.POST:
            presence.leave(by=request.user, page=_page(request))
            return JsonResponse({"people": []})
        slot = self._slot(request, row)
        idle = min(whole_number(request.POST.get("_idle")) or 0, 86_400)
        presence.arrive(
            self.article_of(row),
            by=request.user,
            slot=slot,
            page=_page(request),
            idle=timedelta(seconds=idle),
        )
        people = self._people(request, row, slot)
        return JsonResponse(
            {
                "people": [
                    {"name": one.name, "words": one.words, "own": one.is_own} for one in people
                ]
            }
        )

    def _row_asked_for(self, request: HttpRequest, object_id: int | None) -> Any:
        """Return the row, None for a new one; refuse whoever may not write it."""
        if object_id is None:
            if not self.has_add_permission(request):
                raise PermissionDenied
            return None
        row = self.get_object(request, str(object_id))
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        if row is None:
            raise Http404
        return row


def _refused(request: HttpRequest) -> JsonResponse | None:
    """Refuse what is no post, comes from another account's page, or from no page at all."""
    if request.method != "POST":
        return JsonResponse(
            {"said": _("Nothing is read here.")}, status=405, headers={"Allow": "POST"}
        )
    if request.POST.get("_account") != str(request.user.pk):
        said = _("You are logged in with another account now.")
        return JsonResponse({"said": said}, status=409)
    if not _page(request):
        return JsonResponse({"said": _("It does not say from which page.")}, status=400)
    return None


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    """Return the form's own fields. PostgreSQL keeps no text with a null character."""
    return {
        name: [value.replace("\0", "") for value in values]
        for name, values in request.POST.lists()
        if not name.startswith(OWN) and name != "csrfmiddlewaretoken"
    }


def _page(request: HttpRequest) -> str:
    """Return the name that a page gave itself, "" if it gave none."""
    try:
        return str(UUID(request.POST.get(PAGE, "")))
    except ValueError:
        return ""


def _pages(request: HttpRequest) -> list[str]:
    """Return the names of the page that posts and of those whose text it goes on with."""
    return [name for name in (_page(request), *request.POST.getlist(BEFORE)[-MOST_PAGES:]) if name]
