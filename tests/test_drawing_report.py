"""The report on the drawn timeline: what it makes of steps and frames."""

import pytest

from benchmarks.drawing_report import (
    ALL,
    ARRANGEMENTS,
    DEEDS,
    EMPTY,
    LATE,
    SMALL,
    STANDING,
    Worked,
    percentile,
    report_drawing,
    share_over,
)


@pytest.mark.parametrize(
    ("values", "share", "least"),
    [([7], 0.95, 7), ([3, 1, 2], 0.5, 2), (range(1, 101), 0.95, 95), (range(1, 21), 0.95, 19)],
)
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(values, share, least):
    assert percentile(values, share) == least


def test_a_frame_is_late_when_one_was_left_out_and_stands_when_more_were():
    frames = [16.6, 16.7, 16.8, 33.3, 33.4, 50.0]

    assert share_over(frames, LATE) == pytest.approx(3 / 6)
    assert share_over(frames, STANDING) == pytest.approx(1 / 6)


def worked(number: int, page: str, arrangement: str, deed: str, **more) -> dict:
    seen = {"script": [1.0] * 20, "thread": [5.0] * 20, "frames": [16.7] * 60}
    times = {"chromium": 200.0, "seconds": 1.0, "busy": 1.5}
    return vars(Worked(number, page, arrangement, deed, **{**seen, **times, **more}))


def measured(**of_all) -> str:
    """The report on two rounds; ``of_all`` is what was seen of all events by kind, by wheel."""
    rounds = [
        worked(number, page, arrangement, deed,
               **(of_all if (page, arrangement, deed) == (ALL, "By kind", "wheel") else {}))
        for number in range(2)
        for page in (EMPTY, SMALL, ALL)
        for arrangement in ([""] if page == EMPTY else ARRANGEMENTS)
        for deed in DEEDS
    ]  # fmt: skip
    return report_drawing({"chromium": "150", "worked": rounds}, "2 cores")


def row(report: str, name: str) -> list[str]:
    [line] = [line for line in report.splitlines() if line.startswith(f"| {name} |")]
    return line.split(" | ")[1:]


def test_a_drawing_that_keeps_up_meets_its_goals():
    report = measured()

    assert report.count(": met.") == 2
    assert "1.50 processors were busy, 0.20 of them with Chromium" in report
    assert row(report, "by kind, wheel") == [
        "1.0", "1.0", "1.0", "5.0", "5.0", "10", "59.9", "1.00", "16.7", "16.7", "0.0%", "0.0% |",
    ]  # fmt: skip


def test_scripts_that_leave_no_time_for_painting_are_named():
    report = measured(script=[2.0] * 18 + [9.0] * 2)

    assert "at most 9.0 ms of CPU in 95 of 100 steps" in report
    assert report.count("missed (by kind, wheel)") == 1
    assert row(report, "by kind, wheel")[2] == "2.7"


def test_frames_are_compared_with_the_empty_page_and_named_when_they_are_fewer():
    report = measured(frames=[16.7, 33.4] * 20)

    assert "at least 0.67 frames for each of the empty page" in report
    assert report.count("missed (by kind, wheel)") == 1
    assert row(report, "by kind, wheel")[-2:] == ["50.0%", "0.0% |"]
