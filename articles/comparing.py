"""What changed between two documents of an article: its own fields, its parts, its sources."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from articles.documents import ARTICLE_FIELDS, Document, images_in_texts, part_data
from library.models import Image, Source
from publishing.comparing import FieldChange, RowChange, compare_fields, compare_rows
from publishing.parts import Part
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
