"""What changed between two documents of an article: its own fields, its parts, its sources."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from articles.documents import ARTICLE_FIELDS, Document, images_in_texts, part_data
from library.models import Image, Source, image_key
from publishing.citing import Mark
from publishing.comparing import FieldChange, RowChange, compare_fields, compare_rows
from publishing.markup.line_ends import unwrapped
from publishing.markup.marks import Lifted, rewritten
from publishing.parts import Part, Row
from publishing.parts import parts as registered_parts

# What fields are called where versions are compared, for translators: FieldChange.label makes the
# words from the name of a field. Each app names those of its own parts beside them.
FIELD_NAMES = [
    gettext_noop("About"),
    gettext_noop("As of"),
    gettext_noop("Body"),
    gettext_noop("Characteristic"),
    gettext_noop("Corrected on"),
    gettext_noop("Heading"),
    gettext_noop("Image"),
    gettext_noop("Label"),
    gettext_noop("Note"),
    gettext_noop("Noticed by"),
    gettext_noop("Question"),
    gettext_noop("Right"),
    gettext_noop("Short answer"),
    gettext_noop("Summary"),
    gettext_noop("Target"),
    gettext_noop("Title"),
    gettext_noop("Topics"),
    gettext_noop("Url"),
    gettext_noop("Value"),
    gettext_noop("Written by"),
    gettext_noop("Wrong"),
]


@dataclass(frozen=True, slots=True)
class PartChanges:
    """What changed in one part, by its name and its title on the page."""

    name: str
    title: str
    rows: list[RowChange]


@dataclass(frozen=True, slots=True)
class Changes:
    """All that changed; empty lists mean that nothing did."""

    fields: list[FieldChange]
    parts: list[PartChanges]

    def __bool__(self) -> bool:
        return bool(self.fields or self.parts)


def compare(old: Document, new: Document) -> Changes:
    """Compare two documents whose parts have their present schema."""
    return Changes(
        fields=list(compare_fields(old["article"], new["article"], fields=ARTICLE_FIELDS)),
        parts=[changes for changes in _parts(old, new) if changes.rows],
    )


# What marks and references name, by kind ("source", "picture", "fact", "place") and key.
Names = Mapping[tuple[str, str], str]


def compare_for_readers(old: Document, new: Document) -> Changes:
    """Compare two documents as `compare` does, with words in place of the marks of texts.

    A mark says which source it cites, by its title, and which picture it shows, by its caption.
    Days and places of the page are told as pages tell them, and paragraphs in one line each.
    """
    return _compare_told(old, new, _told_to_readers)


def compare_for_editors(old: Document, new: Document) -> Changes:
    """Compare two documents as `compare` does, with what each mark names behind it.

    A mark stays as it was typed, letter by letter, as an editor may have changed no more than that.
    """
    return _compare_told(old, new, told_with_names)


def _told_to_readers(text: str, names: Names) -> str:
    if place := names.get(("place", text)):
        return place
    if day := _day(text):
        return date_format(day, "j F Y")
    return unwrapped(told_in_words(text, names))


def told_in_words(text: str, names: Names) -> str:
    """Return a text with words in place of its marks.

    A citation of a source that has no name stays as it was typed; a key fact is told by its
    address on the page.
    """

    def words(mark: Mark | Lifted, typed: str) -> str:
        if isinstance(mark, Mark):
            return _citation_in_words(mark, names) or typed
        if mark.kind == "fact":
            return _("[key fact: %s]") % mark.key
        caption = mark.words or names.get(("picture", mark.key), "")
        return _("[picture: %s]") % caption if caption else _("[picture]")

    return rewritten(text, words)


def told_with_names(text: str, names: Names) -> str:
    """Return a text whose marks say behind an arrow what they name."""

    def with_name(mark: Mark | Lifted, typed: str) -> str:
        kind = "source" if isinstance(mark, Mark) else mark.kind
        return f"{typed[:-1]} → {names.get((kind, mark.key)) or _('not found')}{typed[-1]}"

    return rewritten(text, with_name)


def _compare_told(old: Document, new: Document, told: Callable[[str, Names], str]) -> Changes:
    names = _names(old, new)
    return compare(*(_with_texts(one, lambda text: told(text, names)) for one in (old, new)))


def _day(text: str) -> date | None:
    """Return the day that is all a text says, as documents hold it; None for all other texts."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def _citation_in_words(mark: Mark, names: Names) -> str:
    """Return the title of the source, the place and the words; "" for a source not known."""
    title = names.get(("source", mark.key))
    if title is None:
        return ""
    told = ", ".join(filter(None, (title, mark.where)))
    return _("[source: %s]") % ": ".join(filter(None, (told, mark.words)))


def _names(*documents: Document) -> Names:
    """Return what the marks of documents name, as the last of them calls it.

    One name for all: a source that was renamed changed no text that cites it.
    """
    names: dict[tuple[str, str], str] = {}
    for document in documents:
        for image in images_in_texts(document):
            names["picture", image_key(image["uid"])] = image["caption"] or image["alt"]
        for part in registered_parts():
            for row in part_data(document, part.name)["rows"]:
                names["place", part.anchor(row)] = part.row_title(row)
                kind, _dash, key = part.anchor(row).partition("-")
                if kind == "fact":
                    names[kind, key] = part.row_title(row)
    sources = [source for document in documents for source in document["sources"]]
    return names | {("source", key): title for key, title in _short_titles(sources).items()}


def _short_titles(sources: Iterable[Row]) -> dict[str, str]:
    """Return the beginning of each source’s newest title; with the key if two share it."""
    titles = {source["key"]: Truncator(source["title"]).words(8) for source in sources}
    shared = Counter(titles.values())
    return {
        key: f"{title} ({key})" if shared[title] > 1 else title for key, title in titles.items()
    }


def _with_texts(document: Document, change: Callable[[str], str]) -> Document:
    """Return a document with every text of its parts changed, and what stands beside them kept."""
    parts = {
        name: {
            **data,
            "rows": [
                {
                    field: change(value) if isinstance(value, str) else value
                    for field, value in row.items()
                }
                for row in data["rows"]
            ],
        }
        for name, data in document["parts"].items()
    }
    return {**document, "parts": parts}


def _parts(old: Document, new: Document) -> Iterator[PartChanges]:
    registered = {part.name: part for part in registered_parts()}
    unknown = sorted({*old["parts"], *new["parts"]} - set(registered))
    for name in [*registered, *unknown]:
        part = registered.get(name)
        rows = compare_rows(
            part_data(old, name)["rows"],
            part_data(new, name)["rows"],
            title=(part or Part()).row_title,
            fields=part.fields if part else (),
        )
        yield PartChanges(name, str(part.title) if part else name, rows)
    rows = compare_rows(
        old["sources"],
        new["sources"],
        title=lambda source: source["title"],
        fields=Source.shown,
    )
    yield PartChanges("sources", _("Sources"), rows)
    rows = compare_rows(
        images_in_texts(old),
        images_in_texts(new),
        title=lambda image: image["caption"] or image["alt"],
        fields=Image.shown,
    )
    yield PartChanges("images", _("Images in the text"), rows)
