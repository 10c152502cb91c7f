"""What editors type, as a date: EDTF, or English words and figures.

Nothing is guessed. Every rule below offers the EDTF texts that the words can mean; a date comes
back only if exactly one of them is possible. Two possible ones are named to the editor, who
chooses; if there is none, the editor is shown how to write a date. Rules match the whole text, so
no word is passed over.

Intervals are split at every "to" and dash in turn, and a start that leaves out its month or year
takes it from the end: "6–8 December 1917", "February to April 2014", "44 to 40 BC". "About" belongs
to the side before which it stands.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.dates.days import MONTHS
from publishing.dates.parsing import HistoricalDate, parse_date
from publishing.dates.wording import describe

MAXIMUM_TEXT_LENGTH = 120

_MONTH_NUMBERS = {month[:3].lower(): number for number, month in enumerate(MONTHS, start=1)}
_SEASON_NUMBERS = {"spring": "21", "summer": "22", "autumn": "23", "fall": "23"}
_QUARTER_NUMBERS = {"first": "33", "second": "34", "third": "35", "fourth": "36"}

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_ANY_YEAR = r"(?:\d{4}|\d{1,5} (?:bce?|ce|ad)|ad \d{1,4})"
_YEAR = rf"(?P<year>{_ANY_YEAR})"


class Side(NamedTuple):
    """One side of an interval, or a whole date, as EDTF's pieces; "" where the text is silent.

    `bare` is a number that the other side must explain: a day or a year.
    """

    year: str = ""
    part: str = ""
    day: str = ""
    flag: str = ""
    bare: str = ""

    @property
    def edtf(self) -> str:
        return "-".join(filter(None, (self.year, self.part, self.day))) + self.flag


def read_date(text: str) -> HistoricalDate:
    """Return the date that an editor's text means.

    Reads EDTF (see `parsing`), what `describe` writes, and the common ways of writing dates in
    English. Raises ValidationError with a sentence for the editor: how to write a date, which day
    does not exist, or, for text such as "4/5/2022", what its two meanings are.
    """
    if not isinstance(text, str) or not text.strip():
        raise _refusal("empty", _("Write a date, for example 6 December 1917 or 1941 to 1945."), "")
    if len(text) > MAXIMUM_TEXT_LENGTH:
        raise _refusal("long", _("That is too long for a date; write only the date."), "")
    readings, refusals = _readings(text)
    if len(readings) == 1:
        return readings[0]
    if readings:
        raise _ambiguous(text, readings)
    raise _nothing_read(text, refusals)


def _readings(text: str) -> tuple[list[HistoricalDate], list[ValidationError]]:
    """Return the dates that the text can mean, and why other attempts failed."""
    readings: dict[str, HistoricalDate] = {}
    refusals = []
    for edtf in _candidates(text):
        try:
            readings[edtf] = parse_date(edtf)
        except ValidationError as refusal:
            refusals.append(refusal)
    return list(readings.values()), refusals


def _refusal(code: str, sentence: str, text: str, **params: str) -> ValidationError:
    return ValidationError(sentence, code=code, params={"text": text.strip(), **params})


def _ambiguous(text: str, readings: list[HistoricalDate]) -> ValidationError:
    choices = gettext(" or ").join(describe(reading) for reading in readings)
    return _refusal(
        "ambiguous",
        _("“%(text)s” can mean %(choices)s. Write out the one you mean."),
        text,
        choices=choices,
    )


def _nothing_read(text: str, refusals: list[ValidationError]) -> ValidationError:
    """Return the sentence that helps most: a day that does not exist before "cannot be read"."""
    if re.search(r"\([^)]*\d", text):
        sentence = _(
            "“%(text)s” has two dates. Give the one of today’s calendar here, for example"
            " 28 October 1803, and put the other in the note on the calendar."
        )
        return _refusal("two_calendars", sentence, text)
    for refusal in refusals:
        if refusal.code not in ("unreadable", "long"):
            return refusal
    sentence = _(
        "“%(text)s” cannot be read as a date. Write it like 6 December 1917 or 1941 to 1945."
    )
    return _refusal("unreadable", sentence, text)


def _candidates(text: str) -> Iterator[str]:
    """Yield every EDTF text that the editor's text may stand for; some may be impossible dates."""
    yield re.sub(r"\s*/\s*", "/", text.strip()).upper()
    words, remarks = _without_remarks(text.lower())
    words = _normalised(words)
    if not remarks:
        yield from _short_years(words)
    for start, end in _pairs(words):
        yield from _remarked(start, end, remarks)


