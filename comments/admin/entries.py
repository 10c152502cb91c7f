"""How a comment is shown in the queue: its words, why it is there, who wrote it, what to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from articles.models import Publication
from comments.admin.showing import moment
from comments.admin.wording import in_words, name_for, received_in_words, short_name_of
from comments.models import Ban, Comment, Report
from comments.moderating import hashes_of
from comments.seen import token_of
from comments.standing import Standing, standings
from comments.threads import labels_of
from publishing.build import build
from publishing.markup.safe_html import escape_join, trusted

State = Comment.State

LONGEST_EXCERPT = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One comment as the queue shows it.

    ``token`` says what was seen; ``deeds`` are (value, label, class) of the buttons that decide;
    ``notice`` is what somebody is to be told first, such as that another has decided.
    """

    comment: Comment
    token: str
    name: str
    text: SafeString
    state: SafeString
    why: str
    article: SafeString | str
    place: SafeString | str
    answers: str
    excerpt: str
    by_address: str
    by_network: str
    bans: list[tuple[int, str]]
    reports: list[str]
    texts: list[Report]
    deeds: list[tuple[str, str, str]]
    knows_writer: bool
    notice: str = ""


def entries_of(
    comments: Iterable[Comment], notices: Mapping[int, str] | None = None
) -> list[Entry]:
    """Return how comments are shown; five queries, however many there are.

    They come from ``queue.with_article``. ``notices`` gives what to say first, by key.
    """
    comments = list(comments)
    known, labels = standings(comments, timezone.now()), _labels(comments)
    return [
        _entry(
            comment,
            known.get(comment.pk, Standing()),
            labels.get(comment.publication_id, {}).get(comment.about, ""),
            (notices or {}).get(comment.pk, ""),
        )
        for comment in comments
    ]


def entries_html(request: HttpRequest, entries: Iterable[Entry], *, back: str) -> str:
    """Return entries as the queue's list has them, for a script to put there.

    ``back`` is the query of the queue that they are in.
    """
    return "".join(
        render_to_string(
            "admin/comments/_entry.html",
            {"entry": entry, "back": back, "may_decide": True},
            request=request,
        )
        for entry in entries
    )


def state_badge(comment: Comment) -> SafeString:
    """Return the word for a comment's state, and who decided."""
    html = format_html(
        '<span class="desk-state is-{}">{}</span>', comment.state, comment.get_state_display()
    )
    if comment.decided_by and comment.state != State.PENDING:
        by = _("by %s") % short_name_of(comment.decided_by)
        html = format_html('{} <span class="desk-row-detail">{}</span>', html, by)
    return html


def article_link(comment: Comment) -> SafeString | str:
    """Return the article's title, as a link while readers can see it."""
    if not (comment.slug and comment.live_number):
        return comment.title
    url = reverse("articles:article", args=[comment.slug])
    return format_html('<a href="{}" class="desk-link">{}</a>', url, comment.title)


def deeds_for(comment: Comment) -> list[tuple[str, str, str]]:
    """Return (value, label, class) of the buttons that make sense for a comment as it is."""
    if comment.state == State.REMOVED:
        return []
    is_shown = comment.state == State.APPROVED
    deeds = []
    if is_shown and comment.open_reports:
        deeds.append(("keep", _("No breach"), "is-main"))
    if not is_shown:
        deeds.append(("approve", _("Approve"), "is-main"))
    if comment.state != State.REJECTED:
        deeds.append(("reject", _("Take down") if is_shown else _("Reject"), ""))
    if comment.state != State.SPAM:
        deeds.append(("spam", _("Put aside as spam"), ""))
    if is_shown and comment.parent_id is None:
        pin = ("unpin", _("Unpin")) if comment.pinned_at else ("pin", _("Pin"))
        deeds.append((*pin, ""))
    return deeds


def bans_in_words(bans: Iterable[Ban]) -> list[tuple[int, str]]:
    """Return (key, sentence) of each ban."""
    words = {
        Ban.Kind.ADDRESS.value: _("This e-mail address is banned until %(until)s, by %(who)s."),
        Ban.Kind.NETWORK.value: _("This network is banned until %(until)s, by %(who)s."),
    }
    return [
        (
            ban.pk,
            words[ban.kind] % {"until": moment(ban.ends_at), "who": short_name_of(ban.made_by)},
        )
        for ban in bans
    ]


def _entry(comment: Comment, standing: Standing, label: str, notice: str) -> Entry:
    parent = comment.parent
    return Entry(
        comment=comment,
        token=token_of(comment),
        name=name_for(comment),
        text=trusted(comment.body_html),
        state=state_badge(comment),
        why=in_words(standing.reason),
        article=article_link(comment),
        place=_place(comment, label),
        answers=name_for(parent) if parent else "",
        excerpt=Truncator(parent.body).chars(LONGEST_EXCERPT) if parent else "",
        by_address=received_in_words(standing.by_address) if standing.by_address else "",
        by_network=received_in_words(standing.by_network) if standing.by_network else "",
        bans=bans_in_words(standing.bans),
        reports=_reports(standing.reports),
        texts=standing.texts,
        deeds=deeds_for(comment),
        knows_writer=bool(hashes_of(comment)),
        notice=notice,
    )


def _place(comment: Comment, label: str) -> SafeString | str:
    """Return which version a comment was written under, and what it is about."""
    where = _("version %s") % (comment.version or "–")
    if not comment.about:
        return where
    about = label or f"#{comment.about}"
    if comment.slug and comment.live_number:
        url = reverse("articles:article", args=[comment.slug])
        about = format_html('<a class="desk-link" href="{}#{}">{}</a>', url, comment.about, about)
    return escape_join([f"{where}, {_('about')} ", about])


def _reports(counts: Mapping[str, int]) -> list[str]:
    return [f"{Report.Category(category).label} ({count})" for category, count in counts.items()]


def _labels(comments: Iterable[Comment]) -> dict[int, dict[str, str]]:
    """Return what comments may be about on each publication, by its key; one query.

    One that another build prepared is left out: its anchors are shown as they are.
    """
    keys = {comment.publication_id for comment in comments if comment.about}
    publications = Publication.objects.filter(pk__in=keys, prepared_by=build())
    return {
        publication.pk: labels_of(publication.prepared)
        for publication in publications.only("prepared")
    }
