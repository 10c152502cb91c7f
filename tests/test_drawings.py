"""Drawings made from rows: what is drawn, what is said of it, and what cannot be drawn."""

import itertools
import re

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.dates import day_number
from publishing.drawings import Period, band, listed_periods, period_list, problems
from publishing.drawings.labels import LETTER, LabelLine, Level
from publishing.markup.bodies import render_markdown
from tests import hostile

TODAY = day_number(2026, 11, 22)


def drawing(kind, *rows, title="A drawing", **header):
    lines = [f"title: {title}" if title else ""]
    lines += [f"{name}: {value}" for name, value in header.items()]
    return "\n".join([f"```{kind}", *lines, *rows, "```"])


def drawn(text, **numbers):
    return render_markdown(text, numbers=numbers, today=TODAY)


def shares(html, attribute, tag):
    return [float(one) for one in re.findall(rf'<{tag}[^>]* {attribute}="([\d.]+)%"', html)]


# ── All kinds ───────────────────────────────────────────────────────────────────────────────

ROWS = {
    "bars": "2016 | 35 | us",
    "periods": "1809 | 1917 | In force | force | Envoys",
    "marks": "2014-03-06 | First round | United States",
    "wordings": '"interrupted" | Historian, 2016 | break',
}


@pytest.mark.parametrize("kind", ROWS)
def test_a_drawing_is_a_figure_with_title_caption_and_credit(kind):
    html = drawn(drawing(kind, ROWS[kind], caption="Said *so*.", credit="[Us](/us/)"))
    css = "wordings" if kind == "wordings" else "figure"
    assert html.startswith(f'<figure class="{css}"><h3 class="figure-title" id="figure-a-drawing">')
    assert "Said <em>so</em>." in html
    assert '<span class="credit"><a href="/us/">Us</a></span>' in html
    assert html.index("<figcaption>") < html.index("Said")


@pytest.mark.parametrize("kind", ["bars", "periods", "marks"])
def test_a_drawing_has_a_name_and_a_text_alternative(kind):
    html = drawn(drawing(kind, ROWS[kind]))
    assert 'role="img" aria-labelledby="figure-a-drawing figure-a-drawing-text"' in html
    assert '<p class="visually-hidden" aria-hidden="true" id="figure-a-drawing-text">' in html


@pytest.mark.parametrize("kind", ["bars", "periods", "marks"])
def test_a_text_alternative_of_the_editors_own_is_taken(kind):
    html = drawn(drawing(kind, ROWS[kind], text="In our own words."))
    assert 'id="figure-a-drawing-text">In our own words.</p>' in html


@pytest.mark.parametrize("kind", ["bars", "periods", "marks"])
def test_a_drawing_keeps_the_size_of_its_text_at_every_width(kind):
    html = drawn(drawing(kind, ROWS[kind]))
    assert 'width="100%"' in html
    assert "viewBox" not in html


@pytest.mark.parametrize("kind", ROWS)
def test_what_is_typed_in_a_drawing_is_escaped(kind):
    row = " | ".join(f"{field}" for field in ROWS[kind].split(" | ")).replace("o", "<o>&")
    html = drawn(drawing(kind, ROWS[kind], title="<t>", caption="<c>", text="<x>", unit="<u>"))
    hostile.assert_harmless(html)
    assert "&lt;t&gt;" in html
    assert "&lt;c&gt;" in html
    hostile.assert_harmless(drawn(drawing(kind, row)))


@pytest.mark.parametrize("kind", ROWS)
def test_marks_in_rows_captions_and_credits_are_shown_as_numbers(kind):
    html = drawn(
        drawing(kind, f"{ROWS[kind]} [@a]", caption="C.[@b]", credit="D[@c]"), a=1, b=2, c=3
    )
    for number in (1, 2, 3):
        assert html.count(f'href="#source-{number}"') == 1
    assert "[@" not in html


def test_a_mark_that_is_escaped_in_a_row_is_text():
    html = drawn(drawing("bars", "a \\[@x] | 1"), x=1)
    assert "[@x]</text>" in html
    assert "source-1" not in html


