"""What readers suggest and ask: the list, and the page of one on which an editor decides.

Whoever may edit explainers may accept; they and moderators may decline and answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextareaWidget

from articles.admin.checks import located
from articles.admin.conflict import name_of
from articles.documents import Document, part_data, read_document, upgraded_document
from articles.models import Address, Article, Publication
from comments import crediting, suggesting
from comments.admin.showing import moment
from comments.forms import TypedText
from comments.models import LONGEST_REPLY, Comment, Suggestion, SuggestionStep
from publishing.comparing import Run, compare_words, in_words
from publishing.editing.choices import address_in_admin
from publishing.editing.lists import FilterAlwaysOn, OnlyToRead
from publishing.parts import Part, Problem, part_that_takes, parts
from publishing.row_values import holds_words
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
            "article_url": _article_url(suggestion),
            "source_url": web_address(suggestion.source),
            "credit": credit_line(suggestion),
            "comment_url": _comment_url(request, suggestion),
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
    entry = _row_address(suggestion.article, part_that_takes(suggestion.kind), str(row.uid))
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


def overtaken_words(suggestion: Suggestion) -> str:
    """Return what happened to a suggestion since an editor was shown it."""
    last = suggestion.steps.exclude(deed=SuggestionStep.Deed.CREDIT).select_related("by").last()
    if last is None or last.deed == SuggestionStep.Deed.MADE:
        return _("Nothing was changed: look at it again.")
    if last.deed == SuggestionStep.Deed.WITHDRAWN:
        return _("Its writer has withdrawn it meanwhile, so nothing was changed.")
    return _("Nothing was changed. %(who)s was there first: %(deed)s, %(when)s.") % {
        "who": name_of(last.by),
        "deed": last.get_deed_display().lower(),
        "when": moment(last.at),
    }


# How one is shown


def named(suggestion: Suggestion) -> str:
    """Return what it is: a correction, or a question."""
    return _("Question") if suggestion.kind == Kind.QUESTION else _("Correction")


def writer_of(suggestion: Suggestion) -> str:
    """Return who wrote it, as far as they said."""
    return suggestion.name or _("a reader")


def credit_line(suggestion: Suggestion) -> str:
    """Return as whom its writer wishes to be named."""
    credit = crediting.credit_words(suggestion)
    return _("Noticed by %s") % credit if credit else _("Not to be named")


def state_badge(suggestion: Suggestion) -> SafeString:
    """Return the word for how a suggestion with its outcome stands, and who decided."""
    words, look, detail = _standing(suggestion)
    html = format_html('<span class="desk-state {}">{}</span>', look, words)
    if suggestion.decided_by and suggestion.state in (State.ACCEPTED, State.DECLINED):
        by = _("by %s") % name_of(suggestion.decided_by)
        detail = f"{by}. {detail}" if detail else by
    if detail:
        html = format_html('{} <span class="desk-row-detail">{}</span>', html, detail)
    return html


def _standing(suggestion: Suggestion) -> tuple[str, str, str]:
    if suggestion.state == State.NEW:
        return _("Waiting"), "is-pending", ""
    if suggestion.state == State.DECLINED:
        return _("Declined"), "is-rejected", ""
    if suggestion.state == State.WITHDRAWN:
        return _("Withdrawn"), "is-removed", ""
    if suggestion.version:
        return _("Before readers"), "is-live", _("Since version %d") % suggestion.version
    if suggestion.scheduled_at:
        return _("Scheduled"), "is-scheduled", moment(suggestion.scheduled_at)
    if suggestion.is_in_draft:
        return _("In the draft"), "is-changed", ""
    return _("Waiting again"), "is-pending", _("Its row was deleted before it was published")


def web_address(source: str) -> str:
    """Return a source that is an address of the web, which may be a link; else nothing.

    Whatever else a reader typed there is shown as text.
    """
    try:
        address = urlsplit(source)
    except ValueError:
        return ""
    is_one = address.scheme in ("http", "https") and address.netloc and " " not in source
    return source if is_one else ""


@dataclass(frozen=True, slots=True)
class Beside:
    """A row as readers see it beside the draft's: its fields, and where it is mended.

    ``fields`` are (label, what readers see, what the draft says as runs; none if it says the same).
    """

    title: str
    is_live: bool
    is_in_draft: bool
    url: str
    fields: list[tuple[str, str, list[Run]]] = field(default_factory=list)


def beside(suggestion: Suggestion) -> Beside | None:
    """Return the row that a suggestion is about, None if it is about the whole article."""
    found = _find_row(suggestion)
    if found is None:
        return None
    part, uid = found
    live = _live_document(suggestion)
    seen = _row(live, part, uid) if live else None
    draft = _row(read_document(suggestion.article), part, uid)
    return Beside(
        title=part.row_title(seen or draft or {"uid": uid}) if (seen or draft) else "",
        is_live=seen is not None,
        is_in_draft=draft is not None,
        url=_row_address(suggestion.article, part, uid) if draft else "",
        fields=list(_fields_beside(part, seen or {}, draft or {})),
    )


def _fields_beside(part: Part, seen: dict[str, Any], draft: dict[str, Any]):
    for name in part.fields:
        kind = part.model._meta.get_field(name)
        is_told = holds_words(kind) or kind.get_internal_type() == "DateField"
        old, new = in_words(seen.get(name)), in_words(draft.get(name))
        if is_told and (old or new):
            runs = compare_words(old, new) if old != new else []
            yield capfirst(str(kind.verbose_name)), old, runs


def mending_address(suggestion: Suggestion) -> str:
    """Return where the row that it is about is mended, empty if that is not in the draft."""
    found = _find_row(suggestion)
    if found is None:
        return ""
    part, uid = found
    is_there = part.model._default_manager.filter(uid=uid, article=suggestion.article).exists()
    return _row_address(suggestion.article, part, uid) if is_there else ""


def led_to_url(suggestion: Suggestion) -> str:
    """Return where the row that it led to is edited, empty if it is not in the draft."""
    if suggestion.led_to is None or not suggestion.is_in_draft:
        return ""
    part = part_that_takes(suggestion.kind)
    return _row_address(suggestion.article, part, str(suggestion.led_to))


def _find_row(suggestion: Suggestion) -> tuple[Part, str] | None:
    """Return the part and the uid of what it is about, as of the version it was written under."""
    if not suggestion.about:
        return None
    revision = suggestion.publication.revision
    document = upgraded_document(revision.document)
    for part in parts():
        for row in part_data(document, part.name)["rows"]:
            if part.anchor(row) == suggestion.about:
                return part, row["uid"]
    return None


def _live_document(suggestion: Suggestion) -> Document | None:
    live = Publication.objects.live().filter(article=suggestion.article)
    publication = live.select_related("revision").first()
    return upgraded_document(publication.revision.document) if publication else None


def _row(document: Document, part: Part, uid: str) -> dict[str, Any] | None:
    rows = part_data(document, part.name)["rows"]
    return next((row for row in rows if row["uid"] == uid), None)


def _row_address(article: Article, part: Part, uid: str) -> str:
    """Return the address of a row's form, or of its place in the article's."""
    first = part.body or part.fields[0]
    (found,) = located([Problem("", part=part.name, uid=uid, field=first)], article)
    return found.url


def _article_url(suggestion: Suggestion) -> str:
    live = Publication.objects.live().filter(article=suggestion.article_id)
    if not suggestion.slug or not live.exists():
        return ""
    url = reverse("articles:article", args=[suggestion.slug])
    return f"{url}#{suggestion.about}" if suggestion.about else url


def _comment_url(request: HttpRequest, suggestion: Suggestion) -> str:
    if suggestion.comment is None or not request.user.has_perm("comments.moderate_comment"):
        return ""
    return address_in_admin(suggestion.comment, "change", suggestion.comment.pk)


def address_of(suggestion: Suggestion) -> str:
    """Return the address of a suggestion's page at the desk."""
    return reverse("admin:comments_suggestion_change", args=[suggestion.pk])
