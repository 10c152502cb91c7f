"""What readers write: a comment, and what its writer changes in it for a while."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles.models import Publication
from comments import writing
from comments.forms import CommentForm, MendingForm, WritingForm
from comments.limits import TooMany
from comments.models import Comment
from comments.rules import rules_for, takes_comments
from comments.telling import RULES_PATH, sentence_for
from comments.tells import signed_moment, tells_of
from comments.threads import (
    find_approved,
    quoted_html,
)
from comments.views.around import (
    around,
    closed,
    errors_as_data,
    live_at,
    never_cached,
    own_url,
    published_at,
    see_other,
    too_many,
)
from publishing.markup.comments import render_comment
from publishing.markup.safe_html import trusted
from publishing.readers import network_of
from publishing.refusals import Refusal, wants_json


def take_comment(request: HttpRequest, slug: str) -> HttpResponse:
    """Accept a comment. An old address still takes what was typed on a page that used it."""
    now = timezone.now()
    publication, present = live_at(slug, now)
    rules = rules_for(publication.article_id)
    if not takes_comments(publication, now, rules):
        raise closed()
    form = CommentForm(request.POST, publication=publication)
    if not form.is_valid():
        return not_sent(request, form, around(publication, present, now))
    if "preview" in request.POST:
        return previewed(request, form, around(publication, present, now))
    try:
        posted = writing.post(
            publication,
            **form.cleaned_data,
            network=network_of(request, now),
            tells=tells_of(request, now),
            rules=rules,
            at=now,
        )
    except writing.AlreadyReceived:
        url = reverse("discussion:comments", args=[present]) + "?received"
        return see_other(request, url, {"status": "received"})
    except writing.Closed:
        raise closed() from None
    except TooMany as many:
        return later(request, form, around(publication, present, now), too_many(many))
    url = own_url(posted.comment, posted.token)
    return see_other(request, url, {"status": shown_state(posted.comment)})


def not_sent(
    request: HttpRequest, form: CommentForm, context: dict[str, Any], *, status: int = 422
) -> HttpResponse:
    """Show the form again with what was typed and what is wrong."""
    if wants_json(request):
        return errors_as_data(form)
    shown = {**context, **shown_form(form, context)}
    return never_cached(render(request, "comments/write.html", shown, status=status))


def later(
    request: HttpRequest, form: CommentForm, context: dict[str, Any], refusal: Refusal
) -> HttpResponse:
    """Refuse one too many with the whole form, so that sending it again later is one click."""
    if wants_json(request):
        raise refusal
    form.add_error(None, refusal.message)
    response = not_sent(request, form, context, status=refusal.status)
    response["Retry-After"] = str(refusal.retry_after)
    return response


def previewed(request: HttpRequest, form: CommentForm, context: dict[str, Any]) -> HttpResponse:
    """Show a comment as it would be shown, above the form with all that was typed.

    Nothing is stored, and nothing of what a network may send is used up.
    """
    preview = preview_of(form)
    if wants_json(request):
        return never_cached(JsonResponse({"status": "preview", **preview}))
    shown = {**context, **shown_form(form, context), "preview": preview}
    return never_cached(render(request, "comments/write.html", shown))


def preview_of(form: WritingForm) -> dict[str, Any]:
    """Return what a comment would look like: its writer's name and its words as HTML."""
    return {"name": form.cleaned_data["name"], "body": render_comment(form.cleaned_data["body"])}


def shown_form(form: CommentForm, context: dict[str, Any]) -> dict[str, Any]:
    """Return a form together with the comment that it answers, or what it speaks about."""
    place = context["place"]
    form.age = form.data.get("age") or signed_moment(context["now"])
    named, about = (str(form[field].value() or "") for field in ("reply_to", "about"))
    answered = find_approved(context["publication"].article_id, named)
    return {
        "form": form,
        "name": answered.name if answered else "",
        "quoted": quoted_html(answered, place) if answered else "",
        "about": place.labels().get(about, "") if about else "",
    }


def read_own(request: HttpRequest, pk: int) -> HttpResponse:
    """The writer's own view, which the token opens: what became of it, and how to mend it."""
    comment, publication, slug = own_comment(pk, request.GET.get("token", ""), timezone.now())
    initial = {
        "name": comment.name,
        "email": comment.reader.email if comment.reader else "",
        "body": comment.body,
        "token": request.GET["token"],
    }
    return own_page(request, comment, around(publication, slug, timezone.now()), initial=initial)


