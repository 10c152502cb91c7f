"""The article's form with its tabs, and the list of articles."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import InlineModelAdmin
from django.db import models, transaction
from django.forms import BaseModelFormSet, ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.addressing import give_first_slug
from articles.admin import (
    checks,
    coming,
    copy_pages,
    deed_pages,
    doing,
    history_pages,
    library_pages,
    link_pages,
    listing,
    review_pages,
)
from articles.admin.beside import PreviewBeside
from articles.admin.conflict import name_of
from articles.admin.forms import ArticleForm
from articles.admin.keeping import KeptForms
from articles.admin.more import more_pages
from articles.admin.posted import as_new_rows
from articles.admin.review_showing import remark_rights, shown_remarks
from articles.admin.standing import Standing, standing
from articles.admin.typed import Typed, typed_article
from articles.auditing import Deed, log
from articles.models import Address, Article
from articles.recording import record
from articles.reviewing import open_request
from library.models import Source
from publishing.editing.choices import Choice, address_in_admin
from publishing.editing.desk import DeskAdmin
from publishing.editing.rows import RowList, inline_of
from publishing.parts import parts


@dataclass
class Tab:
    """One tab of the article's form: its name, its template, and what stands in it."""

    name: str
    title: str
    template: str
    count: int | None = None
    errors: int = 0
    context: dict[str, Any] = field(default_factory=dict)


