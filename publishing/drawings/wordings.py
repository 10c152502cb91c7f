"""Wordings: who has said it how, side by side."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from publishing.drawings.periods import SHAPES, shapes
from publishing.drawings.reading import EMPTY, Drawing, Inline, Name, Passage, Row, shortened

_QUOTES = "\"“”„«»'\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"


class Wordings(Drawing):
    """Rows ``"quote" | who, date | shape``; a missing shape is drawn as in force."""

    kind = "wordings"
    fewest_fields = 2
    row_form = (
        '“"quote" | who, date | shape”, for instance “"not severed" | Fact sheet, 2016 | force”'
    )
    needs_title = False

    def read_rows(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if row.field(2) and row.field(2).lower() not in SHAPES:
                self.refuse(
                    row, f"“{shortened(row.field(2))}” is not a shape. Shapes are {shapes()}."
                )

    def row_passage(self, row: Row) -> Passage:
        return Passage(f"{row.field(1)}{row.typed_marks}", lead=_quoted(row.field(0)), is_row=True)

    def picture(self, *, inline: Inline, name: Name, today: int) -> SafeString:
        items = (
            (
                row.field(2).lower() or "force",
                _quoted(row.field(0)),
                inline(f"{row.field(1)}{row.typed_marks}"),
            )
            for row in self.rows
        )
        return format_html(
            '<figure class="wordings">{}<ol class="wordings-list">{}</ol>{}</figure>',
            self.title_and_ids(name)[0] if self.title else EMPTY,
            format_html_join(
                "",
                '<li class="wording is-{}"><blockquote>{}</blockquote>'
                '<p class="wording-by">{}</p></li>',
                items,
            ),
            self.caption(inline),
        )


def _quoted(typed: str) -> str:
    """Return a quotation in one pair of marks, whichever the editor typed."""
    return f"“{typed.strip(_QUOTES + ' ')}”"
