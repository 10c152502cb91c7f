"""Composing: the words of each mail to a reader, as plain text.

Nothing in it was written by a reader: no name, no word and no link of a comment, neither in the
subject nor in the text. What it links to stands on the site.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Publication
from comments import suggestion_mail
from comments.links import confirm_url, my_data_url, site_url, stop_url
from comments.models import Comment, Follow, OutgoingMail, Suggestion, Transition
from comments.telling import RULES_PATH, sentence_for

Kind, State = OutgoingMail.Kind, Comment.State

DIGESTS = (Kind.REPLY, Kind.NEW_COMMENTS)
FOLDED = (*DIGESTS, Kind.DECIDED)
"""Kinds of which several about one article go as one: details with "article" and "comments"."""
MOST_LINKED = 10
"""Comments that one mail names with an address of their own."""

Words = tuple[str, list[str]]


def compose(mail: OutgoingMail) -> EmailMessage | None:
    """Return a mail as it is to be sent, None if there is nothing to tell any more.

    ``mail.details`` hold, by kind: CONFIRM "article", and "comment", "follow" or "suggestion";
    REPLY and NEW_COMMENTS "article", "comments", "more", "follows"; DECIDED "article", "comments";
    SUGGESTION what ``comments.suggestion_mail`` asks for; all of them keys and numbers.
    """
    words = _COMPOSERS[Kind(mail.kind)](mail)
    if words is None or not mail.reader.email:
        return None
    subject, lines = words
    follows = mail.details.get("follows", []) if mail.kind in DIGESTS else []
    headers = {
        "Message-ID": message_id(mail),
        "Auto-Submitted": "auto-generated",
    }
    if mail.kind != Kind.MY_DATA:
        stop = stop_url(mail.reader, follows)
        lines = [*lines, "", *_ending(mail, stop)]
        # RFC 8058: mail programs offer a button that posts to the address.
        headers |= {
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return EmailMessage(
        subject=" ".join(f"{settings.SITE_NAME}: {subject}".split()),
        body="\n".join([*lines, "", "-- ", settings.SITE_NAME, site_url("/"), ""]),
        to=[mail.reader.email],
        headers=headers,
    )


def message_id(mail: OutgoingMail) -> str:
    """Return the same for a mail whenever it is sent, so that a repetition is known as one."""
    host = urlsplit(settings.SITE_ADDRESS).hostname or "localhost"
    return f"<reader-mail-{mail.pk}-{mail.made_at:%Y%m%d%H%M%S}@{host}>"


def joined(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return the details of a mail that tells of what two would."""
    both = {**other, **one}
    for name in ("comments", "follows"):
        if name in one or name in other:
            both[name] = sorted({*one.get(name, []), *other.get(name, [])})
    if "more" in one or "more" in other:
        both["more"] = one.get("more", 0) + other.get("more", 0)
    return both


# By kind


def _confirm(mail: OutgoingMail) -> Words | None:
    if mail.answered_at or mail.reader.wants_no_mail_since or not _is_waiting(mail):
        return None
    live = _live(mail)
    what = _("wrote a comment") if "comment" in mail.details else _("asked to be told by e-mail")
    if "comment" in mail.details and live:
        what = _("wrote a comment on “%(article)s”") % {"article": live.title}
    elif "suggestion" in mail.details and live:
        what = _("suggested something for “%(article)s”") % {"article": live.title}
    elif "follow" in mail.details and live:
        what = _("asked to be told of new comments on “%(article)s”") % {"article": live.title}
    return _("please confirm your address"), [
        _("Somebody – you, we hope – %(what)s and gave this e-mail address.") % {"what": what},
        "",
        _("If it was you, open this page and press the button there, within three days:"),
        confirm_url(mail),
        "",
        _(
            "If it was not you, do nothing, or say so on that page, and your address is taken from "
            "it. It is shown to nobody."
        ),
    ]


def _is_waiting(mail: OutgoingMail) -> bool:
    """Is what is to be confirmed still there and under this address?"""
    comments = Comment.objects.filter(pk=mail.details.get("comment"), confirmed_at__isnull=True)
    follows = Follow.objects.filter(pk=mail.details.get("follow"), confirmed_at__isnull=True)
    is_refused = [State.REMOVED, State.SPAM]
    suggestions = Suggestion.objects.filter(
        pk=mail.details.get("suggestion"), confirmed_at__isnull=True
    )
    waits = comments.filter(reader=mail.reader_id).exclude(state__in=is_refused).exists()
    return waits or any(
        rows.filter(reader=mail.reader_id).exists() for rows in (follows, suggestions)
    )


