"""The state of one island, a value that can be saved, compared and continued anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from worstsort.genetic.checks import check_genomes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from worstsort.genetic.arrays import Fitnesses, Genomes

UNEVALUATED = -1
"""The fitness of a genome that has not been evaluated."""


@dataclass(frozen=True, eq=False)
class IslandState:
    """One island after one generation.

    Attributes:
        island: Its number, from 0.
        generation: How many generations it has evolved; 0 is the initial population.
        genomes: (individuals, genes).
        fitnesses: (individuals,), -1 where not evaluated yet.
        ages: (individuals,), generations that each individual has survived.
        stall: Generations since the best genome improved.
        mutation_ratio: One in how many children is mutated now.
        best_genome: (genes,), the best ever seen here.
        best_fitness: Its fitness, -1 before the first evaluation.
        best_generation: The generation in which it appeared.
        evaluations: Fitness evaluations so far.
        polished: (items,), the fittest list of integers known here; (0,) before any is polished.
        polished_fitness: Its fitness, -1 before any is polished.
        polished_generation: The generation that found it.

    The arrays become read-only views: a state never changes.
    """

    island: int
    generation: int
    genomes: Genomes
    fitnesses: Fitnesses
    ages: NDArray[np.int64]
    stall: int
    mutation_ratio: int
    best_genome: NDArray[Any]
    best_fitness: int
    best_generation: int
    evaluations: int
    polished: NDArray[np.int32]
    polished_fitness: int
    polished_generation: int

    def __post_init__(self) -> None:
        for name in ("genomes", "fitnesses", "ages", "best_genome", "polished"):
            view = getattr(self, name).view()
            view.flags.writeable = False
            object.__setattr__(self, name, view)

    @property
    def is_evaluated(self) -> bool:
        """Whether every individual's fitness is known."""
        return not bool(np.any(self.fitnesses == UNEVALUATED))

    @property
    def is_polished(self) -> bool:
        """Whether the polished list is fitter than every genome ever seen here."""
        return self.polished_fitness > self.best_fitness

    @property
    def record(self) -> int:
        """The highest fitness ever seen here, of a genome or of the polished list."""
        return max(self.best_fitness, self.polished_fitness)

    @property
    def record_generation(self) -> int:
        """The generation in which it appeared."""
        return self.polished_generation if self.is_polished else self.best_generation


def fresh_state(island: int, genomes: Genomes, mutation_ratio: int) -> IslandState:
    """Return the state of an island before its first evaluation.

    Args:
        island: Its number.
        genomes: (individuals, genes), at least one individual.
        mutation_ratio: Where the mutation ratio starts.

    Raises:
        InvalidGenomes: The genomes are not an array of integers of that shape.
    """
    check_genomes(genomes)
    count = len(genomes)
    return IslandState(
        island=island,
        generation=0,
        genomes=genomes,
        fitnesses=np.full(count, UNEVALUATED, dtype=np.int64),
        ages=np.zeros(count, dtype=np.int64),
        stall=0,
        mutation_ratio=mutation_ratio,
        best_genome=genomes[0].copy(),
        best_fitness=UNEVALUATED,
        best_generation=0,
        evaluations=0,
        polished=np.zeros(0, dtype=np.int32),
        polished_fitness=UNEVALUATED,
        polished_generation=0,
    )
