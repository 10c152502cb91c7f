"""The panels that readers write in: did it help, and the comments."""

from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.page import row_slot
from comments.crediting import marks
from comments.describing import described
from comments.forms import CommentForm
from comments.reading import DEFAULT, ORDERS, counts_of, threads
from comments.rules import closes_at, rules_for, takes_comments
from comments.threads import Place, labels_of, threads_html
from publishing.markup.safe_html import json_for_script, trusted
from publishing.pages import Page
from publishing.parts import Panel
from publishing.stamps import comments_stamp

VOTES_ARE_SHOWN_WITHIN = timedelta(minutes=1)
"""Votes touch no page, so a page that shows or orders by them is made anew after a while."""


def holds_for_votes(page: Page, shown: Iterable[Any]) -> None:
    """Note on a page that what it shows of comments changes with votes, which touch no stamp."""
    if shown:
        page.holds_until(page.at + VOTES_ARE_SHOWN_WITHIN)


class Feedback(Panel):
    """Did it help? Two buttons; what follows has a page of its own."""

    name = "feedback"
    title = gettext_lazy("Did this article help you?")
    order = 90
    template = "comments/_feedback_panel.html"
    is_for_latest_only = True

    def context(self, page: Any) -> dict[str, Any]:
        return {
            "action": reverse("discussion:feedback", args=[page.slug]),
            "version": page.publication.number,
            "suggest_url": reverse("discussion:suggest", args=[page.slug]),
            "ask_url": reverse("discussion:ask", args=[page.slug]),
        }


class Comments(Panel):
    """The beginnings of the first threads, and the form.

    The threads, all counts and what search engines read of them are slots: they change, and the
    article is not rendered again.
    """

    name = "comments"
    title = gettext_lazy("Comments")
    order = 100
    template = "comments/_comments_panel.html"
    is_for_latest_only = True

    def is_in_contents(self, page: Any) -> bool:
        return True

    def context(self, page: Any) -> dict[str, Any]:
        rules = rules_for(page.publication.article_id)
        until = closes_at(page.publication, rules)
        page.holds_until(until)
        is_open = takes_comments(page.publication, page.at, rules)
        return {
            "count": page.slot("comments-count"),
            "thread": page.slot("comments"),
            "is_open": is_open,
            "until": until if page.publication.comments_open else None,
            "rules": rules,
            "form": CommentForm() if is_open else None,
            "action": reverse("discussion:comments", args=[page.slug]),
        }

    def feeds(self, page: Any) -> Iterable[tuple[str, str]]:
        title = _("Comments on “%(title)s”") % {"title": page.title}
        return [(reverse("discussion:feed", args=[page.slug]), title)]

    def stamps(self, article_uid: str) -> Iterable[str]:
        return [comments_stamp(article_uid)]

    def slots_in_data(self, page: Any) -> dict[str, str]:
        return {"commentCount": "comments-count-data", "comment": "comments-data"}

    def slots(self, page: Any) -> dict[str, str]:
        article_id = page.publication.article_id
        shown = threads(article_id)
        holds_for_votes(page.looked, shown.threads)
        counts = counts_of(article_id)
        own_url = reverse("discussion:comments", args=[page.slug])
        is_open = takes_comments(page.publication, page.at)
        labels = cache(lambda: labels_of(page.prepared))
        place = Place(
            article_url="",
            reply_url=f"{own_url}?reply_to=" if is_open else "",
            labels=labels,
            comments_url=own_url,
            marks=marks(article_id, page.at, among=[row.pk for row in shown.rows]),
        )
        around = {
            "thread": threads_html(shown, place),
            "has_several": len(shown.threads) > 1,
            "order": DEFAULT,
            "orders": ORDERS.values(),
            "default": DEFAULT,
            "after": shown.after,
            "comments_url": own_url,
        }
        data = described(shown.rows, base_url=page.base_url, article_url=page.absolute_url)
        return {
            "comments-count": f'<span class="count">{counts.shown:,}</span>',
            "comments": render_to_string("comments/_threads.html", around),
            "comments-count-data": str(counts.shown),
            "comments-data": json_for_script(data),
            **_beside_rows(labels(), counts.about, own_url, is_open=is_open),
        }


def _beside_rows(
    labels: dict[str, str], counts: dict[str, int], own_url: str, *, is_open: bool
) -> dict[str, SafeString | str]:
    """Return what stands beside each row: a link to what readers say about it."""
    return {
        row_slot(anchor): _link_about(anchor, label, counts.get(anchor, 0), own_url)
        for anchor, label in labels.items()
        if is_open or anchor in counts
    }


def _link_about(anchor: str, label: str, count: int, own_url: str) -> SafeString:
    if count:
        words = ngettext("%(count)s comment about this", "%(count)s comments about this", count)
        words = words % {"count": f"{count:,}"}
    else:
        words = _("Comment on this")
    return format_html(
        '<a href="{}?about={}"{}>{}<span class="visually-hidden">: {}</span></a>',
        own_url,
        anchor,
        "" if count else trusted(' rel="nofollow"'),
        words,
        label,
    )
