"""Progress of long work: drawn for somebody at a terminal, and for nobody else."""

import io

import time_machine

from publishing.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_nothing_is_written_where_nobody_looks():
    log = io.StringIO()
    with Progress("Reading", 10, log) as progress:
        progress.advance(5)
    assert log.getvalue() == ""


def test_a_terminal_sees_how_far_it_is_and_then_nothing_of_it():
    terminal = Terminal()
    with Progress("Reading", 10, terminal) as progress:
        progress.advance(5)
    assert "Reading ███" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_a_line_says_the_share_the_speed_and_what_is_left():
    progress = Progress("Reading", 4_000, io.StringIO())
    progress.done = 1_000
    line = progress.line(2.0)
    assert line.startswith("Reading ███████·")
    assert line.endswith(" 25%  1,000, 500 a second, 6 s left")


def test_a_long_wait_is_said_in_minutes_and_hours():
    progress = Progress("Reading", 10_001, io.StringIO())
    progress.done = 1
    assert progress.line(0.01).endswith("1 min 40 s left")
    assert progress.line(1.0).endswith("2 h 46 min left")


def test_work_of_unknown_length_is_counted():
    progress = Progress("Reading", stream=io.StringIO())
    progress.done = 1_000
    assert progress.line(2.0) == "Reading 1,000, 500 a second"


def test_it_draws_seldom_however_often_it_is_told():
    terminal = Terminal()
    with time_machine.travel(0, tick=False), Progress("Reading", 1_000, terminal) as progress:
        list(progress.over(range(1_000)))
    assert progress.done == 1_000
    assert terminal.getvalue().count("Reading") < 20
