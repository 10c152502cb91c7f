"""Checks: what a document still lacks, each with the field that mends it.

Each check is a function from a document, and a few facts that are looked up, to
problems; parts bring their own (``Part.problems``). How much each matters is the
site's choice: see ``levels`` and ``set_levels``.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from articles.auditing import Deed, log
from articles.documents import (
    Document,
    citing_texts,
    images_in_texts,
    part_data,
    prepare,
    upgraded_document,
)
from articles.models import CheckLevel, Publication, PublishedPerson, PublishedTopic
from library.asking import Outcome
from library.models import Source, image_key
from publishing.checks import COMPLETE, Check, Level
from publishing.markup.reading import HIGHEST_HEADING
from publishing.markup.words import citations, facts, headings, links, misplaced, pictures
from publishing.parts import CitingText, Problem, blocks
from publishing.parts import parts as registered_parts
from publishing.readability import HARDEST, is_too_hard, measure

# Longer than this, a summary no longer is one: it stands below the answer and in every list.
MOST_WORDS_IN_SUMMARY = 60

REQUIRED = {
    "title": gettext_lazy("Give the article a title."),
    "question": gettext_lazy("Say which question the article answers."),
    "short_answer": gettext_lazy("Give the short answer."),
    "summary": gettext_lazy("Write the summary that lists show."),
}


class Looked:
    """What checks look up about a document, each thing once and only if it is asked for."""

    def __init__(
        self, document: Document, today: date, prepared: Mapping[str, Any] | None = None
    ) -> None:
        self.document = document
        self.today = today
        self._prepared = prepared

    @cached_property
    def texts(self) -> list[tuple[str, CitingText]]:
        """(part's name, text) of every text that may cite."""
        return list(citing_texts(self.document))

    @cached_property
    def links(self) -> list[tuple[str, CitingText, str]]:
        """(part's name, text, target) of every link to a place on this site."""
        return [
            (name, text, target)
            for name, text in self.texts
            for target in links(text.text)
            if target.startswith(("#", "/"))
        ]

    @cached_property
    def ids(self) -> set[str]:
        """The ids on the page of the document."""
        return ids_on_page(self._prepared or prepare(self.document))

    @cached_property
    def slugs(self) -> dict[str, set[str]]:
        """The slugs that links of the document name, by address, and that readers find."""
        wanted: dict[str, set[str]] = {}
        for _name, _text, target in self.links:
            if place := place_of(target):
                wanted.setdefault(place.name, set()).add(place.slug)
        return {name: LIVE_SLUGS[name](slugs) for name, slugs in wanted.items()}

    @cached_property
    def ids_elsewhere(self) -> dict[str, set[str]]:
        """The ids on the pages of other articles that links of the document go into, by slug."""
        wanted = {
            place.slug
            for _name, _text, target in self.links
            if (place := place_of(target)) and place.name == ARTICLE and place.fragment
        }
        if not wanted:
            return {}
        live = Publication.objects.live().filter(article__addresses__slug__in=wanted)
        found = live.values_list("article__addresses__slug", "prepared")
        return {slug: ids_on_page(prepared) for slug, prepared in found}


Finder = Callable[[Document, Looked], Iterable[Problem]]
_finders: dict[str, tuple[Check, Finder]] = {}


def check(
    name: str, title: Any, asks: Any, *, level: Level = Level.RECOMMENDED
) -> Callable[[Finder], Finder]:
    """Register a function as the check ``name``: it yields the problems that it finds."""

    def register(finder: Finder) -> Finder:
        _finders[name] = (Check(name, title, asks, level), finder)
        return finder

    return register


def checks() -> list[Check]:
    """Return all checks: what every page needs, those of parts, those of whole articles."""
    of_parts = (one for part in registered_parts() for one in part.checks)
    return [COMPLETE, *of_parts, *(own for own, _finder in _finders.values())]


def levels() -> dict[str, Level]:
    """Return the level of every check on this site, by its name; one query."""
    chosen = dict(CheckLevel.objects.values_list("check_name", "level"))
    return {
        one.name: one.level if one.is_fixed else Level(chosen.get(one.name, one.level))
        for one in checks()
    }


@transaction.atomic
def set_levels(wanted: Mapping[str, Level], *, by: AbstractBaseUser | None) -> list[str]:
    """Set the level of checks by their names; return the names of those that changed.

    Raises ``ValidationError`` for a name that is no check, and for one that every page needs.
    """
    known, before = {one.name: one for one in checks()}, levels()
    for name, level in wanted.items():
        if name not in known or (known[name].is_fixed and level != Level.REQUIRED):
            raise ValidationError(_("The check “%s” cannot be set.") % name)
    changed = [name for name, level in wanted.items() if before[name] != level]
    for name in changed:
        CheckLevel.objects.update_or_create(check_name=name, defaults={"level": wanted[name]})
    if changed:
        log(Deed.SET_CHECKS, by=by, **{name: str(wanted[name].label) for name in changed})
    return changed


def found(
    document: Document, *, prepared: Mapping[str, Any] | None = None
) -> list[tuple[Level, Problem]]:
    """Return all that the checks find in a document, with levels, what is required first.

    ``prepared`` is what was prepared for its page, if that was done already.
    """
    document, chosen = upgraded_document(document), levels()
    looked = Looked(document, timezone.localdate(), prepared)
    problems = [
        (chosen.get(problem.check, Level.REQUIRED), problem)
        for problem in _problems(document, looked, chosen)
    ]
    return [
        one for level in (Level.REQUIRED, Level.RECOMMENDED) for one in problems if one[0] == level
    ]


def _problems(document: Document, looked: Looked, chosen: Mapping[str, Level]) -> Iterator[Problem]:
    yield from _missing_fields(document)
    for part in registered_parts():
        data = part_data(document, part.name)
        yield from part.problems(data)
        yield from part.taken_back(data, document["uid"])
        yield from part.problems_beyond(data, document["uid"])
    for own, finder in _finders.values():
        if chosen[own.name] != Level.OFF:
            yield from finder(document, looked)


# What every page needs


def _missing_fields(document: Document) -> Iterator[Problem]:
    for field, message in REQUIRED.items():
        if not (document["article"][field] or "").strip():
            yield Problem(message=str(message), field=field)
    if not document["article"]["written_by"]:
        yield Problem(message=_("Say who wrote the article."), field="written_by")


# The article's own fields


@check(
    "summary-length",
    gettext_lazy("Length of the summary"),
    gettext_lazy("The summary has no more than sixty words."),
)
def long_summary(document: Document, looked: Looked) -> Iterator[Problem]:
    words = len((document["article"]["summary"] or "").split())
    if words > MOST_WORDS_IN_SUMMARY:
        message = _("The summary has %(words)d words. Lists want %(most)d at the most.")
        message %= {"words": words, "most": MOST_WORDS_IN_SUMMARY}
        yield Problem(message, field="summary", check="summary-length")


@check(
    "review-overdue",
    gettext_lazy("Review overdue"),
    gettext_lazy("The day on which the article is due for review has not passed."),
)
def overdue_review(document: Document, looked: Looked) -> Iterator[Problem]:
    due = parse_date(document["article"]["review_due_on"] or "")
    if due and due < looked.today:
        message = _("The review was due on %s. Review the article, then set the next day.")
        message %= date_format(due, "j F Y")
        yield Problem(message, field="review_due_on", check="review-overdue")


# Pictures


@check(
    "image-alternative",
    gettext_lazy("Alternative text of pictures"),
    gettext_lazy("Every picture has an alternative text, or is said to be decorative."),
    level=Level.REQUIRED,
)
def images_without_words(document: Document, looked: Looked) -> Iterator[Problem]:
    for image in images_in(document):
        if not image.get("alt") and not image.get("is_decorative"):
            message = _("The picture “%s” has no alternative text and is not called decorative.")
            yield _of_image(image, message, "alt", "image-alternative")


@check(
    "image-credit",
    gettext_lazy("Credit of pictures"),
    gettext_lazy("Every picture says whose it is."),
)
def images_without_credit(document: Document, looked: Looked) -> Iterator[Problem]:
    for image in images_in(document):
        if not image.get("credit"):
            yield _of_image(image, _("The picture “%s” has no credit."), "credit", "image-credit")


def images_in(data: Any) -> list[dict[str, Any]]:
    """Return the pictures that a document shows, each once."""
    return list({image["uid"]: image for image in _images(data)}.values())


def _images(data: Any) -> Iterator[dict[str, Any]]:
    children = data.values() if isinstance(data, dict) else data
    if isinstance(data, dict) and data.get("file") and data.get("digest"):
        yield data
    for child in children:
        if isinstance(child, dict | list):
            yield from _images(child)


def _of_image(image: dict[str, Any], message: str, field: str, name: str) -> Problem:
    called = image.get("alt") or image.get("caption") or image["file"].rpartition("/")[2]
    return Problem(message % called, "library.image", image["uid"], field, check=name)


# Texts


@check(
    "unknown-source",
    gettext_lazy("Sources cited are known"),
    gettext_lazy("Every source that a text cites is in the library."),
    level=Level.REQUIRED,
)
def unknown_sources(document: Document, looked: Looked) -> Iterator[Problem]:
    known = {source["key"] for source in document["sources"]}
    message = _("“%(label)s” cites [@%(key)s], which is not in the library.")
    return _unknown(looked, _sources, known.__contains__, message, "unknown-source")


@check(
    "unknown-image",
    gettext_lazy("Pictures shown are known"),
    gettext_lazy("Every picture that a text shows is in the library."),
    level=Level.REQUIRED,
)
def unknown_images(document: Document, looked: Looked) -> Iterator[Problem]:
    known = {image_key(image["uid"]) for image in images_in_texts(document)}
    message = _("“%(label)s” shows image:%(key)s, which is not in the library.")
    return _unknown(looked, pictures, known.__contains__, message, "unknown-image")


@check(
    "unknown-fact",
    gettext_lazy("Facts pulled out are known"),
    gettext_lazy("Every fact that a text pulls out is among the key facts."),
    level=Level.REQUIRED,
)
def unknown_facts(document: Document, looked: Looked) -> Iterator[Problem]:
    message = _("“%(label)s” shows fact:%(key)s, which is not among the key facts.")
    # The ids of the page are looked up only if a text pulls out a fact.
    return _unknown(looked, facts, lambda key: f"fact-{key}" in looked.ids, message, "unknown-fact")


@check(
    "misplaced-mark",
    gettext_lazy("Pictures and facts stand between paragraphs"),
    gettext_lazy("No picture or fact is marked in a heading, a table, a link or a drawing."),
    level=Level.REQUIRED,
)
def misplaced_marks(document: Document, looked: Looked) -> Iterator[Problem]:
    message = _(
        "“%(label)s” marks %(key)s in a heading, a table, a link or a drawing, where nothing can "
        "be shown. Give the mark a line of its own, between empty lines."
    )
    return _unknown(looked, misplaced, lambda mark: False, message, "misplaced-mark")


def _unknown(
    looked: Looked,
    keys_in: Callable[[str], Iterable[str]],
    is_known: Callable[[str], bool],
    message: str,
    check_name: str,
) -> Iterator[Problem]:
    """Yield a problem for each key that a text names and that nothing is known by."""
    for name, text in looked.texts:
        for key in keys_in(text.text):
            if not is_known(key):
                told = message % {"label": text.label, "key": key}
                yield _of_text(name, text, told, check_name)


def _sources(text: str) -> Iterable[str]:
    """Return the keys of the sources that a text cites, each once, in order."""
    return dict.fromkeys(citation.key for citation in citations(text))


@check(
    "source-gone",
    gettext_lazy("Addresses of sources"),
    gettext_lazy("No cited source answered, when it was last asked, that nothing is there (404)."),
)
def gone_sources(document: Document, looked: Looked) -> Iterator[Problem]:
    cited = [source["uid"] for source in document["sources"] if source.get("url")]
    for source in Source.objects.filter(uid__in=cited, address_state=Outcome.GONE).order_by("pk"):
        if source.is_gone:
            message = _("Nothing is at the address of “%(source)s” any more, asked on %(day)s.") % {
                "source": source,
                "day": date_format(timezone.localtime(source.address_checked_at), "j F Y"),
            }
            yield Problem(message, "library.source", str(source.uid), "url", check="source-gone")


@check(
    "heading-order",
    gettext_lazy("Order of headings"),
    gettext_lazy("Headings inside a text begin at the highest level and leave none out."),
)
def headings_out_of_order(document: Document, looked: Looked) -> Iterator[Problem]:
    for name, text in looked.texts:
        above = HIGHEST_HEADING - 1
        for heading in headings(text.text):
            if heading.level > above + 1:
                message = _("In “%(label)s” the heading “%(heading)s” leaves a level out.")
                message %= {"label": text.label, "heading": heading.text}
                yield _of_text(name, text, message, "heading-order")
            above = heading.level


@check(
    "hard-to-read",
    gettext_lazy("Hard to read"),
    gettext_lazy("Texts are no harder than grade 14 of the Automated Readability Index (English)."),
)
def hard_texts(document: Document, looked: Looked) -> Iterator[Problem]:
    if not _is_english():
        return
    for name, text in looked.texts:
        measured = measure(text.text)
        if is_too_hard(measured):
            message = _(
                "“%(label)s” is hard to read: grade %(grade)d, where %(most)d is the most. Its "
                "sentences have %(words)d words on average."
            ) % {
                "label": text.label,
                "grade": round(measured.grade),
                "most": HARDEST,
                "words": round(measured.words / measured.sentences),
            }
            yield _of_text(name, text, message, "hard-to-read")


def _is_english() -> bool:
    return (settings.LANGUAGE_CODE or get_language() or "").lower().startswith("en")


def _of_text(name: str, text: CitingText, message: str, check_name: str) -> Problem:
    return Problem(message, part=name, uid=text.uid, field=text.field, check=check_name)


# Links to places on this site

ARTICLE = "articles:article"
_FIGURE_ID = re.compile(r'\bid="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Place:
    """Where a link on this site leads: the name of its address, a slug, a place on the page."""

    name: str
    slug: str
    fragment: str


def _live_articles(slugs: set[str]) -> set[str]:
    live = Publication.objects.live().filter(article__addresses__slug__in=slugs)
    return set(live.values_list("article__addresses__slug", flat=True))


def _live_slugs(model: type[models.Model]) -> Callable[[set[str]], set[str]]:
    return lambda slugs: set(
        model.objects.live().filter(slug__in=slugs).values_list("slug", flat=True)
    )


# Addresses that readers find only while something is live.
LIVE_SLUGS: dict[str, Callable[[set[str]], set[str]]] = {
    ARTICLE: _live_articles,
    "person": _live_slugs(PublishedPerson),
    "topic": _live_slugs(PublishedTopic),
}


@check(
    "broken-link",
    gettext_lazy("Links within the site"),
    gettext_lazy("Links to places on this page and on this site lead somewhere."),
)
def broken_links(document: Document, looked: Looked) -> Iterator[Problem]:
    for name, text, target in looked.links:
        if is_broken(target, looked):
            message = _("In “%(label)s” the link to %(target)s leads nowhere.")
            message %= {"label": text.label, "target": target}
            yield _of_text(name, text, message, "broken-link")


def is_broken(target: str, looked: Looked) -> bool:
    """Does a link that begins with “#” or “/” lead nowhere, or where readers may not go?"""
    if target.startswith("#"):
        return target[1:] not in looked.ids
    path = urlsplit(target).path
    if path.startswith(settings.SESSION_COOKIE_PATH):
        return True
    if path.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
        return False
    try:
        match = resolve(path)
    except Resolver404:
        return True
    # A view that answers to any word says itself behind which ones there is something.
    is_known = getattr(match.func, "is_known", None)
    if is_known and not is_known(**match.kwargs):
        return True
    place = place_of(target)
    if place is None:
        return False
    is_elsewhere = place.slug in looked.slugs[place.name]
    if is_elsewhere and place.slug in looked.ids_elsewhere and place.fragment:
        return place.fragment not in looked.ids_elsewhere[place.slug]
    return not is_elsewhere


def place_of(target: str) -> Place | None:
    """Return where a link leads if readers find something there only while it is live."""
    parts = urlsplit(target)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    if match.view_name not in LIVE_SLUGS:
        return None
    return Place(match.view_name, match.kwargs["slug"], parts.fragment)


def ids_on_page(prepared: Mapping[str, Any]) -> set[str]:
    """Return the ids that a page has, from what was prepared for it."""
    rows = [row for rows in prepared["parts"].values() for row in rows]
    ids = {block.name for block in blocks()} | {"main"}
    ids |= {f"source-{number}" for number in range(1, len(prepared["sources"]) + 1)}
    ids |= {row["id"] for row in rows if "id" in row}
    return ids.union(*(_FIGURE_ID.findall(row.get("html") or "") for row in rows))
