"""What comments add to the list of articles: how many wait, as a link to them in the queue."""

from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from articles.admin.standing import Column, add_column
from articles.models import Article
from comments.admin.pages import queue_url
from comments.models import Comment


def _waiting() -> dict[str, Any]:
    waiting = Comment.objects.waiting().filter(article=OuterRef("pk")).order_by()
    counted = waiting.values("article").annotate(count=Count("pk")).values("count")
    return {"comments_waiting": Coalesce(Subquery(counted), 0)}


def _show_waiting(article: Article) -> SafeString | str:
    if not article.comments_waiting:
        return "–"
    link = '<span class="desk-links"><a href="{}">{}</a></span>'
    return format_html(link, queue_url(f"article={article.pk}"), article.comments_waiting)


add_column(
    Column(
        name="comments_waiting",
        title=gettext_lazy("comments waiting"),
        annotations=_waiting,
        show=_show_waiting,
    )
)