def _normalised(text: str) -> str:
    """Return small letters with single spaces, one hyphen, one dash, no commas, no full stops."""
    text = text.replace("’", "'").replace(",", " ")
    text = re.sub("[\u2010\u2011]", "-", text)
    text = re.sub("[\u2012-\u2015\u2212]|--+", "–", text)
    text = re.sub(r"(?<![a-z])b\.c\.(e\.)?", "bc", text)
    text = re.sub(r"(?<![a-z])a\.d\.", "ad", text)
    text = re.sub(r"(?<=[a-z])\.", " ", text)
    text = re.sub(r"(?<=\d)(?=(?:bce?|ce|ad)\b)|(?<=\bad)(?=\d)", " ", text)
    return " ".join(text.split())


# Remarks: what `describe` adds in brackets, as what it does to the EDTF of either side.


def _as_it_is(side: str) -> str:
    return side


def _uncertain(side: str) -> str:
    if side in ("", "..") or side.endswith(("?", "%")):
        return side
    return side[:-1] + "%" if side.endswith("~") else side + "?"


def _unknown(side: str) -> str:
    return "" if side == ".." else "known"


_REMARKS = {
    "uncertain": (_uncertain, _uncertain),
    "start and end uncertain": (_uncertain, _uncertain),
    "start uncertain": (_uncertain, _as_it_is),
    "end uncertain": (_as_it_is, _uncertain),
    "start unknown": (_unknown, _as_it_is),
    "end unknown": (_as_it_is, _unknown),
}


def _without_remarks(text: str) -> tuple[str, list[str]]:
    """Split off remarks in brackets; others stay, and then the text cannot be read."""
    match = re.fullmatch(r"(.+)\(([a-z, ]+)\)\s*", text, re.DOTALL)
    remarks = [remark.strip() for remark in match[2].split(",")] if match else []
    if match and all(remark in _REMARKS for remark in remarks):
        return match[1], remarks
    return text, []


def _remarked(start: str, end: str | None, remarks: list[str]) -> Iterator[str]:
    """Yield the EDTF of one date, or of an interval, with the remarks applied if they can be."""
    if end is None:
        if not remarks:
            yield start
        elif remarks == ["uncertain"]:
            yield _uncertain(start)
        return
    for remark in remarks:
        change_start, change_end = _REMARKS[remark]
        start, end = change_start(start), change_end(end)
    yield f"{start}/{end}"


# Intervals.

_SEPARATOR = re.compile(r" ?[-–] ?| (?:to|until|till|through) ")
_TODAY = r"(?:the )?(?:present|present day|now|today|ongoing)"
_STILL_OPEN = [
    re.compile(r"(?:from|since) (?P<start>.+?)(?: onwards?)?"),
    re.compile(r"(?P<start>.+) onwards?"),
    re.compile(rf"(?:from )?(?P<start>.+?)(?: (?:to|until|till) | ?[-–] ?){_TODAY}"),
]
_WITHOUT_START = re.compile(r"(?:until|till|up to|to) (?P<end>.+)")
_MONTH_FIRST = re.compile(
    rf"{_MONTH} (?P<first>\d{{1,2}})(?: ?[-–] ?| to )(?P<last>\d{{1,2}}) {_YEAR}"
)


def _short_years(words: str) -> Iterator[str]:
    """Yield 1941–45 as an interval; with a hyphen, 1909-12 is a month as it is in EDTF."""
    match = re.fullmatch(r"(\d\d)(\d\d) ?([-–]) ?(\d\d)", words, re.ASCII)
    if not match:
        return
    century, start, dash, end = match.groups()
    is_month = dash == "-" and 1 <= int(end) <= 12
    if not is_month:
        yield f"{century}{start}/{century}{end}"


