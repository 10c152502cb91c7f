"""schema.org's view of comments: what search engines read beside the words themselves."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from comments.reading import Row, answered_by, moment
from publishing.markup.safe_html import json_for_script


def described(rows: Iterable[Row], *, base_url: str, article_url: str) -> list[dict[str, Any]]:
    """Return the comments among rows as schema.org ``Comment``; stubs are none.

    Each names what it answers as its ``parentItem``: another comment, or the article.
    """
    rows = list(rows)
    answered = answered_by(rows)
    before, after = reverse("comments:comment", args=[0]).split("0")

    def url_of(pk: int) -> str:
        return f"{base_url}{before}{pk}{after}"

    return [
        {
            "@type": "Comment",
            "@id": url_of(row.pk),
            "url": url_of(row.pk),
            "text": row.body,
            "author": {"@type": "Person", "name": row.name},
            "datePublished": moment(row.written_at).isoformat(timespec="seconds"),
            **(
                {"dateModified": moment(row.changed_at).isoformat(timespec="seconds")}
                if row.changed_at
                else {}
            ),
            "upvoteCount": row.helpful,
            "parentItem": {
                "@id": url_of(answered[row.pk]) if row.pk in answered else f"{article_url}#article"
            },
        }
        for row in rows
        if row.is_approved
    ]


def article_described(
    rows: Iterable[Row], *, title: str, count: int, base_url: str, article_url: str
) -> SafeString:
    """Return, ready for a script element, an article with the comments of one page.

    Its ``@id`` is that of the article's own page, so that both describe one thing.
    """
    return json_for_script(
        {
            "@context": "https://schema.org",
            "@type": "Article",
            "@id": f"{article_url}#article",
            "url": article_url,
            "headline": title,
            "commentCount": count,
            "comment": described(rows, base_url=base_url, article_url=article_url),
        }
    )
