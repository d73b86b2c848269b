"""From a configuration to the parts that carry it out: the algorithm, the fitness, the first population."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from worstsort.genetic import Algorithm, IslandState, Settings, Streams, build_algorithm, fresh_state, initial_genomes
from worstsort.gosort import count_population, freeze, play_population

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from worstsort.genetic.arrays import Fitness
    from worstsort.runs.config import RunConfig


def algorithm(config: RunConfig) -> Algorithm:
    """The genetic algorithm that a configuration describes."""
    settings = Settings(**{field.name: getattr(config, field.name) for field in fields(Settings)})
    return build_algorithm(settings, config.seed)


def fitness(config: RunConfig, threads: int | None = None) -> Fitness:
    """Comparisons that the target makes on each genome of a population."""

    def count_values(genomes: NDArray[Any]) -> NDArray[np.int64]:
        return count_population(genomes, config.target, threads)

    def count_decisions(genomes: NDArray[Any]) -> NDArray[np.int64]:
        return play_population(genomes, config.size, config.target, threads)

    return count_decisions if config.representation == "decisions" else count_values


def first_state(config: RunConfig, island: int) -> IslandState:
    """An island's seed population: generation 0, not evaluated yet."""
    streams = Streams(config.seed, island, 0)
    genomes = initial_genomes(config.representation, config.population, config.size, streams)
    return fresh_state(island, genomes, config.mutation_ratio)


def phenotype(config: RunConfig, genome: NDArray[Any]) -> list[int]:
    """The list of integers that a genome stands for."""
    if config.representation == "decisions":
        return freeze(genome, config.size, config.target)
    return [int(value) for value in genome]
