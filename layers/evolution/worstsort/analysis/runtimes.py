"""How long runs took to reach goals: their curves, expected running times, and empirical run-time distributions.

An empirical run-time distribution is what COCO draws (Hansen and others, 2021): over all pairs of a run and a goal, the
share that was reached within each number of evaluations.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from worstsort.analysis.tidy import Row

GOALS = 50
"""Goals between the first best and the last, over which a distribution is taken."""


@dataclass(frozen=True)
class Curve:
    """The best of a whole run, over all of its islands, at the end of each generation.

    Attributes:
        run: The run's id.
        configuration: What it shares with runs of other seeds.
        seed: Of its random streams.
        target: The sort.
        size: Integers in the input.
        best: Comparisons so far, never falling.
        evaluations: Of all islands together so far.
        seconds: Of the slowest island so far.
    """

    run: str
    configuration: str
    seed: int
    target: str
    size: int
    best: Sequence[int]
    evaluations: Sequence[int]
    seconds: Sequence[float]

    @property
    def problem(self) -> tuple[str, int]:
        """Target and size: runs of one problem can be compared."""
        return self.target, self.size

    def evaluations_to(self, goal: float) -> int | None:
        """Return the evaluations until so many comparisons were found, None if they never were."""
        index = bisect_left(self.best, goal)
        return self.evaluations[index] if index < len(self.best) else None

    def best_at(self, evaluations: float) -> int | None:
        """Return the best after so many evaluations, None before the first generation had ended."""
        index = int(np.searchsorted(self.evaluations, evaluations, side="right")) - 1
        return self.best[index] if index >= 0 else None


def curves(rows: Iterable[Row]) -> list[Curve]:
    """Make one curve per run, in the order in which the runs first occur.

    Args:
        rows: Of any number of runs, each island's in the order of its generations, as `tidy` makes them.
    """
    by_run: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        by_run.setdefault((row.run, row.configuration), []).append(row)
    return [_curve(run) for run in by_run.values()]


def _curve(rows: Sequence[Row]) -> Curve:
    """Fold a run's islands generation by generation; one that has ended stays where it ended."""
    first, now = rows[0], {}
    best, evaluations, seconds = [], [], []
    for _, present in groupby(sorted(rows, key=lambda row: row.generation), key=lambda row: row.generation):
        now.update({row.island: row for row in present})
        best.append(max(row.best for row in now.values()))
        evaluations.append(sum(row.evaluations for row in now.values()))
        seconds.append(max(row.seconds for row in now.values()))
    return Curve(first.run, first.configuration, first.seed, first.target, first.size, best, evaluations, seconds)


class RunningTime(NamedTuple):
    """How long runs took to a goal.

    Attributes:
        reached: Runs that reached it.
        median: Of the evaluations that all runs took; None where too few reached it for that to be known.
        expected: Evaluations of all runs together for each that reached it (Auger and Hansen, 2005); None if none did.
    """

    reached: int
    median: float | None
    expected: float | None


def running_time(runs: Sequence[Curve], goal: float) -> RunningTime:
    """Measure how long it takes to find an input of so many comparisons."""
    taken = [run.evaluations_to(goal) for run in runs]
    known = [evaluations for evaluations in taken if evaluations is not None]
    spent = sum(run.evaluations[-1] if one is None else one for run, one in zip(runs, taken, strict=True))
    # Runs that have not reached it would take longer than any that has, so they stand above the median.
    ordered = known + [math.inf] * (len(runs) - len(known))
    middle = median(ordered) if len(known) * 2 > len(runs) else None
    return RunningTime(len(known), middle, spent / len(known) if known else None)


def goals(runs: Sequence[Curve], number: int = GOALS) -> list[int]:
    """Return goals in equal steps from the lowest best of a first population up to the best of all; each is a count."""
    low, high = min(run.best[0] for run in runs), max(run.best[-1] for run in runs)
    return sorted({round(low + (high - low) * (index + 1) / number) for index in range(number)})


def distribution(runs: Sequence[Curve], wanted: Sequence[float]) -> tuple[list[int], list[float]]:
    """Return the empirical run-time distribution of some runs.

    Args:
        runs: At least one.
        wanted: The goals, at least one.

    Returns:
        Evaluations, rising, and the share of all pairs of a run and a goal that was reached within each.
    """
    times = sorted(t for run in runs for goal in wanted if (t := run.evaluations_to(goal)) is not None)
    pairs = len(runs) * len(wanted)
    steps = [(time, len(list(same))) for time, same in groupby(times)]
    shares = np.cumsum([number for _, number in steps]) / pairs if steps else np.array([])
    return [time for time, _ in steps], [round(float(share), 4) for share in shares]
