"""The page that a confirmation's mail leads to: looking at it does nothing, its button does."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import confirming, links
from comments.models import Comment, OutgoingMail
from comments.readers import token_for_browser
from comments.views.readers.showing import expired, leads_to, no_such_address, shown, titles_of
from publishing.whole_numbers import whole_number


def read_confirm(request: HttpRequest, signed: str) -> HttpResponse:
    """Show what would be confirmed; what is done already is said, and done no more."""
    try:
        mail = _mail_of(signed)
    except links.Expired:
        return expired(request, "confirm")
    asked = confirming.asked_by(mail, timezone.now())
    if "done" in request.GET or not asked:
        return shown(request, "confirmed.html", _thanks(mail, is_now="done" in request.GET))
    return shown(request, "confirm.html", _question(mail, asked))


def take_confirm(request: HttpRequest, signed: str) -> HttpResponse:
    """Confirm what was ticked, or take the address from all of it."""
    now = timezone.now()
    try:
        mail = _mail_of(signed)
    except links.Expired:
        raise no_such_address(_("This link has expired, so nothing was confirmed.")) from None
    if request.POST.get("answer") == "none":
        confirming.disown(mail, at=now)
        return leads_to(f"{reverse('readers:ask')}?disowned")
    comments, follows = _ticked(request, "comment"), _ticked(request, "follow")
    suggestions = _ticked(request, "suggestion")
    asked = confirming.asked_by(mail, now)
    if asked and not (comments or follows or suggestions):
        context = {**_question(mail, asked), "is_refused": True}
        return shown(request, "confirm.html", context, status=422)
    confirming.confirm(mail, comments=comments, follows=follows, suggestions=suggestions, at=now)
    return leads_to(f"{request.path}?done")


def _mail_of(signed: str) -> OutgoingMail:
    key = links.read_confirm(signed)
    mails = OutgoingMail.objects.filter(pk=key, kind=OutgoingMail.Kind.CONFIRM)
    if key is None or (mail := mails.select_related("reader").first()) is None:
        raise Http404
    return mail


def _ticked(request: HttpRequest, name: str) -> list[int]:
    values = request.POST.getlist(name)[: confirming.MOST_SHOWN]
    return [number for number in map(whole_number, values) if number is not None][:50]


def _question(mail: OutgoingMail, asked: confirming.Asked) -> dict[str, Any]:
    rows = [*asked.comments, *asked.follows]
    titles = titles_of(row.article_id for row in rows)
    return {
        "email": mail.reader.email,
        "comments": [(one, one.publication.title, _is_ticked(mail, one)) for one in asked.comments],
        "follows": [
            (one, titles[one.article_id][0], _is_ticked(mail, one))
            for one in asked.follows
            if one.article_id in titles
        ],
        "suggestions": [
            (one, one.publication.title, _is_ticked(mail, one)) for one in asked.suggestions
        ],
    }


def _is_ticked(mail: OutgoingMail, row: Any) -> bool:
    """What the mail asked about is ticked; what came besides may be somebody else's."""
    return confirming.is_subject(mail, row)


def _thanks(mail: OutgoingMail, *, is_now: bool) -> dict[str, Any]:
    reader = mail.reader
    theirs = Comment.objects.approved().filter(reader=reader, confirmed_at__isnull=False)
    return {
        "comment": theirs.filter(pk=mail.details.get("comment")).first(),
        "is_now": is_now,
        "article": titles_of([mail.details.get("article", 0)]).get(mail.details.get("article")),
        "token": token_for_browser(reader) if reader.confirmed_at else "",
    }
