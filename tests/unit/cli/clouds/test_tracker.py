"""What a run is said to be doing, from the state machine's state and the islands' last lines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.support.command import ROOT
from worstsort.runs.config import RunConfig
from worstsort_cli.clouds.tracker import DOING, bound_of, latest, with_details
from worstsort_cli.files.run_folder.log import LogLine
from worstsort_cli.show.snapshot import Snapshot

TAKEN = Snapshot(
    run_id="r", status="RUNNING", epoch=2, max_epochs=10, islands=2, islands_done=0, best=50, best_island=1,
    best_generation=32, generations=40, evaluations=100, rate=None, elapsed_seconds=30.0, at_most_seconds=120.0,
    if_stalled_seconds=None, dollars=0.0, embedded=True, reason=None,
)  # fmt: skip


def said(message: str, **fields: Any) -> dict[str, Any]:
    """Return what an island says in the epoch under way."""
    return {"message": message, "epoch": 3, **fields}


def progress(done: int, best: int) -> dict[str, Any]:
    """Return what an island says after some of its 20 generations."""
    return said("progress", done=done, generations=20, best=best)


@pytest.mark.parametrize(
    ("state", "islands", "doing"),
    [
        ("PrepareRun", {}, "preparing the run"),
        ("SeedIslands", {}, "drawing the first populations"),
        ("EvolveIslands", {}, "epoch 3 of 10, starting islands"),
        ("EvolveIslands", {0: said("evolving")}, "epoch 3 of 10, evolving"),
        ("EvolveIslands", {0: said("compiling")}, "epoch 3 of 10, compiling the counters, once"),
        ("EvolveIslands", {0: progress(14, 55), 1: progress(9, 60)}, "epoch 3 of 10, generation 14 of 20"),
        ("CloseEpoch", {0: said("evolved", best=60)}, "closing epoch 3 of 10"),
        ("FinishRun", {}, "recounting the champion and writing its files"),
        ("", {0: progress(14, 55)}, "epoch 3 of 10, generation 14 of 20"),
    ],
)
def test_what_is_being_done_is_said_in_words(state: str, islands: dict[int, dict[str, Any]], doing: str) -> None:
    """By the state that was entered last, and while islands evolve by what they say."""
    assert with_details(TAKEN, state, islands, None, []).doing == doing


def test_the_state_machine_has_all_states_that_are_said_in_words() -> None:
    """A state that is renamed would leave people without a word of what is being done."""
    source = (ROOT / "statemachine/evolve.asl.json").read_text()
    names = (*DOING, "CloseEpoch", "ContinueOrStop", "NextEpoch")
    assert [name for name in names if f'"{name}": {{' not in source] == []


def test_an_epoch_is_as_far_as_its_islands_are_together() -> None:
    """One that says nothing has done nothing; the best of all leads, and the time left follows from how far it is."""
    found = with_details(TAKEN, "EvolveIslands", {0: progress(10, 55)}, 70, [40, 50])
    assert (found.share, found.leading, found.bound, found.curve) == (0.25, 55, 70, (40, 50))
    assert found.at_most_seconds == pytest.approx(30 * 7.75 / 2.25)
    done = {0: said("evolved", best=60), 1: said("evolved", best=61)}
    assert with_details(TAKEN, "EvolveIslands", done, 70, []).share == 1.0


def test_lines_of_an_earlier_epoch_count_for_nothing() -> None:
    """An island that waits for its turn has the last epoch's line as its latest."""
    found = with_details(TAKEN, "EvolveIslands", {0: progress(20, 99) | {"epoch": 2}}, None, [])
    assert (found.share, found.leading, found.doing) == (0.0, 50, "epoch 3 of 10, starting islands")


def test_a_run_that_has_ended_does_nothing() -> None:
    """Nor is any time left for it."""
    ended = replace(TAKEN, status="SUCCEEDED", at_most_seconds=None)
    assert with_details(ended, "", {}, None, []).doing == ""
    assert with_details(ended, "", {}, None, []).at_most_seconds is None


def test_the_latest_line_of_each_island_counts() -> None:
    """Lines about anything else, and those that are no JSON, do not."""
    lines = [
        LogLine.of(1, '{"message": "progress", "island": 0, "done": 1}'),
        LogLine.of(2, '{"message": "progress", "island": 0, "done": 2}'),
        LogLine.of(3, '{"message": "save refused", "island": 0}'),
        LogLine.of(4, "Traceback (most recent call last):"),
        LogLine.of(5, '{"message": "evolved", "island": 1}'),
    ]
    assert {island: fields.get("done") for island, fields in latest(lines).items()} == {0: 2, 1: None}


def test_the_bound_is_that_for_the_values_that_the_run_allows() -> None:
    """As on the leaderboard and in the report; where it is slow to compute there is none."""
    assert bound_of(RunConfig.parse({"target": "go1.12", "size": 100, "values": "distinct"})) == 2378
    assert bound_of(RunConfig.parse({"target": "go1.12", "size": 100, "preset": "blackbox"})) == 2407
    assert bound_of(RunConfig.parse({"target": "go1.12", "size": 2000})) == 0