@pytest.mark.parametrize("kind", ROWS)
def test_a_field_may_hold_a_bar_if_it_is_escaped(kind):
    row = ROWS[kind].replace("In force", "a \\| b").replace("First", "a \\| b")
    row = row.replace("2016 |", "a \\| b |").replace("Historian", "a \\| b")
    assert "a | b" in drawn(drawing(kind, row))


def test_a_block_of_another_language_is_code():
    assert drawn("```chart\na | 1\n```") == "<pre><code>a | 1\n</code></pre>\n"


def test_words_behind_the_kind_do_no_harm():
    assert "<svg" in drawn("```bars wide\ntitle: T\na | 1\n```")


def test_a_header_may_follow_the_rows():
    assert "Said last." in drawn("```bars\ntitle: T\na | 1\ncaption: Said last.\n```")


def test_a_row_may_begin_like_a_header_once_rows_have_begun():
    html = drawn("```bars\ntitle: T\na | 1\nCredit: loans | 2\n```")
    assert "Credit: loans</text>" in html


# ── Bars ────────────────────────────────────────────────────────────────────────────────────


def test_bars_are_as_long_as_their_numbers():
    html = drawn(drawing("bars", "a | 60", "b | 30", "c | 0"))
    assert shares(html, "width", "rect") == [84, 42]
    assert re.findall(r'bar-value"[^>]*>([^<]+)<', html) == ["60", "30", "0"]


@pytest.mark.parametrize("number", ["1,200", "1 200", "1\u00a0200", "1200", "1200.50"])
def test_numbers_are_shown_as_they_were_typed(number):
    html = drawn(drawing("bars", f"a | {number}", "b | 2,400"))
    assert f">{number}</text>" in html
    first, second = shares(html, "width", "rect")
    assert second / first == pytest.approx(2, rel=0.01)


def test_long_numbers_have_room_on_a_narrow_screen():
    html = drawn(drawing("bars", "a | 1,234,567,890"))
    assert shares(html, "width", "rect")[0] / 100 * 280 + 13 * LETTER < 280


def test_all_bars_of_nothing_are_nothing():
    assert "<rect" not in drawn(drawing("bars", "a | 0", "b | 0"))


def test_a_long_label_is_broken_into_lines():
    html = drawn(drawing("bars", f"{'word ' * 16} | 1"))
    assert html.count("<tspan") == 1
    lines = re.findall(r">([word ]+)<", html.split("</svg>")[0])
    assert lines
    assert all(len(line) <= 40 for line in lines)


@pytest.mark.parametrize(
    ("names", "shades"),
    [
        (["us", "russia"], ["by-us", "by-russia"]),
        (["Russia", "US"], ["by-russia", "by-us"]),
        (["Imports", "Exports", "Transit"], ["by-first", "by-second", "by-third"]),
        (["Imports", "us"], ["by-second", "by-us"]),
        (["us", "russia", "both"], ["by-us", "by-russia", "by-third"]),
        (["", "", ""], ["by-first", "by-first", "by-first"]),
    ],
)
def test_series_are_told_apart_by_shade(names, shades):
    html = drawn(drawing("bars", *(f"a | 1 | {name}" for name in names)))
    assert re.findall(r'class="bar (by-\w+)"', html) == shades


def test_two_series_have_a_key_and_one_has_none():
    html = drawn(drawing("bars", "a | 1 | us", "b | 2 | Exports"))
    assert '<li class="drawing-key-item by-us">United States</li>' in html
    assert '<li class="drawing-key-item by-second">Exports</li>' in html
    assert "drawing-key" not in drawn(drawing("bars", "a | 1 | us", "b | 2 | us"))


def test_bars_without_a_text_say_their_rows():
    html = drawn(drawing("bars", "March 2018 | 60 | us", "May 2018 | 1,000", unit="people"))
    assert ">March 2018: 60 people. May 2018: 1,000 people.</p>" in html


def test_the_unit_stands_beside_the_title():
    html = drawn(drawing("bars", "a | 1", unit="people"))
    assert '>A drawing <span class="figure-unit">(people)</span></h3>' in html


def test_the_sources_of_bars_stand_below_them_each_once():
    html = drawn(drawing("bars", "a | 1 [@x]", "b | 2 [@y][@x]"), x=1, y=2)
    below = html.split("Sources of the rows: ")[1]
    assert re.findall(r"#source-(\d)", below) == ["1", "2"]


