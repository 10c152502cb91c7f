"""Places in an article's text, to which remarks are tied: a field, or a row's field, by its uid."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.documents import ARTICLE_FIELDS, Document, part_data, upgraded_document
from articles.models import Article
from publishing.parts import Part, Row
from publishing.parts import parts as registered_parts
from publishing.row_values import holds_words

OWN = "article"


@dataclass(frozen=True, slots=True)
class Place:
    """``part`` is "article" or a part's name; nothing at all means the article as a whole."""

    part: str = ""
    row_uid: str = ""
    field: str = ""

    @property
    def key(self) -> str:
        """The place in one word, for a form."""
        return ":".join([self.part, self.row_uid, self.field]) if self.part else ""


WHOLE = Place()

Choices = list[tuple[str, list[tuple[Place, str]]]]


def places_in(document: Document) -> Choices:
    """Return [(group, [(place, words)])]: the article's fields, then each part row by row.

    Of a row only the fields that hold words now; an empty one is asked for
    under the row as a whole.
    """
    document = upgraded_document(document)
    groups: Choices = [(str(_("The article")), list(_own_places()))]
    for part in registered_parts():
        rows = part_data(document, part.name)["rows"]
        places = [place for row in rows for place in _row_places(part, row)]
        groups.append((str(part.title), [(Place(part.name), _("As a whole")), *places]))
    return groups


def words_for(document: Document) -> dict[Place, str]:
    """Return what each place of the document is called, with the part it stands in."""
    return {
        place: words if place.part == OWN else f"{group}: {words}"
        for group, places in places_in(document)
        for place, words in places
    }


def anchors_in(document: Document) -> dict[str, str]:
    """Return the id on the page of every row, by its uid."""
    document = upgraded_document(document)
    return {
        row["uid"]: part.anchor(row)
        for part in registered_parts()
        for row in part_data(document, part.name)["rows"]
    }


def read_place(key: str) -> Place | None:
    """Return the place that a form names, None for nonsense. It may be gone since."""
    part, _colon, rest = key.partition(":")
    row_uid, _colon, field = rest.partition(":")
    if not part:
        return WHOLE
    try:
        return Place(part, str(UUID(row_uid)) if row_uid else "", field)
    except ValueError:
        return None


def _own_places() -> Iterator[tuple[Place, str]]:
    for name in ARTICLE_FIELDS:
        yield Place(OWN, field=name), _label(Article, name)


def _row_places(part: Part, row: Row) -> Iterator[tuple[Place, str]]:
    title = part.row_title(row)
    yield Place(part.name, row["uid"]), title
    for name in part.fields:
        kind = part.model._meta.get_field(name)
        if row.get(name) and (kind.is_relation or holds_words(kind)):
            yield Place(part.name, row["uid"], name), f"{title}, {_label(part.model, name).lower()}"


def _label(model: type[models.Model], name: str) -> str:
    return capfirst(str(model._meta.get_field(name).verbose_name))