def _pairs(words: str) -> Iterator[tuple[str, str | None]]:
    """Yield start and end as EDTF; the end is None for one date, ".." stands for an open side.

    What can be one date is not cut in two, nor is "from winter 1999–2000".
    """
    singles = [side.edtf for side in _sides(words) if side.year]
    if singles:
        yield from ((single, None) for single in singles)
        return
    one_sided = list(_one_sided(words))
    if one_sided:
        yield from one_sided
        return
    for start_words, end_words in _splits(words):
        for end in _sides(end_words):
            for start in _sides(start_words) if end.year else ():
                yield from ((side.edtf, end.edtf) for side in _completed(start, end))


def _one_sided(words: str) -> Iterator[tuple[str, str]]:
    for pattern in _STILL_OPEN:
        if match := pattern.fullmatch(words):
            yield from ((side.edtf, "..") for side in _sides(match["start"]) if side.year)
    if match := _WITHOUT_START.fullmatch(words):
        yield from (("..", side.edtf) for side in _sides(match["end"]) if side.year)


def _splits(words: str) -> Iterator[tuple[str, str]]:
    """Yield every way of cutting an interval's words into start and end."""
    if words.startswith("between "):
        start, _and, end = words.removeprefix("between ").partition(" and ")
        yield start, end
        return
    words = words.removeprefix("from ")
    if match := _MONTH_FIRST.fullmatch(words):
        yield f"{match['first']}", f"{match['last']} {match['month']} {match['year']}"
    for separator in _SEPARATOR.finditer(words):
        yield words[: separator.start()], words[separator.end() :]


def _completed(start: Side, end: Side) -> Iterator[Side]:
    """Yield the start with what it leaves out taken from the end."""
    if start.bare:
        yield from _explained(start, end)
    elif start.year:
        yield start
    elif end.part:
        yield start._replace(year=end.year)


def _explained(start: Side, end: Side) -> Iterator[Side]:
    """Yield what a bare number before "to" means: a day of the end's month, a year of its era."""
    if end.day and len(start.bare) <= 2:
        yield end._replace(day=start.bare.zfill(2), flag=start.flag)
    elif not end.part and end.year.lstrip("-").isdecimal() and int(end.year) < 1000:
        era = "bc" if int(end.year) < 1 else "ad"
        yield Side(year=_edtf_year(f"{start.bare} {era}"), flag=start.flag)


# One side: a rule is an expression for the whole side, and what it can mean.

_FLAGGED = re.compile(
    r"(?P<doubt>(?:perhaps|possibly|probably) )?"
    r"(?P<about>(?:about|around|approximately|approx|roughly|circa|ca?) |ca?(?=\d)|~ ?)?"
    r"(?P<rest>.*?) ?(?P<mark>[~?%]?)"
)


def _sides(words: str) -> list[Side]:
    """Return what the words for one date can mean, with "about" and "probably" as a flag."""
    match = _FLAGGED.fullmatch(words)
    about = match["about"] or match["mark"] in ("~", "%")
    doubt = match["doubt"] or match["mark"] in ("?", "%")
    flag = "%" if about and doubt else "~" if about else "?" if doubt else ""
    sides = []
    for pattern, meanings in _RULES:
        if found := pattern.fullmatch(match["rest"]):
            sides += [side._replace(flag=flag) for side in meanings(found)]
    return sides


def _edtf_year(words: str) -> str:
    """Return "1917", "44 bc" or "ad 44" as an EDTF year; "0 bc" as a text that is none."""
    number = int(re.search(r"\d+", words)[0])
    if words.isdecimal():
        return words
    if number == 0:
        return "no year"
    year = 1 - number if "b" in words else number
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


def _year_in(match: re.Match) -> str:
    return _edtf_year(match["year"]) if match["year"] else ""


def _day_or_month(match: re.Match) -> list[Side]:
    day = match.groupdict().get("day") or ""
    month = _MONTH_NUMBERS[match["month"][:3]]
    return [Side(_year_in(match), f"{month:02d}", day and day.zfill(2))]


