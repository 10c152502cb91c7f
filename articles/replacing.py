"""Replacing passages in documents and library rows: in words that somebody wrote, and nowhere else.

Replaced in an anchor, a date or a choice, a passage would break the page. Which
fields hold words is known from the models (``publishing.row_values.holds_words``).
"""

import re
from collections.abc import Iterable
from copy import copy
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from articles.documents import Document, images_in_texts
from articles.models import Article
from library.models import Image, LibraryRow, Source, image_key
from publishing.parts import Row
from publishing.parts import parts as registered_parts
from publishing.row_values import holds_words

REPLACEMENT = "[redacted]"

# In rows whose model is not known: of a part that is not installed, or of an older schema.
_NEVER_WORDS = {"uid", "digest", "file", "slug", "key", "anchor"}


class Replacing:
    """Passages to be replaced wherever they stand, and image files to be taken out.

    A passage is found whatever space is between its words, line breaks too.
    """

    def __init__(self, passages: Iterable[str], files: Iterable[str] = ()) -> None:
        # The longest first, so that a passage inside another leaves nothing of it over.
        words = sorted((passage.split() for passage in passages), key=len, reverse=True)
        patterns = [r"\s+".join(map(re.escape, passage)) for passage in words if passage]
        self._pattern = re.compile("|".join(patterns) or r"(?!)")
        self.files = frozenset(files)

    def document(self, document: Document) -> Document:
        """Return an article's document without the passages and the files."""
        return self._with_marks_in(document)._document(document)

    def _document(self, document: Document) -> Document:
        registered = {part.name: part for part in registered_parts()}
        parts = {}
        for name, data in document["parts"].items():
            part = registered.get(name)
            model, not_words = (part.model, part.not_words) if part else (None, frozenset())
            rows = [self._row(row, model, not_words) for row in data["rows"]]
            parts[name] = {**data, "rows": rows}
        redacted = {
            **document,
            "article": self._row(document["article"], Article, frozenset()),
            "parts": parts,
            "sources": [self.library_row(source, Source) for source in document["sources"]],
        }
        redacted.pop("images", None)
        images = [self.library_row(image, Image) for image in images_in_texts(document)]
        if images := [image for image in images if image is not None]:
            redacted["images"] = images
        return redacted

    def _with_marks_in(self, document: Document) -> "Replacing":
        """Return the same, with the marks by which texts show the files among the passages."""
        gone = [image for image in images_in_texts(document) if self._is_taken_out(image)]
        if not gone:
            return self
        keys = "|".join(image_key(image["uid"]) for image in gone)
        beside = copy(self)
        beside._pattern = re.compile(
            rf"!\[(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*\]\(\s*image:(?:{keys})[^)]*\)|{self._pattern.pattern}"
        )
        return beside

    def library_row(self, plain: Row, model: type[LibraryRow]) -> Row | None:
        """Return an embedded library row, None for an image whose file is taken out."""
        if self._is_taken_out(plain):
            return None
        return self._row(plain, model, model.not_words)

    def words(self, data: Any) -> Any:
        """Return text, or lists and objects of text, without the passages."""
        if isinstance(data, str):
            return self._pattern.sub(REPLACEMENT, data)
        if isinstance(data, list):
            return [self.words(item) for item in data]
        if isinstance(data, dict):
            return {name: self.words(value) for name, value in data.items()}
        return data

    def left_in(self, text: str) -> str:
        """Return the first passage that stands in ``text``, as it stands there; "" for none."""
        found = self._pattern.search(text.replace(REPLACEMENT, ""))
        return found[0] if found else ""

    def _row(self, row: Row, model: type[models.Model] | None, not_words: frozenset[str]) -> Row:
        return {
            name: value if name in not_words else self._value(value, _field(model, name), name)
            for name, value in row.items()
        }

    def _value(self, value: Any, kind: models.Field | None, name: str) -> Any:
        if kind is None:
            return value if name in _NEVER_WORDS else self._of_unknown_kind(value)
        if kind.is_relation:
            return self._related(value, kind.related_model)
        if not holds_words(kind):
            return value
        replaced = self.words(value)
        # The replacement may be longer than what it replaces.
        return replaced[: kind.max_length] if isinstance(replaced, str) else replaced

    def _related(self, value: Any, model: type[models.Model]) -> Any:
        """Replace in what is embedded; a row that is named by its uid says nothing here."""
        if isinstance(value, list):
            found = [self._related(item, model) for item in value]
            return [item for item in found if item is not None]
        return self.library_row(value, model) if isinstance(value, dict) else value

    def _of_unknown_kind(self, value: Any) -> Any:
        if isinstance(value, list):
            kept = [item for item in value if not self._is_taken_out(item)]
            return [self._of_unknown_kind(item) for item in kept]
        if isinstance(value, dict):
            return None if self._is_taken_out(value) else self._row(value, None, frozenset())
        return self.words(value)

    def _is_taken_out(self, value: Any) -> bool:
        is_image = isinstance(value, dict) and bool(value.get("digest"))
        return is_image and value.get("file") in self.files


def _field(model: type[models.Model] | None, name: str) -> models.Field | None:
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None
