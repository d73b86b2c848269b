"""An epoch under way: a value that can be saved after any generation and continued anywhere."""

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
        run_id: The run's id.
        epoch: The epoch's number, from 1.
        until: The generation at which the epoch ends.
        evaluations_before: The island's evaluations before the epoch.
        state: The island after its latest generation.
        series: The generations since the epoch began.
        seconds: How long evolving has taken so far, by a monotonic clock.
        cpu_seconds: The processor time that it has taken.
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
        """Return whether the epoch is over, or the island's evolution altogether."""
        return self.state.generation >= self.until or algorithm.termination(self.state) is not None

    def after(self, *, seconds: float, cpu_seconds: float) -> Progress:
        """Return the progress with the time of another generation added."""
        return replace(self, seconds=self.seconds + seconds, cpu_seconds=self.cpu_seconds + cpu_seconds)


def begin(run_id: str, epoch: int, state: IslandState, generations: int) -> Progress:
    """Return the beginning of an epoch, from the state in which the island enters it."""
    is_first = state.generation == 0 and state.best_fitness == UNEVALUATED
    series = Series(first_generation=0 if is_first else state.generation + 1)
    return Progress(run_id, epoch, state.generation + generations, state.evaluations, state, series)


def advance(progress: Progress, algorithm: Algorithm, fitness: Fitness) -> Progress:
    """Return the progress one generation later."""
    state, stretch = evolve_island(progress.state, algorithm, fitness, 1)
    return replace(progress, state=state, series=progress.series.followed_by(stretch))
