"""Comments at the desk: the queue is their list, and each has a page of its own."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from comments import moderating
from comments.admin import asking, deciding
from comments.admin.asking import AnswerForm
from comments.admin.entries import entries_of, state_badge
from comments.admin.pages import address_of, at, found, queue_url, show
from comments.admin.queue import queue_page
from comments.admin.showing import moment
from comments.admin.wording import in_words, name_for, short_name_of
from comments.around import around
from comments.models import Comment, Transition
from comments.queue import with_article
from comments.undoing import last_deed_about
from publishing.editing.lists import OnlyToRead
from publishing.markup.safe_html import trusted

# Rows of a comment's log that its page shows, the newest.
MOST_OF_THE_LOG = 100


@admin.register(Comment)
class CommentAdmin(OnlyToRead, ModelAdmin):
    """The queue, and the page of each comment. Nothing is added, changed or deleted in a form."""

    class Media:
        css = {"all": ["admin_comments/comments.css"]}

    # Who may do what

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or self.has_moderate_permission(request)

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("comments.moderate_comment")

    # Pages

    def get_urls(self) -> list[URLPattern]:
        thread = at(self, "<int:pk>/thread/", thread_part, "thread", "GET", "HEAD")
        return [*deciding.urls(self), *asking.urls(self), thread, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return with_article(super().get_queryset(request).select_related("article"))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the queue."""
        return queue_page(request, desk=self)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a comment in its thread, with its log and the buttons that decide about it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        comment = self.get_object(request, object_id)
        if comment is None:
            raise Http404
        if request.method != "POST":
            return self._page(request, comment, AnswerForm(comment=comment))
        if not self.has_moderate_permission(request):
            raise PermissionDenied
        form = AnswerForm(request.POST, comment=comment)
        if form.is_valid() and self._answer(request, comment, form):
            return HttpResponseRedirect(request.get_full_path())
        return self._page(request, comment, form)

    def _answer(self, request: HttpRequest, comment: Comment, form: AnswerForm) -> bool:
        try:
            moderating.answer(comment, body=form.cleaned_data["answer"], by=request.user)
        except ValidationError as refused:
            form.add_error("answer", refused)
            return False
        messages.success(request, _("Your answer is on the page."))
        return True

    def _page(self, request: HttpRequest, comment: Comment, form: AnswerForm) -> HttpResponse:
        decided = last_deed_about(comment, request.user)
        return show(
            request,
            desk=self,
            template="comment",
            status=422 if form.errors else 200,
            title=_("Comment by %s") % name_for(comment),
            original=comment,
            comment=comment,
            entry=entries_of([comment])[0],
            thread=_thread(comment),
            log=_log(comment),
            undo=decided,
            form=form,
            queue_url=queue_url(),
            page=comment.pk,
            name=moderating.name_of(request.user),
        )


def thread_part(request: HttpRequest, *, desk: Any, pk: int) -> HttpResponse:
    """The thread around a comment, for a script that shows it in the queue."""
    comment = found(pk)
    html = render_to_string(
        "admin/comments/_thread.html",
        {"thread": _thread(comment), "comment": comment},
        request=request,
    )
    return JsonResponse({"html": html})


def _thread(comment: Comment) -> list[dict[str, Any]]:
    return [
        {
            "comment": one,
            "name": name_for(one),
            "text": trusted(one.body_html),
            "state": state_badge(one),
            "address": address_of(one),
        }
        for one in around(comment)
    ]


def _log(comment: Comment) -> list[dict[str, Any]]:
    """Return what became of a comment, the newest first: when, who, what, why."""
    rows = Transition.objects.filter(comment=comment).select_related("by").order_by("-pk")
    return [
        {
            "when": moment(row.at),
            "who": short_name_of(row.by) if row.by or row.reason != "writer" else _("Its writer"),
            "before": row.get_before_display() if row.before else _("New"),
            "after": row.get_after_display(),
            "is_same": row.before == row.after,
            "why": in_words(row.reason),
        }
        for row in rows[:MOST_OF_THE_LOG]
    ]
