"""Configurations compared by what their runs found: summaries, tests of every pair, and times to a goal."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, groupby
from typing import TYPE_CHECKING, NamedTuple

from worstsort.analysis.runtimes import Curve, RunningTime, running_time
from worstsort.analysis.statistics import RankTest, Summary, holm, mann_whitney, summarise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MIN_RUNS = 4
"""Runs of both samples below which no outcome of the test reaches 5 %."""

SIGNIFICANT_P = 0.05
"""Corrected p value up to which a difference is called one."""


@dataclass(frozen=True)
class Group:
    """The runs of one configuration on one problem, and what they found."""

    configuration: str
    runs: Sequence[Curve]

    @property
    def bests(self) -> list[int]:
        """The most comparisons that each run found."""
        return [run.best[-1] for run in self.runs]

    @property
    def summary(self) -> Summary:
        """The five-number summary of what they found."""
        return summarise(self.bests)


class Pair(NamedTuple):
    """Two configurations of a problem: the test, and its p value corrected for all tests of the comparison."""

    first: str
    second: str
    test: RankTest
    corrected_p: float
    enough: bool

    @property
    def verdict(self) -> str:
        """What the test says, in words."""
        if not self.enough:
            return f"too few runs to say: {MIN_RUNS} of each are needed"
        if self.corrected_p > SIGNIFICANT_P:
            return "no difference beyond chance"
        return f"{self.first if self.test.a12 > 0.5 else self.second} finds more, {self.test.effect} effect"


@dataclass(frozen=True)
class Problem:
    """The configurations that were run on one target and size, best median first.

    Attributes:
        target: The sort.
        size: Integers in the input.
        groups: One per configuration.
        pairs: The test of each pair of groups.
        goal: Comparisons whose running time is measured.
    """

    target: str
    size: int
    groups: Sequence[Group]
    pairs: Sequence[Pair]
    goal: int

    def running_times(self) -> list[RunningTime]:
        """Return the time of each group to the goal."""
        return [running_time(group.runs, self.goal) for group in self.groups]


def compare(runs: Iterable[Curve], goal: int | None = None) -> list[Problem]:
    """Compare configurations, problem by problem.

    Args:
        runs: Of any number of problems and configurations.
        goal: Comparisons whose running time is measured, by default of each problem the lowest of the configurations'
            medians, which at least half of the runs of each have reached.

    Returns:
        Problems by target and size.
    """
    ordered = sorted(runs, key=lambda run: (run.problem, run.configuration, run.seed, run.run))
    grouped = {problem: _groups(list(members)) for problem, members in groupby(ordered, key=lambda run: run.problem)}
    pairs = [pair for groups in grouped.values() for pair in combinations(groups, 2)]
    tests = [mann_whitney(first.bests, second.bests) for first, second in pairs]
    # Only tests that could find something take part in the correction of those that did.
    able = [min(len(first.runs), len(second.runs)) >= MIN_RUNS for first, second in pairs]
    corrected = iter(holm([test.p for test, enough in zip(tests, able, strict=True) if enough]))
    made = iter([
        Pair(first.configuration, second.configuration, test, next(corrected) if enough else 1.0, enough)
        for (first, second), test, enough in zip(pairs, tests, able, strict=True)
    ])  # fmt: skip
    return [
        Problem(
            target,
            size,
            groups,
            [next(made) for _ in combinations(groups, 2)],
            goal if goal is not None else int(min(group.summary.median for group in groups)),
        )
        for (target, size), groups in grouped.items()
    ]


def _groups(runs: Sequence[Curve]) -> list[Group]:
    groups = [Group(name, list(own)) for name, own in groupby(runs, key=lambda run: run.configuration)]
    return sorted(groups, key=lambda group: -group.summary.median)
