"""Loading the demonstration: its files become documents, recorded and published like any other."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models, transaction

from articles.addressing import change_slug
from articles.deeds import publish
from articles.documents import ARTICLE_FIELDS, SCHEMA, Document, citing_texts
from articles.models import Article, Publication, Revision
from articles.restoring import import_document
from articles.reviewing import record_review
from library.models import (
    Image,
    Person,
    Source,
    Topic,
    image_key,
    without_what_goes_without_saying,
)
from library.pictures import read_picture, store
from publishing.markup.words import citations, pictures
from publishing.parts import parts as registered_parts
from publishing.row_values import Differences
from website.demonstration_files import (
    FOLDER,
    Malformed,
    Row,
    WrittenRow,
    part_rows,
    read_rows,
    uid_of,
    values_of,
)

# The library's files, which field names a row, and which field holds its Markdown.
LIBRARY = (
    ("images", Image, "key", "caption"),
    ("people", Person, "slug", "bio"),
    ("topics", Topic, "slug", "description"),
    ("sources", Source, "key", ""),
)


@dataclass
class Library:
    """The library's files as embedded rows, by model and name."""

    rows: dict[tuple[type[models.Model], str], Row] = field(default_factory=dict)
    # The names of the articles beside it.
    articles: frozenset[str] = frozenset()

    def embed(self, model: type[models.Model], name: str) -> Any:
        """Return what a document holds of the row: its embedded data, or an article's uid."""
        if model is Article and name in self.articles:
            return uid_of(name)
        if model is Article:
            raise Malformed(f"There is no article “{name}”.")
        if (model, name) not in self.rows:
            raise Malformed(f"The library has no {model._meta.verbose_name} “{name}”.")
        return self.rows[model, name]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading one article did."""

    title: str
    slug: str
    is_new: bool


@transaction.atomic
def load_demonstration(*, by: AbstractBaseUser | None, folder: Path = FOLDER) -> list[Loaded]:
    """Load every article of ``folder`` and publish it; one already published is left as it is.

    Raises ``Malformed`` with a sentence that names the file for one that cannot
    be read, and for an article that is not complete.
    """
    folders = sorted(path.parent for path in folder.glob("*/article.md"))
    present = {path: one for path in folders if (one := _published(path))}
    if len(present) == len(folders):
        return [_left(one) for one in present.values()]
    # All of it is read before any of it is written.
    library = read_library(folder / "library", articles={path.name for path in folders})
    articles = {path: read_article(path, library) for path in folders if path not in present}
    for (model, _name), plain in library.rows.items():
        model.objects.recover(plain, Differences())
    # First all of them empty, so that they can point at each other.
    for document, _front_matter in articles.values():
        Article.objects.get_or_create(uid=document["uid"])
    return [
        _left(present[path]) if path in present else _load(path.name, *articles[path], by)
        for path in folders
    ]


def read_library(folder: Path, *, articles: Collection[str] = ()) -> Library:
    """Read the library's files, and store the pictures they name; ``articles`` may be named too."""
    library = Library(articles=frozenset(articles))
    for file, model, known_by, body in LIBRARY:
        known = {known_by, *model.shown} - {body}
        for written in read_rows(folder / f"{file}.md", known=known):
            name = written.need(known_by)
            if (model, name) in library.rows:
                raise Malformed(f"{written.where}: “{name}” is there already.")
            given = {**written.fields, **({body: written.body} if body else {})}
            if model is Image:
                given |= _stored_picture(folder / "images", written)
            values = values_of(model, model.shown, given, where=written.where, embed=library.embed)
            said = without_what_goes_without_saying(values)
            library.rows[model, name] = {"uid": uid_of("library", file, name), **said}
    return library