@admin.register(Article)
class ArticleAdmin(KeptForms, PreviewBeside, listing.ArticleList, DeskAdmin):
    form = ArticleForm
    change_form_template = "admin/articles/article_form.html"
    add_form_template = "admin/articles/article_form.html"
    long_fields = {"question": 2, "short_answer": 2, "summary": 4}
    fieldsets = [
        (
            gettext_lazy("The article"),
            {
                "fields": [
                    "title",
                    "question",
                    "short_answer",
                    "summary",
                    "topics",
                    "image",
                    "comments_open",
                    "comments_until",
                    "review_due_on",
                ]
            },
        ),
        (gettext_lazy("Bylines"), {"fields": ["written_by"]}),
    ]

    # Parts

    def get_inlines(self, request: HttpRequest, obj: Article | None = None) -> list[type]:
        """Return what is edited in place, of every registered part."""
        inlines = [inline_of(part) for part in parts()]
        return [inline for inline in inlines if issubclass(inline, InlineModelAdmin)]

    # Saving

    def answer_for_deleted(self, request: HttpRequest) -> HttpResponse | None:
        """Show what was typed into an article that is gone; saved again it is a new one."""
        if not self.has_add_permission(request):
            return None
        request.is_deleted = "_as_new" not in request.POST
        request.POST = as_new_rows(request.POST)
        return DeskAdmin.changeform_view(
            self, request, None, extra_context={"is_saved_as_new": True}
        )

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: list[BaseModelFormSet], change: bool
    ) -> None:
        """Write the rows, then record the whole article: the transaction is the form's own."""
        super().save_related(request, form, formsets, change)
        article = form.instance
        for part, rows in _row_lists():
            if order := _posted_order(request, part.name):
                rows.put_in_order(article, order)
        request.recorded = record(article, by=request.user)
        give_first_slug(article, by=request.user)

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        self.delete_queryset(request, Article.objects.filter(pk=obj.pk))

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        """Delete articles, and record those whose "see also" named them."""
        keys = list(queryset.values_list("pk", flat=True))
        naming = Article.objects.filter(seealsos__target__in=keys).exclude(pk__in=keys)
        naming = list(naming.order_by("pk").distinct())
        for article in Article.objects.filter(pk__in=keys).order_by("pk"):
            log(Deed.DELETED, by=request.user, article=article, slug=article.slug or None)
        super().delete_queryset(request, Article.objects.filter(pk__in=keys))
        for article in naming:
            record(article, by=request.user)

    def why_kept(self, row: Article) -> Sequence[str]:
        if not row.publications.filter(cancelled_at=None).exists():
            return ()
        return [
            _(
                "“%s” was published, so it stays: its address and its history are promises to "
                "readers. Withdraw it to take it away from them."
            )
            % row
        ]

    # Answers

    def response_add(
        self, request: HttpRequest, obj: Article, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._after_save(request, obj)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return self._after_save(request, obj)

    def _after_save(self, request: HttpRequest, article: Article) -> HttpResponse:
        """Stay on the form, or go on with what was just saved."""
        for deed in ("publish", "schedule", "submit"):
            if f"_{deed}" in request.POST:
                return HttpResponseRedirect(address_in_admin(article, deed, article.pk))
        messages.success(
            request, _("Saved as revision %d. Readers do not see it yet.") % request.recorded.number
        )
        return HttpResponseRedirect(self.address_of(article))

    # The form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], **kwargs: Any
    ) -> HttpResponse:
        article: Article | None = kwargs.get("obj")
        stands = standing(article) if article else None
        review = _review(article)
        context |= {
            "review": review,
            "form": context["adminform"].form,
            "list_title": listing.LIST_TITLE,
            "standing": stands,
            "edited_by": name_of(stands.latest.created_by) if stands and stands.latest else "",
            "tabs": [
                *self._tabs(request, context, article),
                _review_tab(request, article, review),
            ],
            "may": {
                deed: request.user.has_perm(f"articles.{deed}_article")
                for deed in ("publish", "review", "redact", "change")
            }
            | remark_rights(request.user),
            "more": more_pages(request, article),
            "live_url": _live_url(stands),
            "beside_url": self.beside_address(request, article),
        }
        return super().render_change_form(request, context, **kwargs)

    def _tabs(
        self, request: HttpRequest, context: dict[str, Any], article: Article | None
    ) -> list[Tab]:
        own, bylines = context["adminform"]
        formsets = {type(one.opts): one for one in context["inline_admin_formsets"]}
        tabs = [_fieldset_tab("article", own, slug=article.slug if article else "")]
        for part in parts():
            inline = inline_of(part)
            if formset := formsets.get(inline):
                tabs.append(_rows_tab(part, formset, request))
            elif issubclass(inline, RowList) and inline().may("view", request):
                tabs.append(_list_tab(part, inline(), request, article))
        reviews = article.reviews.select_related("person") if article else []
        latest = article.latest_revision if article else None
        tabs.append(_fieldset_tab("bylines", bylines, reviews=reviews, latest=latest))
        tabs.append(_sources_tab(article))
        return tabs

    def typed(self, request: HttpRequest, row: Article | None) -> tuple[Typed, Article | None]:
        return typed_article(self, request, row), row

    # Pages of the deeds

    def get_urls(self) -> list[URLPattern]:
        pages = (
            *(checks, coming, deed_pages, history_pages, review_pages),
            *(link_pages, doing, library_pages, copy_pages),
        )
        return [*(url for one in pages for url in one.urls(self)), *super().get_urls()]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The history of an article is that of its revisions, which has the address before this."""
        raise Http404

    def rows_to_choose(self, request: HttpRequest) -> models.QuerySet:
        present = models.Prefetch(
            "addresses", Address.objects.filter(is_current=True), to_attr="present_addresses"
        )
        return super().rows_to_choose(request).prefetch_related(present)

    def choice_of(self, row: Article) -> Choice:
        present = getattr(row, "present_addresses", [])
        target = reverse("articles:article", args=[present[0].slug]) if present else ""
        return Choice(
            str(row.pk),
            str(row),
            detail=row.question,
            address=self.address_of(row),
            target=target,
        )


def _row_lists() -> list[tuple[Any, RowList]]:
    listed = [(part, inline_of(part)) for part in parts()]
    return [(part, inline()) for part, inline in listed if issubclass(inline, RowList)]


def _posted_order(request: HttpRequest, name: str) -> list[str]:
    return [uid for uid in request.POST.get(f"order-{name}", "").split(",") if uid]


def _fieldset_tab(name: str, fieldset: Any, **context: Any) -> Tab:
    fields = [field for line in fieldset for field in line]
    return Tab(
        name=name,
        title=str(fieldset.name),
        template=f"admin/articles/_{name}_tab.html",
        errors=sum(1 for field in fields if not field.is_readonly and field.errors()),
        context={"fieldset": fieldset, **context},
    )


def _rows_tab(part: Any, formset: Any, request: HttpRequest) -> Tab:
    return Tab(
        name=part.name,
        title=capfirst(str(formset.opts.verbose_name_plural)),
        template="admin/articles/_rows_tab.html",
        count=formset.formset.initial_form_count(),
        errors=sum(1 for errors in formset.formset.errors if errors)
        + len(formset.formset.non_form_errors()),
        context={
            "inline_admin_formset": formset,
            "copy_url": copy_pages.copy_url(part, request.user),
        },
    )


def _list_tab(part: Any, rows: RowList, request: HttpRequest, article: Article | None) -> Tab:
    entries = rows.entries(article) if article else []
    if order := _posted_order(request, part.name):
        places = {uid: place for place, uid in enumerate(order)}
        entries.sort(key=lambda entry: places.get(entry.uid, len(places)))
    return Tab(
        name=part.name,
        title=str(part.title),
        template=rows.template,
        count=len(entries),
        context={
            "rows": rows,
            "entries": entries,
            "order_name": f"order-{part.name}",
            "add_address": rows.add_address(article) if article else "",
            "may_add": rows.may("add", request),
            "copy_url": copy_pages.copy_url(part, request.user),
            "may_order": rows.is_ordered and rows.may("change", request),
        },
    )


def _sources_tab(article: Article | None) -> Tab:
    cited: dict[Source, list[Any]] = {}
    for citation in article.citations.select_related("source") if article else ():
        cited.setdefault(citation.source, []).append(citation)
    rows = [
        {
            "number": number,
            "source": source,
            "address": address_in_admin(source, "change", source.pk),
            "cited_by": list(dict.fromkeys(citation.row_title for citation in citations)),
        }
        for number, (source, citations) in enumerate(cited.items(), start=1)
    ]
    return Tab(
        name="sources-cited",
        title=_("Sources"),
        template="admin/articles/_sources_tab.html",
        count=len(rows),
        context={"rows": rows},
    )


def _review(article: Article | None) -> dict[str, Any]:
    """Return the request that waits, if there is one, and its people."""
    waiting = open_request(article) if article else None
    return {
        "waiting": waiting,
        "submitted_by": name_of(waiting.submitted_by) if waiting else "",
        "claimed_by": name_of(waiting.claimed_by) if waiting and waiting.claimed_by else "",
    }


def _review_tab(request: HttpRequest, article: Article | None, review: dict[str, Any]) -> Tab:
    threads = shown_remarks(article, request.user) if article else []
    still_open = [thread for thread in threads if thread.remark.resolved_at is None]
    return Tab(
        name="review",
        title=_("Review"),
        template="admin/articles/_review_tab.html",
        count=len(still_open),
        context={"threads": still_open, **review},
    )


def _live_url(stands: Standing | None) -> str:
    return reverse("articles:article", args=[stands.slug]) if stands and stands.live else ""
