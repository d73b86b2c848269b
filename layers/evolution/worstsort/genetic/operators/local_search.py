"""Local search on evaluated children, which makes a genetic algorithm a memetic one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from worstsort.genetic.arrays import Fitness, Fitnesses, Genomes
from worstsort.genetic.checks import InvalidFitness, checked

if TYPE_CHECKING:
    from worstsort.genetic.operators.mutation import Mutation
    from worstsort.genetic.representation import Representation
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
"""(genomes, fitnesses, fitness, streams) to the improved children, in new arrays or in the given ones."""


def none(genomes: Genomes, fitnesses: Fitnesses, _fitness: Fitness, _streams: Streams) -> Searched:
    """Leave the children as they are."""
    return Searched(genomes, fitnesses, 0)


def annealing(mutation: Mutation, representation: Representation, steps: int, heat: float) -> LocalSearch:
    """Improve every child by simulated annealing, all of them side by side.

    Each step mutates every child once and evaluates all of them in one batch. A step that loses no fitness is taken;
    one that does is taken with probability exp(-loss / temperature). The temperature falls linearly from
    heat * sqrt(genes) to 0. Each child is returned as it was when it was fittest (Kirkpatrick, Gelatt, Vecchi:
    Optimization by simulated annealing, Science 1983).

    Args:
        mutation: What a step does.
        representation: What the genomes are.
        steps: Evaluations per child.
        heat: How much fitness steps may lose; 0 only climbs.
    """

    def search(genomes: Genomes, fitnesses: Fitnesses, fitness: Fitness, streams: Streams) -> Searched:
        rows = np.arange(len(genomes))
        current, scores = genomes.copy(), fitnesses.copy()
        best, best_scores = current.copy(), scores.copy()
        # -log of a uniform number is exponentially distributed: the loss accepted at temperature 1.
        accepted_loss = -np.log1p(-streams.uniform("annealing", rows, steps))
        accepted_loss *= heat * genomes.shape[1] ** 0.5 * (1 - np.arange(steps) / steps)
        for step in range(steps):
            trials = current.copy()
            mutation(trials, rows, representation, streams.at(step + 1))
            trial_scores = fitness(trials)
            taken = np.flatnonzero(scores - trial_scores <= accepted_loss[:, step])
            current[taken], scores[taken] = trials[taken], trial_scores[taken]
            better = np.flatnonzero(scores > best_scores)
            best[better], best_scores[better] = current[better], scores[better]
        return Searched(best, best_scores, steps * len(genomes))

    return search


def refining(steps: int) -> LocalSearch:
    """Improve every child as the fitness itself knows how to, and score it once.

    Args:
        steps: How many changes of each child are tried.

    Raises:
        InvalidFitness: When it is used with a fitness that cannot refine genomes.
    """

    def search(genomes: Genomes, _fitnesses: Fitnesses, fitness: Fitness, streams: Streams) -> Searched:
        score = checked(fitness)
        if score.refine is None:
            raise InvalidFitness("fitness: given one that cannot refine genomes, which local_search refining needs")
        refined = score.refine(genomes, streams.bits("refined", len(genomes))[:, 0], steps)
        return Searched(refined, score(refined), steps * len(genomes))

    return search
