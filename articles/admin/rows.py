"""Rows with forms of their own: events, questions, and whatever a part brings.

Whichever way they are written, the article they belong to is recorded in the
same transaction, and an editor who came from the article goes back to it.
"""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db import models, transaction
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.beside import PreviewBeside
from articles.admin.conflict import OpenedForm
from articles.admin.copy_pages import MOST_AT_ONCE, copy_address, may_copy
from articles.admin.keeping import KeptForms
from articles.admin.meeting import MINE, THEIRS, meet_deleted, part_of
from articles.admin.typed import Typed, typed_row
from articles.models import Article
from articles.recording import lock, record
from publishing.editing.choices import address_in_admin
from publishing.editing.desk import DeskAdmin
from publishing.whole_numbers import whole_number


class RowForm(OpenedForm):
    """One row of an article's part; its bounds and dates come from the model's own rules."""

    @property
    def article(self) -> Article:
        return self.instance.article

    def _get_validation_exclusions(self) -> set[str]:
        # The article cannot be changed here, but what is unique is unique within it.
        return super()._get_validation_exclusions() - {"article"}


class RowAdmin(KeptForms, PreviewBeside, DeskAdmin):
    """The list and the form of a part's rows."""

    form = RowForm
    list_select_related = ("article",)
    actions = ("copy_to_article",)
    change_form_template = "admin/articles/row_form.html"

    def article_of_new(self, request: HttpRequest) -> Article | None:
        return self._article_named(request)

    def answer_for_deleted(self, request: HttpRequest) -> HttpResponse | None:
        """Ask whether a row that somebody deleted meanwhile comes back as it was typed."""
        article = self._article_of_deleted(request)
        uid = _uuid(request.POST.get("_uid"))
        if article is None or uid is None or not self.has_add_permission(request):
            return None
        choice, meeting = meet_deleted(request, article, part_of(self.model), str(uid))
        if choice == THEIRS:
            messages.info(request, _("It stays deleted."))
            return HttpResponseRedirect(self._article_url(article))
        if choice != MINE:
            request.meeting = meeting
        request.deleted = {"article": article.pk, "uid": uid}
        request.POST = request.POST.copy()
        request.POST["article"] = str(article.pk)
        return DeskAdmin.changeform_view(self, request, None)

    def _article_of_deleted(self, request: HttpRequest) -> Article | None:
        named = whole_number(request.POST.get("_in_article"))
        return Article.objects.filter(pk=named).first()

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        deleted = getattr(request, "deleted", None)
        if deleted and not self.model._default_manager.filter(uid=deleted["uid"]).exists():
            obj.uid = deleted["uid"]
        super().save_model(request, obj, form, change)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # A row stays with its article: its citations, anchor and history are kept there.
        own = super().get_readonly_fields(request, obj)
        return (*own, "article") if obj else own

    @admin.action(description=gettext_lazy("Copy to another article…"), permissions=["add"])
    def copy_to_article(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse:
        """Go on to the page that asks which article."""
        rows = list(queryset[: MOST_AT_ONCE + 1])
        if len(rows) > MOST_AT_ONCE:
            messages.error(request, _("Copy %d rows at the most at once.") % MOST_AT_ONCE)
            return HttpResponseRedirect(request.get_full_path())
        return HttpResponseRedirect(copy_address(part_of(self.model), *rows))

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: list[BaseModelFormSet], change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        record(form.instance.article, by=request.user)

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        article = lock(obj.article)
        super().delete_model(request, obj)
        record(article, by=request.user)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        """Delete what the list chose, and record every article it stood in, in one order."""
        found = Article.objects.filter(pk__in=queryset.values("article")).order_by("pk")
        articles = [lock(article) for article in found]
        super().delete_queryset(request, queryset)
        for article in articles:
            record(article, by=request.user)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], **kwargs: Any
    ) -> HttpResponse:
        row = kwargs.get("obj")
        article = row.article if row else self._article_named(request)
        context |= {
            "form": context["adminform"].form,
            "article": article,
            "article_url": self._article_url(article) if article else "",
            "from_article": _came_from_article(request),
            # What a form says of its row, should somebody delete it meanwhile.
            "row": {"article": article.pk, "uid": row.uid} if row else None,
            "beside_url": self.beside_address(request, row),
            "copy_url": copy_address(part_of(self.model), row)
            if row and may_copy(part_of(self.model), request.user)
            else "",
        }
        context["row"] = getattr(request, "deleted", context["row"])
        return super().render_change_form(request, context, **kwargs)

    def typed(self, request: HttpRequest, row: Any) -> tuple[Typed, Article | None]:
        article = row.article if row else self._article_named(request)
        if article is None:
            return Typed({}, unseen=[_("Choose the article first.")]), None
        return typed_row(self, request, row, article), article

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._back(request, obj.article) or super().response_post_save_add(request, obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._back(request, obj.article) or super().response_post_save_change(request, obj)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id) if _came_from_article(request) else None
        article = row.article if row else None
        response = super().delete_view(request, object_id, extra_context)
        is_done = isinstance(response, HttpResponseRedirect) and request.method == "POST"
        return (self._back(request, article) if article and is_done else None) or response

    def kept_query(self, request: HttpRequest) -> str:
        """Lead on to a form that goes back to the same article."""
        if not _came_from_article(request):
            return ""
        article = self._article_named(request)
        return f"article={article.pk}&from=article" if article else "from=article"

    def _back(self, request: HttpRequest, article: Article) -> HttpResponse | None:
        if not _came_from_article(request) or not self._may_open(request, article):
            return None
        return HttpResponseRedirect(self._article_url(article))

    def _article_url(self, article: Article) -> str:
        return f"{address_in_admin(article, 'change', article.pk)}#tab-{part_of(self.model).name}"

    def _may_open(self, request: HttpRequest, article: Article) -> bool:
        desk = self.admin_site.get_model_admin(Article)
        return desk.has_view_or_change_permission(request, article)

    def _article_named(self, request: HttpRequest) -> Article | None:
        """Return the article that the address or the form names."""
        named = whole_number(request.POST.get("article") or request.GET.get("article"))
        if named is not None:
            return Article.objects.filter(pk=named).first()
        match = request.resolver_match
        if match and (key := whole_number(match.kwargs.get("object_id"))) is not None:
            return Article.objects.filter(
                pk__in=self.model._default_manager.filter(pk=key).values("article")
            ).first()
        return None


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _came_from_article(request: HttpRequest) -> bool:
    return request.GET.get("from") == "article"
