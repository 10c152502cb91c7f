"""An article as one document: the plain data that revisions keep and publications show.

    {"schema": 1, "uid": "…",
     "article": {"title": "…", "topics": [{…}], …},
     "parts": {name: {"schema": 1, "rows": [{"uid": "…", …}]}, …},
     "sources": [{"uid": "…", "key": "…", "title": "…", …}],
     "images": [{"uid": "…", "file": "…", "alt": "…", …}]}

Library rows are embedded: sources in the order in which the page first cites
them, images that texts show in the order of showing. Without such images there
is no "images", as before there were any. No primary key occurs. A part without
rows is left out, so installing an app changes no digest; data of a part that is
not installed is kept untouched.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.core.files.storage import default_storage
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString

from articles.models import Article
from library.models import Image, Source, image_key
from library.showing import Address, figure
from publishing.build import build
from publishing.markup.bodies import FactOf, PictureOf
from publishing.markup.words import citations, pictures, reading_minutes, word_count
from publishing.parts import CitingText, Data, Preparing, Row, upgraded
from publishing.parts import parts as registered_parts
from publishing.row_values import Differences, plain_value, write_values

Document = dict[str, Any]

SCHEMA = 1
ARTICLE_FIELDS = (
    "title",
    "question",
    "short_answer",
    "summary",
    "topics",
    "written_by",
    "image",
    "review_due_on",
    "comments_open",
    "comments_until",
)


def read_document(article: Article, *, not_installed: dict[str, Data] | None = None) -> Document:
    """Return the working copy as a document, read anew from the database.

    ``not_installed`` is the data of parts that have no rows here; those of the
    latest revision if not given.
    """
    article = Article.objects.select_related("image").get(pk=article.pk)
    if not_installed is None:
        latest = article.latest_revision
        not_installed = parts_not_installed(latest.document) if latest else {}
    own = {name: plain_value(article, name) for name in ARTICLE_FIELDS}
    read = {part.name: part.read(article) for part in registered_parts()}
    return composed(str(article.uid), own, read, not_installed=not_installed)


def composed(
    uid: str, own: dict[str, Any], parts: dict[str, Data], *, not_installed: dict[str, Data]
) -> Document:
    """Return the document of an article's own fields and its parts, with all that they show.

    Parts without rows are left out; those that are not installed stay as they are.
    """
    filled = {**not_installed, **{name: data for name, data in parts.items() if data["rows"]}}
    document = {
        "schema": SCHEMA,
        "uid": uid,
        "article": own,
        "parts": filled,
        "sources": _sources_cited(filled),
    }
    if images := _images_shown(filled):
        document["images"] = images
    return document


def write_document(article: Article, document: Document) -> Differences:
    """Make the working rows equal to ``document``; say where the library differs.

    Call it inside a transaction that holds the article's row, and record
    afterwards, with the document's ``parts_not_installed``: those have no rows.
    Sources, and images that texts show, are made anew if they are gone.
    """
    document = upgraded_document(document)
    differences = Differences()
    for source in document["sources"]:
        Source.objects.recover(source, differences)
    for image in images_in_texts(document):
        Image.objects.recover(image, differences)
    values = {name: document["article"].get(name) for name in ARTICLE_FIELDS}
    if values["comments_until"]:
        values["comments_until"] = parse_datetime(values["comments_until"])
    many = write_values(article, values, differences)
    article.save()
    for name, rows in many.items():
        getattr(article, name).set(rows)
    for part in registered_parts():
        part.write(article, part_data(document, part.name), differences)
    return differences


def upgraded_document(document: Document) -> Document:
    """Return the document with every installed part's data in its present schema."""
    if document["schema"] > SCHEMA:
        raise ValueError(
            f"The document has schema {document['schema']}, and this release "
            f"knows {SCHEMA} at the most: it was written by a newer release."
        )
    known = {
        part.name: upgraded(part, document["parts"][part.name])
        for part in registered_parts()
        if part.name in document["parts"]
    }
    return {**document, "parts": {**document["parts"], **known}}


def part_data(document: Document, name: str) -> Data:
    """Return a part's data, without rows if the document has none of it."""
    return document["parts"].get(name) or {"schema": 1, "rows": []}


def parts_not_installed(document: Document) -> dict[str, Data]:
    """Return the data of parts that are not installed, to be kept as it is."""
    installed = {part.name for part in registered_parts()}
    return {name: data for name, data in document["parts"].items() if name not in installed}


def citing_texts(document: Document) -> Iterator[tuple[str, CitingText]]:
    """Yield (part's name, text) for every text that may cite, in the order of the page."""
    for part in registered_parts():
        for citing in part.citing_texts(part_data(document, part.name)):
            yield part.name, citing


def images_in_texts(document: Document) -> list[dict[str, Any]]:
    """Return the images that the document embeds because its texts show them."""
    return document.get("images", [])


