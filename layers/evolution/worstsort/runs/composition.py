"""From a configuration to the parts that carry it out: the algorithm, the fitness, the first population."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from worstsort.foreign.growth import FIXED_GAMES, RANDOM_INPUTS, fixed_games
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
    constructed_plan,
    count_population,
    freeze,
    freeze_answers,
    freeze_plan,
    play_answers,
    play_plans,
    play_population,
    read_answers,
    refine_plans,
)
from worstsort.runs.fitted_presets import can_be_constructed

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from worstsort.genetic.arrays import Genomes
    from worstsort.genetic.checks import Checked
    from worstsort.runs.config import RunConfig


def algorithm(config: RunConfig, threads: int | None = None) -> Algorithm:
    """Return the genetic algorithm that a configuration describes."""
    counted = trusted(partial(count_population, target=config.target, threads=threads))
    lists = Lists(partial(phenotype, config), counted)
    return build_algorithm(config, config.seed, config.tuning, lists)


def fitness(config: RunConfig, threads: int | None = None) -> Checked:
    """Return the function that counts the target's comparisons on each genome of a population."""
    counters: dict[str, Callable[..., NDArray[np.int64]]] = {
        "decisions": play_population,
        "answers": play_answers,
        "plan": partial(play_plans, ties=config.values == "any"),
    }
    play = counters.get(config.representation)

    def count(genomes: NDArray[Any]) -> NDArray[np.int64]:
        if play is None:
            return count_population(genomes, config.target, threads)
        return play(genomes, config.size, config.target, threads)

    def refine(genomes: Genomes, words: NDArray[np.uint64], steps: int) -> Genomes:
        ties = config.values == "any"
        return refine_plans(genomes, words, config.size, config.target, threads, ties=ties, steps=steps)

    return trusted(count, refine if config.representation == "plan" else None)


def first_state(config: RunConfig, island: int) -> IslandState:
    """Return an island's first population: generation 0, not evaluated yet."""
    return fresh_state(island, _first_genomes(config, island), config.mutation_ratio)


def fair_start(config: RunConfig, state: IslandState, threads: int | None = None) -> IslandState:
    """Give an island the worst of the fixed games and random inputs of a foreign sort as its list, before it evolves.

    So no champion is better than random inputs are: of sorts that look for runs in their input, seconds of evolution
    find less than chance does.
    """
    if config.foreign is None:
        return state
    games, streams = fixed_games(config.size), Streams(config.seed, state.island, 0)
    played = play_population(games, config.size, config.target, threads)
    inputs = initial_genomes("permutation", RANDOM_INPUTS, config.size, streams)
    counted = count_population(inputs, config.target, threads)
    values, best = inputs[int(counted.argmax())].tolist(), int(counted.max())
    if int(played.max()) >= best:
        values, best = freeze(games[int(played.argmax())], config.size, config.target), int(played.max())
    evaluations = state.evaluations + len(games) + len(inputs)
    return replace(state, polished=np.array(values, np.int32), polished_fitness=best, evaluations=evaluations)


def phenotype(config: RunConfig, genome: NDArray[Any]) -> list[int]:
    """Return the list of integers that a genome stands for."""
    freezers: dict[str, Callable[..., list[int]]] = {
        "decisions": freeze,
        "answers": freeze_answers,
        "plan": partial(freeze_plan, ties=config.values == "any"),
    }
    freeze_genome = freezers.get(config.representation)
    if freeze_genome is None:
        return [int(value) for value in genome]
    return freeze_genome(genome, config.size, config.target)


def best_list(config: RunConfig, state: IslandState) -> list[int]:
    """Return the fittest list of integers that an island has ever seen."""
    return [int(value) for value in state.polished] if state.is_polished else phenotype(config, state.best_genome)


def _first_genomes(config: RunConfig, island: int) -> Genomes:
    if config.seeding == "random":
        streams = Streams(config.seed, island, 0)
        genomes = initial_genomes(config.representation, config.population, config.size, streams)
        if config.foreign is not None and config.representation == "decisions":
            fixed = min(FIXED_GAMES, config.population // 2)
            genomes[:fixed] = fixed_games(config.size, range(fixed))
        return genomes
    genome = _constructed_genome(config.representation, config.size, config.target, ties=config.values == "any")
    return copies(genome, config.representation, config.population, config.size)


@lru_cache(maxsize=8)
def _constructed_genome(representation: str, size: int, target: str, *, ties: bool) -> list[int]:
    if representation == "plan":
        return constructed_plan(size, target, ties=ties)
    values = constructed(size, target, "any" if ties and representation == "values" else "distinct")
    if values is None or not can_be_constructed(target, representation):
        raise ValueError(
            f"nothing is constructed for {target} as {representation}, which the configuration should have refused"
        )
    return read_answers(values, target) if representation == "answers" else values
