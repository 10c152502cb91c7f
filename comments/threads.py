"""Threads: the approved comments of an article, in order, as pages show them.

A thread is read as plain tuples and joined as strings, a few microseconds a
comment: a template and model instances cost thirty times as much, and the
comments are most of what a page with many of them costs.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from html import escape
from typing import Any

from django.db.models import IntegerField, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from comments.models import STEP, Comment, CommentQuerySet
from publishing.markup import trusted
from publishing.parts import parts

ON_THE_ARTICLE = 200
ON_A_PAGE = 100
AROUND_A_COMMENT = 50

# id, path, name, 1 if by the newsroom, when (ISO 8601, UTC), about, HTML
Row = tuple[int, str, str, int, str, str, str]
# Cast, because what comes out of the database as number and text needs no further converting:
# Django's converters of dates and truth values take longer than the query and the drawing.
COLUMNS = {
    "by_newsroom": Cast("is_staff", IntegerField()),
    "written_at": Cast("created_at", TextField()),
}
ORDER = ("pk", "path", "name", "by_newsroom", "written_at", "about", "body_html")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a thread: its rows, and the path behind which the next one begins.

    ``after`` is empty at the end; ``total`` counts the whole thread, where it was asked for.
    """

    rows: list[Row]
    after: str = ""
    total: int = 0


def approved(article_id: int) -> CommentQuerySet:
    """The comments of an article that readers may see."""
    return Comment.objects.approved().filter(article_id=article_id)


def thread(article_id: int) -> QuerySet:
    """The approved comments of an article in order, as tuples."""
    return approved(article_id).shown().in_thread().annotate(**COLUMNS).values_list(*ORDER)


def beginning(article_id: int, most: int) -> Stretch:
    """Return the first stretch of a thread and its count, in two queries."""
    rows = list(thread(article_id)[: most + 1])
    total = approved(article_id).count()
    return Stretch(rows[:most], _follows(rows, most), total)


def continuation(article_id: int, after: str, most: int) -> Stretch:
    """Return the stretch behind the path ``after``, in two queries.

    Where it begins among replies, the comment they answer is shown again.
    """
    root = after[:STEP]
    rows = list(thread(article_id).filter(path__gt=after)[: most + 1])
    answered = list(thread(article_id).filter(path=root))
    begins_among_replies = bool(rows) and rows[0][1] != root and rows[0][1].startswith(root)
    again = answered if begins_among_replies else []
    return Stretch([*again, *rows[:most]], _follows(rows, most))


def surroundings(article_id: int, path: str) -> Stretch:
    """Return an approved comment with what it answers and what answers it, in one query."""
    root = path[:STEP]
    behind = f"{int(root) + 1:0{STEP}}"
    rows = thread(article_id).filter(Q(path=root) | Q(path__gte=path, path__lt=behind))
    return Stretch(list(rows[:AROUND_A_COMMENT]))


def _follows(rows: list[tuple], most: int) -> str:
    return rows[most - 1][1] if len(rows) > most else ""


def is_path(text: str) -> bool:
    """Is ``text`` the path of a comment, of any level?"""
    return bool(re.fullmatch(rf"(?:[0-9]{{{STEP}}}){{1,8}}", text))


def find_approved(article_id: int, named: str) -> Comment | None:
    """Return the approved comment of the article that a reader names by its number, if any."""
    if not re.fullmatch(r"[0-9]{1,18}", named):
        return None
    return approved(article_id).filter(pk=int(named)).first()


def labels_of(ready: Mapping[str, Any]) -> dict[str, str]:
    """Return what a comment may be about: the ids on an article's page, each with its name.

    ``ready`` is what ``articles.page.prepared`` gives of a publication.
    """
    labels = {f"source-{source['number']}": source["title"] for source in ready["sources"]}
    for part in parts():
        rows = ready["parts"].get(part.name)
        if rows:
            labels[part.name] = str(part.title)
            labels.update({row["id"]: part.row_title(row) for row in rows if row.get("id")})
    return labels


