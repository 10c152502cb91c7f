"""The queue of comments, and the page of each."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin
from unfold.forms import ActionForm
from unfold.widgets import UnfoldAdminTextareaWidget

from articles.admin.standing import Column, add_column
from articles.models import Address, Article, Publication
from comments import moderating
from comments.admin.showing import moment
from comments.forms import TypedText
from comments.models import LONGEST_BODY, STEP, Comment
from publishing.markup import trusted

# Comments of a thread that the page of one shows around it.
CONTEXT = 50


class StateFilter(admin.SimpleListFilter):
    """By state; what waits unless asked otherwise, as that is what the list is opened for."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        return [*Comment.State.choices, ("all", _("All"))]

    def value(self) -> str:
        return super().value() or Comment.State.PENDING

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset if self.value() == "all" else queryset.filter(state=self.value())

    def choices(self, changelist: Any) -> Any:
        for value, label in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }


class ArticleFilter(admin.SimpleListFilter):
    """By article: those with comments that wait, and the one that was chosen."""

    title = gettext_lazy("article")
    parameter_name = "article"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        waiting = Comment.objects.waiting().order_by().values("article")
        articles = Article.objects.filter(pk__in=waiting)
        if chosen := self._chosen(request.GET.get(self.parameter_name)):
            articles |= Article.objects.filter(pk=chosen)
        return [(str(article.pk), str(article)) for article in articles.distinct()[:50]]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet | None:
        chosen = self._chosen(self.value())
        return queryset.filter(article=chosen) if chosen else None

    def _chosen(self, value: str | None) -> int | None:
        is_number = bool(value) and value.isascii() and value.isdigit() and len(value) <= 18
        return int(value) if is_number else None


class DecidingForm(ActionForm):
    """The choice of what to do with several comments, and when they were shown."""

    seen_at = forms.CharField(
        label="",
        required=False,
        widget=forms.HiddenInput,
        initial=lambda: timezone.now().isoformat(),
    )


class AnswerForm(forms.Form):
    """What the newsroom answers to a comment."""

    answer = TypedText(
        most=LONGEST_BODY,
        has_lines=True,
        label=gettext_lazy("Your answer"),
        error_messages={"required": gettext_lazy("Write something before you send.")},
        widget=UnfoldAdminTextareaWidget({"rows": 5}),
    )


@admin.register(Comment)
class CommentAdmin(ModelAdmin):
    """The queue: text and article in view, several decided at once, each with a page of its own."""

    action_form = DecidingForm
    actions = ["approve_chosen", "reject_chosen", "spam_chosen"]
    list_display = ["said", "place", "stands", "written"]
    # A whole comment makes no good link: its writer's name leads to its page.
    list_display_links = None
    list_filter = [StateFilter, ArticleFilter]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["name", "reader__email", "body", "publication__title"]
    search_help_text = gettext_lazy("Name, e-mail, text or title of the article")

    class Media:
        css = {"all": ["admin_comments/comments.css"]}

    # Who may do what

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or self.has_moderate_permission(request)

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("comments.moderate_comment")

    # The list

    def get_ordering(self, request: HttpRequest) -> list[str]:
        """What waits longest comes first; of everything else, what is newest."""
        is_queue = request.GET.get("state", Comment.State.PENDING) == Comment.State.PENDING
        return ["pk"] if is_queue else ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        present = Address.objects.filter(article=OuterRef("article"), is_current=True)
        live = Publication.objects.live().filter(article=OuterRef("article"))
        comments = super().get_queryset(request).select_related("parent", "reader", "decided_by")
        return comments.annotate(
            title=F("publication__title"),
            version=F("publication__number"),
            slug=Subquery(present.values("slug")[:1]),
            live_number=Subquery(live.values("number")[:1]),
        )

    @admin.display(description=gettext_lazy("comment"), ordering="name")
    def said(self, comment: Comment) -> SafeString:
        details = [comment.reader.email] if comment.reader else []
        if comment.parent:
            details.append(_("in reply to %s") % (comment.parent.name or "…"))
        return format_html(
            '<div class="desk-comment"><p><a class="desk-link" href="{}">{}</a> '
            '<span class="desk-row-detail">{}</span></p>{}</div>',
            address_of(comment),
            comment.name or _("Deleted"),
            ", ".join(details),
            trusted(comment.body_html),
        )

    @admin.display(description=gettext_lazy("article"), ordering="publication__title")
    def place(self, comment: Comment) -> SafeString:
        where = format_html('<span class="desk-row-detail">{}</span>', place_of(comment))
        return format_html(
            '<div class="desk-comment-place">{} {}</div>', article_link(comment), where
        )

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def stands(self, comment: Comment) -> SafeString:
        return state_badge(comment)

    @admin.display(description=gettext_lazy("written at"))
    def written(self, comment: Comment) -> SafeString | str:
        return moment(comment.created_at)

    # Several at once

    @admin.action(description=gettext_lazy("Approve"), permissions=["moderate"])
    def approve_chosen(self, request: HttpRequest, comments: QuerySet) -> None:
        decision = moderating.approve(comments, by=request.user, seen_at=seen_at(request))
        tell(request, decision, approved)

    @admin.action(description=gettext_lazy("Reject"), permissions=["moderate"])
    def reject_chosen(self, request: HttpRequest, comments: QuerySet) -> None:
        tell(request, moderating.reject(comments, by=request.user), rejected)

    @admin.action(description=gettext_lazy("Put aside as spam"), permissions=["moderate"])
    def spam_chosen(self, request: HttpRequest, comments: QuerySet) -> None:
        tell(request, moderating.mark_as_spam(comments, by=request.user), put_aside)

    # One

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a comment in its thread, with the buttons that decide about it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        comment = self.get_object(request, object_id)
        if comment is None:
            raise Http404
        form = AnswerForm()
        if request.method == "POST":
            if not self.has_moderate_permission(request):
                raise PermissionDenied
            if "answer" not in request.POST:
                return self._decide(request, comment)
            form = AnswerForm(request.POST)
            if form.is_valid() and self._answer(request, comment, form):
                return HttpResponseRedirect(request.get_full_path())
        return self._page(request, comment, form, extra_context)

    def _decide(self, request: HttpRequest, comment: Comment) -> HttpResponse:
        deed = request.POST.get("decide")
        if deed == "approve":
            self.approve_chosen(request, [comment])
        elif deed == "reject":
            self.reject_chosen(request, [comment])
        elif deed == "spam":
            self.spam_chosen(request, [comment])
        waiting = Comment.objects.waiting().exclude(pk=comment.pk).first()
        if waiting:
            return HttpResponseRedirect(address_of(waiting))
        return HttpResponseRedirect(reverse("admin:comments_comment_changelist"))

    def _answer(self, request: HttpRequest, comment: Comment, form: AnswerForm) -> bool:
        try:
            moderating.answer(comment, body=form.cleaned_data["answer"], by=request.user)
        except ValidationError as refused:
            form.add_error("answer", refused)
            return False
        messages.success(request, _("Your answer is on the page."))
        return True

    def _page(
        self,
        request: HttpRequest,
        comment: Comment,
        form: AnswerForm,
        extra_context: dict[str, Any] | None,
    ) -> HttpResponse:
        thread = Comment.objects.filter(
            article=comment.article_id, path__startswith=comment.path[:STEP]
        )
        around = thread.exclude(state=Comment.State.REMOVED)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Comment by %s") % (comment.name or "…"),
            "subtitle": None,
            "opts": self.opts,
            "media": self.media,
            "original": comment,
            "comment": comment,
            "article_link": article_link(comment),
            "place": place_of(comment),
            "state": state_badge(comment),
            "thread": [
                (one, trusted(one.body_html), state_badge(one))
                for one in around.in_thread().select_related("decided_by")[:CONTEXT]
            ],
            "form": form,
            "may_decide": self.has_moderate_permission(request),
            "seen_at": timezone.now().isoformat(),
            "name": moderating.name_of(request.user),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        status = 422 if form.errors else 200
        template = "admin/comments/comment.html"
        return TemplateResponse(request, template, context, status=status)