def read_article(folder: Path, library: Library) -> tuple[Document, Row]:
    """Return the document that a folder's files describe, and the front matter of the article."""
    written = _the_only_row(folder / "article.md")
    own = values_of(
        Article, ARTICLE_FIELDS, written.fields, where=written.where, embed=library.embed
    )
    parts = {
        part.name: {"schema": part.schema, "rows": rows}
        for part in registered_parts()
        if (rows := part_rows(part, folder, embed=library.embed))
    }
    document = {
        "schema": SCHEMA,
        "uid": uid_of(folder.name),
        "article": own,
        "parts": parts,
        "sources": list(_cited(parts, folder, library)),
    }
    if images := list(_shown_in_texts(parts, folder, library)):
        document["images"] = images
    return document, written.fields


def _the_only_row(path: Path) -> WrittenRow:
    rows = read_rows(path, known={*ARTICLE_FIELDS, "review", "publication"})
    if len(rows) != 1:
        raise Malformed(f"{path.parent.name}/{path.name}: it has one row, and no other.")
    [written] = rows
    if not written.need("publication").get("change_note"):
        raise Malformed(f"{written.where}: its publication has no change_note.")
    return written


def _published(folder: Path) -> Publication | None:
    """Return the newest publication of a folder's article, None if there is none."""
    publications = Publication.objects.filter(article__uid=uid_of(folder.name))
    return publications.select_related("article").order_by("-goes_live_at").first()


def _left(publication: Publication) -> Loaded:
    return Loaded(publication.title, publication.article.slug, is_new=False)


def _load(slug: str, document: Document, front_matter: Row, by: AbstractBaseUser | None) -> Loaded:
    revision = import_document(document, by=by).revision
    change_slug(revision.article, slug, by=by)
    try:
        if review := front_matter.get("review"):
            _record_review(revision, review, by)
        publish(revision, by=by, change_note=front_matter["publication"]["change_note"])
    except ValidationError as error:
        raise Malformed(f"{slug}: {' '.join(error.messages)}") from error
    return Loaded(document["article"]["title"], slug, is_new=True)


def _record_review(revision: Revision, review: Row, by: AbstractBaseUser | None) -> None:
    person = Person.objects.filter(slug=review.get("person", "")).first()
    if person is None or not isinstance(review.get("reviewed_on"), date):
        raise ValidationError("Its review names a person of the library and a day, reviewed_on.")
    checked = review.get("checked", "")
    record_review(
        revision, person=person, reviewed_on=review["reviewed_on"], checked=checked, by=by
    )


def _stored_picture(folder: Path, written: WrittenRow) -> Row:
    path = folder / written.need("file")
    try:
        picture = read_picture(path.read_bytes())
    except OSError as error:
        raise Malformed(f"{written.where}: there is no picture {path.name}.") from error
    except ValidationError as error:
        raise Malformed(f"{written.where}: {path.name}: {error.messages[0]}") from error
    return {
        "file": store(picture),
        "digest": picture.digest,
        "width": picture.width,
        "height": picture.height,
    }


def _cited(parts: Row, folder: Path, library: Library) -> Iterator[Row]:
    keys: dict[str, None] = {}
    for part, citing in citing_texts({"parts": parts}):
        for citation in citations(citing.text):
            if (Source, citation.key) not in library.rows:
                raise Malformed(
                    f"{folder.name}/{part}.md: “{citing.label}” cites [@{citation.key}], "
                    "which the library does not have."
                )
            keys[citation.key] = None
    for key in keys:
        yield library.rows[Source, key]


def _shown_in_texts(parts: Row, folder: Path, library: Library) -> Iterator[Row]:
    images = {
        image_key(row["uid"]): row for (model, _), row in library.rows.items() if model is Image
    }
    keys: dict[str, None] = {}
    for part, citing in citing_texts({"parts": parts}):
        for key in pictures(citing.text):
            if key not in images:
                raise Malformed(
                    f"{folder.name}/{part}.md: “{citing.label}” shows image:{key}, "
                    "which the library does not have."
                )
            keys[key] = None
    for key in keys:
        yield images[key]
