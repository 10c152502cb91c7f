"""Threads: the approved comments of an article, as pages show them.

A thread is drawn from plain tuples and joined as strings, a few microseconds a comment: a template
and model instances cost thirty times as much, and the comments are most of what a page with many
of them costs. What is read, and in which order, is said by ``comments.reading``.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from html import escape
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from comments.models import DEEPEST, STEP, Comment
from comments.reading import Row, Stretch, Threads, approved
from publishing.markup.safe_html import trusted
from publishing.parts import parts


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


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thread is shown.

    ``article_url`` is the page that the anchors of ``labels`` are on; ``comments_url`` the
    article's page of comments; ``reply_url`` the address that a comment's number completes to a
    form, empty while nobody may reply; ``chosen`` is the key of the comment that the page is
    about; ``marks`` what stands beside comments that are suggestions, as HTML.
    """

    article_url: str
    reply_url: str
    labels: Callable[[], Mapping[str, str]]
    comments_url: str = ""
    chosen: int = 0
    marks: Mapping[int, str] = field(default_factory=dict)


def threads_html(shown: Threads, place: Place) -> SafeString:
    """Return the beginnings of threads as nested lists, each with a link to the rest of it."""
    drawing = _Drawing(place)
    for thread in shown.threads:
        drawing.add(thread.root)
        for row in thread.replies:
            drawing.add(row)
        if thread.after:
            drawing.add_rest(thread.root.pk, thread.after, thread.more)
    return drawing.finish()


def stretch_html(stretch: Stretch, place: Place) -> SafeString:
    """Return a stretch of one thread as nested lists, below what it stands below."""
    drawing = _Drawing(place)
    for row in stretch.above:
        drawing.add(row, is_repeated=row.pk != place.chosen)
    for row in stretch.rows:
        drawing.add(row)
    return drawing.finish()


def list_html(rows: Iterable[Row], place: Place) -> SafeString:
    """Return comments one below the other, each alone, with a link to its answers."""
    drawing = _Drawing(place)
    for row in rows:
        drawing.add(row, level=1)
        if row.replies_shown:
            drawing.add_answers(row)
    return drawing.finish()


def quoted_html(comment: Comment, place: Place) -> SafeString:
    """Return one comment as a thread shows it, above the form that answers it."""
    row = Row(
        pk=comment.pk,
        path=comment.path,
        parent=comment.parent_id,
        state=comment.state,
        name=comment.name,
        by_newsroom=int(comment.is_staff),
        written_at=comment.created_at.astimezone(UTC).isoformat(),
        changed_at=comment.edited_at.isoformat() if comment.edited_at else None,
        pinned_since=None,
        about=comment.about,
        html=comment.body_html,
        body=comment.body,
        helpful=comment.helpful,
        replies_shown=comment.replies_shown,
        score=comment.score,
    )
    drawing = _Drawing(replace(place, reply_url=""), has_actions=False)
    drawing.add(row, level=1)
    return drawing.finish()


# Drawing


