"""My data: asked for with an address, shown to whoever reads its mail."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comments import following, links, my_data
from comments.models import Reader
from comments.reader_forms import AddressForm
from comments.readers import forget_in_browsers, token_for_browser
from comments.telling import linked_sentence_for
from comments.views.around import never_cached
from comments.views.readers.showing import expired, leads_to, no_such_address, shown, titles_of
from publishing.readers import network_of
from publishing.whole_numbers import whole_number

ON_A_PAGE = 100


def read_ask(request: HttpRequest) -> HttpResponse:
    """The form that asks for one's own data."""
    outcome = next((word for word in ("sent", "deleted", "disowned") if word in request.GET), "")
    return shown(request, "ask.html", {"form": AddressForm(), "outcome": outcome})


def take_ask(request: HttpRequest) -> HttpResponse:
    """Mail the address of the page, if there is anything to show; the answer is always the same."""
    now = timezone.now()
    form = AddressForm(request.POST)
    if not form.is_valid():
        return shown(request, "ask.html", {"form": form, "outcome": ""}, status=422)
    if not request.POST.get("website"):
        email = form.cleaned_data["email"]
        my_data.ask(email, network=network_of(request, now), at=now)
    return leads_to(f"{request.path}?sent")


def read_mine(request: HttpRequest, signed: str) -> HttpResponse:
    """Everything that is kept of a reader, the newest comments first."""
    try:
        reader = _reader_of(signed)
    except links.Expired:
        return expired(request, "mine")
    return shown(request, "mine.html", _everything(request, reader, signed))


def take_mine(request: HttpRequest, signed: str) -> HttpResponse:
    """Delete, or change what is sent."""
    now = timezone.now()
    try:
        reader = _reader_of(signed)
    except links.Expired:
        raise no_such_address(_("This page has expired, so nothing was changed.")) from None
    asked = request.POST
    if "everything" in asked:
        my_data.delete_everything(reader, at=now)
        return leads_to(f"{reverse('readers:ask')}?deleted")
    if key := whole_number(asked.get("delete")):
        my_data.delete_comments(reader, [key], at=now)
    elif key := whole_number(asked.get("unfollow")):
        following.end(reader.pk, [key])
    elif asked.get("mail") == "stop":
        following.end_all_mail(reader.pk, at=now)
    elif asked.get("mail") == "resume":
        following.resume_mail(reader.pk)
    elif "browsers" in asked:
        forget_in_browsers(reader, at=now)
    else:
        return leads_to(request.path)
    return leads_to(f"{request.path}?done")


@require_safe
def everything(request: HttpRequest, signed: str) -> HttpResponse:
    """The same as a file, in JSON."""
    try:
        reader = _reader_of(signed)
    except links.Expired:
        return expired(request, "mine")
    data = my_data.everything_of(reader, at=timezone.now())
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="everything.json"'
    return never_cached(response)


def _reader_of(signed: str) -> Reader:
    key = links.read_my_data(signed)
    reader = Reader.objects.filter(pk=key).first() if key is not None else None
    if reader is None:
        raise Http404
    return reader


def _everything(request: HttpRequest, reader: Reader, signed: str) -> dict[str, Any]:
    rows = my_data.comments_of(reader)
    if before := whole_number(request.GET.get("before")):
        rows = rows.filter(pk__lt=before)
    comments = list(rows[: ON_A_PAGE + 1])
    reasons = my_data.reasons_of(comments)
    follows = list(my_data.follows_of(reader))
    titles = titles_of(follow.article_id for follow in follows)
    return {
        "reader": reader,
        "is_done": "done" in request.GET,
        "comments": [
            (one, one.publication.title, linked_sentence_for(reasons.get(one.pk, ""), one.state))
            for one in comments[:ON_A_PAGE]
        ],
        "before": comments[ON_A_PAGE - 1].pk if len(comments) > ON_A_PAGE else None,
        "is_continued": bool(before),
        "suggestions": list(my_data.suggestions_of(reader)[:ON_A_PAGE]),
        "follows": [
            (follow, titles[follow.article_id]) for follow in follows if follow.article_id in titles
        ],
        "mail_count": reader.mail.count(),
        "everything_url": reverse("readers:everything", args=[signed]),
        "token": token_for_browser(reader) if reader.confirmed_at else "",
    }
