"""How the runs of a sweep make room for each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pytest

from worstsort.runs.config import RunConfig
from worstsort_cli.clouds.execution import Outcome
from worstsort_cli.clouds.sweeping import carry_out
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files.sweep_folder.grid import PlannedRun

if TYPE_CHECKING:
    from worstsort_cli.clouds.sweeping import Place

FOUND = {"comparisons": 1234, "evaluations": 56_789}


def planned(*names: str) -> list[PlannedRun]:
    """Return runs with these ids."""
    return [PlannedRun(name, "population=20", {}, RunConfig.parse({"seed": at})) for at, name in enumerate(names)]


@dataclass
class Runs:
    """A place whose runs end at the second look, in the order of their start, and an observer of them.

    Attributes:
        failing: Ids of the runs that fail.
        events: What happened, in order.
        most: The most runs that were under way at a time.
    """

    failing: tuple[str, ...] = ()
    events: list[str] = field(default_factory=list)
    most: int = 0
    _looks: dict[str, int] = field(default_factory=dict)

    @property
    def deployment(self) -> Runs:
        """Wait here, too."""
        return self

    def wait(self, _seconds: float) -> None:
        """Wait for nothing: a look is all that time does here."""

    def start(self, run: PlannedRun, _report: object) -> Any:
        """Count it among those under way."""
        self._looks[run.run_id] = 0
        self.most = max(self.most, len(self._looks))
        return _Looked(self, run.run_id)

    def end(self, run: PlannedRun, outcome: Outcome) -> None:
        """Count it no more."""
        del self._looks[run.run_id]
        self.events.append(f"{run.run_id} ended {outcome.status}")

    def started(self, run_id: str) -> None:
        """Note it."""
        self.events.append(f"{run_id} started")

    def ended(self, run_id: str, said: str) -> None:
        """Note what it found."""
        self.events.append(f"{run_id}: {said}")

    def closed(self, run_id: str, epochs: str) -> None:
        """Fail: no epoch of these closes."""
        raise AssertionError((run_id, epochs))

    def look(self, run_id: str) -> Outcome | None:
        """End at the second look."""
        self._looks[run_id] += 1
        if self._looks[run_id] < 2:
            return None
        if run_id in self.failing:
            return Outcome("FAILED", {}, f"{run_id} is out of luck")
        return Outcome("SUCCEEDED", FOUND, "")


@dataclass
class _Looked:
    runs: Runs
    run_id: str

    def look(self) -> Outcome | None:
        return self.runs.look(self.run_id)


def carried_out(runs: Runs, names: str, at_once: int) -> Runs:
    """Carry out runs of one letter each."""
    carry_out(cast("Place", runs), planned(*names), at_once, runs)
    return runs


@pytest.mark.parametrize(("at_once", "most"), [(1, 1), (2, 2), (3, 3), (9, 5)])
def test_as_many_runs_as_allowed_are_under_way_and_no_more(at_once: int, most: int) -> None:
    """Also towards the end, when fewer are left."""
    assert carried_out(Runs(), "abcde", at_once).most == most


def test_runs_are_started_in_their_order_and_told_of_once() -> None:
    """The next begins when one has ended, and what is told is what was found."""
    told = "go1.24, 100 items, population=20, seed"
    assert carried_out(Runs(), "ab", 1).events == [
        "a started", "a ended SUCCEEDED", f"a: {told} 0: 1,234 comparisons, 56,789 evaluations",
        "b started", "b ended SUCCEEDED", f"b: {told} 1: 1,234 comparisons, 56,789 evaluations",
    ]  # fmt: skip


def test_a_run_that_fails_stops_no_other_and_is_named_in_the_end() -> None:
    """With its cause, and what has ended is kept, however it did."""
    runs = Runs(failing=("b",))
    with pytest.raises(CommandFailed, match=r"^1 of 3 runs failed: b failed: b is out of luck$"):
        carried_out(runs, "abc", 2)
    assert [event for event in runs.events if "ended" in event] == [
        "a ended SUCCEEDED", "b ended FAILED", "c ended SUCCEEDED",
    ]  # fmt: skip


def test_of_many_failures_five_are_named_and_the_others_counted() -> None:
    """A message is to be read."""
    with pytest.raises(CommandFailed, match=r"^7 of 7 runs failed: a .*; e failed: e is out of luck; and 2 more$"):
        carried_out(Runs(failing=tuple("abcdefg")), "abcdefg", 7)
    with pytest.raises(CommandFailed, match=r"e failed: e is out of luck$"):
        carried_out(Runs(failing=tuple("abcde")), "abcde", 7)