class _Drawing:
    """Comments as nested lists, drawn one after the other as a thread is read.

    Whatever paths it is given, every list and every item is closed where it belongs.
    """

    def __init__(self, place: Place, *, has_actions: bool = True) -> None:
        self.place = place
        self.words = _Words(place)
        self.has_actions = has_actions
        self.pieces: list[str] = []
        self.open = 0
        # Who wrote what stands on the page: on the deepest level a place does not say it.
        self.names: dict[int, str] = {}

    def add(self, row: Row, *, level: int = 0, is_repeated: bool = False) -> None:
        """Draw one row, ``level`` deep if that is not what its path says."""
        self._open(level or len(row.path) // STEP)
        if row.state == Comment.State.APPROVED:
            self.pieces.append(self._comment(row, is_repeated))
        else:
            self.pieces.append(self.words.stub(row.state))

    def add_rest(self, root: int, after: str, count: int) -> None:
        """Draw the link to the replies of a thread behind ``after``."""
        words = ngettext("%(count)s more reply", "%(count)s more replies", count)
        url = f"{self.place.comments_url}?thread={root}&amp;after={after}"
        self._add_link(url, words % {"count": f"{count:,}"}, self.names.get(root, ""))

    def add_answers(self, row: Row) -> None:
        """Draw the link to the answers of a comment that stands alone."""
        words = ngettext("%(count)s reply", "%(count)s replies", row.replies_shown)
        words = words % {"count": f"{row.replies_shown:,}"}
        self._add_link(self.words.url_of(row.pk), words, self.names[row.pk])

    def finish(self) -> SafeString:
        """Return the HTML; nothing without rows."""
        if not self.pieces:
            return trusted("")
        self._close(1)
        return trusted(f'<ol class="thread">{"".join(self.pieces)}</li></ol>')

    def _open(self, level: int) -> None:
        """Begin an item on a level, one below the present one at the most."""
        if level > self.open:
            self.pieces.append('<ol class="thread">' if self.open else "")
            self.open += 1
        else:
            self._close(level)
            self.pieces.append("</li>")

    def _close(self, level: int) -> None:
        """Close the lists below an item that is open on ``level``."""
        if self.open > level:
            self.pieces.append("</li></ol>" * (self.open - level))
            self.open = level

    def _add_link(self, url: str, words: str, name: str) -> None:
        self._close(1)
        of_whom = self.words.to_whom(name) if name else ""
        self.pieces.append(
            f'<p class="thread-more"><a href="{url}">{escape(words)}{of_whom}</a></p>'
        )

    def _comment(self, row: Row, is_repeated: bool) -> str:
        words, place, pk = self.words, self.place, row.pk
        who = self.names[pk] = escape(row.name)
        marks = " is-chosen" if pk == place.chosen else " is-repeated" if is_repeated else ""
        head = [
            words.staff if row.by_newsroom else "",
            words.pinned if row.pinned_since else "",
            f'<a class="comment-when" href="{words.url_of(pk)}">{words.time(row.written_at)}</a>',
            words.changed if row.changed_at else "",
        ]
        lines = [
            self._answered(row) if row.level == DEEPEST else "",
            _about(row.about, place) if row.about else "",
            place.marks.get(pk, ""),
            f'<div class="comment-body">{row.html}</div>',
            words.actions(pk, who, row.helpful) if self.has_actions else "",
        ]
        return (
            f'<li class="comment{marks}" id="comment-{pk}">'
            f'<p class="comment-head"><b class="comment-name">{who}</b> {"".join(head)}</p>'
            f"{''.join(lines)}"
        )

    def _answered(self, row: Row) -> str:
        """Return whom a comment on the deepest level answers, if it stands beside that."""
        name = self.names.get(row.parent or 0)
        if not name or row.path[-2 * STEP : -STEP] == f"{row.parent:0{STEP}}":
            return ""
        link = f'<a href="#comment-{row.parent}">{name}</a>'
        return f'<p class="comment-about">{self.words.answers} {link}</p>'


def _about(anchor: str, place: Place) -> str:
    """Return the line that names what a comment is about, while that is still on the page."""
    label = place.labels().get(anchor)
    if not label:
        return ""
    link = f'<a href="{escape(place.article_url)}#{escape(anchor)}">{escape(label)}</a>'
    return f'<p class="comment-about">{escape(_("About"))} {link}</p>'


class _Words:
    """What stands beside every comment, looked up once a thread."""

    def __init__(self, place: Place) -> None:
        self.staff = f'<span class="badge">{escape(_("Staff"))}</span> '
        self.pinned = f'<span class="badge is-pinned">{escape(_("Pinned"))}</span> '
        self.changed = f' <span class="comment-changed">{escape(_("edited"))}</span>'
        self.answers = escape(_("In reply to"))
        self.reply, self.report = escape(_("Reply")), escape(_("Report"))
        self.helpful = escape(_("Helpful"))
        self.to, self.of = escape(_("to")), escape(_("comment by"))
        self.reply_url = escape(place.reply_url)
        self.before_pk, self.after_pk = reverse("comments:comment", args=[0]).split("0")
        self.language = get_language()
        self.zone = timezone.get_current_timezone()

    def url_of(self, pk: int) -> str:
        """Return the address of a comment."""
        return f"{self.before_pk}{pk}{self.after_pk}"

    def to_whom(self, who: str) -> str:
        """Return to whom a link belongs, for those who hear it apart from the comment."""
        return f'<span class="visually-hidden"> {self.to} {who}</span>'

    def actions(self, pk: int, who: str, helpful: int) -> str:
        """Return the links of what a reader may do about a comment."""
        own, count = self.url_of(pk), f" ({helpful:,})" if helpful else ""
        whose = f'<span class="visually-hidden">: {self.of} {who}</span>'
        reply = (
            f'<a href="{self.reply_url}{pk}#comment-form" rel="nofollow">{self.reply}'
            f"{self.to_whom(who)}</a> "
            if self.reply_url
            else ""
        )
        return (
            f'<p class="comment-actions">{reply}'
            f'<a class="comment-vote" href="{own}vote/" rel="nofollow">{self.helpful}{count}{whose}'
            f'</a> <a href="{own}report/" rel="nofollow">{self.report}{whose}</a></p>'
        )

    def stub(self, state: str) -> str:
        """Return what stands in the place of a comment that is not shown any more."""
        if state == Comment.State.REMOVED:
            words = _("The comment that stood here was removed by its writer.")
        elif state == Comment.State.PENDING:
            words = _("The comment that stood here is being read again by an editor.")
        else:
            words = _("The comment that stood here was taken down.")
        return f'<li class="comment is-gone"><p class="comment-head">{escape(words)}</p>'

    def time(self, written_at: str) -> str:
        """Return a moment as HTML, in the site's zone: 20 Nov 2026, 09:14."""
        here = datetime.fromisoformat(written_at).replace(tzinfo=UTC).astimezone(self.zone)
        day = _day(here.year, here.month, here.day, self.language)
        exact = f"{written_at[:10]}T{written_at[11:16]}Z"
        return f'<time datetime="{exact}">{day}, {here.hour:02}:{here.minute:02}</time>'


@lru_cache(maxsize=1024)
def _day(year: int, month: int, day: int, language: str) -> str:
    # By language too, which date_format reads from where nobody sees it.
    return escape(date_format(date(year, month, day), "j M Y"))