def take_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend or delete a fresh comment, by its writer."""
    now = timezone.now()
    token = request.POST.get("token", "")
    comment, publication, slug = own_comment(pk, token, now)
    try:
        if "delete" in request.POST:
            writing.delete(comment, at=now)
            return see_other(request, own_url(comment, token), {"status": "removed"})
        form = MendingForm(request.POST)
        if not form.is_valid() or "preview" in request.POST:
            return own_page(request, comment, around(publication, slug, now), form=form)
        del form.cleaned_data["token"]
        mended = writing.mend(comment, **form.cleaned_data, at=now)
    except writing.TooLate:
        raise Refusal(
            410,
            _("This comment cannot be changed any more, so it stays as it was."),
        ) from None
    return see_other(request, own_url(comment, token), {"status": mended.state})


def own_comment(pk: int, token: str, at: datetime) -> tuple[Comment, Publication, str]:
    """Return a comment, a publication and the slug of its article, or answer 404.

    Only to its writer, who knows the token, and only while the article is published.
    """
    found = Comment.objects.select_related("article", "reader").filter(pk=pk).first()
    if found is None or not writing.is_writers_token(found, token):
        raise Http404
    return found, published_at(found.article_id, at), found.article.slug


def own_page(
    request: HttpRequest,
    comment: Comment,
    context: dict[str, Any],
    *,
    form: MendingForm | None = None,
    initial: dict[str, Any] | None = None,
) -> HttpResponse:
    """Return the writer's own view: 422 with a form that was refused, else with its words.

    With a form that was not refused it shows what the change would look like.
    """
    is_refused = form is not None and bool(form.errors)
    preview = preview_of(form) if form and not is_refused else None
    if wants_json(request):
        data = {"status": shown_state(comment), "mend_until": comment.may_be_mended_until}
        data = {"status": "preview", **preview} if preview else data
        return errors_as_data(form) if is_refused else never_cached(JsonResponse(data))
    may_mend = form is not None or comment.may_be_mended(context["now"])
    token = form["token"].value() if form else initial["token"]
    shown = {
        **context,
        "comment": comment,
        "body": trusted(comment.body_html),
        "state": shown_state(comment),
        "heading": _("Your change was not saved") if is_refused else heading_of(comment),
        "why": why_of(comment),
        "form": form or (MendingForm(initial=initial) if may_mend else None),
        "preview": preview,
        "token": token,
        "own_url": own_url(comment, token),
        "rules_url": RULES_PATH,
    }
    status = 422 if is_refused else 200
    return never_cached(render(request, "comments/own.html", shown, status=status))


def why_of(comment: Comment) -> SafeString:
    """Return why a comment has its state, in a sentence for its writer; the rules are a link."""
    reason = comment.transitions.order_by("-pk").values_list("reason", flat=True).first()
    sentence = sentence_for(reason or comment.held_by, shown_state(comment))
    before, rules, after = sentence.partition(RULES_PATH)
    link = format_html('<a href="{}">{}</a>', RULES_PATH, _("read them")) if rules else ""
    return format_html("{}{}{}", before, link, after)


def shown_state(comment: Comment) -> str:
    """Return the state as its writer may know it: a spammer is told no more than "rejected".

    One whom the pipeline alone has called that is told, as others are, that the comment waits:
    programs learn nothing, and whoever was taken for one has a comment that moderators can find.
    """
    if comment.state != Comment.State.SPAM:
        return str(comment.state)
    is_by_pipeline = comment.held_by == "spam" and comment.decided_by_id is None
    return "pending" if is_by_pipeline else "rejected"


def heading_of(comment: Comment) -> str:
    """Return what has become of a comment, in words for its writer."""
    state = shown_state(comment)
    if state == Comment.State.REMOVED:
        return _("Your comment is deleted")
    if state == Comment.State.APPROVED:
        return _("Your comment is on the page")
    if state == Comment.State.PENDING:
        if comment.edited_at:
            return _("Your change is saved and waits for approval")
        return _("Your comment waits for approval")
    return _("Your comment will not be shown")
