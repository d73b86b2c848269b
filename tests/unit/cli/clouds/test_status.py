"""The status of a run: its pace, the time left, its cost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from worstsort.runs.config import RunConfig, StopConfig
from worstsort.runs.records import EpochRecord
from worstsort_cli.clouds.status import evaluations_per_second, max_seconds_left, seconds_left_if_stalled
from worstsort_cli.show.snapshot import Snapshot, describe, duration, one_line


def closed(epoch: int, evaluations: int, seconds: float, stall: int = 0) -> EpochRecord:
    """Return the record of a closed epoch."""
    return EpochRecord(
        run_id="r", epoch=epoch, best=9, best_island=0, best_generation=1, generations=epoch, evaluations=evaluations,
        seconds=seconds, stall_epochs=stall, decision="continue", reason="",
    )  # fmt: skip


def a_config(**stop: object) -> RunConfig:
    """Return a small classic run."""
    return RunConfig.parse({"preset": "classic", "population": 100, "islands": 4, "stop": stop})


NEW = Snapshot(
    run_id="r", status="RUNNING", epoch=0, max_epochs=3, islands=2, islands_done=1, best=None, best_island=None,
    best_generation=None, generations=0, evaluations=0, rate=None, elapsed_seconds=5.0, at_most_seconds=None,
    if_stalled_seconds=None, dollars=0.0, embedded=True, reason=None,
)  # fmt: skip


def test_a_run_is_described_before_its_first_epoch_is_closed() -> None:
    """Without what is not known yet."""
    assert dict(describe(NEW)) == {
        "run": "r  RUNNING",
        "epoch": "0 of 3 closed; 1 of 2 islands done",
        "best": "none yet",
        "evaluations": "0",
        "time": "5 s",
        "cost so far": "nothing here; about $0.0000 on AWS",
    }


def test_a_run_under_way_is_described_with_the_time_left() -> None:
    """At most, and if nothing better is found."""
    found = replace(NEW, epoch=1, best=2370, best_island=1, best_generation=7, evaluations=5000, rate=1234.5,
                    at_most_seconds=600.0, if_stalled_seconds=30.0, embedded=False, dollars=0.5)  # fmt: skip
    line = one_line(found)
    assert "best: 2,370 (island 1, generation 7)  evaluations: 5,000; 1,234 per second" in line
    assert "time: 5 s; at most 10 min left, 30 s if nothing better is found" in line
    assert "cost so far: about $0.5000 (prices of " in line


def test_the_reason_is_told_once_a_run_has_ended() -> None:
    """As the last line."""
    assert describe(replace(NEW, status="FAILED", reason="no memory"))[-1] == ("ended", "no memory")
    assert describe(replace(NEW, reason="stale"))[-1][0] == "cost so far"


def test_the_rate_is_that_of_the_last_epoch() -> None:
    """Not of all of them, so that a change is seen; of the first one alone where there is one."""
    assert evaluations_per_second(closed(2, 3000, 3.0), closed(1, 1000, 1.0)) == pytest.approx(1000)
    assert evaluations_per_second(closed(1, 500, 1.0), None) == pytest.approx(500)
    assert evaluations_per_second(None, None) is None
    assert evaluations_per_second(closed(1, 5, 0.0), None) is None


@pytest.mark.parametrize(
    ("stop", "left"),
    [
        (StopConfig(max_epochs=20), 100.0),
        (StopConfig(max_epochs=20, max_evaluations=2000), 100.0),
        (StopConfig(max_epochs=20, max_evaluations=1500), 50.0),
        (StopConfig(max_epochs=20, max_seconds=20.0), 100.0),
        (StopConfig(max_epochs=20, max_seconds=8.0), 0.0),
    ],
)
def test_the_first_limit_to_be_reached_says_how_long_at_most(stop: StopConfig, left: float) -> None:
    """At the pace so far: ten epochs, 1,000 evaluations and 10 s of evolution in 100 s."""
    assert max_seconds_left(stop, closed(10, 1000, 10.0), 100.0) == pytest.approx(left)


def test_nothing_is_said_before_the_first_epoch_is_closed() -> None:
    """There is no pace yet."""
    assert max_seconds_left(StopConfig(), None, 5.0) is None
    assert seconds_left_if_stalled(a_config(stall_epochs=3), None, 5.0) is None


def test_a_stall_may_end_the_run_earlier() -> None:
    """Epochs without improvement that are still allowed, at the pace so far."""
    assert seconds_left_if_stalled(a_config(stall_epochs=5), closed(10, 1, 1.0, stall=3), 100.0) == pytest.approx(20)
    assert seconds_left_if_stalled(a_config(), closed(10, 1, 1.0), 100.0) is None


@pytest.mark.parametrize(("seconds", "said"), [(5, "5 s"), (119, "119 s"), (600, "10 min"), (9000, "2.5 h")])
def test_a_duration_is_said_as_people_do(seconds: float, said: str) -> None:
    """In one unit."""
    assert duration(seconds) == said
