"""Exporting comments: everything about them as one JSON file, row by row.

What is exported imports to the same (comments/importing/on_record.py). Not in it are what proves
or hides who somebody is (tokens, hashed networks, who voted), what can be made again (HTML, paths,
counts of replies), and, unless asked for, e-mail addresses.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import batched
from typing import Any, TextIO

from django.db.models import Model, QuerySet

from articles.models import Address, Article
from comments.models import Comment, Follow, Report, Suggestion, Transition

FORMAT, VERSION = "on-record-comments", 1
BATCH = 500

Row = dict[str, Any]
# Copied as they are; a row leaves out what is empty.
PLAIN = ("state", "name", "about", "body", "held_by", "is_staff", "helpful", "unhelpful",
         "spam_score")  # fmt: skip
MOMENTS = ("created_at", "edited_at", "decided_at", "pinned_at")
OF_SUGGESTION = ("kind", "state", "about", "about_title", "text", "source", "name", "credit",
                 "reply")  # fmt: skip


def export_comments(
    file: TextIO,
    *,
    article: Article | None = None,
    with_addresses: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Write all comments, or those of one article, and return how many.

    The file is written as the rows are read: a few hundred are in memory at a time.
    """

    def of(rows: QuerySet) -> QuerySet:
        return rows.filter(article=article) if article else rows

    count = 0
    file.write(f'{{"format": "{FORMAT}", "version": {VERSION}')
    _write(file, "articles", _articles(article))
    count = _write(file, "comments", _comments(of(Comment.objects), with_addresses), progress)
    _write(file, "suggestions", _suggestions(of(Suggestion.objects), with_addresses))
    if with_addresses:
        _write(file, "follows", _follows(of(Follow.objects)))
    file.write("}\n")
    return count


def key_of(comment: Comment, imported: str | None = None) -> str:
    """Return the key under which any site knows a comment: the one that it came with, or its own.

    Its own holds the moment too, as every site numbers from one.
    """
    return (
        imported or f"on-record:{comment.pk}:{comment.created_at.astimezone(UTC):%Y%m%dT%H%M%S%f}"
    )


