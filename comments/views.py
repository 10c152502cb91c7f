"""What readers write, and read of each other: threads, comments, and whether it helped."""

from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Address, Publication
from articles.page import prepared
from articles.views import begun_publications, find_address, to_present_address
from comments import feedback as answers
from comments import writing
from comments.forms import CommentForm, MendingForm, ReasonForm
from comments.limits import TooMany
from comments.models import Comment, Feedback
from comments.threads import (
    ON_A_PAGE,
    Place,
    beginning,
    continuation,
    find_approved,
    is_path,
    labels_of,
    quoted_html,
    surroundings,
    thread_html,
)
from publishing.markup import trusted
from publishing.pages import Page, public_page
from publishing.readers import network_of, page_with_form
from publishing.refusals import Refusal, wants_json
from publishing.stamps import article_stamp, comments_stamp

# What a publication is heavy with, and a form does not look at.
HEAVY = ("prepared", "search_text")

# The comments of an article


@public_page
def read_comments(request: HttpRequest, page: Page, slug: str) -> HttpResponse:
    """The thread, paged; with ``reply_to`` or ``about`` the form that a link asks for."""
    address = find_address(page, slug)
    if not address.is_current:
        return to_present_address(request, address)
    if "received" in request.GET:
        return received(request, page, address)
    page.reads(comments_stamp(address.article.uid))
    publication = latest_publication(page, address)
    context = around(publication, slug, page.at)
    if context["is_open"] and ("reply_to" in request.GET or "about" in request.GET):
        return render(request, "comments/write.html", {**context, **asked_for(request, context)})
    after = request.GET.get("after", "")
    if after and not is_path(after):
        raise Http404
    article_id = publication.article_id
    stretch = (
        continuation(article_id, after, ON_A_PAGE) if after else beginning(article_id, ON_A_PAGE)
    )
    return render(
        request,
        "comments/thread.html",
        {
            **context,
            "stretch": stretch,
            "is_continued": bool(after),
            "thread": thread_html(stretch.rows, context["place"]),
            "form": CommentForm() if context["is_open"] else None,
        },
    )


def take_comment(request: HttpRequest, slug: str) -> HttpResponse:
    """Accept a comment. An old address still takes what was typed on a page that used it."""
    now = timezone.now()
    publication, present = live_at(slug, now)
    if not publication.takes_comments(now):
        raise closed()
    form = CommentForm(request.POST, publication=publication)
    if not form.is_valid():
        return not_sent(request, form, around(publication, present, now))
    try:
        posted = writing.post(publication, **form.cleaned_data, network=network_of(request, now))
    except writing.AlreadyReceived:
        url = reverse("discussion:comments", args=[present]) + "?received"
        return see_other(request, url, {"status": "received"})
    except writing.Closed:
        raise closed() from None
    except TooMany as many:
        raise too_many(many) from None
    return see_other(request, own_url(posted.comment, posted.token), {"status": "pending"})


comments = page_with_form(read=read_comments, take=take_comment, text="body")


def received(request: HttpRequest, page: Page, address: Address) -> HttpResponse:
    """Say that the same was sent before; whose it was and what became of it is not said."""
    publication = latest_publication(page, address)
    if wants_json(request):
        return never_cached(JsonResponse({"status": "received"}))
    context = around(publication, address.slug, page.at)
    return never_cached(render(request, "comments/received.html", context))


