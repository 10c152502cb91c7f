"""What readers suggest and ask: the list, and the page of one on which an editor decides.

Whoever may edit explainers may accept; they and moderators may decline and answer.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextareaWidget

from articles.models import Address, Article
from comments import crediting, suggesting
from comments.admin.showing import moment
from comments.admin.suggestion_showing import (
    address_of,
    article_url,
    beside,
    comment_url,
    credit_line,
    led_to_url,
    mending_address,
    named,
    overtaken_words,
    row_address,
    state_badge,
    web_address,
    writer_of,
)
from comments.forms import TypedText
from comments.models import LONGEST_REPLY, Comment, Suggestion
from publishing.editing.lists import FilterAlwaysOn, OnlyToRead
from publishing.parts import part_that_takes
from publishing.whole_numbers import whole_number

Kind, State = Suggestion.Kind, Suggestion.State
WAITING, IN_DRAFT, PUBLISHED, ALL = "waiting", "accepted", "published", "all"
STATES = {
    WAITING: gettext_lazy("Waiting"),
    IN_DRAFT: gettext_lazy("Accepted, not before readers yet"),
    PUBLISHED: gettext_lazy("Before readers"),
    State.DECLINED.value: State.DECLINED.label,
    State.WITHDRAWN.value: State.WITHDRAWN.label,
    ALL: gettext_lazy("All"),
}


def may_read(user: Any) -> bool:
    """May ``user`` read what readers suggest, answer and decline?"""
    return user.has_perm("articles.change_article") or user.has_perm("comments.moderate_comment")


def may_accept(user: Any, kind: str) -> bool:
    """May ``user`` make a suggestion of this kind a row of an explainer?"""
    part = part_that_takes(kind)
    if part is None:
        return False
    opts = part.model._meta
    add = f"{opts.app_label}.add_{opts.model_name}"
    return user.has_perms(["articles.change_article", add])


class StateFilter(FilterAlwaysOn):
    """By what became of it; what waits unless asked otherwise."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, Any]]:
        return list(STATES.items())

    def value(self) -> str:
        asked = super().value()
        return asked if asked in STATES else WAITING

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value()
        if chosen == WAITING:
            return queryset.filter(pk__in=Suggestion.objects.waiting().order_by().values("pk"))
        if chosen == IN_DRAFT:
            return queryset.filter(state=State.ACCEPTED, version__isnull=True)
        if chosen == PUBLISHED:
            return queryset.filter(state=State.ACCEPTED, version__isnull=False)
        return queryset if chosen == ALL else queryset.filter(state=chosen)


class ArticleFilter(admin.SimpleListFilter):
    """By article: those about which readers suggested something, and the one that was chosen."""

    title = gettext_lazy("article")
    parameter_name = "article"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        waiting = Suggestion.objects.filter(state=State.NEW).order_by().values("article")
        articles = Article.objects.filter(pk__in=waiting)
        if chosen := whole_number(request.GET.get(self.parameter_name)):
            articles |= Article.objects.filter(pk=chosen)
        return [(str(article.pk), str(article)) for article in articles.distinct()[:50]]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        chosen = whole_number(self.value())
        return queryset.filter(article=chosen) if chosen else None


class DecisionForm(forms.Form):
    """What an editor answers the writer, and the turn that they were shown."""

    turn = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reply = TypedText(
        most=LONGEST_REPLY,
        has_lines=True,
        required=False,
        label=gettext_lazy("Your answer to its writer"),
        help_text=gettext_lazy(
            "They read it on a page of their own, and by e-mail if they gave an address. "
            "Needed to decline and to answer."
        ),
        widget=UnfoldAdminTextareaWidget({"rows": 4}),
    )


