"""An epoch under way: a value that can be written down at any generation and continued anywhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from worstsort.genetic import Series, evolve_island
from worstsort.genetic.state import UNEVALUATED

if TYPE_CHECKING:
    from worstsort.genetic import Algorithm, IslandState
    from worstsort.genetic.arrays import Fitness


@dataclass(frozen=True)
class Progress:
    """How far an island has come within an epoch.

    Attributes:
        run_id: Of the run.
        epoch: From 1.
        until: The generation at which the epoch ends.
        evaluations_before: The island's evaluations before the epoch.
        state: After the latest generation.
        series: Of the generations since the epoch began.
        seconds: That evolving took so far, by a monotonic clock.
        cpu_seconds: Processor time of the same.
    """

    run_id: str
    epoch: int
    until: int
    evaluations_before: int
    state: IslandState
    series: Series
    seconds: float = 0.0
    cpu_seconds: float = 0.0

    def is_finished(self, algorithm: Algorithm) -> bool:
        """Whether the epoch is over, or the island's evolution altogether."""
        return self.state.generation >= self.until or algorithm.termination(self.state) is not None

    def after(self, *, seconds: float, cpu_seconds: float) -> Progress:
        """The same, with the time that it took."""
        return replace(self, seconds=self.seconds + seconds, cpu_seconds=self.cpu_seconds + cpu_seconds)


def begin(run_id: str, epoch: int, state: IslandState, generations: int) -> Progress:
    """The beginning of an epoch, from the state in which the island enters it."""
    unborn = state.generation == 0 and state.best_fitness == UNEVALUATED
    series = Series(first_generation=0 if unborn else state.generation + 1)
    return Progress(run_id, epoch, state.generation + generations, state.evaluations, state, series)


def advance(progress: Progress, algorithm: Algorithm, fitness: Fitness) -> Progress:
    """The progress one generation later."""
    state, stretch = evolve_island(progress.state, algorithm, fitness, 1)
    return replace(progress, state=state, series=progress.series.followed_by(stretch))
