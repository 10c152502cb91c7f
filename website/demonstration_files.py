"""The demonstration's files: Markdown with TOML front matter, read into the canonical data.

A file of rows holds, again and again, a line ``+++``, TOML, a line ``+++``,
and the row's Markdown. See website/demonstration/README.md.
"""

import tomllib
import uuid
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from publishing.dates import parse_date
from publishing.parts import Part

FOLDER = Path(__file__).resolve().parent / "demonstration"
# Rows are found again by their uid, so it is made of their names and never of chance.
NAMESPACE = uuid.UUID("6f6e2d72-6563-4f72-8426-64656d6f2121")

Row = dict[str, Any]
Embed = Callable[[type[models.Model], str], Any]


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """One row of a file: its front matter, its Markdown, and where it stands, in words."""

    fields: Row
    body: str
    where: str

    def need(self, name: str) -> Any:
        """Return a field that every such row has."""
        if not self.fields.get(name):
            raise Malformed(f"{self.where}: it has no {name}.")
        return self.fields[name]


class Malformed(ValueError):
    """A file that cannot be read; the sentence names it, and the row."""


def read_rows(path: Path, *, known: Collection[str] = ()) -> list[WrittenRow]:
    """Return the rows of a file, none if there is no such file.

    ``known`` are the fields that its rows may have, any if there are none: a
    misspelt one would be lost without a word.
    """
    if not path.exists():
        return []
    name = f"{path.parent.name}/{path.name}"
    try:
        pieces = list(_pieces(path.read_text(encoding="utf-8")))
    except UnicodeDecodeError as error:
        raise Malformed(f"{name}: it is not written in UTF-8.") from error
    if len(pieces) % 2 == 0:
        raise Malformed(f"{name}: a front matter is not closed by a line +++.")
    rows = []
    for number, (front, body) in enumerate(zip(pieces[1::2], pieces[2::2], strict=True), start=1):
        where = f"{name}, row {number}"
        try:
            fields = tomllib.loads(front)
        except tomllib.TOMLDecodeError as error:
            raise Malformed(f"{where}: {error}.") from error
        if known and (strange := [field for field in fields if field not in known]):
            raise Malformed(f"{where}: there is no field “{strange[0]}” for such a row.")
        rows.append(WrittenRow(fields, body.strip(), where))
    return rows


def uid_of(*names: str) -> str:
    """Return the uid of the row that these names lead to."""
    return str(uuid.uuid5(NAMESPACE, "/".join(names)))


def part_rows(part: Part, folder: Path, *, embed: Embed) -> list[Row]:
    """Return a part's rows from its file in ``folder``, as the part's own plain data.

    ``embed(model, name)`` returns the library row that a name stands for.
    """
    body = part.body or "note"
    known = {*part.fields} - {part.body}
    rows: dict[str, Row] = {}
    written_rows = read_rows(folder / f"{part.name}.md", known=known)
    for number, written in enumerate(written_rows, start=1):
        name = written.fields.get("anchor") or str(number)
        given = {**written.fields, **({body: written.body} if written.body else {})}
        values = values_of(part.model, part.fields, given, where=written.where, embed=embed)
        if name in rows:
            raise Malformed(f"{written.where}: another row has the anchor “{name}” already.")
        rows[name] = {"uid": uid_of(folder.name, part.name, name), **values}
    return list(rows.values())


def values_of(
    model: type[models.Model], fields: Collection[str], given: Row, *, where: str, embed: Embed
) -> Row:
    """Return the fields of a row as a document holds them.

    Raises ``Malformed`` for what the model refuses, be it too long or no date.
    """
    values = {}
    for name in fields:
        kind = model._meta.get_field(name)
        try:
            values[name] = _value(kind, given.get(name), embed)
        except Malformed as error:
            raise Malformed(f"{where}: {error}") from error
    _refuse_what_the_model_refuses(model, values, where)
    return values


def written_value(kind: models.Field, given: Any) -> Any:
    """Return a field's value as a document holds it; a text of one line loses its line breaks."""
    if given is None:
        return None if kind.null else kind.get_default()
    if isinstance(given, date | datetime):
        return given.isoformat()
    if isinstance(given, str) and not isinstance(kind, models.TextField):
        return " ".join(given.split())
    return given


def _value(kind: Any, given: Any, embed: Embed) -> Any:
    if kind.many_to_many:
        return [embed(kind.related_model, name) for name in given or []]
    if kind.many_to_one:
        return embed(kind.related_model, given) if given else None
    return written_value(kind, given)


def _refuse_what_the_model_refuses(model: type[models.Model], values: Row, where: str) -> None:
    plain = {name: value for name, value in values.items() if not _is_relation(model, name)}
    apart = [kind.name for kind in model._meta.get_fields() if kind.name not in plain]
    try:
        model(**plain).full_clean(exclude=apart, validate_unique=False)
    except ValidationError as error:
        for name, sentences in error.message_dict.items():
            if not _is_stored_date(plain.get(name)):
                named = f"{name}: " if name in plain else ""
                raise Malformed(f"{where}: {named}{sentences[0]}") from error


def _is_stored_date(value: Any) -> bool:
    """Is it a date as it is stored? Editors type words, of which “2021-23” can mean two things."""
    try:
        return isinstance(value, str) and bool(parse_date(value))
    except ValidationError:
        return False


def _is_relation(model: type[models.Model], name: str) -> bool:
    return bool(model._meta.get_field(name).is_relation)


def _pieces(text: str) -> Iterator[str]:
    """Yield what stands between the lines ``+++``."""
    piece: list[str] = []
    for line in text.splitlines():
        if line.rstrip() == "+++":
            yield "\n".join(piece)
            piece = []
        else:
            piece.append(line)
    yield "\n".join(piece)
