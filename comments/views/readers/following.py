"""Following an article without writing anything, and ending what one follows."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode

from articles.models import Publication
from comments import confirming, following, links, mailing
from comments.models import Comment, Follow, Reader
from comments.reader_forms import FollowForm
from comments.readers import address_hash, known_reader, reader_of
from comments.threads import find_approved
from comments.views.around import around, live_at
from comments.views.readers.showing import leads_to, shown, titles_of
from publishing.readers import network_of


def read_follow(request: HttpRequest, slug: str) -> HttpResponse:
    """The form; ``comment`` names one to follow what is written below it."""
    publication, present = live_at(slug, timezone.now())
    comment = find_approved(publication.article_id, request.GET.get("comment", ""))
    form = FollowForm(initial={"comment": comment.pk if comment else ""})
    context = _context(publication, present, comment)
    outcome = next((word for word in ("sent", "following") if word in request.GET), "")
    return shown(request, "follow.html", {**context, "form": form, "outcome": outcome})


def take_follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask the address whether it wants to follow; the answer is the same whoever has it."""
    now = timezone.now()
    publication, present = live_at(slug, now)
    form = FollowForm(request.POST)
    comment = find_approved(publication.article_id, request.POST.get("comment", ""))
    context = _context(publication, present, comment)
    if not form.is_valid():
        return shown(request, "follow.html", {**context, "form": form}, status=422)
    outcome = "sent"
    # A field that people do not see: what is written in it was written by a program.
    if not request.POST.get("website"):
        network = network_of(request, now)
        outcome = _follow(form, publication, comment, network=network, at=now)
    query = {outcome: "", **({"comment": comment.pk} if comment else {})}
    return leads_to(f"{request.path}?{urlencode(query)}")


def _follow(
    form: FollowForm,
    publication: Publication,
    comment: Comment | None,
    *,
    network: str,
    at: datetime,
) -> str:
    """Note the wish and ask for its confirmation, but where the browser proves whose it is."""
    email = form.cleaned_data["email"]
    reader = known_reader(form.cleaned_data["known"], at)
    is_proved = reader is not None and reader.address_hash == address_hash(email)
    if not is_proved:
        if not mailing.has_room(network, at):
            return "sent"
        reader = reader_of(email, at=at)
    if comment:
        made = following.follow_comment(reader, comment, at=at, is_proved=is_proved)
    else:
        article_id = publication.article_id
        made = following.follow_article(reader, article_id, at=at, is_proved=is_proved)
    if is_proved:
        return "following"
    if made.confirmed_at is None:
        confirming.ask(reader, follow=made, network=network, at=at)
    return "sent"


def _context(publication: Publication, slug: str, comment: Comment | None) -> dict[str, Any]:
    context = around(publication, slug, timezone.now())
    return {**context, "comment": comment, "form": None, "outcome": ""}


# Ending


def read_stop(request: HttpRequest, signed: str) -> HttpResponse:
    """Show what would end. Looking at it ends nothing."""
    reader, follows = _named(signed)
    return shown(request, "stop.html", _stop_context(reader, follows, request.GET))


def take_stop(request: HttpRequest, signed: str) -> HttpResponse:
    """End the follows that a mail came from, or all mail.

    Mail programs post here without asking anybody (RFC 8058); they must not be led on.
    """
    reader, follows = _named(signed)
    is_one_click = "List-Unsubscribe" in request.POST
    ends_all = request.POST.get("what") == "all" or not follows
    if reader and ends_all:
        following.end_all_mail(reader.pk, at=timezone.now())
    elif reader:
        following.end(reader.pk, follows)
    outcome = "all" if ends_all else "ended"
    if is_one_click:
        return shown(request, "stop.html", _stop_context(reader, follows, {outcome: ""}))
    return leads_to(f"{request.path}?{outcome}")


def _named(signed: str) -> tuple[Reader | None, list[int]]:
    """Return the reader, None if they are forgotten, and the follows; 404 if it was forged."""
    named = links.read_stop(signed)
    if named is None:
        raise Http404
    key, follows = named
    return Reader.objects.filter(pk=key).first(), follows


def _stop_context(reader: Reader | None, follows: list[int], query: Any) -> dict[str, Any]:
    left = list(Follow.objects.filter(reader=reader, pk__in=follows)) if reader else []
    titles = titles_of(follow.article_id for follow in left)
    return {
        "follows": [
            (follow, titles[follow.article_id]) for follow in left if follow.article_id in titles
        ],
        "has_follows": bool(follows),
        "is_ended": "ended" in query or (bool(follows) and not left),
        "is_all_ended": "all" in query or reader is None or reader.wants_no_mail_since is not None,
    }
