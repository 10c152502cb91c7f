"""The demonstration's files: Markdown with TOML front matter, read into the canonical data.

A file of rows holds, again and again, a line ``+++``, TOML, a line ``+++``,
and the row's Markdown. See website/demonstration/README.md.
"""

import tomllib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import models

from publishing.parts import Part

FOLDER = Path(__file__).resolve().parent / "demonstration"
# Rows are found again by their uid, so it is made of their names and never of chance.
NAMESPACE = uuid.UUID("6f6e2d72-6563-4f72-8426-64656d6f2121")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """One row of a file: its front matter and its Markdown."""

    fields: Row
    body: str


class Malformed(ValueError):
    """A file that cannot be read; the sentence names it and the line."""


def read_rows(path: Path) -> list[WrittenRow]:
    """Return the rows of a file, none if there is no such file."""
    if not path.exists():
        return []
    pieces = list(_pieces(path.read_text(encoding="utf-8")))
    if len(pieces) % 2 == 0:
        raise Malformed(f"{path.name}: a front matter is not closed by a line +++.")
    rows = []
    for front, body in zip(pieces[1::2], pieces[2::2], strict=True):
        try:
            fields = tomllib.loads(front)
        except tomllib.TOMLDecodeError as error:
            raise Malformed(
                f"{path.name}: {error}, in the front matter that begins “{front[:60]}”."
            ) from error
        rows.append(WrittenRow(fields, body.strip()))
    return rows


def uid_of(*names: str) -> str:
    """Return the uid of the row that these names lead to."""
    return str(uuid.uuid5(NAMESPACE, "/".join(names)))


def part_rows(part: Part, folder: Path, *, embed: Any) -> list[Row]:
    """Return a part's rows from its file in ``folder``, as the part's own plain data.

    ``embed(model, name)`` returns the library row that a name stands for.
    """
    rows = []
    for number, written in enumerate(read_rows(folder / f"{part.name}.md"), start=1):
        name = written.fields.get("anchor") or str(number)
        row = {"uid": uid_of(folder.name, part.name, name)}
        given = {**written.fields, **({part.body or "note": written.body} if written.body else {})}
        for field in part.fields:
            kind = part.model._meta.get_field(field)
            row[field] = _value(kind, given.get(field), embed)
        rows.append(row)
    return rows


def _value(kind: Any, given: Any, embed: Any) -> Any:
    if kind.many_to_many:
        return [embed(kind.related_model, name) for name in given or []]
    if kind.many_to_one:
        return embed(kind.related_model, given) if given else None
    return written_value(kind, given)


def written_value(kind: models.Field, given: Any) -> Any:
    """Return a field's value as a document holds it; a text of one line loses its line breaks."""
    if given is None:
        return None if kind.null else kind.get_default()
    if isinstance(given, date | datetime):
        return given.isoformat()
    if isinstance(given, str) and not isinstance(kind, models.TextField):
        return " ".join(given.split())
    return given


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
