"""Reading XML that others wrote, of any size, record by record.

With the standard library's expat, and without any document type: entities, which can be made to
swell to gigabytes or to fetch files, can only be declared there, so a file that has one is refused
before the first is used. No export that we read has a need for one.
"""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from django.utils.translation import gettext as _

from comments.importing.incoming import LONGEST_RAW, UnreadableFile

CHUNK = 1 << 16
# What XML forbids, and exports hold all the same: someone once pasted it into a comment.
FORBIDDEN = bytes(sorted({*range(0x20)} - {0x09, 0x0A, 0x0D}))
DEEPEST = 200


@dataclass(slots=True)
class Record:
    """An element with the texts of those inside it that were asked for, by their path.

    An attribute's path ends with ``/@`` and its name. ``inside`` is the record around it.
    """

    path: str
    line: int
    inside: "Record | None"
    fields: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")


def read_records(path: Path, wanted: Mapping[str, Set[str]]) -> Iterator[Record]:
    """Yield records as they end. ``wanted`` names them by their path, each with its fields.

    Names are without their namespaces. Raises ``UnreadableFile``.
    """
    reader = _Reader(wanted)
    with path.open("rb") as file:
        beginning = file.read(CHUNK)
        is_cleaned = not beginning.startswith((b"\xff\xfe", b"\xfe\xff"))
        chunk = beginning
        while chunk:
            reader.feed(chunk.translate(None, FORBIDDEN) if is_cleaned else chunk)
            yield from reader.ended()
            chunk = file.read(CHUNK)
    reader.feed(b"", is_last=True)
    yield from reader.ended()


class _Reader:
    def __init__(self, wanted: Mapping[str, Set[str]]) -> None:
        self._wanted = wanted
        self._names: list[str] = []
        self._records: list[tuple[int, Record]] = []
        self._text: list[str] | None = None
        self._length = 0
        self._ended: list[Record] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._data
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.ExternalEntityRefHandler = self._refuse

    def feed(self, chunk: bytes, *, is_last: bool = False) -> None:
        try:
            self._parser.Parse(chunk, is_last)
        except expat.ExpatError as error:
            raise UnreadableFile(
                _("Line %(line)s is no XML that can be read: %(what)s.")
                % {"line": error.lineno, "what": expat.ErrorString(error.code)}
            ) from error

    def ended(self) -> list[Record]:
        ended, self._ended = self._ended, []
        return ended

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._names.append(_local(name))
        if len(self._names) > DEEPEST:
            raise UnreadableFile(_("Elements stand in each other more than 200 deep."))
        path = "/".join(self._names)
        if path in self._wanted:
            around = self._records[-1][1] if self._records else None
            record = Record(path, self._parser.CurrentLineNumber, around)
            self._records.append((len(self._names), record))
        for attribute, value in attributes.items():
            self._keep(f"@{_local(attribute)}", value)
        self._text, self._length = ([], 0) if self._field() else (None, 0)

    def _end(self, _name: str) -> None:
        if self._records and self._records[-1][0] == len(self._names):
            self._ended.append(self._records.pop()[1])
        elif self._text is not None:
            self._keep("", "".join(self._text))
        self._text = None
        self._names.pop()

    def _data(self, text: str) -> None:
        if self._text is not None and self._length <= LONGEST_RAW:
            self._text.append(text)
            self._length += len(text)

    def _field(self, last: str = "") -> str:
        """Return the path of the present element below its record, if it was asked for."""
        if not self._records:
            return ""
        depth, record = self._records[-1]
        path = "/".join([*self._names[depth:], *([last] if last else [])])
        return path if path in self._wanted[record.path] else ""

    def _keep(self, last: str, value: str) -> None:
        if value and (path := self._field(last)):
            self._records[-1][1].fields.setdefault(path, value)

    def _refuse(self, *_about: object) -> None:
        raise UnreadableFile(
            _("The file declares a document type or entities, which no export needs: not read.")
        )


def _local(name: str) -> str:
    return re.sub(r"^.* ", "", name)