# ── Periods ─────────────────────────────────────────────────────────────────────────────────

RELATIONS = (
    "1780 | 1809-07-13 | Contacts | contacts | No envoy is received.",
    "1809-07-14 | 1917-12-05 | In force | force | First with the Empire.",
    "1917-12-06 | 1933-11-16 | Interrupted | break | No recognition.[@state]",
    "1933-11-16 | 2016-12-28 | In force | force",
    "2016-12-29 | .. | Reduced | reduced | Consulates closed.",
)


def test_periods_are_drawn_each_in_its_shape():
    html = drawn(drawing("periods", *RELATIONS))
    assert html.count('class="status-contacts"') == 1
    assert html.count('class="status-force"') == 3
    assert html.count('class="status-gap"') == 1
    assert html.count('class="status-break"') == 2
    assert re.findall(r'height="(\d+)"/>', html) == ["26", "26", "11"]


def test_periods_are_as_long_as_they_lasted():
    html = drawn(drawing("periods", *RELATIONS))
    starts = shares(html, "x", 'rect class="status-force"')
    assert starts == pytest.approx([11.96, 62.3, 95.95], abs=0.05)
    widths = shares(html, "width", 'rect class="status-force"')
    assert widths == pytest.approx([43.88, 33.65, 4.05], abs=0.05)


def test_periods_are_listed_below_with_their_notes_and_sources():
    html = drawn(drawing("periods", *RELATIONS), state=4)
    assert re.findall(r'period-years">([^<]+)<', html) == [
        "1780–1809",
        "1809–1917",
        "1917–1933",
        "1933–2016",
        "2016–today",
    ]
    assert '<b class="period-state is-break">Interrupted</b> <span class="period-note">' in html
    assert 'No recognition.<a class="cite" href="#source-4"' in html


def test_periods_without_a_text_say_their_rows():
    assert (
        ">A line from 1780 to 2026. Contacts: 1780 to 1809. In force: 1809 to 1917. "
        "Interrupted: 1917 to 1933. In force: 1933 to 2016. Reduced: 2016 to today.</p>"
    ) in drawn(drawing("periods", *RELATIONS))


def test_periods_are_put_in_order():
    assert drawn(drawing("periods", *reversed(RELATIONS))) == drawn(drawing("periods", *RELATIONS))


def test_a_period_that_is_still_open_ends_today():
    row = "2016 | .. | Reduced | reduced"
    with time_machine.travel("2031-05-01", tick=False):
        assert ">2031</text>" in render_markdown(drawing("periods", row))
    assert ">2026</text>" in drawn(drawing("periods", row))


def test_periods_before_the_year_1_are_drawn():
    html = drawn(drawing("periods", "-0043 | 0014 | Rome | force"))
    assert ">44 BC–" in html


# ── The line under the answer ───────────────────────────────────────────────────────────────


def period(first, last, word="In force", shape="force", note=""):
    return Period(day_number(*first), day_number(*last) if last else None, word, shape, note)


LINE = [
    period((1780, 1, 1), (1809, 7, 13), "Contacts", "contacts"),
    period((1809, 7, 14), (1917, 12, 5)),
    period((1917, 12, 6), (1933, 11, 16), "Interrupted", "break", "No <recognition>."),
    period((1933, 11, 16), (2016, 12, 28)),
    period((2016, 12, 29), None, "Reduced", "reduced"),
]


def texts(html, css):
    return [
        (match[2], match[1])
        for match in re.finditer(rf'<text class="{css}([^"]*)"[^>]*>([^<]+)</text>', html)
    ]


def test_the_line_has_words_for_those_who_cannot_see_it():
    html = band(LINE, today=TODAY)
    assert 'role="img" aria-label="A line from 1780 to 2026. Contacts: 1780 to 1809.' in html
    assert 'Reduced: 2016 to today."' in html
    assert "<title" not in html


def test_the_line_names_its_periods_inside_and_above():
    html = band(LINE, today=TODAY)
    assert texts(html, "status-inside") == [("In force", ""), ("In force", "")]
    assert texts(html, "status-name") == [
        ("Contacts", ""),
        ("Interrupted", " is-break"),
        ("Reduced", ""),
    ]


