"""Dates of every kind that can be stored, generated for the tests of `publishing.dates`."""

from calendar import isleap

from hypothesis import settings
from hypothesis import strategies as st

from publishing.dates import HistoricalDate, Moment, parse_date

# The machine may be busy; how fast a date is parsed has a test of its own.
unhurried = settings(deadline=None)

YEARS = st.one_of(st.integers(1700, 2100), st.integers(-9999, 9999), st.integers(-120, 120))
FLAGS = st.sampled_from(["", "", "", "~", "?", "%"])
DAYS_IN_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def year_text(year: int) -> str:
    """Return a year as EDTF writes it: 1917, -0043."""
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


@st.composite
def day_texts(draw) -> str:
    year, month = draw(YEARS), draw(st.integers(1, 12))
    length = 29 if month == 2 and isleap(year) else DAYS_IN_MONTH[month - 1]
    return f"{year_text(year)}-{month:02d}-{draw(st.integers(1, length)):02d}"


def part_texts(parts: list[int]) -> st.SearchStrategy[str]:
    """Return years with a month, season or quarter."""
    return st.builds(
        lambda year, part: f"{year_text(year)}-{part:02d}", YEARS, st.sampled_from(parts)
    )


moment_texts = st.one_of(
    day_texts(),
    part_texts(list(range(1, 13))),
    part_texts([21, 22, 23, 24]),
    part_texts([33, 34, 35, 36]),
    YEARS.map(year_text),
    st.integers(1, 999).map(lambda tens: f"{tens:03d}X"),
    st.integers(0, 99).map(lambda hundreds: f"{hundreds:02d}XX"),
)

flagged_moments = st.builds(lambda text, flag: text + flag, moment_texts, FLAGS)


def earliest(text: str) -> int:
    return parse_date(text).lower


@st.composite
def neighbouring_moments(draw) -> tuple[str, str]:
    """Return two moments that often share their year or month, earlier first."""
    year = year_text(draw(YEARS))
    month = f"{draw(st.integers(1, 12)):02d}"
    endings = ["", *(f"-{part}" for part in ("03", "04", "11", "21", "22", "24", "33", "36"))]
    endings += [f"-{month}", *(f"-{month}-{day:02d}" for day in (1, 2, 15, 28))]
    texts = st.sampled_from(endings).map(lambda ending: year + ending)
    start, end = sorted((draw(texts), draw(texts)), key=earliest)
    return start + draw(FLAGS), end + draw(FLAGS)


@st.composite
def distant_moments(draw) -> tuple[str, str]:
    start, end = sorted((draw(flagged_moments), draw(flagged_moments)), key=earliest)
    return start, end


interval_texts = (
    st.one_of(neighbouring_moments(), distant_moments())
    .filter(lambda sides: sides[0] != sides[1])
    .map("/".join)
)

one_sided_texts = st.one_of(
    flagged_moments.map(lambda text: f"{text}/.."),
    flagged_moments.map(lambda text: f"../{text}"),
    flagged_moments.map(lambda text: f"{text}/"),
    flagged_moments.map(lambda text: f"/{text}"),
)

date_texts = st.one_of(flagged_moments, interval_texts, one_sided_texts)
dates = date_texts.map(parse_date)


def sides_of(date: HistoricalDate) -> list[Moment]:
    """Return the moments that a date names."""
    return [side for side in (date.start, date.end) if side is not None]
