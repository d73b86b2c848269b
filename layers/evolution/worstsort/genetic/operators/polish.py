"""Improving the fittest input itself, as a list, alongside the population that bred it.

A chromosome of decisions or answers is good at finding the shape of a bad input, but the last few comparisons hide in
lists that no small change of it leads to. So an island keeps one list besides its population: the fittest list it
knows, polished a little in every generation, and replaced whenever the population breeds something fitter. It never
migrates: islands exchange genomes, and this list has none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from worstsort.genetic.checks import checked
from worstsort.genetic.operators.mutation import swap
from worstsort.genetic.representation import REPRESENTATIONS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from worstsort.genetic.arrays import Fitness
    from worstsort.genetic.operators.local_search import LocalSearch
    from worstsort.genetic.state import IslandState
    from worstsort.genetic.streams import Streams

Polish: TypeAlias = Callable[["IslandState", "Streams"], "IslandState"]
"""(state, streams) to the state with its list polished and the evaluations for it added."""


class Lists(NamedTuple):
    """How to deal with the lists of integers that chromosomes stand for.

    Attributes:
        express: Turns a genome into its list.
        score: Scores lists, (individuals, items), int32.
    """

    express: Callable[[NDArray[Any]], Sequence[int]]
    score: Fitness


def none(state: IslandState, _streams: Streams) -> IslandState:
    """Polish nothing."""
    return state


def by_swaps(lists: Lists, copies: int, search: LocalSearch) -> Polish:
    """Swap two items in each of some copies, improve all copies by local search, and keep the fittest.

    A copy as fit as the list replaces it, so that the list drifts where it does not improve.

    Args:
        lists: Expresses genomes as lists, and scores lists.
        copies: How many are tried per generation, at least 1.
        search: Local search on lists, which swaps items too.
    """
    kind, score = REPRESENTATIONS["permutation"], checked(lists.score)

    def polish(state: IslandState, streams: Streams) -> IslandState:
        state = _take_over(state, lists)
        own = streams.branch("polish")
        trials = np.repeat(state.polished[None], copies, axis=0)
        swap(trials, np.arange(copies), kind, own)
        searched = search(trials, score(trials), score, own)
        row = int(searched.fitnesses.argmax())
        fitness = int(searched.fitnesses[row])
        state = replace(state, evaluations=state.evaluations + copies + searched.evaluations)
        if fitness < state.polished_fitness:
            return state
        found = state.generation if fitness > state.polished_fitness else state.polished_generation
        return replace(
            state, polished=searched.genomes[row].copy(), polished_fitness=fitness, polished_generation=found
        )

    return polish


def _take_over(state: IslandState, lists: Lists) -> IslandState:
    """Start again from the population's best where that is fitter."""
    if state.best_fitness <= state.polished_fitness:
        return state
    return replace(
        state,
        polished=np.array(lists.express(state.best_genome), dtype=np.int32),
        polished_fitness=state.best_fitness,
        polished_generation=state.best_generation,
    )