def test_the_line_writes_the_years_of_change_and_spares_some_on_narrow_screens():
    assert texts(band(LINE, today=TODAY), "status-year") == [
        ("1780", ""),
        ("1809", " is-phone"),
        ("1917", " is-break"),
        ("1933", " is-break"),
        ("2016", " is-extra"),
        ("2026", ""),
    ]


def test_years_beside_a_break_stand_outside_it():
    html = band(LINE, today=TODAY)
    assert re.search(r'x="55.8\d%" y="78" text-anchor="end">1917<', html)
    assert re.search(r'x="62.3\d*%" y="78">1933<', html)


def test_a_break_that_lasts_has_one_tick():
    html = band([period((2000, 1, 1), None, "Broken off", "break")], today=TODAY)
    assert html.count('class="status-break"') == 1


def test_nothing_to_draw_draws_nothing():
    assert band([], today=TODAY) == ""
    assert listed_periods([], today=TODAY) == []


def test_a_period_shorter_than_a_line_is_still_seen():
    html = band(
        [
            period((1000, 1, 1), (1500, 1, 1)),
            period((1500, 1, 2), (1500, 1, 3)),
            period((1600, 1, 1), (2000, 1, 1)),
            period((2000, 1, 2), (2000, 1, 3)),
        ],
        today=TODAY,
    )
    assert all(width >= 0.5 for width in shares(html, "width", 'rect class="status-force"'))


def test_two_periods_that_share_a_year_do_not_overlap():
    html = band(
        [
            period((1800, 1, 1), (1850, 1, 1), "Contacts", "contacts"),
            period((1900, 1, 1), (1917, 12, 31)),
            period((1917, 3, 1), (1930, 1, 1)),
        ],
        today=TODAY,
    )
    first, second = shares(html, "x", 'rect class="status-force"')
    width, _ = shares(html, "width", 'rect class="status-force"')
    assert first + width == pytest.approx(second, abs=0.02)


def test_the_periods_are_given_as_data_for_the_list_below():
    years = [(one.years, one.word, one.shape) for one in listed_periods(LINE, today=TODAY)]
    assert years[2:] == [
        ("1917–1933", "Interrupted", "break"),
        ("1933–2016", "In force", "force"),
        ("2016–today", "Reduced", "reduced"),
    ]


def test_a_period_within_a_year_names_it_once():
    periods = [period((2014, 3, 6), (2014, 3, 20))]
    assert listed_periods(periods, today=TODAY)[0].years == "2014"


def test_the_list_escapes_its_notes():
    html = period_list(LINE, today=TODAY)
    assert '<span class="period-note">No &lt;recognition&gt;.</span>' in html
    assert html.startswith('<ol class="periods"><li class="period">')


def test_a_shape_that_is_unknown_claims_the_least():
    assert 'class="status-contacts"' in band([period((1, 1, 1), None, "x", "y")], today=TODAY)