# What an editor is told


def approved(count: int) -> str:
    return ngettext("%d comment approved.", "%d comments approved.", count) % count


def rejected(count: int) -> str:
    return ngettext("%d comment rejected.", "%d comments rejected.", count) % count


def put_aside(count: int) -> str:
    return (
        ngettext("%d comment put aside as spam.", "%d comments put aside as spam.", count) % count
    )


def tell(request: HttpRequest, decision: moderating.Decision, done: Callable[[int], str]) -> None:
    """Say what became of the comments, those included that were left as they are."""
    if decision.done:
        messages.success(request, done(len(decision.done)))
    if already := len(decision.already):
        sentence = ngettext("%d was so already.", "%d were so already.", already) % already
        messages.info(request, sentence)
    if mended := len(decision.mended):
        sentence = ngettext(
            "%d was changed by its writer after you had seen it. Read it again.",
            "%d were changed by their writers after you had seen them. Read them again.",
            mended,
        )
        messages.warning(request, sentence % mended)


def seen_at(request: HttpRequest) -> datetime | None:
    """Return when the editor was shown what is decided about, None if the form does not say."""
    try:
        moment = parse_datetime(request.POST.get("seen_at", ""))
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None


# How a comment is shown to the desk


def state_badge(comment: Comment) -> SafeString:
    """Return the word for a comment's state, and who decided."""
    html = format_html(
        '<span class="desk-state is-{}">{}</span>', comment.state, comment.get_state_display()
    )
    if comment.decided_by and comment.state != Comment.State.PENDING:
        by = _("by %s") % moderating.name_of(comment.decided_by)
        html = format_html('{} <span class="desk-row-detail">{}</span>', html, by)
    return html


def article_link(comment: Comment) -> SafeString | str:
    """Return the article's title, as a link while readers can see it."""
    if not (comment.slug and comment.live_number):
        return comment.title
    url = reverse("articles:article", args=[comment.slug])
    return format_html('<a href="{}" class="desk-link">{}</a>', url, comment.title)


def place_of(comment: Comment) -> str:
    """Return which version a comment was written under, and what it is about."""
    where = _("version %s") % (comment.version or "–")
    return f"{where}, #{comment.about}" if comment.about else where


def address_of(comment: Comment) -> str:
    """Return the address of a comment's page at the desk."""
    return reverse("admin:comments_comment_change", args=[comment.pk])


# In the list of articles


def _waiting() -> dict[str, Any]:
    waiting = Comment.objects.waiting().filter(article=OuterRef("pk")).order_by()
    counted = waiting.values("article").annotate(count=Count("pk")).values("count")
    return {"comments_waiting": Coalesce(Subquery(counted), 0)}


def _show_waiting(article: Article) -> SafeString | str:
    if not article.comments_waiting:
        return "–"
    url = reverse("admin:comments_comment_changelist") + f"?article={article.pk}"
    link = '<span class="desk-links"><a href="{}">{}</a></span>'
    return format_html(link, url, article.comments_waiting)


add_column(
    Column(
        name="comments_waiting",
        title=gettext_lazy("comments waiting"),
        annotations=_waiting,
        show=_show_waiting,
    )
)