def prepare(
    document: Document,
    *,
    at: datetime | None = None,
    image_address: Address = default_storage.url,
) -> dict[str, Any]:
    """Do once what costs time: Markdown, citation numbers, both ways of citing, word counts.

    ``at`` is when the publication begins: drawings of what still goes on end
    on that day (UTC), and on today's for a draft. ``image_address`` returns
    where a file is, another place for drafts. The result is plain JSON and
    depends on the document, that day, that place and the build alone.
    """
    document = upgraded_document(document)
    sources = [{**source, "number": n} for n, source in enumerate(document["sources"], start=1)]
    preparing = Preparing(
        numbers={source["key"]: source["number"] for source in sources},
        sources={source["key"]: source for source in sources},
        today=at.astimezone(UTC).date().toordinal() if at else None,
        picture=_picture_of(document, image_address),
    )
    preparing = replace(preparing, fact=_fact_of(document, preparing))
    cited_in: dict[str, list[dict[str, str]]] = {source["key"]: [] for source in sources}
    words = word_count(document["article"]["summary"] or "")
    for _name, citing in citing_texts(document):
        words += word_count(citing.text)
        place = {"anchor": citing.anchor, "label": citing.label}
        for key in {citation.key for citation in citations(citing.text)}:
            if key in cited_in and place not in cited_in[key]:
                cited_in[key].append(place)
    return {
        "build": build(),
        "reading_minutes": reading_minutes(words),
        # Without places are those that only a part cites that is not installed, and not shown.
        "sources": [
            {**source, "cited_in": places}
            for source in sources
            if (places := cited_in[source["key"]])
        ],
        "parts": {
            part.name: part.prepare(part_data(document, part.name), preparing)
            for part in registered_parts()
            if part.name in document["parts"]
        },
    }


def search_text(document: Document) -> str:
    """Return all the words by which the article should be found."""
    own = document["article"]
    words = [own["title"], own["question"], own["short_answer"], own["summary"]]
    words += [
        part.search_text(part_data(document, part.name))
        for part in registered_parts()
        if part.name in document["parts"]
    ]
    return "\n".join(word for word in words if word)


def files_of(data: Any) -> set[str]:
    """Return the names of all image files that a document, or a piece of one, shows."""
    if isinstance(data, list):
        return set().union(*(files_of(item) for item in data))
    if isinstance(data, dict):
        own = {data["file"]} if data.get("file") and data.get("digest") else set()
        return own.union(*(files_of(value) for value in data.values()))
    return set()


def library_rows_in(document: Document) -> Iterator[Row]:
    """Yield every library row that a document embeds, those inside others too."""
    rows = [document["article"]]
    rows += [row for data in document["parts"].values() for row in data["rows"]]
    for row in rows:
        yield from embedded_in(list(row.values()))
    yield from embedded_in([*document["sources"], *images_in_texts(document)])


def embedded_in(data: Any) -> Iterator[Row]:
    """Yield everything in ``data`` that has a uid: in a value of a row, those are library rows."""
    if isinstance(data, dict):
        if "uid" in data:
            yield data
        data = list(data.values())
    if isinstance(data, list):
        for item in data:
            yield from embedded_in(item)


def _sources_cited(parts: dict[str, Data]) -> list[dict[str, Any]]:
    """Return the sources in the order of citing; those of parts not installed come last."""
    texts = [citing.text for _name, citing in citing_texts({"parts": parts})]
    texts += _texts_in(parts_not_installed({"parts": parts}))
    keys = dict.fromkeys(citation.key for text in texts for citation in citations(text))
    sources = {source.key: source for source in Source.objects.filter(key__in=keys)}
    return [sources[key].embedded() for key in keys if key in sources]


def _images_shown(parts: dict[str, Data]) -> list[dict[str, Any]]:
    """Return the images that texts show, in their order; those of parts not installed come last."""
    texts = [citing.text for _name, citing in citing_texts({"parts": parts})]
    texts += _texts_in(parts_not_installed({"parts": parts}))
    keys = dict.fromkeys(key for text in texts for key in pictures(text))
    images = Image.objects.by_key(keys)
    return [images[key].embedded() for key in keys if key in images]


def _picture_of(document: Document, address: Address) -> PictureOf:
    images = {image_key(image["uid"]): image for image in images_in_texts(document)}

    def picture(key: str, caption: str) -> SafeString | str:
        return figure(images[key], address, caption=caption) if key in images else ""

    return picture


def _fact_of(document: Document, preparing: Preparing) -> FactOf:
    def fact(key: str) -> SafeString | str:
        shown = (
            part.pulled_out(key, part_data(document, part.name), preparing)
            for part in registered_parts()
        )
        return next(filter(None, shown), "")

    return fact


def _texts_in(data: Any) -> Iterator[str]:
    """Yield every text in data whose meaning is not known here."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, list | dict):
        for item in data if isinstance(data, list) else data.values():
            yield from _texts_in(item)