# Drawing


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thread is shown.

    ``article_url`` is the page that the anchors of ``labels`` are on, ``reply_url``
    the address that a comment's number completes to a form, empty while nobody
    may reply; ``chosen`` is the id of the comment that the page is about, ``marks`` what stands
    beside comments that are suggestions, as HTML.
    """

    article_url: str
    reply_url: str
    labels: Callable[[], Mapping[str, str]]
    chosen: int = 0
    marks: Mapping[int, str] = field(default_factory=dict)


def thread_html(rows: Iterable[Row], place: Place) -> SafeString:
    """Return a thread as nested lists. Names are escaped here; bodies are stored as HTML."""
    words = _Words()
    time = words.time
    before_pk, after_pk = reverse("comments:comment", args=[0]).split("0")
    reply_url = place.reply_url
    pieces: list[str] = []
    add = pieces.append
    root = ""
    has_replies = False
    for pk, path, name, is_staff, written_at, about, body_html in rows:
        is_reply = len(path) > STEP
        if not path.startswith(root) or not root:
            if root:
                add("</ol></li>" if has_replies else "</li>")
            root = path[:STEP]
            has_replies = False
            if is_reply:
                add(words.gone)
        if is_reply and not has_replies:
            add('<ol class="thread">')
            has_replies = True
        who = escape(name)
        actions = (
            f'<p class="comment-actions">'
            f'<a href="{reply_url}{pk}#comment-form" rel="nofollow">{words.reply}'
            f'<span class="visually-hidden"> {words.to} {who}</span></a></p>'
            if reply_url
            else ""
        )
        add(
            f'<li class="comment{" is-chosen" if pk == place.chosen else ""}" id="comment-{pk}">'
            f'<p class="comment-head"><b class="comment-name">{who}</b> '
            f"{words.staff if is_staff else ''}"
            f'<a class="comment-when" href="{before_pk}{pk}{after_pk}">{time(written_at)}</a></p>'
            f"{_about(about, place) if about else ''}{place.marks.get(pk, '')}"
            f'<div class="comment-body">{body_html}</div>{actions}{"</li>" if is_reply else ""}'
        )
    if root:
        add("</ol></li>" if has_replies else "</li>")
    return trusted(f'<ol class="thread">{"".join(pieces)}</ol>' if pieces else "")


def quoted_html(comment: Comment, place: Place) -> SafeString:
    """Return one comment as a thread shows it, above the form that answers it."""
    written_at = comment.created_at.astimezone(UTC).isoformat()
    row = (
        *(comment.pk, comment.path[:STEP], comment.name, int(comment.is_staff)),
        *(written_at, comment.about, comment.body_html),
    )
    return thread_html([row], replace(place, reply_url=""))


def _about(anchor: str, place: Place) -> str:
    """Return the line that names what a comment is about, while that is still on the page."""
    label = place.labels().get(anchor)
    if not label:
        return ""
    link = f'<a href="{escape(place.article_url)}#{escape(anchor)}">{escape(label)}</a>'
    return f'<p class="comment-about">{escape(_("About"))} {link}</p>'


class _Words:
    """What stands beside every comment, looked up once a thread."""

    def __init__(self) -> None:
        self.staff = f'<span class="badge">{escape(_("Staff"))}</span> '
        self.reply = escape(_("Reply"))
        self.to = escape(_("to"))
        self.gone = (
            f'<li class="comment is-gone"><p class="comment-head">'
            f"{escape(_('The comment that stood here was taken down.'))}</p>"
        )
        self.language = get_language()
        self.zone = timezone.get_current_timezone()

    def time(self, written_at: str) -> str:
        """Return a moment as HTML, in the site's zone: 20 Nov 2026, 09:14."""
        moment = datetime.fromisoformat(written_at).replace(tzinfo=UTC)
        here = moment.astimezone(self.zone)
        day = _day(here.year, here.month, here.day, self.language)
        exact = f"{written_at[:10]}T{written_at[11:16]}Z"
        return f'<time datetime="{exact}">{day}, {here.hour:02}:{here.minute:02}</time>'


@lru_cache(maxsize=1024)
def _day(year: int, month: int, day: int, language: str) -> str:
    # By language too, which date_format reads from where nobody sees it.
    return escape(date_format(date(year, month, day), "j M Y"))
