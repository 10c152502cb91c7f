"""Crediting: whose suggestion led to what, in which version, and as whom they are named."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.amending import amend_scheduled
from articles.documents import Document
from articles.models import Address, Publication
from articles.recording import record
from comments import suggestion_telling
from comments.models import Suggestion
from comments.models.suggestions import SuggestionQuerySet
from comments.suggestion_words import led_to_words, mark_of
from publishing.parts import part_that_takes, parts
from publishing.row_values import Differences

Kind, State, Credit = Suggestion.Kind, Suggestion.State, Suggestion.Credit


def marks(
    article_id: int, at: datetime, *, among: Iterable[int] | None = None
) -> dict[int, SafeString]:
    """Return what stands beside the comments on an article that are suggestions: one query.

    By the comment's key, as HTML: that it suggests a correction, or the first version that has what
    it led to, with a link to the change. ``among`` are the keys of the comments that a page shows,
    all unless given: then it costs what the page holds, however much was suggested.
    """
    found = _with_slug(_with_comment(article_id, among))
    shown = found.exclude(state=State.WITHDRAWN).with_version(at).order_by()
    return {
        comment: _mark(kind, version if state == State.ACCEPTED else None, slug)
        for comment, kind, state, version, slug in shown.values_list(
            "comment", "kind", "state", "version", "slug"
        )
    }


def _mark(kind: str, version: int | None, slug: str | None) -> SafeString:
    if version and slug:
        words = led_to_words(kind, version)
        return format_html(
            '<p class="comment-mark"><a href="{}">{}</a></p>', changes_url(slug, version), words
        )
    return format_html('<p class="comment-mark">{}</p>', mark_of(kind))


def _with_comment(article_id: int, among: Iterable[int] | None) -> SuggestionQuerySet:
    found = Suggestion.objects.filter(article=article_id, comment__isnull=False)
    return found if among is None else found.filter(comment__in=list(among))


def _with_slug(suggestions: SuggestionQuerySet) -> SuggestionQuerySet:
    present = Address.objects.filter(article=OuterRef("article"), is_current=True)
    return suggestions.annotate(slug=Subquery(present.values("slug")[:1]))


def changes_url(slug: str, version: int) -> str:
    """Return the address of what changed in a version."""
    return reverse("articles:changes", kwargs={"slug": slug, "number": version})


def by_version(article_id: int, at: datetime) -> dict[int, str]:
    """Return what readers contributed to each version of an article, in a sentence; one query."""
    found = Suggestion.objects.filter(article=article_id).published(at).order_by()
    counted = Counter(found.values_list("version", "kind"))
    versions = sorted({version for version, _kind in counted})
    return {version: _contributed(version, counted) for version in versions}


def _contributed(version: int, counted: Counter[tuple[int, str]]) -> str:
    corrections, questions = counted[version, Kind.CORRECTION], counted[version, Kind.QUESTION]
    sentences = []
    if corrections:
        words = ngettext(
            "%d correction suggested by a reader",
            "%d corrections suggested by readers",
            corrections,
        )
        sentences.append(words % corrections)
    if questions:
        words = ngettext(
            "%d question of a reader answered", "%d questions of readers answered", questions
        )
        sentences.append(words % questions)
    return ", ".join(sentences)


def credit_words(suggestion: Suggestion) -> str:
    """Return as whom its writer wishes to be named, empty for not at all."""
    if suggestion.credit == Credit.NAME:
        return suggestion.name
    return _("a reader") if suggestion.credit == Credit.READER else ""


def name_in_rows(suggestion: Suggestion, *, at: datetime) -> None:
    """Name its writer as they wish in the row it led to, in the draft and in what is scheduled.

    The article is locked. What has begun is not touched.
    """
    part = part_that_takes(suggestion.kind)
    if suggestion.led_to is None or part is None:
        return
    uid, credit = str(suggestion.led_to), credit_words(suggestion)
    row = part.model._default_manager.filter(uid=uid, article=suggestion.article).first()
    if row is not None:
        plain = part.read_row(row)
        if (named := part.name_bringer(plain, credit)) != plain:
            part.write_row(row, named, row.position, Differences())
            record(suggestion.article, by=None)

    def named_in(document: Document) -> Document:
        data = document["parts"].get(part.name)
        if not data:
            return document
        rows = [
            part.name_bringer(one, credit) if one["uid"] == uid else one for one in data["rows"]
        ]
        return {**document, "parts": {**document["parts"], part.name: {**data, "rows": rows}}}

    amend_scheduled(suggestion.article, named_in, by=None, at=at)


def tell_writers(publication: Publication) -> None:
    """Leave a mail for the writer of everything that a publication shows and that led to a row.

    Called when it is made, scheduled ones too. Whether it has begun, and was the first to show
    the row, is asked again when the mail goes.
    """
    shown = Q(pk=None)
    for part in parts():
        if part.takes and part.public_model:
            rows = part.public_model._default_manager.filter(publication=publication)
            shown |= Q(kind=part.takes, led_to__in=rows.values("uid"))
    accepted = Suggestion.objects.filter(
        shown,
        article=publication.article_id,
        state=State.ACCEPTED,
        reader__isnull=False,
    )
    found = accepted.with_outcome().select_related("reader")
    for suggestion in found.order_by("pk"):
        if suggestion.version in (None, publication.number):
            suggestion_telling.tell_published(suggestion, publication)
