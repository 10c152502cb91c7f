"""Loading the demonstration: its files become documents, recorded and published like any other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction

from articles.addressing import change_slug
from articles.deeds import publish
from articles.documents import SCHEMA, Document, citing_texts
from articles.models import Article, Review
from articles.restoring import import_document
from library.models import Image, Person, Source, Topic
from library.pictures import read_picture, store
from publishing.markup import citations
from publishing.parts import Differences
from publishing.parts import parts as registered_parts
from website.demonstration_files import (
    FOLDER,
    Malformed,
    Row,
    part_rows,
    read_rows,
    uid_of,
    written_value,
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

    def embed(self, model: type[models.Model], name: str) -> Any:
        """Return what a document holds of the row: its embedded data, or an article's uid."""
        if model is Article:
            return uid_of(name)
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

    Raises ``Malformed`` with a sentence for a file that cannot be read.
    """
    library = read_library(folder / "library")
    for (model, _name), plain in library.rows.items():
        model.objects.recover(plain, Differences())
    folders = sorted(path.parent for path in folder.glob("*/article.md"))
    # First all of them empty, so that they can point at each other.
    for path in folders:
        Article.objects.get_or_create(uid=uid_of(path.name))
    return [_load(path, library, by) for path in folders]


def read_library(folder: Path) -> Library:
    """Read the library's files, and store the pictures they name."""
    library = Library()
    for name, model, known_by, body in LIBRARY:
        for written in read_rows(folder / f"{name}.md"):
            fields = {**written.fields, **({body: written.body} if body else {})}
            if model is Image:
                fields |= _stored_picture(folder / "images" / fields["file"])
            if fields.get("portrait"):
                fields["portrait"] = library.embed(Image, fields["portrait"])
            library.rows[model, fields[known_by]] = _embedded(model, name, fields, known_by)
    return library


def read_article(folder: Path, library: Library) -> tuple[Document, Row]:
    """Return the document that a folder's files describe, and the front matter of the article."""
    [written] = read_rows(folder / "article.md")
    own = {
        name: written_value(Article._meta.get_field(name), written.fields.get(name))
        for name in ("title", "question", "short_answer", "summary", "comments_open")
    }
    own["topics"] = [library.embed(Topic, slug) for slug in written.fields["topics"]]
    own["written_by"] = [library.embed(Person, slug) for slug in written.fields["written_by"]]
    image = written.fields.get("image")
    own["image"] = library.embed(Image, image) if image else None
    due = written.fields.get("review_due_on")
    own["review_due_on"] = due.isoformat() if due else None
    own["comments_until"] = None
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
        "sources": list(_cited(parts, library.embed)),
    }
    return document, written.fields


def _load(folder: Path, library: Library, by: AbstractBaseUser | None) -> Loaded:
    document, front_matter = read_article(folder, library)
    article = Article.objects.get(uid=document["uid"])
    title = document["article"]["title"]
    if article.publications.exists():
        return Loaded(title, article.slug, is_new=False)
    revision = import_document(document, by=by).revision
    change_slug(article, folder.name, by=by)
    if review := front_matter.get("review"):
        Review.objects.create(
            article=article,
            digest=revision.digest,
            person=Person.objects.get(slug=review["person"]),
            reviewed_on=review["reviewed_on"],
            checked=review["checked"],
            recorded_by=by,
        )
    publish(revision, by=by, change_note=front_matter["publication"]["change_note"])
    return Loaded(title, folder.name, is_new=True)


def _embedded(model: type[models.Model], file: str, fields: Row, known_by: str) -> Row:
    row = {"uid": uid_of("library", file, fields[known_by])}
    for name in model.shown:
        given = fields.get(name)
        kind = model._meta.get_field(name)
        is_row = isinstance(given, dict)
        row[name] = given if is_row else written_value(kind, given)
    return row


def _stored_picture(path: Path) -> Row:
    picture = read_picture(path.read_bytes())
    return {
        "file": store(picture),
        "digest": picture.digest,
        "width": picture.width,
        "height": picture.height,
    }


def _cited(parts: Row, embed: Callable[[type[models.Model], str], Any]) -> Iterator[Row]:
    keys: dict[str, None] = {}
    for _part, citing in citing_texts({"parts": parts}):
        keys.update(dict.fromkeys(citation.key for citation in citations(citing.text)))
    for key in keys:
        yield embed(Source, key)
