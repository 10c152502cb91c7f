"""Drawings that an article makes from its own cited rows.

A drawing is a fenced block in a Markdown body: lines that describe it, then its rows, one a
line, fields parted by a bar::

    ```bars
    title: Told to leave, in named rounds
    caption: Rounds with a published number of people.
    credit: Drawing: On Record
    unit: people
    29 Dec 2016, by the US | 35 | us [@tass-2016]
    29 Mar 2018, by Russia | 60 | russia [@ap-2018]
    ```

    bars       label | number | series
    periods    from | to or .. | word | contacts, force, reduced or break | note
    marks      date | label | row
    wordings   "quote" | who, date | contacts, force, reduced or break

Dates are EDTF. ``text:`` is the text alternative; where it is missing, one is made of the rows.
Rows may end in citation marks, and captions, credits, notes and labels may hold marks and links.
The same line of periods is drawn under an article's answer by `band`.

Everything here is put together with ``format_html``, which escapes what it is given; drawings
are placed in a body after nh3 has passed (see `publishing.markup.bodies`). Positions are
percentages and there is no viewBox, so text keeps its size at every width.
"""

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

from publishing.citing import LONGEST_TEXT, MOST_BRACKETS, is_readable
from publishing.drawings.bars import Bars
from publishing.drawings.periods import (
    SHAPES,
    ListedPeriod,
    Period,
    Periods,
    band,
    listed_periods,
    period_list,
)
from publishing.drawings.points import Points
from publishing.drawings.reading import Drawing, Inline, Name, Passage
from publishing.drawings.wordings import Wordings

__all__ = [
    "KINDS",
    "SHAPES",
    "ListedPeriod",
    "Passage",
    "Period",
    "band",
    "draw",
    "listed_periods",
    "passages",
    "period_list",
    "problems",
]

KINDS: dict[str, type[Drawing]] = {
    drawing.kind: drawing for drawing in (Bars, Periods, Points, Wordings)
}


def draw(kind: str, source: str, *, inline: Inline, name: Name, today: int) -> SafeString:
    """Return a drawing as HTML; where it cannot be drawn, a figure that says why.

    ``inline`` turns a line of Markdown into safe HTML, ``name`` words into an id that is free on
    the page; ``today`` is a day number, where periods end that are still open.
    """
    return KINDS[kind](source).draw(inline=inline, name=name, today=today)


def passages(kind: str, source: str) -> list[Passage]:
    """Return what there is to read in a drawing, in the order in which readers meet it."""
    return KINDS[kind](source).passages()


def problems(text: str) -> list[str]:
    """Return a sentence for everything in a Markdown body that cannot be drawn as it stands."""
    if not is_readable(text):
        return [
            f"This text has more than {LONGEST_TEXT:,} characters, or {MOST_BRACKETS:,} brackets, "
            "so it is shown as it was typed, without links and drawings. Make two of it."
        ]
    return [
        problem
        for kind, source in _fences(text)
        if kind in KINDS
        for problem in KINDS[kind](source).problems
    ]


def _fences(text: str) -> list[tuple[str, str]]:
    """Return the fenced blocks of a body: the first word behind the fence, and the content."""
    tokens = _BLOCKS.parse(text)
    fences = [(token.info.split(), token.content) for token in tokens if token.type == "fence"]
    return [(info[0], content) for info, content in fences if info]


# Blocks only: what a line holds cannot make or unmake a fence.
_BLOCKS = MarkdownIt("commonmark", {"html": False}).disable(["html_block", "inline"])
