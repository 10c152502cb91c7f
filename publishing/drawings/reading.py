"""Reading the block that describes a drawing, and the frame that all drawings share."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from publishing.citing import Mark, marks_in, without_marks

Inline = Callable[[str], SafeString]
Name = Callable[[str], str]

# More rows than this are a table, not a drawing.
MOST_ROWS = 60

EMPTY = format_html("{}", "")

_HEADER = re.compile(r"(title|caption|credit|text|unit)\s*:\s*(.*)", re.IGNORECASE | re.DOTALL)
_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it was typed, its fields without citation marks, and the marks themselves."""

    number: int
    typed: str
    fields: tuple[str, ...]
    marks: tuple[Mark, ...]

    def field(self, at: int) -> str:
        """Return a field, or nothing where the row is shorter."""
        return self.fields[at] if at < len(self.fields) else ""

    @property
    def typed_marks(self) -> str:
        """The row's citation marks, side by side as Markdown."""
        return "".join(mark.typed for mark in self.marks)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a drawing to be read: Markdown, with plain words that come before it.

    A row is one claim whole, however many sentences it has.
    """

    text: str
    lead: str = ""
    is_row: bool = False


class Drawing:
    """A drawing being read and drawn; each kind says what its rows are and how they look."""

    kind: ClassVar[str]
    fewest_fields: ClassVar[int]
    row_form: ClassVar[str]
    needs_title: ClassVar[bool] = True
    # Whether the sources of the rows are named together below, because the rows are in the SVG.
    has_sources_below: ClassVar[bool] = False

    def __init__(self, source: str) -> None:
        self.head: dict[str, str] = {}
        self.rows: list[Row] = []
        self.problems: list[str] = []
        for line in source.splitlines():
            self._read_line(line.strip())
        self._check()
        # One by one, so that what is wrong is said in the order of the rows.
        self.read_rows(row for row in self.rows if self._is_long_enough(row))

    # What each kind brings.

    def read_rows(self, rows: Iterable[Row]) -> None:
        """Read the rows that have enough fields, and `refuse` those that cannot be drawn."""
        raise NotImplementedError

    def row_passage(self, row: Row) -> Passage:
        """Return what a row says, for reading, counting and citing."""
        raise NotImplementedError

    def picture(self, *, inline: Inline, name: Name, today: int) -> SafeString:
        """Return the drawing whole, as HTML."""
        raise NotImplementedError

    # What all share.

    def draw(self, *, inline: Inline, name: Name, today: int) -> SafeString:
        """Return the drawing as HTML, or a figure that says what is wrong with it."""
        if self.problems:
            return self._trouble()
        return self.picture(inline=inline, name=name, today=today)

    def passages(self) -> list[Passage]:
        """Return what there is to read, in the order in which readers meet it."""
        return [
            passage
            for passage in self._all_passages()
            if passage.text.strip() or passage.lead.strip()
        ]

    def refuse(self, row: Row, sentence: str) -> None:
        """Say what is wrong with a row."""
        self.problems.append(f"{self._words()}, row {row.number}: {sentence}")

    @property
    def title(self) -> str:
        return self.head.get("title", "")

    def title_and_ids(self, name: Name) -> tuple[SafeString, str]:
        """Return the title as a heading with an id, and that id."""
        title_id = name(self.title or self.kind)
        if not self.title:
            return EMPTY, title_id
        unit = self.head.get("unit")
        said = format_html(' <span class="figure-unit">({})</span>', unit) if unit else EMPTY
        return (
            format_html('<h3 class="figure-title" id="{}">{}{}</h3>', title_id, self.title, said),
            title_id,
        )

    def alternative(self, title_id: str, made: str) -> SafeString:
        """Return the text alternative, hidden from the eye: as typed, else as ``made`` of rows.

        It is read out as part of the drawing's name, and not once more behind it.
        """
        return format_html(
            '<p class="visually-hidden" aria-hidden="true" id="{}-text">{}</p>',
            title_id,
            self.head.get("text") or made,
        )

    def caption(self, inline: Inline, *, before: SafeString = EMPTY) -> SafeString:
        """Return caption, sources of the rows and credit, behind what comes ``before`` them.

        Nothing if there is nothing to say.
        """
        pieces = [
            inline(self.head.get("caption", "")),
            self._sources(inline),
            self._credit(inline),
        ]
        said = format_html_join(" ", "{}", ((piece,) for piece in pieces if piece))
        if before and said:
            said = format_html('<p class="figure-caption">{}</p>', said)
        return (
            format_html("<figcaption>{}{}</figcaption>", before, said) if before or said else EMPTY
        )

    def _read_line(self, line: str) -> None:
        if not line:
            return
        header = _HEADER.fullmatch(line)
        if header and (not self.rows or not _BAR.search(line)):
            self.head[header[1].lower()] = header[2].strip()
            return
        fields = [without_marks(one).replace("\\|", "|") for one in _BAR.split(line)]
        self.rows.append(Row(len(self.rows) + 1, line, tuple(fields), tuple(marks_in(line))))

    def _check(self) -> None:
        if self.needs_title and not self.title:
            self.problems.append(f"{self._words()} has no title: begin it with a line “title: …”.")
        for name in ("title", "unit", "text"):
            if marks_in(self.head.get(name, "")):
                self.problems.append(
                    f"{self._words()}: “{name}:” cannot hold a citation mark; the caption can."
                )
        if not self.rows:
            self.problems.append(f"{self._words()} has no rows. A row is {self.row_form}.")
        if len(self.rows) > MOST_ROWS:
            self.problems.append(
                f"{self._words()} has {len(self.rows)} rows; a drawing can show {MOST_ROWS}."
            )

    def _is_long_enough(self, row: Row) -> bool:
        if len(row.fields) >= self.fewest_fields:
            return True
        self.refuse(row, f"“{shortened(row.typed)}” has too few fields. A row is {self.row_form}.")
        return False

    def _words(self) -> str:
        return (
            f"The drawing “{shortened(self.title)}”" if self.title else f"A drawing ({self.kind})"
        )

    def _all_passages(self) -> Iterator[Passage]:
        rows = [self._row_passage(row) for row in self.rows]
        caption = Passage(self.head.get("caption", ""))
        yield Passage("", lead=self.title, is_row=True)
        yield from [caption, *rows] if self.has_sources_below else [*rows, caption]
        yield Passage(self.head.get("credit", ""))

    def _row_passage(self, row: Row) -> Passage:
        if len(row.fields) < self.fewest_fields:
            return Passage(row.typed_marks, lead=", ".join(row.fields), is_row=True)
        return self.row_passage(row)

    def _sources(self, inline: Inline) -> SafeString:
        """Return the marks of all rows, each source once, where they are not beside their rows."""
        marks: dict[str, str] = {}
        for mark in (mark for row in self.rows for mark in row.marks):
            marks.setdefault(mark.key, mark.typed)
        if not marks or not self.has_sources_below:
            return EMPTY
        return format_html(
            '<span class="drawing-sources">Sources of the rows: {}.</span>',
            inline("".join(marks.values())),
        )

    def _credit(self, inline: Inline) -> SafeString:
        credit = self.head.get("credit", "")
        return format_html('<span class="credit">{}</span>', inline(credit)) if credit else EMPTY

    def _trouble(self) -> SafeString:
        """Return a figure in the drawing's place that says why, and shows what was typed."""
        return format_html(
            '<figure class="figure drawing-trouble"><p class="figure-title">'
            "This drawing cannot be shown yet</p><ul>{}</ul><pre>{}</pre></figure>",
            format_html_join("", "<li>{}</li>", ((problem,) for problem in self.problems)),
            self._typed(),
        )

    def _typed(self) -> str:
        head = [f"{name}: {value}" for name, value in self.head.items()]
        return "\n".join([*head, *(row.typed for row in self.rows)])


def shortened(text: str, longest: int = 60) -> str:
    """Return a text cut to fit into a sentence about it."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def percent(share: float) -> str:
    """Return a share of a hundred as SVG writes it: ``12.5%``, and ``0`` for none."""
    text = f"{share:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("0", "-0") else f"{text}%"
