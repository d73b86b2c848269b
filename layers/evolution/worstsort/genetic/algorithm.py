"""The genetic algorithm: it knows that there are operators and a fitness, and none of their kinds."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from worstsort.genetic.operators.survival import Candidates, gather
from worstsort.genetic.streams import Streams

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from worstsort.genetic.arrays import Fitness, Genomes, Indices
    from worstsort.genetic.operators.crossover import Crossover
    from worstsort.genetic.operators.local_search import LocalSearch
    from worstsort.genetic.operators.mutation import Mutation, MutationRatio
    from worstsort.genetic.operators.polish import Polish
    from worstsort.genetic.operators.restart import Restart
    from worstsort.genetic.operators.selection import Selection
    from worstsort.genetic.operators.survival import Survival
    from worstsort.genetic.representation import Representation
    from worstsort.genetic.state import IslandState
    from worstsort.genetic.termination import Termination


@dataclass(frozen=True)
class Algorithm:
    """What evolves an island, injected part by part.

    Attributes:
        seed: Of the whole run; islands differ by their number.
        representation: What the genomes are.
        offspring: Children a generation.
        selection: Picks the parents.
        crossover: Makes children of pairs of parents.
        mutation: Changes some of the children.
        mutation_ratio: How many of them.
        local_search: Improves the evaluated children further.
        survival: Picks the next generation.
        polish: Improves the fittest list beside the population.
        restart: Says when to begin again with a fresh population.
        termination: Says when to stop.
        breed_best: Whether the last child is a copy of the population's best, so that the best gets mutated too.
        breed_all: Whether the individuals are the first parents of the children in turn, instead of selected ones.
    """

    seed: int
    representation: Representation
    offspring: int
    selection: Selection
    crossover: Crossover
    mutation: Mutation
    mutation_ratio: MutationRatio
    local_search: LocalSearch
    survival: Survival
    polish: Polish
    restart: Restart
    termination: Termination
    breed_best: bool
    breed_all: bool


@dataclass(frozen=True, eq=False)
class Series:
    """What a stretch of evolution looked like, generation by generation.

    Attributes:
        first_generation: The generation of entry 0.
        best: (generations,), the fitness of the best in that generation, in the population or polished.
        mean: (generations,), the population's mean fitness.
        evaluations: (generations,), the island's evaluations up to and including that generation.
    """

    first_generation: int
    best: NDArray[np.int64]
    mean: NDArray[np.float64]
    evaluations: NDArray[np.int64]


def evolve_island(
    state: IslandState,
    algorithm: Algorithm,
    fitness: Fitness,
    generations: int,
    on_generation: Callable[[IslandState], None] | None = None,
) -> tuple[IslandState, Series]:
    """Evolve an island for some generations, or until the algorithm's termination says stop.

    A state that holds unevaluated individuals and is of generation 0 is evaluated first, and generation 0 then is the
    first of the series. One call for many generations and many calls for few give the same states, bit for bit.

    Args:
        state: Where to start; left as it is.
        algorithm: The operators.
        fitness: Scores genomes; called with a batch at a time, in a fixed order.
        generations: How many at most, beyond generation 0.
        on_generation: Told each new state, for progress reports; may raise to interrupt.

    Returns:
        The last state and the series of all generations of this call.
    """
    log = _Log()
    if not state.is_evaluated:
        state = evaluate(state, fitness)
        if state.generation == 0:
            log.note(state)
    last = state.generation + generations
    while state.generation < last and algorithm.termination(state) is None:
        state = evolve(state, algorithm, fitness)
        log.note(state)
        if on_generation is not None:
            on_generation(state)
    return state, log.series(first_generation=state.generation + 1 - len(log.best))


def evaluate(state: IslandState, fitness: Fitness) -> IslandState:
    """Score every individual of a state and note the best, without evolving."""
    fitnesses = fitness(np.array(state.genomes))
    evaluated = replace(state, fitnesses=fitnesses, evaluations=state.evaluations + len(fitnesses))
    return _remember_best(evaluated)


def evolve(state: IslandState, algorithm: Algorithm, fitness: Fitness) -> IslandState:
    """Return the island one generation on: select, cross, mutate, evaluate, improve, survive, polish.

    Args:
        state: An evaluated state; left as it is.
        algorithm: The operators.
        fitness: Scores genomes.
    """
    streams = Streams(algorithm.seed, state.island, state.generation + 1)
    if algorithm.restart(state):
        return algorithm.polish(_start_afresh(state, algorithm, fitness, streams), streams)
    first, second = _select_pairs(state, algorithm, streams)
    children = _breed(state, algorithm, first, second, streams)
    searched = algorithm.local_search(children, fitness(children), fitness, streams)
    candidates = Candidates(
        state.genomes, state.fitnesses, state.ages, searched.genomes, searched.fitnesses, first, second
    )
    survivors = algorithm.survival(candidates, streams)
    evolved = replace(
        state,
        generation=state.generation + 1,
        genomes=gather(candidates, survivors),
        fitnesses=candidates.fitnesses[survivors],
        ages=np.concatenate([state.ages + 1, np.zeros(len(children), dtype=np.int64)])[survivors],
        evaluations=state.evaluations + len(children) + searched.evaluations,
    )
    evolved = _remember_best(evolved)
    ratio = algorithm.mutation_ratio.after(state.mutation_ratio, improved=evolved.stall == 0)
    return algorithm.polish(replace(evolved, mutation_ratio=ratio), streams)


def _start_afresh(state: IslandState, algorithm: Algorithm, fitness: Fitness, streams: Streams) -> IslandState:
    """Make the next generation a new random population."""
    count, genes = state.genomes.shape
    genomes = algorithm.representation.populate(streams, count, genes)
    fresh = replace(state, generation=state.generation + 1, genomes=genomes, ages=np.zeros(count, dtype=np.int64))
    return replace(evaluate(fresh, fitness), mutation_ratio=algorithm.mutation_ratio.start)


def _select_pairs(state: IslandState, algorithm: Algorithm, streams: Streams) -> tuple[Indices, Indices]:
    """Pick both parents of every child; a bred best has itself for both."""
    picks = algorithm.selection(state.fitnesses, 2 * algorithm.offspring, streams, "parents")
    pairs = picks.reshape(2, algorithm.offspring)
    if algorithm.breed_all:
        pairs[0] = np.arange(algorithm.offspring) % len(state.fitnesses)
    if algorithm.breed_best:
        pairs[:, -1] = state.fitnesses.argmax()
    return pairs[0], pairs[1]


def _breed(state: IslandState, algorithm: Algorithm, first: Indices, second: Indices, streams: Streams) -> Genomes:
    children = algorithm.crossover(state.genomes, first, second, streams)
    mutated = np.flatnonzero(streams.below(state.mutation_ratio, "mutated or not", len(children))[:, 0] == 0)
    algorithm.mutation(children, mutated, algorithm.representation, streams)
    return children


def _remember_best(state: IslandState) -> IslandState:
    """Note a new best individual, the first of equals, or one more stalled generation."""
    champion = int(state.fitnesses.argmax())
    if state.fitnesses[champion] <= state.best_fitness:
        return replace(state, stall=state.stall + 1)
    return replace(
        state,
        stall=0,
        best_genome=state.genomes[champion].copy(),
        best_fitness=int(state.fitnesses[champion]),
        best_generation=state.generation,
    )


@dataclass(frozen=True)
class _Log:
    """A series while it grows."""

    best: list[int] = field(default_factory=list)
    mean: list[float] = field(default_factory=list)
    evaluations: list[int] = field(default_factory=list)

    def note(self, state: IslandState) -> None:
        self.best.append(max(int(state.fitnesses.max()), state.polished_fitness))
        self.mean.append(float(state.fitnesses.mean()))
        self.evaluations.append(state.evaluations)

    def series(self, first_generation: int) -> Series:
        return Series(
            first_generation=first_generation,
            best=np.array(self.best, dtype=np.int64),
            mean=np.array(self.mean, dtype=np.float64),
            evaluations=np.array(self.evaluations, dtype=np.int64),
        )
