"""How a run under way is shown, in a terminal and elsewhere."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

import pytest
from rich.console import Console

from worstsort.runs.records import EpochRecord
from worstsort_cli.show.snapshot import Snapshot
from worstsort_cli.show.view import LiveView, PlainView, best_in_words, best_line, clock_time, sparkline

UNDER_WAY = Snapshot(
    run_id="r", status="RUNNING", epoch=2, max_epochs=10, islands=2, islands_done=0, best=2360, best_island=1,
    best_generation=32, generations=40, evaluations=261_184, rate=43_210.0, elapsed_seconds=6.0, at_most_seconds=14.0,
    if_stalled_seconds=None, dollars=0.0, embedded=True, reason=None, doing="epoch 3 of 10, generation 14 of 20",
    share=0.7, leading=2366, bound=2378, curve=(2330, 2360),
)  # fmt: skip

CLOSED = EpochRecord(
    run_id="r", epoch=2, best=2360, best_island=1, best_generation=32, generations=40, evaluations=261_184,
    seconds=2.04, stall_epochs=0, decision="continue", reason="",
)  # fmt: skip


@dataclass
class Clock:
    """A clock that goes only when it is told to."""

    now: float = 100.0

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self.now


def drawn(width: int, snapshot: Snapshot | None, *, passed: float = 0.0) -> list[str]:
    """Return the lines that a terminal of a width shows some seconds after a snapshot."""
    clock, written = Clock(), io.StringIO()
    terminal = Console(file=written, width=width, force_terminal=True, color_system=None, legacy_windows=False)
    shown = LiveView(terminal, clock=clock)
    if snapshot:
        shown.show(snapshot)
    clock.now += passed
    terminal.print(shown.draw())
    return written.getvalue().splitlines()


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_a_terminal_of_any_width_shows_bar_best_and_time(width: int) -> None:
    """In three lines, none of which is wider than the terminal."""
    lines = drawn(width, UNDER_WAY)
    assert len(lines) == 3
    assert max(map(len, lines)) <= width
    assert "epoch 3 of 10, generation 14 of 20" in lines[0]
    assert "━" in lines[1]
    assert "0:00:00, about 0:00:14 left" in lines[1]
    assert "best 2,366, 99.4 % of the bound" in lines[2]


def test_time_passes_between_two_looks() -> None:
    """What has passed grows, and what is left shrinks, never below nothing."""
    assert "0:00:05, about 0:00:09 left" in drawn(60, UNDER_WAY, passed=5)[1]
    assert "0:01:40, about 0:00:00 left" in drawn(60, UNDER_WAY, passed=100)[1]


def test_each_frame_of_a_terminal_differs_from_the_one_before() -> None:
    """Something moves, also while nothing is known yet."""
    frames = [drawn(60, None, passed=quarter / 4) for quarter in range(4)]
    assert len({frame[0] for frame in frames}) == 4
    assert "setting up" in frames[0][0]


def test_a_long_text_is_cut_off_rather_than_wrapped() -> None:
    """Lines that wrap would leave parts of themselves behind."""
    lines = drawn(40, replace(UNDER_WAY, doing="compiling " * 20))
    assert len(lines[0]) <= 40
    assert lines[0].endswith("…")


def test_what_there_is_no_room_for_is_left_out_and_the_best_stays() -> None:
    """First the rate, then the curve."""
    assert best_line(UNDER_WAY, 80).endswith("▁▅▆  43,210 evaluations/s")
    assert best_line(UNDER_WAY, 40).endswith("▁▅▆")
    assert best_line(UNDER_WAY, 33) == "best 2,366, 99.4 % of the bound"


def test_a_best_is_said_with_its_share_of_the_bound() -> None:
    """Of a proven optimum it is said that it is one; without a bound there is no share."""
    assert best_in_words(replace(UNDER_WAY, leading=2378)) == "best 2,378, proven optimal"
    assert best_in_words(replace(UNDER_WAY, bound=None)) == "best 2,366"
    assert best_in_words(replace(UNDER_WAY, leading=None, best=None)) == ""


def test_a_curve_ends_at_the_top_only_if_it_reaches_the_bound() -> None:
    """From the first number to the bound, or to the highest where none is known."""
    assert sparkline([0, 50, 99], 100) == "▁▄▇"
    assert sparkline([0, 50, 100], 100) == "▁▄█"
    assert sparkline([0, 5, 10], None) == "▁▄█"
    assert sparkline([7, 7], 7) == "▁▁"
    assert sparkline([5], 100) == ""
    assert sparkline([0, 50, 100], 100, unicode=False).isascii()


def test_durations_are_shown_as_a_clock_shows_them() -> None:
    """Hours, minutes, seconds."""
    assert [clock_time(seconds) for seconds in (0, 67.9, 3600 * 30)] == ["0:00:00", "0:01:07", "30:00:00"]


def plain(clock: Clock) -> tuple[PlainView, io.StringIO]:
    """Return a view that writes into a text, and the text."""
    written = io.StringIO()
    return PlainView(Console(file=written, width=240), clock=clock), written


def test_a_pipe_gets_a_line_for_each_epoch() -> None:
    """With where the best was found, and how long it took."""
    shown, written = plain(Clock())
    shown.closed(CLOSED, 10)
    assert written.getvalue() == "epoch 2/10: best 2,360 (island 1, generation 32), 261,184 evaluations, 2.0 s\n"


def test_a_pipe_is_never_silent_for_more_than_ten_seconds() -> None:
    """Before the run begins what is being done is said, then how far it is."""
    clock = Clock()
    shown, written = plain(clock)
    for _ in range(30):
        clock.now += 1
        shown.tick()
    assert written.getvalue().splitlines() == [f"setting up; 0:00:{seconds}" for seconds in (10, 20, 30)]
    shown.show(UNDER_WAY)
    clock.now += 10
    shown.tick()
    (line,) = written.getvalue().splitlines()[3:]
    assert line == ("epoch 3 of 10, generation 14 of 20; best 2,366, 99.4 % of the bound; 0:00:40, about 0:00:04 left")


def test_a_pipe_is_told_at_once_what_is_made_only_once() -> None:
    """That a run compiles is worth a line of its own."""
    shown, written = plain(Clock())
    shown.preparing("compiling the counters of go1.12")
    assert written.getvalue() == "compiling the counters of go1.12\n"