@admin.register(Suggestion)
class SuggestionAdmin(OnlyToRead, ModelAdmin):
    """Nothing is typed over here: the deeds of ``comments.suggesting`` decide."""

    list_display = ["said", "place", "stands", "written"]
    list_display_links = None
    list_filter = [StateFilter, "kind", ArticleFilter]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["text", "right", "name", "about_title", "publication__title"]
    search_help_text = gettext_lazy("Its words, its writer, or the title of the article")

    class Media:
        css = {"all": ["admin_comments/comments.css", "admin_comments/suggestions.css"]}

    # Who may do what

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_read(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_read(request.user)

    # The list

    def get_ordering(self, request: HttpRequest) -> list[str]:
        """What waits longest comes first; of everything else, what is newest."""
        return ["pk"] if request.GET.get("state", WAITING) == WAITING else ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        present = Address.objects.filter(article=OuterRef("article"), is_current=True)
        found = super().get_queryset(request).with_outcome()
        found = found.select_related("comment", "decided_by", "reader", "article")
        return found.annotate(
            title=F("publication__title"),
            asked_under=F("publication__number"),
            slug=Subquery(present.values("slug")[:1]),
        )

    @admin.display(description=gettext_lazy("suggestion"))
    def said(self, suggestion: Suggestion) -> SafeString:
        return format_html(
            '<div class="desk-comment"><p><a class="desk-link" href="{}">{}</a> '
            '<span class="desk-row-detail">{}</span></p><p>{}</p></div>',
            address_of(suggestion),
            named(suggestion),
            _("by %s") % writer_of(suggestion),
            suggestion.text or "–",
        )

    @admin.display(description=gettext_lazy("article"), ordering="publication__title")
    def place(self, suggestion: Suggestion) -> SafeString:
        return format_html(
            '<div class="desk-comment-place">{} <span class="desk-row-detail">{}</span></div>',
            suggestion.title,
            suggestion.about_title,
        )

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def stands(self, suggestion: Suggestion) -> SafeString:
        return state_badge(suggestion)

    @admin.display(description=gettext_lazy("written at"))
    def written(self, suggestion: Suggestion) -> str:
        return moment(suggestion.made_at)

    # One

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a suggestion beside what it is about, with the buttons that decide about it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        suggestion = self.get_object(request, object_id)
        if suggestion is None:
            raise Http404
        form = DecisionForm(initial={"turn": suggestion.turn})
        if request.method == "POST":
            form = DecisionForm(request.POST)
            if form.is_valid() and (done := self._decide(request, suggestion, form)):
                return done
            suggestion = self.get_object(request, object_id)
        return self._page(request, suggestion, form, extra_context)

    def _decide(
        self, request: HttpRequest, suggestion: Suggestion, form: DecisionForm
    ) -> HttpResponse | None:
        """Do what the button says; None if the page has to be shown again."""
        decide = _DECISIONS.get(request.POST.get("decide", ""))
        if decide is None:
            return None
        turn = form.cleaned_data["turn"]
        try:
            return decide(request, suggestion, form, -1 if turn is None else turn)
        except suggesting.Overtaken as overtaken:
            messages.warning(request, overtaken_words(overtaken.suggestion))
            # What was typed stays; the page is that of the present turn.
            form.data = {**form.cleaned_data, "turn": overtaken.suggestion.turn}
            form.is_overtaken = True
        return None

    def _page(
        self,
        request: HttpRequest,
        suggestion: Suggestion,
        form: DecisionForm,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        may_decide = suggesting.may_be_decided(suggestion)
        context = {
            **self.admin_site.each_context(request),
            "title": _("%(kind)s by %(writer)s")
            % {"kind": named(suggestion), "writer": writer_of(suggestion)},
            "subtitle": None,
            "opts": self.opts,
            "media": self.media,
            "original": suggestion,
            "suggestion": suggestion,
            "is_question": suggestion.kind == Kind.QUESTION,
            "state": state_badge(suggestion),
            "article_url": article_url(suggestion),
            "source_url": web_address(suggestion.source),
            "credit": credit_line(suggestion),
            "comment_url": comment_url(request, suggestion),
            "comment_is_shown": suggestion.comment is not None
            and suggestion.comment.state == Comment.State.APPROVED,
            "beside": beside(suggestion),
            "led_to_url": led_to_url(suggestion),
            "change_url": crediting.changes_url(suggestion.slug, suggestion.version)
            if suggestion.version and suggestion.slug
            else "",
            "steps": suggestion.steps.select_related("by"),
            "form": form,
            "is_withdrawn": suggestion.state == State.WITHDRAWN,
            "may_accept": may_decide and may_accept(request.user, suggestion.kind),
            "may_decline": may_decide and suggestion.state != State.DECLINED,
            "others_waiting": _waiting_elsewhere(suggestion),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        status = 422 if form.errors else 409 if getattr(form, "is_overtaken", False) else 200
        template = "admin/comments/suggestion.html"
        return TemplateResponse(request, template, context, status=status)


# What the buttons do


def _accept(
    request: HttpRequest, suggestion: Suggestion, form: DecisionForm, turn: int
) -> HttpResponse:
    if not may_accept(request.user, suggestion.kind):
        raise PermissionDenied
    row = suggesting.accept(
        suggestion, by=request.user, turn=turn, reply=form.cleaned_data["reply"]
    )
    entry = row_address(suggestion.article, part_that_takes(suggestion.kind), str(row.uid))
    if suggestion.kind == Kind.QUESTION:
        messages.success(request, _("The question is in the draft. Write its answer."))
        return HttpResponseRedirect(entry)
    said = format_html(
        '{} <a class="desk-link" href="{}">{}</a>',
        _("A correction is in the draft. Mend what is wrong here, and then finish"),
        entry,
        _("the correction"),
    )
    messages.success(request, said)
    return HttpResponseRedirect(mending_address(suggestion) or entry)


def _decline(
    request: HttpRequest, suggestion: Suggestion, form: DecisionForm, turn: int
) -> HttpResponse | None:
    if not (reply := form.cleaned_data["reply"]):
        form.add_error("reply", _("Tell its writer why."))
        return None
    suggesting.decline(suggestion, by=request.user, turn=turn, reply=reply)
    messages.success(request, _("Declined. Its writer can read why."))
    return _on_to_the_next(suggestion)


def _answer(
    request: HttpRequest, suggestion: Suggestion, form: DecisionForm, turn: int
) -> HttpResponse | None:
    if not (reply := form.cleaned_data["reply"]):
        form.add_error("reply", _("Write something before you send."))
        return None
    suggesting.answer(suggestion, by=request.user, turn=turn, reply=reply)
    messages.success(request, _("Answered. Its writer can read it."))
    return HttpResponseRedirect(address_of(suggestion))


_DECISIONS: dict[str, Callable[..., HttpResponse | None]] = {
    "accept": _accept,
    "decline": _decline,
    "answer": _answer,
}


def _on_to_the_next(suggestion: Suggestion) -> HttpResponse:
    following = _waiting_elsewhere(suggestion)
    if following:
        return HttpResponseRedirect(address_of(following))
    return HttpResponseRedirect(reverse("admin:comments_suggestion_changelist"))


def _waiting_elsewhere(suggestion: Suggestion) -> Suggestion | None:
    return Suggestion.objects.waiting().exclude(pk=suggestion.pk).first()