def _season(match: re.Match) -> list[Side]:
    return [Side(_year_in(match), _SEASON_NUMBERS[match["season"]])]


def _quarter(match: re.Match) -> list[Side]:
    number = f"3{int(match['figure']) + 2}" if match["figure"] else _QUARTER_NUMBERS[match["word"]]
    return [Side(_year_in(match), number)]


def _winter(match: re.Match) -> list[Side]:
    """Return the winter of two years if the second follows the first."""
    first, second = _edtf_year(match["year"]), match["second"]
    following = int(first) + 1
    if len(second) == 2:
        follows = f"{following % 100:02d}" == second
    else:
        follows = int(_edtf_year(second)) == following
    return [Side(first, "24")] if follows else []


def _winter_of_one_year(match: re.Match) -> list[Side]:
    """Return both winters that one year can mean: the one it ends and the one it begins."""
    year = _edtf_year(match["year"])
    before = int(year) - 1
    return [Side(f"-{-before:04d}" if before < 0 else f"{before:04d}", "24"), Side(year, "24")]


def _decade(match: re.Match) -> list[Side]:
    """Return the decade; "the 1900s" can also be the century."""
    tens = int(match["tens"].removeprefix("ad "))
    decade, century = Side(f"{tens:03d}X"), Side(f"{tens // 10:02d}XX")
    return [decade] if match["surely"] or tens % 10 else [decade, century]


def _century(match: re.Match) -> list[Side]:
    return [Side(f"{int(match['number']) - 1:02d}XX")]


def _figures(match: re.Match) -> list[Side]:
    """Return both readings of 4/5/2022, day first and month first."""
    first, second = match["first"].zfill(2), match["second"].zfill(2)
    return [Side(match["year"], second, first), Side(match["year"], first, second)]


def _edtf_pieces(match: re.Match) -> list[Side]:
    return [Side(match["year"].upper(), match["part"] or "", match["day"] or "")]


_RULES = [
    (re.compile(pattern, re.ASCII), meanings)
    for pattern, meanings in [
        (rf"(?:the )?{_DAY}(?: of)? {_MONTH}(?: {_YEAR})?", _day_or_month),
        (rf"{_MONTH} {_DAY}(?: {_YEAR})?", _day_or_month),
        (rf"{_MONTH}(?:(?: of)? {_YEAR})?", _day_or_month),
        (rf"(?:the )?(?P<season>spring|summer|autumn|fall)(?:(?: of)? {_YEAR})?", _season),
        (
            r"(?:q(?P<figure>[1-4])|(?:the )?(?P<word>first|second|third|fourth) quarter)"
            rf"(?:(?: of)? {_YEAR})?",
            _quarter,
        ),
        (
            rf"(?:the )?winter(?: of)? {_YEAR} ?[-–/] ?(?P<second>{_ANY_YEAR}|\d{{2}}|\d{{5}})",
            _winter,
        ),
        (rf"(?:the )?winter(?: of)? {_YEAR}", _winter_of_one_year),
        (
            r"(?P<surely>(?:the )?decade of )?(?:the )?(?P<tens>\d{3}|ad \d{1,2})0'?s",
            _decade,
        ),
        (r"(?:the )?(?P<number>\d{1,3})(?:st|nd|rd|th) century(?: (?:ad|ce))?", _century),
        (rf"(?:the year )?{_YEAR}", lambda match: [Side(_year_in(match))]),
        (r"(?P<first>\d{1,2})([-./])(?P<second>\d{1,2})\2(?P<year>\d{4})", _figures),
        (r"(?P<year>-?\d{4})-(?P<part>0[1-9]|1[0-2])(?:-(?P<day>\d\d))?", _edtf_pieces),
        (r"(?P<year>-\d{4}|\d{3}x|\d\dxx)(?P<part>)(?P<day>)", _edtf_pieces),
        (r"(?P<bare>\d{1,5})(?:st|nd|rd|th)?", lambda match: [Side(bare=match["bare"])]),
    ]
]
