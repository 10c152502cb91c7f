"""The search for readers: what is live and holds what was asked, the best first.

``find`` costs one query when something is found and three at the most; showing
a page of it costs two more.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F
from django.urls import reverse

from articles.lists import in_context
from articles.models import PublicRowQuerySet, PublishedPassage
from articles.passages import ARTICLE, PERSON, each_person_once, index, kinds
from publishing.full_text import Asked, in_pieces, read_asked
from publishing.full_text.asking import MOST_TERMS, words_of
from publishing.full_text.spelling import folded, nearest
from publishing.full_text.words import Marked, Piece

TITLES_LOOKED_AT = 80
SUGGESTIONS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: how much of each kind, and the rows, the best first.

    ``corrected`` is what was searched for instead, where nothing holds what was asked.
    """

    rows: PublicRowQuerySet
    asked: Asked
    counts: dict[str, int] = field(default_factory=dict)
    corrected: str = ""

    @property
    def count(self) -> int:
        """How much was found of all kinds."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Result:
    """One thing found, as ``website/_result.html`` wants it."""

    kind: str
    title: list[Piece]
    text: list[Piece]
    url: str
    article: dict[str, str]
    updated_at: Any
    number: int


def find(passages: PublicRowQuerySet, typed: str) -> Found:
    """Return what ``passages``, which readers may see, hold of what was typed.

    If that is nothing, words are taken for the nearest that stand in a title.
    """
    passages = each_person_once(passages)
    asked = read_asked(typed)
    if not asked:
        return Found(passages.none(), asked)
    found = _of(passages, asked)
    if found.count:
        return found
    corrected = _corrected(passages, typed, asked)
    return _of(passages, read_asked(corrected), corrected) if corrected else found


def _of(passages: PublicRowQuerySet, asked: Asked, corrected: str = "") -> Found:
    holding = passages.filter(pk__in=index().matching(asked))
    counted = holding.order_by().values_list("kind").annotate(Count("pk"))
    return Found(index().ranked(passages, asked), asked, dict(counted), corrected)


def _corrected(passages: PublicRowQuerySet, typed: str, asked: Asked) -> str:
    """Return what was typed with the words that no title holds taken for the nearest; or ""."""
    near = index().resembling(passages, asked.words)
    known: dict[str, str] = {}
    # The words of the nearest title first: of two as near, the first is taken.
    for title in near.values_list("title", flat=True)[:TITLES_LOOKED_AT]:
        for word in words_of(title):
            known.setdefault(folded(word), word)
    meant = [_meant(word, known) for word in words_of(typed)]
    return " ".join(meant) if meant != list(words_of(typed)) else ""


def _meant(word: str, known: dict[str, str]) -> str:
    if folded(word) in known:
        return word
    found = nearest(word, known.values())
    return found.lower() if found and word.islower() else found or word


def listed(rows: PublicRowQuerySet) -> PublicRowQuerySet:
    """Passages with all that ``results`` shows of them, in one query."""
    said = {"updated_at": F("publication__updated_at"), "number": F("publication__number")}
    return in_context(rows).annotate(**said).defer("text")


def results(rows: Iterable[PublishedPassage], asked: Asked) -> list[Result]:
    """Return rows from ``listed`` as the page shows them; one query for their passages."""
    rows = list(rows)
    marked = index().marked([row.pk for row in rows], asked)
    names = {kind.name: kind.one for kind in kinds()}
    return [
        Result(
            kind=names.get(row.kind, ""),
            title=in_pieces(found.title),
            text=in_pieces(found.text),
            url=address_of_passage(row),
            article=_place(row),
            updated_at=row.updated_at,
            number=row.number,
        )
        for row in rows
        # A passage that went between two queries is not shown.
        if (found := marked.get(row.pk))
    ]


def address_of_passage(row: Any) -> str:
    """Return where a row from ``in_context`` stands: its place on the page, or its own page."""
    if row.kind == PERSON.name:
        return reverse("person", args=[row.anchor])
    page = reverse("articles:article", args=[row.article_slug])
    return f"{page}#{row.anchor}" if row.anchor else page


def _place(row: Any) -> dict[str, str]:
    """Return title and address of the explainer that something stands in; empty for itself."""
    if row.kind in (ARTICLE.name, PERSON.name):
        return {"title": "", "url": ""}
    return {
        "title": row.article_title,
        "url": reverse("articles:article", args=[row.article_slug]),
    }


# While typing


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place to go at once: what it is called, what it is and where it stands, its address."""

    title: str
    detail: str
    url: str


def suggestions(passages: PublicRowQuerySet, typed: str) -> list[Suggestion]:
    """Return at most ``SUGGESTIONS`` rows in whose title words begin with all words typed.

    Explainers first, then what else counts more; of what counts the same, the newest.
    """
    words = words_of(typed)[:MOST_TERMS]
    rows = index().beginning_with(each_person_once(passages), words)
    rows = in_context(rows).defer("text").order_by("-weight", "-publication__updated_at", "pk")
    names = {kind.name: kind.one for kind in kinds()}
    return [
        Suggestion(
            title=row.title,
            detail=", ".join(filter(None, [str(names.get(row.kind, "")), _place(row)["title"]])),
            url=address_of_passage(row),
        )
        for row in rows[:SUGGESTIONS]
    ]


# For the filters of other lists


def holds_words(passages: PublicRowQuerySet, typed: str) -> tuple[Asked, PublicRowQuerySet]:
    """Return what was asked, and those of ``passages`` that hold it: for filters of other lists."""
    asked = read_asked(typed)
    if not asked:
        return asked, passages.none()
    return asked, passages.filter(pk__in=index().matching(asked))


def marks_of(passages: Iterable[int], asked: Asked) -> dict[int, Marked]:
    """Return title and passage of rows, with marks where they hold what was asked; one query."""
    return dict(index().marked(passages, asked))
