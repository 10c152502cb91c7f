"""What the search finds: passages of publications, written when they are made.

A passage belongs to its publication and is read through ``live`` alone, so the
search follows publishing, scheduling, withdrawal and expiry to the second.
What no reader will see again has none: words of the past are found by nobody.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from articles.documents import Document, part_data
from articles.models import Article, Publication, PublicRowQuerySet, PublishedPassage
from articles.models.public import PublicationQuerySet
from publishing.full_text import FullText, full_text
from publishing.full_text.words import without_marks
from publishing.markup.words import plain_text
from publishing.parts import FoundAs, Passage
from publishing.parts import parts as registered_parts

ARTICLE = FoundAs("article", _("Explainer"), _("Explainers"), weight=2)
PERSON = FoundAs("person", _("Person"), _("People"), weight=1.5)
LONGEST_TITLE = PublishedPassage._meta.get_field("title").max_length
# More is not searched: PostgreSQL refuses more than a megabyte of words in one row.
LONGEST_TEXT = 200_000
_ENDS = (".", "!", "?", "…", ":", ";", ",", "”", "’", "»", "。", "؟", "।")


def kinds() -> list[FoundAs]:
    """Return what can be found, in the order in which it is offered."""
    found = [part.found_as for part in registered_parts() if part.found_as]
    return [ARTICLE, *found, PERSON]


def index() -> FullText:
    """Return the full text search of passages."""
    return full_text(PublishedPassage._meta.db_table)


# Written with the publication


def write_passages(publication: Publication, document: Document) -> None:
    """Write what is found of a publication, replacing any; nothing if it has ended."""
    forget_passages([publication])
    has_ended = publication.ends_at is not None and publication.ends_at <= timezone.now()
    if publication.cancelled_at or has_ended:
        return
    PublishedPassage.objects.bulk_create(
        PublishedPassage(
            publication=publication,
            kind=kind.name,
            uid=passage.uid,
            anchor=passage.anchor,
            title=Truncator(without_marks(passage.title)).chars(LONGEST_TITLE),
            text=in_one_line(without_marks(passage.text))[:LONGEST_TEXT],
            weight=kind.weight,
        )
        for kind, passage in passages_of(publication, document)
    )


def passages_of(publication: Publication, document: Document) -> Iterator[tuple[FoundAs, Passage]]:
    """Yield what is found of a publication, and as what."""
    yield ARTICLE, _article(publication, document)
    for part in registered_parts():
        if part.found_as and part.name in document["parts"]:
            for passage in part.passages(part_data(document, part.name)):
                yield part.found_as, passage
    named = [*document["article"]["written_by"]]
    named += [review["person"] for review in publication.reviews]
    for person in {person["uid"]: person for person in named}.values():
        text = "\n".join(filter(None, [person["credentials"], plain_text(person["bio"] or "")]))
        yield PERSON, Passage(person["uid"], person["slug"], person["name"], text)


def in_one_line(text: str) -> str:
    """Return lines as sentences after each other, with full stops where they had none."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    ended = [line if line.endswith(_ENDS) else f"{line}." for line in lines if line]
    return " ".join(ended)


def _article(publication: Publication, document: Document) -> Passage:
    """The article itself: its question and answer, and the parts that are not found alone."""
    own = document["article"]
    words = [own["question"], own["short_answer"], plain_text(own["summary"] or "")]
    words += [
        part.search_text(part_data(document, part.name))
        for part in registered_parts()
        if not part.found_as and part.name in document["parts"]
    ]
    words.append(", ".join(topic["name"] for topic in own["topics"]))
    text = "\n".join(filter(None, words))
    return Passage(str(publication.article.uid), "", own["title"], text)


def forget_passages(publications: Iterable[Publication]) -> None:
    """Delete the passages of publications that were taken back, ended or change."""
    # By their keys, looked up before: with a join PostgreSQL may choose to go through them all.
    keys = [publication.pk for publication in publications]
    PublishedPassage.objects.filter(publication__in=keys).delete()


def forget_ended_passages(article: Article, now: datetime) -> None:
    """Delete the passages of an article's publications that ended before ``now``.

    The one that ends by this very deed keeps its own until the next: a server
    whose clock is behind still shows it.
    """
    forget_passages(article.publications.filter(ends_at__lte=now).only("pk"))


def live_or_coming(at: datetime) -> PublicationQuerySet:
    """Return the publications that readers see at ``at`` or will."""
    coming = Publication.objects.filter(cancelled_at__isnull=True, is_hidden=False)
    return coming.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at)).order_by("pk")


def without_passages(at: datetime) -> PublicationQuerySet:
    """Return those of ``live_or_coming`` of which nothing is found: the site is older than that."""
    has_some = PublishedPassage.objects.filter(publication=OuterRef("pk"))
    return live_or_coming(at).filter(~Exists(has_some))


def ensure_index(using: str = DEFAULT_DB_ALIAS, **_signal: object) -> None:
    """After migrating: make the index that is no model's, in the language of the site."""
    is_ours = using == DEFAULT_DB_ALIAS
    if is_ours and PublishedPassage._meta.db_table in connection.introspection.table_names():
        index().ensure()


# Read by the search


def each_person_once(passages: PublicRowQuerySet) -> PublicRowQuerySet:
    """Of somebody whom several publications name, keep the newest passage alone."""
    newer = passages.filter(kind=PERSON.name, uid=OuterRef("uid"), pk__gt=OuterRef("pk"))
    return passages.filter(~Q(kind=PERSON.name) | ~Exists(newer))
