"""Copying rows of any part to another article: from its tabs, their lists and their forms."""

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from articles.admin.listing import LIST_TITLE
from articles.admin.pages import refuse
from articles.copying import copy_rows
from articles.models import Article, WorkingRow
from publishing.editing.choices import address_in_admin
from publishing.editing.widgets import Picker
from publishing.parts import Part, parts

MOST_AT_ONCE = 100


class CopyForm(forms.Form):
    to = forms.ModelChoiceField(
        label=gettext_lazy("Copy to"),
        queryset=Article.objects.all(),
        widget=Picker(Article),
        help_text=gettext_lazy("It is put last there. Its sources and its picture come along."),
        error_messages={
            "required": gettext_lazy("Choose an article."),
            "invalid_choice": gettext_lazy("There is no such article."),
        },
    )


def urls(desk: Any) -> list[URLPattern]:
    """Return the address, which names no article: rows of several may be copied."""
    guarded = desk.admin_site.admin_view(partial(copy_page, desk=desk))
    return [path("copy/<slug:part>/", guarded, name="articles_article_copy")]


def copy_address(part: Part, *rows: WorkingRow) -> str:
    """Return the page on which rows of ``part`` are copied."""
    query = QueryDict(mutable=True)
    query.setlist("row", [str(row.uid) for row in rows])
    return f"{reverse('admin:articles_article_copy', args=[part.name])}?{query.urlencode()}"


def copy_url(part: Part, user: Any) -> str:
    """Return the page's address without rows, nothing for somebody who may not copy."""
    if not may_copy(part, user):
        return ""
    return reverse("admin:articles_article_copy", args=[part.name])


def may_copy(part: Part, user: Any) -> bool:
    """May ``user`` add rows of ``part`` to some article?"""
    name = f"{part.model._meta.app_label}.add_{part.model._meta.model_name}"
    return user.has_perms([name, "articles.change_article"])


@require_http_methods(["GET", "HEAD", "POST"])
def copy_page(request: HttpRequest, part: str, *, desk: Any) -> HttpResponse:
    """Choose the article that the rows are copied to, and copy them."""
    found = next((one for one in parts() if one.name == part), None)
    if found is None:
        raise Http404
    if not may_copy(found, request.user):
        raise PermissionDenied
    asked = request.POST if request.method == "POST" else request.GET
    rows = _rows(found, asked.getlist("row"))
    for article in {row.article for row in rows}:
        if not desk.has_view_or_change_permission(request, article):
            raise PermissionDenied
    form = CopyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        if not desk.has_change_permission(request, to):
            raise PermissionDenied
        try:
            copy_rows(found, rows, to=to, by=request.user)
        except ValidationError as error:
            refuse(form, error)
        else:
            _say_copied(request, len(rows), to)
            return HttpResponseRedirect(f"{desk.address_of(to)}#tab-{found.name}")
    return _show(request, desk, found, rows, form)


def _rows(part: Part, uids: list[str]) -> list[WorkingRow]:
    """Return the rows named, in their order, or answer 404 if one is not there."""
    try:
        wanted = list(dict.fromkeys(UUID(uid) for uid in uids))
    except ValueError:
        raise Http404 from None
    rows = part.model.objects.filter(uid__in=wanted[:MOST_AT_ONCE]).select_related("article")
    found = {row.uid: row for row in rows}
    if not wanted or len(found) < len(wanted):
        raise Http404
    return [found[uid] for uid in wanted]


def _say_copied(request: HttpRequest, count: int, to: Article) -> None:
    words = ngettext(
        "Copied to “%(article)s”, where it is the last. Readers do not see it yet.",
        "%(count)d rows copied to “%(article)s”, where they are the last. Readers do not see them "
        "yet.",
        count,
    )
    messages.success(request, words % {"count": count, "article": to})


def _show(
    request: HttpRequest, desk: Any, part: Part, rows: list[WorkingRow], form: CopyForm
) -> HttpResponse:
    request.current_app = desk.admin_site.name
    article = rows[0].article
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Copy to another article"),
        "list_title": LIST_TITLE,
        "opts": desk.opts,
        "original": article,
        "article": article,
        "form_url": f"{address_in_admin(article, 'change', article.pk)}#tab-{part.name}",
        "form": form,
        "part": part,
        "rows": rows,
    }
    return TemplateResponse(request, "admin/articles/copy.html", context)
