"""Bars: one number a row, drawn as a length."""

import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from publishing.drawings.labels import text_width
from publishing.drawings.reading import (
    EMPTY,
    Drawing,
    Inline,
    Name,
    Passage,
    Row,
    percent,
    shortened,
)

_NUMBER = re.compile(
    r"[0-9]{1,3}(?:[,\s][0-9]{3}){1,4}(?:\.[0-9]{1,6})?|[0-9]{1,15}(?:\.[0-9]{1,6})?"
)

# Filled, outlined, dashed: told apart without colour, so three is as many as there are.
_SERIES = ("by-first", "by-second", "by-third")
# Two names have a class of their own in the style sheet, and keep their shade in every drawing.
_NAMED = {
    "us": ("by-us", gettext_lazy("United States")),
    "russia": ("by-russia", gettext_lazy("Russia")),
}

# In px: a label's line, and what a row takes besides its label.
_LINE = 16
_BAR = 34
_NARROWEST = 280
_LABEL_LETTERS = 40
_LONGEST_SHARE = 84


@dataclass(frozen=True, slots=True)
class _Bar:
    label: str
    value: float
    shown: str
    series: str


class Bars(Drawing):
    """Rows ``label | number | series``; up to three series, told apart by fill and outline."""

    kind = "bars"
    fewest_fields = 2
    row_form = "“label | number | series”, for instance “March 2018 | 60 | us”"
    has_sources_below = True

    def read_rows(self, rows: Iterable[Row]) -> None:
        self.bars: list[_Bar] = []
        for row in rows:
            shown = row.field(1)
            if not _NUMBER.fullmatch(shown):
                sentence = gettext("“%(text)s” is not a number, such as 60, 1,200 or 11.3.")
                self.refuse(row, sentence % {"text": shortened(shown)})
                continue
            value = float(re.sub(r"[,\s]", "", shown))
            self.bars.append(_Bar(row.field(0), value, shown, row.field(2)))
        self.shades = self._shades()

    def row_passage(self, row: Row) -> Passage:
        return Passage(
            row.typed_marks, lead=self._sentence(row.field(0), row.field(1)), is_row=True
        )

    def picture(self, *, inline: Inline, name: Name, today: int) -> SafeString:
        title, title_id = self.title_and_ids(name)
        made = " ".join(f"{self._sentence(bar.label, bar.shown)}." for bar in self.bars)
        return format_html(
            '<figure class="figure">{}{}{}{}{}</figure>',
            title,
            self._key(),
            self._svg(title_id),
            self.alternative(title_id, made),
            self.caption(inline),
        )

    def _sentence(self, label: str, number: str) -> str:
        return f"{label}: {number} {self.head.get('unit', '')}".strip().removesuffix(":")

    def _shades(self) -> dict[str, str]:
        """Return a class for each series, and say so if there are too many."""
        names = list(dict.fromkeys(bar.series for bar in self.bars if bar.series))
        taken = {name: _NAMED[name.lower()][0] for name in names if name.lower() in _NAMED}
        free = [shade for at, shade in enumerate(_SERIES) if not self._is_taken(at, taken)]
        others = [name for name in names if name not in taken]
        if len(others) > len(free):
            self.problems.append(
                f"{self._words()} names {len(names)} series; more than {len(_SERIES)} cannot be "
                "told apart."
            )
        return taken | dict(zip(others, free, strict=False))

    @staticmethod
    def _is_taken(at: int, taken: dict[str, str]) -> bool:
        return at < len(_NAMED) and list(_NAMED.values())[at][0] in taken.values()

    def _key(self) -> SafeString:
        """Return which shade is whose, where there are two or more."""
        if len(self.shades) < 2:
            return EMPTY
        items = (
            (shade, _NAMED[name.lower()][1] if name.lower() in _NAMED else name)
            for name, shade in self.shades.items()
        )
        return format_html(
            '<ul class="drawing-key">{}</ul>',
            format_html_join("", '<li class="drawing-key-item {}">{}</li>', items),
        )

    def _svg(self, title_id: str) -> SafeString:
        top = 0
        bars = EMPTY
        for bar in self.bars:
            lines = textwrap.wrap(bar.label, _LABEL_LETTERS) or [""]
            bars += self._bar(bar, lines, top)
            top += _LINE * len(lines) + _BAR
        return format_html(
            '<svg class="bars" width="100%" height="{}" role="img" '
            'aria-labelledby="{} {}-text">{}</svg>',
            max(top - 8, 0),
            title_id,
            title_id,
            bars,
        )

    def _bar(self, bar: _Bar, lines: list[str], top: int) -> SafeString:
        under = top + _LINE * len(lines)
        shade = self.shades.get(bar.series, _SERIES[0])
        share = self._share(bar.value)
        return format_html(
            '<g class="bar {}"><text y="{}">{}</text>{}'
            '<text class="bar-value" x="{}" y="{}">{}</text></g>',
            shade,
            top + 14,
            _label(lines),
            _rectangle(shade, share, under),
            percent(share + 1.5),
            under + 18,
            bar.shown,
        )

    def _share(self, value: float) -> float:
        """Return how much of the width a value takes; the longest leaves room for its number."""
        largest = max(bar.value for bar in self.bars)
        room = max(text_width(bar.shown) for bar in self.bars) + 10
        longest = min(_LONGEST_SHARE, max(20, 98.5 - room / _NARROWEST * 100))
        return longest * value / largest if largest else 0


def _label(lines: list[str]) -> SafeString:
    rest = format_html_join(
        "", '<tspan x="0" dy="{}">{}</tspan>', ((_LINE, line) for line in lines[1:])
    )
    return format_html("{}{}", lines[0], rest)


def _rectangle(shade: str, share: float, under: int) -> SafeString:
    if not share:
        return EMPTY
    if shade in ("by-first", "by-us"):
        return format_html('<rect y="{}" width="{}" height="16"/>', under + 5, percent(share))
    # Half of an outline lies outside its rectangle.
    return format_html(
        '<rect x="1" y="{}" width="{}" height="14"/>', under + 6, percent(max(0.2, share - 0.2))
    )
