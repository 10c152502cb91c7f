"""A date laid out for the timeline: the year in bold, then the rest, and how its mark is drawn."""

from dataclasses import dataclass

from django.utils.translation import pgettext

from publishing.dates.iso import iso_text
from publishing.dates.parsing import HistoricalDate, Moment, Precision
from publishing.dates.wording import detail, heading, name, remarks_on, share_heading, share_month


@dataclass(frozen=True, slots=True)
class DatePiece:
    """A few words of a date; with `datetime`, they are the text of a `<time>` element."""

    text: str
    datetime: str | None = None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class DisplayParts:
    """A date in the timeline's layout.

    `year` is the bold part ("1917", "1920s", "c. 1917", "until 1933"). `pieces` follow it, to be
    joined by spaces. `marks` say how the mark on the rail is drawn, and are `is-…` classes in the
    look: first "point" (a day) or "span" (anything longer), then "about" (both edges are
    approximate, uncertain or unknown) or "about-start" or "about-end" (one is), then "open-start",
    "open" (it goes on).
    """

    year: DatePiece
    pieces: tuple[DatePiece, ...]
    marks: tuple[str, ...]


def display_parts(date: HistoricalDate) -> DisplayParts:
    """Return how a date stands in the timeline; "2017" and "31 August", "to", "2 September"."""
    year, *pieces = _pieces(date)
    remarks = remarks_on(date)
    if remarks:
        pieces.append(DatePiece(f"({remarks})"))
    return DisplayParts(year, tuple(pieces), drawn_marks(date))


def _pieces(date: HistoricalDate) -> list[DatePiece]:
    if not date.is_interval:
        return _single_pieces(date.start)
    if date.end is None:
        return _pieces_without_end(date)
    if date.start is None:
        return _pieces_without_start(date.end)
    return _interval_pieces(date.start, date.end)


def _single_pieces(moment: Moment) -> list[DatePiece]:
    """Return the bold year and, for anything finer, the detail after it."""
    if detail(moment):
        return [DatePiece(heading(moment)), _detail_piece(moment)]
    return [DatePiece(_bold_heading(moment), iso_text(moment))]


def _pieces_without_end(date: HistoricalDate) -> list[DatePiece]:
    year, *rest = _single_pieces(date.start)
    if rest:
        since = pgettext("before a day, after its year", "since")
        begin = pgettext("before a day, after its year", "from")
        return [year, DatePiece(since if date.is_open_end else begin), *rest]
    return [year, DatePiece(pgettext("after a year", "onwards"))] if date.is_open_end else [year]


def _pieces_without_start(end: Moment) -> list[DatePiece]:
    if detail(end):
        until = pgettext("before a day, after its year", "until")
        return [DatePiece(heading(end)), DatePiece(until), _detail_piece(end)]
    if end.precision in (Precision.DECADE, Precision.CENTURY):
        words = pgettext("a decade or a century", "until the %(heading)s")
    else:
        words = pgettext("a year", "until %(heading)s")
    return [DatePiece(words % {"heading": _bold_heading(end)})]


def _interval_pieces(start: Moment, end: Moment) -> list[DatePiece]:
    pieces = _single_pieces(start)
    if share_month(start, end):
        pieces[1] = DatePiece(str(start.day), iso_text(start))
    end_piece = (
        _detail_piece(end) if share_heading(start, end) else DatePiece(name(end), iso_text(end))
    )
    if end_piece.datetime is None:
        words = pgettext("the end of a period", "to %(date)s") % {"date": end_piece}
        return [*pieces, DatePiece(words)]
    return [*pieces, DatePiece(pgettext("before the end of a period", "to")), end_piece]


def _detail_piece(moment: Moment) -> DatePiece:
    words = detail(moment)
    if moment.is_approximate:
        words = pgettext("in a date", "about %(date)s") % {"date": words}
    return DatePiece(words, iso_text(moment))


def _bold_heading(moment: Moment) -> str:
    if not moment.is_approximate:
        return heading(moment)
    return pgettext("about a year", "c. %(heading)s") % {"heading": heading(moment)}


def drawn_marks(date: HistoricalDate) -> tuple[str, ...]:
    """Return how the mark of a date is drawn, as in `DisplayParts`; much quicker than its words."""
    marks = ["point" if date.precision is Precision.DAY else "span"]
    about_start = date.is_approximate_start or date.is_uncertain_start or date.is_unknown_start
    about_end = date.is_approximate_end or date.is_uncertain_end or date.is_unknown_end
    if about_start and about_end:
        marks.append("about")
    elif about_start:
        marks.append("about-start")
    elif about_end:
        marks.append("about-end")
    if date.is_open_start:
        marks.append("open-start")
    if date.is_open_end:
        marks.append("open")
    return tuple(marks)