def asked_for(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Return the form that a link to "Reply", or to a part of the article, asks for."""
    publication = context["publication"]
    answered = find_approved(publication.article_id, request.GET.get("reply_to", ""))
    about = request.GET.get("about", "")
    about = about if about in context["place"].labels() else ""
    initial = {"reply_to": answered.pk if answered else "", "about": about}
    return {
        "is_gone": bool(request.GET.get("reply_to")) and answered is None,
        **shown_form(CommentForm(initial=initial), context),
    }


def not_sent(request: HttpRequest, form: CommentForm, context: dict[str, Any]) -> HttpResponse:
    """Show the form again with what was typed and what is wrong."""
    if wants_json(request):
        return errors_as_data(form)
    shown = {**context, **shown_form(form, context)}
    return never_cached(render(request, "comments/write.html", shown, status=422))


def shown_form(form: CommentForm, context: dict[str, Any]) -> dict[str, Any]:
    """Return a form together with the comment that it answers, or what it speaks about."""
    place = context["place"]
    named, about = (str(form[field].value() or "") for field in ("reply_to", "about"))
    answered = find_approved(context["publication"].article_id, named)
    return {
        "form": form,
        "name": answered.name if answered else "",
        "quoted": quoted_html(answered, place) if answered else "",
        "about": place.labels().get(about, "") if about else "",
    }


# One comment


@public_page
def read_permalink(request: HttpRequest, page: Page, pk: int) -> HttpResponse:
    """An approved comment, with what it answers and what answers it."""
    # Whose comment it is never changes; all that may change is read after the stamps.
    address = get_object_or_404(address_of_comment(pk))
    uid = address.article.uid
    page.reads(article_stamp(uid), comments_stamp(uid))
    address = get_object_or_404(address_of_comment(pk))
    publication = latest_publication(page, address)
    chosen = get_object_or_404(Comment.objects.approved(), pk=pk)
    context = around(publication, address.slug, page.at, chosen=pk)
    stretch = surroundings(publication.article_id, chosen.path)
    thread = thread_html(stretch.rows, context["place"])
    return render(
        request, "comments/comment.html", {**context, "comment": chosen, "thread": thread}
    )


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


def read_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """The permalink; with a token the writer's own view, which is kept nowhere."""
    return read_own(request, pk) if "token" in request.GET else read_permalink(request, pk)


read_comment.is_public_page = True


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
        if not form.is_valid():
            return own_page(request, comment, around(publication, slug, now), form=form)
        del form.cleaned_data["token"]
        mended = writing.mend(comment, **form.cleaned_data, at=now)
    except writing.TooLate:
        raise Refusal(
            410,
            _("This comment cannot be changed any more, so it stays as it was."),
        ) from None
    return see_other(request, own_url(comment, token), {"status": mended.state})


comment = page_with_form(read=read_comment, take=take_change, text="body")


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
    """Return the writer's own view: 422 with a form that was refused, else with its words."""
    if wants_json(request):
        data = {"status": shown_state(comment), "mend_until": comment.may_be_mended_until}
        return errors_as_data(form) if form else never_cached(JsonResponse(data))
    may_mend = form is not None or comment.may_be_mended(context["now"])
    shown = {
        **context,
        "comment": comment,
        "body": trusted(comment.body_html),
        "state": shown_state(comment),
        "heading": _("Your change was not saved") if form else heading_of(comment),
        "form": form or (MendingForm(initial=initial) if may_mend else None),
        "token": form["token"].value() if form else initial["token"],
    }
    return never_cached(render(request, "comments/own.html", shown, status=422 if form else 200))


def shown_state(comment: Comment) -> str:
    """Return the state as its writer may know it: a spammer is told no more than "rejected"."""
    return "rejected" if comment.state == Comment.State.SPAM else str(comment.state)


def heading_of(comment: Comment) -> str:
    """Return what has become of a comment, in words for its writer."""
    if comment.state == Comment.State.REMOVED:
        return _("Your comment is deleted")
    if comment.state == Comment.State.APPROVED:
        return _("Your comment is on the page")
    if comment.state == Comment.State.PENDING:
        if comment.edited_at:
            return _("Your change is saved and waits for approval")
        return _("Your comment waits for approval")
    return _("Your comment will not be shown")


# Did it help?


def read_feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """Thanks, with the follow-up question to whom it belongs; nothing here is cached."""
    now = timezone.now()
    address = get_object_or_404(Address.objects.select_related("article"), slug=slug)
    if not address.is_current:
        return to_present_address(request, address)
    context = around(published_at(address.article_id, now), slug, now)
    if "thanks" in request.GET:
        return thanked(request, context)
    if "given" not in request.GET:
        return never_cached(HttpResponseRedirect(f"{context['article_url']}#feedback"))
    given = request.GET["given"]
    signed = answers.read_signed(given)
    if signed is None:
        raise Http404
    return thanked(request, context, form=ReasonForm(initial={"given": given}), helped=signed[1])


def take_feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """Store whether it helped, or what a reader adds to that."""
    now = timezone.now()
    publication, present = live_at(slug, now)
    if "given" in request.POST:
        return take_reason(request, publication, present, now)
    helped = {"yes": True, "no": False}.get(request.POST.get("helped", ""))
    if helped is None:
        return not_answered(request, around(publication, present, now))
    given = None
    # A field that people do not see: what is written in it was written by a program, which
    # gets the same thanks as everybody.
    if not request.POST.get("website"):
        try:
            given = answers.give(publication, helped=helped, network=network_of(request, now))
        except TooMany as many:
            raise too_many(many) from None
    query = urlencode({"given": answers.sign(given, helped=helped)})
    url = f"{reverse('discussion:feedback', args=[present])}?{query}"
    return see_other(request, url, {"status": "thanks"})


feedback = page_with_form(read=read_feedback, take=take_feedback, text="text")


def take_reason(
    request: HttpRequest, publication: Publication, slug: str, now: datetime
) -> HttpResponse:
    """Store what a reader adds to an answer."""
    signed = answers.read_signed(request.POST["given"])
    if signed is None:
        raise Refusal(400, _("We could not tell which answer this belongs to."))
    pk, helped = signed
    form = ReasonForm(request.POST)
    if not form.is_valid():
        context = around(publication, slug, now)
        return thanked(request, context, form=form, helped=helped)
    given = Feedback.objects.filter(pk=pk, article=publication.article_id).first()
    if given and not request.POST.get("website"):
        answers.explain(given, reason=form.cleaned_data["reason"], text=form.cleaned_data["text"])
    url = reverse("discussion:feedback", args=[slug]) + "?thanks"
    return see_other(request, url, {"status": "thanks"})


def thanked(
    request: HttpRequest,
    context: dict[str, Any],
    *,
    form: ReasonForm | None = None,
    helped: bool = False,
) -> HttpResponse:
    """Return the thanks, with the follow-up question if there is a form for it."""
    is_refused = form is not None and form.is_bound
    if wants_json(request):
        data = JsonResponse({"status": "thanks"})
        return errors_as_data(form) if is_refused else never_cached(data)
    shown = {**context, "form": form, "helped": helped}
    status = 422 if is_refused else 200
    return never_cached(render(request, "comments/thanks.html", shown, status=status))


def not_answered(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Ask again: the form came without yes or no."""
    if wants_json(request):
        errors = {"helped": [_("Answer yes or no.")]}
        return never_cached(JsonResponse({"errors": errors}, status=422))
    return never_cached(render(request, "comments/ask_again.html", context, status=422))


# What the views above share


def around(
    publication: Publication, slug: str, now: datetime, *, chosen: int = 0
) -> dict[str, Any]:
    """Return what every page about an article's comments says of the article."""
    is_live = publication.is_live(now)
    is_open = is_live and publication.takes_comments(now)
    version = {"slug": slug, "number": publication.number}
    article_url = (
        reverse("articles:article", args=[slug])
        if is_live
        else reverse("articles:version", kwargs=version)
    )
    comments_url = reverse("discussion:comments", args=[slug])
    return {
        "section": "articles",
        "publication": publication,
        "now": now,
        "is_open": is_open,
        "article_url": article_url,
        "comments_url": comments_url,
        "feedback_url": reverse("discussion:feedback", args=[slug]),
        "place": Place(
            article_url=article_url,
            reply_url=f"{comments_url}?reply_to=" if is_open else "",
            labels=cache(lambda: labels_of(prepared(publication))),
            chosen=chosen,
        ),
    }


def live_at(slug: str, now: datetime) -> tuple[Publication, str]:
    """Return what is live at an address, old ones included, and the present slug; or answer 404."""
    address = get_object_or_404(Address.objects.select_related("article"), slug=slug)
    live = address.article.publications.live(now).defer(*HEAVY)
    return get_object_or_404(live), address.article.slug


def published_at(article_id: int, now: datetime) -> Publication:
    """Return the article's latest publication that readers may know of, or answer 404."""
    begun = Publication.objects.published(now).filter(article=article_id).order_by("-number")
    if publication := begun.defer(*HEAVY).first():
        return publication
    raise Http404


def latest_publication(page: Page, address: Address) -> Publication:
    """Return the same for a page that is kept, which notes until when it holds.

    Of a withdrawn article, too, if its editor keeps the history.
    """
    begun = begun_publications(page, address).select_related(None).defer("search_text")
    publication = begun.first()
    if publication is None:
        raise Http404
    page.holds_until(publication.comments_until)
    return publication


def address_of_comment(pk: int) -> QuerySet:
    """The present address of the article that a comment is on, or nothing."""
    article = Comment.objects.filter(pk=pk).values("article")
    found = Address.objects.filter(is_current=True, article__in=article)
    return found.select_related("article")


def own_url(comment: Comment, token: str) -> str:
    """Return the address that only the comment's writer has."""
    return f"{comment.get_absolute_url()}?{urlencode({'token': token})}"


def see_other(request: HttpRequest, url: str, data: dict[str, Any]) -> HttpResponse:
    """Lead on after a POST (303); a script that asks for data gets it in the same answer."""
    if wants_json(request):
        response: HttpResponse = JsonResponse({**data, "url": url}, status=303)
        response["Location"] = url
        return response
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def errors_as_data(form: Any) -> HttpResponse:
    """Return what is wrong with a form, by field: sentences for a reader."""
    return never_cached(JsonResponse({"errors": form.errors}, status=422))


def never_cached(response: HttpResponse) -> HttpResponse:
    """Forbid to keep an answer that is meant for one reader."""
    response["Cache-Control"] = "no-store"
    return response


def closed() -> Refusal:
    """The answer to a comment that comes too late for its article."""
    return Refusal(
        410, _("Comments on this article are closed, so yours was not stored. It stays here.")
    )


def too_many(many: TooMany) -> Refusal:
    """The answer to one too many from a network."""
    minutes = -(-many.seconds // 60)
    when = ngettext("in a minute", "in %(count)d minutes", minutes) % {"count": minutes}
    sentence = _(
        "Several entries came from your network within ten minutes, so this one was not stored. "
        "There is room for it %(when)s."
    )
    return Refusal(429, sentence % {"when": when}, retry_after=many.seconds)