def _my_data(mail: OutgoingMail) -> Words | None:
    return _("everything you wrote here"), [
        _("This page shows all that this site has of you, to be downloaded or deleted:"),
        my_data_url(mail.reader),
        "",
        _("It can be opened for half an hour, by whoever has its address: keep it to yourself."),
        "",
        _("If you did not ask for it, do nothing."),
    ]


def _new_comments(mail: OutgoingMail) -> Words | None:
    live = _live(mail)
    follows = Follow.objects.filter(
        reader=mail.reader, pk__in=mail.details["follows"], confirmed_at__isnull=False
    )
    if live is None or mail.reader.wants_no_mail_since or not follows.exists():
        return None
    approved = Comment.objects.approved().filter(pk__in=mail.details["comments"])
    keys = list(approved.order_by("pk").values_list("pk", flat=True))
    count = len(keys) + (mail.details.get("more", 0) if keys else 0)
    if not count:
        return None
    given = {"count": count, "article": live.title}
    if mail.kind == Kind.REPLY:
        told = ngettext(
            "%(count)d answer was written below your comment on “%(article)s”.",
            "%(count)d answers were written below your comments on “%(article)s”.",
            count,
        )
        subject = _("answers to your comment on “%(article)s”")
    else:
        told = ngettext(
            "%(count)d new comment on “%(article)s”.",
            "%(count)d new comments on “%(article)s”.",
            count,
        )
        subject = _("new comments on “%(article)s”")
    lines = [told % given, "", *map(_comment_url, keys[:MOST_LINKED])]
    if count > MOST_LINKED:
        comments_url = site_url(reverse("discussion:comments", args=[live.article.slug]))
        rest = _("and %(count)d more: %(url)s")
        lines.append(rest % {"count": count - MOST_LINKED, "url": comments_url})
    return subject % given, lines


def _decided(mail: OutgoingMail) -> Words | None:
    live = _live(mail)
    if live is None or mail.reader.wants_no_mail_since:
        return None
    decided = Comment.objects.filter(
        pk__in=mail.details["comments"],
        reader=mail.reader,
        confirmed_at__isnull=False,
        state__in=[State.APPROVED, State.REJECTED],
    )
    comments = list(decided.order_by("pk"))
    if not comments:
        return None
    transitions = Transition.objects.filter(comment__in=comments).order_by("pk")
    reasons = dict(transitions.values_list("comment", "reason"))
    lines = []
    for comment in comments[:MOST_LINKED]:
        lines += [*_what_became_of(comment, reasons.get(comment.pk, "")), ""]
    if more := len(comments[MOST_LINKED:]):
        lines.append(_("And %(count)d more were decided about.") % {"count": more})
    subject = ngettext(
        "your comment on “%(article)s”", "your comments on “%(article)s”", len(comments)
    )
    return subject % {"article": live.title}, lines


def _what_became_of(comment: Comment, reason: str) -> list[str]:
    when = {"when": _moment(comment.created_at)}
    if comment.state == State.APPROVED:
        return [_("Your comment of %(when)s is on the page:") % when, _comment_url(comment.pk)]
    why = sentence_for(reason, comment.state).replace(RULES_PATH, site_url(RULES_PATH))
    return [_("Your comment of %(when)s will not be shown.") % when, why]


def _suggestion(mail: OutgoingMail) -> Words | None:
    theirs = Suggestion.objects.filter(
        pk=mail.details.get("suggestion"), reader=mail.reader_id, confirmed_at__isnull=False
    )
    if mail.reader.wants_no_mail_since or not theirs.exists():
        return None
    return suggestion_mail.words_of(mail.details)


_COMPOSERS: dict[str, Callable[[OutgoingMail], Words | None]] = {
    Kind.CONFIRM: _confirm,
    Kind.MY_DATA: _my_data,
    Kind.REPLY: _new_comments,
    Kind.NEW_COMMENTS: _new_comments,
    Kind.DECIDED: _decided,
    Kind.SUGGESTION: _suggestion,
}


def _ending(mail: OutgoingMail, stop: str) -> list[str]:
    if mail.kind == Kind.NEW_COMMENTS:
        return [_("You follow the comments on this article. To end that:"), stop]
    if mail.kind == Kind.REPLY:
        return [_("You follow the answers to your comment. To end that:"), stop]
    return [_("To get no mail from this site any more:"), stop]


def _live(mail: OutgoingMail) -> Publication | None:
    """Return what readers see of the article that a mail is about, None if they see nothing."""
    live = Publication.objects.live().filter(article=mail.details.get("article"))
    return live.select_related("article").first()


def _comment_url(key: int) -> str:
    return site_url(reverse("comments:comment", args=[key]))


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i")
