"""The panels that readers write in: did it help, and the comments."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy, ngettext

from comments.crediting import marks
from comments.forms import CommentForm
from comments.threads import ON_THE_ARTICLE, Place, Stretch, beginning, labels_of, thread_html
from publishing.markup import escape_join
from publishing.parts import Panel
from publishing.stamps import comments_stamp


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
            "suggest_url": reverse("discussion:suggest", args=[page.slug]),
            "ask_url": reverse("discussion:ask", args=[page.slug]),
        }


class Comments(Panel):
    """The thread and the form.

    The thread and its count are slots: they change, and the article is not rendered again.
    """

    name = "comments"
    title = gettext_lazy("Comments")
    order = 100
    template = "comments/_comments_panel.html"
    is_for_latest_only = True

    def is_in_contents(self, page: Any) -> bool:
        return True

    def context(self, page: Any) -> dict[str, Any]:
        page.holds_until(page.publication.comments_until)
        is_open = page.publication.takes_comments(page.at)
        return {
            "count": page.slot("comments-count"),
            "thread": page.slot("comments"),
            "is_open": is_open,
            "until": page.publication.comments_until if page.publication.comments_open else None,
            "form": CommentForm() if is_open else None,
            "action": reverse("discussion:comments", args=[page.slug]),
        }

    def stamps(self, article_uid: str) -> Iterable[str]:
        return [comments_stamp(article_uid)]

    def slots(self, page: Any) -> dict[str, str]:
        stretch = beginning(page.publication.article_id, ON_THE_ARTICLE)
        own_url = reverse("discussion:comments", args=[page.slug])
        is_open = page.publication.takes_comments(page.at)
        place = Place(
            article_url="",
            reply_url=f"{own_url}?reply_to=" if is_open else "",
            labels=cache(lambda: labels_of(page.prepared)),
            marks=marks(
                page.publication.article_id, page.at, among=[row[0] for row in stretch.rows]
            ),
        )
        thread = thread_html(stretch.rows, place)
        return {
            "comments-count": f'<span class="count">{stretch.total:,}</span>',
            "comments": escape_join([thread, _the_rest(stretch, own_url)]),
        }


def _the_rest(stretch: Stretch, own_url: str) -> str:
    """Return a link to the comments that the article's own page has no room for."""
    if not stretch.after:
        return ""
    more = stretch.total - len(stretch.rows)
    words = ngettext("Read %(count)s more comment", "Read %(count)s more comments", more)
    return format_html(
        '<p class="thread-more"><a href="{}?after={}">{}</a></p>',
        own_url,
        stretch.after,
        words % {"count": f"{more:,}"},
    )
