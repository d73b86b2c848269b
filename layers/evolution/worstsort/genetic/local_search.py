"""Local search on children after they were evaluated: what makes a genetic algorithm a memetic one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from worstsort.genetic.arrays import Fitness, Fitnesses, Genomes

if TYPE_CHECKING:
    from worstsort.genetic.streams import Streams


@dataclass(frozen=True, eq=False)
class Searched:
    """Children as local search leaves them.

    Attributes:
        genomes: (children, genes).
        fitnesses: (children,).
        evaluations: What the search cost.
    """

    genomes: Genomes
    fitnesses: Fitnesses
    evaluations: int


LocalSearch: TypeAlias = Callable[[Genomes, Fitnesses, Fitness, "Streams"], Searched]
"""(genomes, fitnesses, fitness, streams) to the improved children, in new arrays or the same ones."""


def none(genomes: Genomes, fitnesses: Fitnesses, _fitness: Fitness, _streams: Streams) -> Searched:
    """Leave the children as they were born."""
    return Searched(genomes, fitnesses, 0)