SOME_PERIODS = st.lists(
    st.builds(
        lambda lower, length, word, shape: Period(
            lower, None if length is None else lower + length, word, shape
        ),
        st.integers(-3_000_000, 3_000_000),
        st.none() | st.integers(0, 300_000),
        st.text(max_size=30),
        st.sampled_from(["contacts", "force", "reduced", "break"]),
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None)
@given(SOME_PERIODS, st.integers(0, 1_000_000))
def test_any_periods_can_be_drawn_within_the_line(periods, today):
    html = band(periods, today=today)
    for name in ("x", "x1", "x2"):
        assert all(0 <= share <= 100.01 for share in shares(html, name, "[a-z]+"))


# ── Labels that must not touch ──────────────────────────────────────────────────────────────

NARROW, WIDE = Level("", 100), Level("is-spare", 200)


def test_a_label_takes_its_first_place_if_it_is_free():
    label = LabelLine([NARROW]).place("1917", [(50, "middle"), (0, "start")])
    assert (label.share, label.anchor) == (50, "middle")


def test_a_label_that_would_leave_the_drawing_takes_another_place():
    label = LabelLine([NARROW]).place("1917", [(0, "end"), (0, "start")])
    assert label.anchor == "start"


def test_a_label_that_would_touch_another_waits_for_a_wider_screen():
    line = LabelLine([NARROW, WIDE])
    line.place("1917", [(0, "start")])
    assert line.place("1933", [(30, "start")]).level is WIDE


def test_a_label_without_room_at_any_width_is_left_out():
    line = LabelLine([NARROW, WIDE])
    line.place("1917", [(0, "start")])
    assert line.place("1918", [(5, "start")]) is None


@settings(deadline=None)
@given(st.lists(st.tuples(st.text("19", min_size=1, max_size=8), st.floats(0, 100)), max_size=20))
def test_no_two_labels_ever_touch(wanted):
    line = LabelLine([Level("", 280), Level("is-spare", 570)])
    for text, share in wanted:
        line.place(text, [(share, "middle"), (share, "start"), (share, "end")])
    for width in (280, 400, 570, 1200):
        seen = sorted(_reach(one, width) for one in line.labels if one.level.width <= width)
        assert all(left[1] < right[0] for left, right in itertools.pairwise(seen))


def _reach(label, width):
    length = LETTER * len(label.text)
    start = (
        label.share / 100 * width - {"start": 0, "middle": length / 2, "end": length}[label.anchor]
    )
    return start, start + length


# ── Marks ───────────────────────────────────────────────────────────────────────────────────

ROUNDS = (
    "2014-03-06 | Order *13660* | United States [@state]",
    "2014-08-06 | Ban on food | Russia",
    "2022-02 | Banks | United States",
    "2018-04-06 | Oligarchs | United States",
)


def test_marks_stand_on_a_line_for_each_row():
    html = drawn(drawing("marks", *ROUNDS), state=1)
    assert texts(html, "points-name") == [("United States", ""), ("Russia", "")]
    assert html.count('class="points-line"') == 2


def test_a_day_is_a_ring_and_anything_longer_a_bar():
    html = drawn(drawing("marks", *ROUNDS))
    assert html.count('<circle class="point"') == 3
    assert html.count('<rect class="point-span"') == 1


def test_marks_stand_where_their_dates_are():
    html = drawn(drawing("marks", "2000-01-01 | a", "2000-07-02 | b", "2000-12-31 | c"))
    first, middle, last = shares(html, "cx", "circle")
    assert middle == pytest.approx(50, abs=0.2)
    assert first == pytest.approx(100 - last, abs=0.5)


def test_marks_are_listed_below_by_row_and_date():
    html = drawn(drawing("marks", *ROUNDS), state=1)
    assert re.findall(r'mark-date">([^<]+)<', html) == [
        "6 March 2014",
        "6 April 2018",
        "February 2022",
        "6 August 2014",
    ]
    assert 'Order <em>13660</em><a class="cite" href="#source-1"' in html


def test_marks_without_a_text_say_how_many_and_when():
    assert (
        ">United States: 3 marks, 6 March 2014 to February 2022. Russia: 1 mark, 6 August 2014.</p>"
    ) in drawn(drawing("marks", *ROUNDS))


def test_marks_without_rows_stand_on_one_line():
    html = drawn(drawing("marks", "2014 | a", "2015 | b"))
    assert html.count('class="points-line"') == 1
    assert "marks-row" not in html


def test_years_are_written_below_the_marks():
    written = [year for year, _ in texts(drawn(drawing("marks", *ROUNDS)), "points-year")]
    assert {"2014", "2018", "2022"} <= set(written)
    html = drawn(drawing("marks", "0100 | a", "1999 | b"))
    assert 2 <= len(texts(html, "points-year")) <= 12


# ── Wordings ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("typed", ['"so"', "“so”", "«so»", "'so'", "so"])
def test_a_wording_has_one_pair_of_quotation_marks(typed):
    html = drawn(drawing("wordings", f"{typed} | who", title=""))
    assert "<blockquote>“so”</blockquote>" in html


def test_a_wording_says_who_with_its_source():
    html = drawn(drawing("wordings", "so | Historian, *Milestones* | break [@state]"), state=4)
    assert '<li class="wording is-break">' in html
    assert (
        '<p class="wording-by">Historian, <em>Milestones</em>'
        '<a class="cite" href="#source-4" aria-label="Source 4">4</a></p>'
    ) in html


def test_wordings_need_no_title():
    html = drawn(drawing("wordings", "so | who", title=""))
    assert html.startswith('<figure class="wordings"><ol class="wordings-list">')
    assert problems(drawing("wordings", "so | who", title="")) == []


# ── What cannot be drawn ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ROWS)
def test_a_drawing_in_order_has_no_problems(kind):
    assert problems(drawing(kind, f"{ROWS[kind]} [@a]", caption="C", credit="D")) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (drawing("bars", "a"), "row 1: “a” has too few fields. A row is “label | number"),
        (drawing("bars", "a | 1", "b | many"), "row 2: “many” is not a number"),
        (drawing("bars", "a | -5"), "row 1: “-5” is not a number"),
        (drawing("bars", "a | 1", title=""), "A drawing (bars) has no title"),
        (drawing("bars"), "The drawing “A drawing” has no rows"),
        (drawing("bars", *["a | 1"] * 61), "has 61 rows; a drawing can show 60"),
        (drawing("bars", "a | 1", title="T[@a]"), "“title:” cannot hold a citation mark"),
        (drawing("bars", "a | 1", text="T[@a]"), "“text:” cannot hold a citation mark"),
        (drawing("bars", *(f"a | 1 | {n}" for n in "abcd")), "names 4 series; more than 3"),
        (drawing("periods", "1809 | 1917 | x"), "row 1: “1809 | 1917 | x” has too few fields"),
        (drawing("periods", "1809 | 1917 | x | solid"), "“solid” is not a shape. Shapes are con"),
        (drawing("periods", "soon | 1917 | x | force"), "row 1: “soon” is not a date"),
        (drawing("periods", "1809 | 1900-02-30 | x | force"), "row 1: There is no"),
        (drawing("periods", "1809/1917 | .. | x | force"), "“1809/1917” is an interval"),
        (drawing("periods", "1917 | 1809 | x | force"), "row 1: 1809 is before 1917"),
        (drawing("periods", "1809 | .. | x | force", "1917 | .. | x | break"),
         "row 2: it begins before the period of row 1 has ended"),
        (drawing("periods", "1809 | 1920 | x | force", "1917 | .. | x | break"), "row 2: it beg"),
        (drawing("marks", "yesterday | x"), "row 1: “yesterday” is not a date"),
        (drawing("marks", "2022/.. | x"), "row 1: “2022/..” is open"),
        (drawing("wordings", "so"), "row 1: “so” has too few fields"),
        (drawing("wordings", "so | who | bold"), "row 1: “bold” is not a shape"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_said_in_a_sentence(text, problem):
    (said,) = problems(text)
    assert problem in said
    assert said.endswith(".")
    html = drawn(text)
    assert "This drawing cannot be shown yet" in html
    assert "<svg" not in html


def test_problems_come_in_the_order_of_the_rows():
    found = problems(drawing("bars", "a | x", "b", "c | y"))
    assert [re.search(r"row (\d)", one)[1] for one in found] == ["1", "2", "3"]


def test_what_was_typed_is_shown_beside_what_is_wrong():
    html = drawn(drawing("bars", "a | x [@b: <w>]", caption="Said."))
    assert "<pre>title: A drawing\ncaption: Said.\na | x [@b: &lt;w&gt;]</pre>" in html


def test_problems_of_all_drawings_of_a_text_are_found():
    text = f"{drawing('bars', 'a')}\n\n- item\n\n  ```marks\n  title: T\n  ```\n\n> {'x'}"
    assert len(problems(text)) == 2


def test_a_text_without_drawings_has_no_problems():
    assert problems("```python\na\n```\n\n    ```bars\n\ntext") == []


def test_a_text_too_large_to_be_read_is_a_problem():
    (said,) = problems("a" * 50_001)
    assert said.startswith("This text has more than 50,000 characters")


@settings(deadline=None)
@given(st.sampled_from(sorted(ROWS)), st.text(st.characters(), max_size=200))
def test_nothing_typed_into_a_drawing_raises(kind, text):
    block = f"```{kind}\n{text}\n```"
    problems(block)
    hostile.assert_harmless(drawn(block))
