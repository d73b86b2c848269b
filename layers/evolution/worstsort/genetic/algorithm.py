"""The genetic algorithm: it knows that there are operators and a fitness, but no particular ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from worstsort.genetic import loops
from worstsort.genetic.checks import check_generations, check_genomes, checked
from worstsort.genetic.operators.survival import Candidates, gather
from worstsort.genetic.state import UNEVALUATED
from worstsort.genetic.streams import Streams
from worstsort.machine_code.compilation import compiled

if TYPE_CHECKING:
    from worstsort.genetic.arrays import Fitness, Fitnesses, Genomes, Indices
    from worstsort.genetic.checks import Checked
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
    """The operators that evolve an island; each is injected.

    Attributes:
        seed: The run's; islands differ by their number.
        representation: What the genomes are.
        offspring: Children per generation.
        selection: Picks the parents.
        crossover: Makes children of pairs of parents.
        mutation: Changes some of the children.
        mutation_ratio: How many children are mutated.
        local_search: Improves the evaluated children further.
        survival: Picks the next generation.
        polish: Improves the fittest list, which the island keeps besides its population.
        restart: Decides when to begin again with a fresh population.
        termination: Decides when to stop.
        breed_best: Whether the last child is a copy of the population's best, so that the best gets mutated too.
        breed_all: Whether each individual in turn is the first parent of a child, instead of a selected one.
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


@dataclass(frozen=True)
class Series:
    """How a stretch of evolution went, with one entry per generation.

    Attributes:
        first_generation: The generation of entry 0.
        best: The fitness of the best in that generation, in the population or polished.
        mean: The population's mean fitness.
        evaluations: The island's evaluations up to and including that generation.
    """

    first_generation: int
    best: tuple[int, ...] = ()
    mean: tuple[float, ...] = ()
    evaluations: tuple[int, ...] = ()

    def followed_by(self, later: Series) -> Series:
        """Return this series with the generations of a later one behind it."""
        return Series(
            self.first_generation,
            self.best + later.best,
            self.mean + later.mean,
            self.evaluations + later.evaluations,
        )


def evolve_island(
    state: IslandState, algorithm: Algorithm, fitness: Fitness, generations: int
) -> tuple[IslandState, Series]:
    """Evolve an island for some generations, or until the algorithm's termination says stop.

    A state with unevaluated individuals is evaluated first; if that is generation 0, the series begins with it.
    One call for many generations and many calls for few give the same states, bit for bit.

    Args:
        state: Where to start; left as it is.
        algorithm: The operators.
        fitness: Scores genomes; called with a batch at a time, in a fixed order, with a view that it cannot write to.
        generations: How many at most, beyond generation 0.

    Returns:
        The last state and the series of all generations of this call.

    Raises:
        InvalidGenomes: The initial genomes are not what the algorithm's representation holds.
        InvalidFitness: The fitness cannot be called, or returned something else than scores.
        InvalidGenerations: `generations` is not an integer of at least 0.
    """
    score, more, evolved = checked(fitness), check_generations(generations), []
    if not state.is_evaluated:
        check_genomes(state.genomes, algorithm.representation)
        state = evaluate(state, score)
        if state.generation == 0:
            evolved.append(_entry(state))
    last = state.generation + more
    while state.generation < last and algorithm.termination(state) is None:
        state = evolve(state, algorithm, score)
        evolved.append(_entry(state))
    best, mean, evaluations = zip(*evolved, strict=True) if evolved else ((), (), ())
    return state, Series(state.generation + 1 - len(evolved), best, mean, evaluations)


def evaluate(state: IslandState, fitness: Fitness) -> IslandState:
    """Score every individual of a state and note the best, without evolving.

    Raises:
        InvalidFitness: The fitness returned something else than one integer of at least 0 per genome.
    """
    fitnesses = checked(fitness)(np.array(state.genomes))
    evaluated = replace(state, fitnesses=fitnesses, evaluations=state.evaluations + len(fitnesses))
    return _remember_best(evaluated)


def evolve(state: IslandState, algorithm: Algorithm, fitness: Fitness) -> IslandState:
    """Return the island one generation later: select, cross, mutate, evaluate, improve, survive, polish.

    Args:
        state: An evaluated state; left as it is.
        algorithm: The operators.
        fitness: Scores genomes.

    Raises:
        InvalidFitness: The fitness returned something else than one integer of at least 0 per genome.
    """
    score = checked(fitness)
    streams = Streams(algorithm.seed, state.island, state.generation + 1)
    if algorithm.restart(state):
        return algorithm.polish(_start_afresh(state, algorithm, score, streams), streams)
    first, second = _select_pairs(state, algorithm, streams)
    children = _breed(state, algorithm, first, second, streams)
    fitnesses = _score_children(state, children, first, second, score)
    searched = algorithm.local_search(children, fitnesses, score, streams)
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
    """Pick both parents of every child; a best that is bred is both."""
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


def _score_children(
    state: IslandState, children: Genomes, first: Indices, second: Indices, fitness: Checked
) -> Fitnesses:
    """Evaluate the children; where the fitness is trusted, copies of a parent take over what it was found to have."""
    if not fitness.trusted:
        return fitness(children)
    fitnesses = np.full(len(children), UNEVALUATED, dtype=np.int64)
    genomes, pairs = state.genomes, (loops.row_numbers(parents, len(state.genomes)) for parents in (first, second))
    if (children.dtype, children.shape) == (genomes.dtype, (len(first), genomes.shape[1])):
        rows = loops.row_bytes(genomes), loops.read_only(state.fitnesses), *pairs, loops.row_bytes(children)
        compiled(loops.take_over_scores)(*rows, fitnesses)
    fresh = np.flatnonzero(fitnesses == UNEVALUATED)
    if len(fresh):
        fitnesses[fresh] = fitness(children[fresh])
    return fitnesses


def _remember_best(state: IslandState) -> IslandState:
    """Note a new best individual, among equals the first, or one more stalled generation."""
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


def _entry(state: IslandState) -> tuple[int, float, int]:
    """Return what a series says of a generation: best, mean and evaluations."""
    return max(int(state.fitnesses.max()), state.polished_fitness), float(state.fitnesses.mean()), state.evaluations
