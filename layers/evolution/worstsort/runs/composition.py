"""From a configuration to the parts that carry it out: the algorithm, the fitness, the first population."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from worstsort.genetic import (
    Algorithm,
    IslandState,
    Lists,
    Streams,
    build_algorithm,
    copies,
    fresh_state,
    initial_genomes,
    trusted,
)
from worstsort.gosort import (
    constructed,
    count_population,
    freeze,
    freeze_answers,
    play_answers,
    play_population,
    read_answers,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from worstsort.genetic.arrays import Fitness, Genomes
    from worstsort.runs.config import RunConfig

_COUNTERS = {"decisions": play_population, "answers": play_answers}
"""What counts a population whose chromosomes are not the list itself, by representation."""

_FREEZERS = {"decisions": freeze, "answers": freeze_answers}
"""What turns such a chromosome into its list."""


def algorithm(config: RunConfig, threads: int | None = None) -> Algorithm:
    """Return the genetic algorithm that a configuration describes."""
    counted = trusted(partial(count_population, target=config.target, threads=threads))
    lists = Lists(partial(phenotype, config), counted)
    return build_algorithm(config, config.seed, config.tuning, lists)


def fitness(config: RunConfig, threads: int | None = None) -> Fitness:
    """Return the function that counts the target's comparisons on each genome of a population."""
    play = _COUNTERS.get(config.representation)

    def count(genomes: NDArray[Any]) -> NDArray[np.int64]:
        if play is None:
            return count_population(genomes, config.target, threads)
        return play(genomes, config.size, config.target, threads)

    return trusted(count)


def first_state(config: RunConfig, island: int) -> IslandState:
    """Return an island's first population: generation 0, not evaluated yet."""
    return fresh_state(island, _first_genomes(config, island), config.mutation_ratio)


def phenotype(config: RunConfig, genome: NDArray[Any]) -> list[int]:
    """Return the list of integers that a genome stands for."""
    freeze_genome = _FREEZERS.get(config.representation)
    if freeze_genome is None:
        return [int(value) for value in genome]
    return freeze_genome(genome, config.size, config.target)


def best_list(config: RunConfig, state: IslandState) -> list[int]:
    """Return the fittest list of integers that an island has ever seen."""
    return [int(value) for value in state.polished] if state.is_polished else phenotype(config, state.best_genome)


def _first_genomes(config: RunConfig, island: int) -> Genomes:
    if config.seeding == "random":
        streams = Streams(config.seed, island, 0)
        return initial_genomes(config.representation, config.population, config.size, streams)
    genome = _constructed_genome(config.representation, config.size, config.target)
    return copies(genome, config.representation, config.population, config.size)


@lru_cache(maxsize=8)
def _constructed_genome(representation: str, size: int, target: str) -> list[int]:
    values = constructed(size, target)
    if values is None or representation == "decisions":
        raise ValueError(
            f"nothing is constructed for {target} as {representation}, which the configuration should have refused"
        )
    return read_answers(values, target) if representation == "answers" else values