def _write(
    file: TextIO,
    section: str,
    rows: Iterator[Row],
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    count = 0
    file.write(f',\n"{section}": [')
    for count, row in enumerate(rows, start=1):
        file.write(",\n" if count > 1 else "\n")
        json.dump(row, file, ensure_ascii=False)
        progress(1)
    file.write("\n]")
    return count


def _articles(article: Article | None) -> Iterator[Row]:
    """The articles that have comments, by uid, with the addresses that lead to them."""
    articles = Article.objects.filter(pk=article.pk) if article else Article.objects.all()
    for some in batched(articles.only("uid", "title").order_by("pk").iterator(BATCH), BATCH):
        slugs: dict[int, list[str]] = {}
        for address in Address.objects.filter(article__in=some):
            slugs.setdefault(address.article_id, []).append(address.slug)
        has_comments = set(
            Comment.objects.filter(article__in=some).order_by().values_list("article").distinct()
        )
        for one in some:
            if (one.pk,) in has_comments:
                yield {"uid": str(one.uid), "title": one.title, "addresses": slugs.get(one.pk, [])}


def _comments(comments: QuerySet, with_addresses: bool) -> Iterator[Row]:
    for some in _in_batches(comments.select_related("article", "publication", "imported")):
        rows = _Beside(some, with_addresses)
        for comment in some:
            yield rows.of(comment)


def _in_batches(rows: QuerySet) -> Iterator[list[Any]]:
    """Yield rows in order of their keys, each batch by a jump to behind the last one."""
    last = 0
    while some := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield some
        last = some[-1].pk


class _Beside:
    """What belongs to a batch of comments, in a fixed number of queries."""

    def __init__(self, comments: list[Comment], with_addresses: bool) -> None:
        self.with_addresses = with_addresses
        keys = [comment.pk for comment in comments]
        parents = {comment.parent_id for comment in comments if comment.parent_id}
        self.parents = {
            parent.pk: key_of(parent, _imported(parent))
            for parent in Comment.objects.filter(pk__in=parents)
            .select_related("imported")
            .only("created_at", "imported__key")
        }
        self.transitions = _grouped(
            Transition.objects.filter(comment__in=keys).select_related("by"), "comment_id"
        )
        self.reports = _grouped(
            Report.objects.filter(comment__in=keys).select_related("settled_by").order_by("pk"),
            "comment_id",
        )
        people = Comment.objects.filter(pk__in=keys, decided_by__isnull=False)
        self.deciders = dict(people.values_list("pk", "decided_by__username"))
        readers = Comment.objects.filter(pk__in=keys, reader__isnull=False)
        self.addresses = dict(readers.values_list("pk", "reader__email")) if with_addresses else {}

    def of(self, comment: Comment) -> Row:
        row = {
            "key": key_of(comment, _imported(comment)),
            "article": str(comment.article.uid),
            "publication": comment.publication.number,
            "parent": self.parents.get(comment.parent_id, ""),
            **{name: getattr(comment, name) for name in PLAIN},
            **{name: said(getattr(comment, name)) for name in MOMENTS},
            "decided_by": self.deciders.get(comment.pk, ""),
            "transitions": [_transition(one) for one in self.transitions.get(comment.pk, [])],
            "reports": [_report(one) for one in self.reports.get(comment.pk, [])],
        }
        if address := self.addresses.get(comment.pk):
            row |= {"email": address, "confirmed_at": said(comment.confirmed_at)}
        return _filled(row)


def _imported(comment: Comment) -> str | None:
    return comment.imported.key if hasattr(comment, "imported") else None


def _transition(one: Transition) -> Row:
    who = one.by.get_username() if one.by else ""
    return _filled(
        {"before": one.before, "after": one.after, "at": said(one.at), "by": who,
         "reason": one.reason}
    )  # fmt: skip


def _report(one: Report) -> Row:
    who = one.settled_by.get_username() if one.settled_by else ""
    return _filled(
        {"category": one.category, "text": one.text, "made_at": said(one.made_at),
         "settled_at": said(one.settled_at), "settled_by": who}
    )  # fmt: skip


def _suggestions(suggestions: QuerySet, with_addresses: bool) -> Iterator[Row]:
    beside = ("article", "publication", "comment__imported", "reader", "decided_by")
    for some in _in_batches(suggestions.select_related(*beside)):
        for one in some:
            comment = one.comment
            yield _filled(
                {
                    "article": str(one.article.uid),
                    "publication": one.publication.number,
                    "comment": key_of(comment, _imported(comment)) if comment else "",
                    **{name: getattr(one, name) for name in OF_SUGGESTION},
                    "led_to": str(one.led_to or ""),
                    "made_at": said(one.made_at),
                    "decided_at": said(one.decided_at),
                    "decided_by": one.decided_by.get_username() if one.decided_by else "",
                    "email": one.reader.email if with_addresses and one.reader else "",
                }
            )


def _follows(follows: QuerySet) -> Iterator[Row]:
    for some in _in_batches(follows.select_related("reader", "article", "comment__imported")):
        for one in some:
            comment = one.comment
            yield _filled(
                {
                    "article": str(one.article.uid),
                    "comment": key_of(comment, _imported(comment)) if comment else "",
                    "email": one.reader.email,
                    "made_at": said(one.made_at),
                    "confirmed_at": said(one.confirmed_at),
                }
            )


def said(moment: datetime | None) -> str:
    """Return a moment as text, in UTC, to the microsecond; nothing for none."""
    return moment.astimezone(UTC).isoformat() if moment else ""


def _filled(row: Row) -> Row:
    """Leave out what is empty: it says nothing, and the file is a third shorter."""
    return {name: value for name, value in row.items() if value not in ("", 0, None, False, [])}


def _grouped(rows: QuerySet, field: str) -> dict[int, list[Model]]:
    grouped: dict[int, list[Model]] = {}
    for row in rows:
        grouped.setdefault(getattr(row, field), []).append(row)
    return grouped
