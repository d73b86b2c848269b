"""The list that an island polishes beside its population."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from worstsort.genetic import PRESETS, IslandState, Lists, Streams, build_algorithm, evaluate, evolve, fresh_state
from worstsort.genetic.representation import initial_genomes

if TYPE_CHECKING:
    from numpy.typing import NDArray

SETTINGS = replace(PRESETS["strong"], population=6, tournament_size=2)
SIZE = 12


def in_place(lists: NDArray[Any]) -> NDArray[np.int64]:
    """Count the items in their places, which swaps can raise one by one to SIZE."""
    counts: NDArray[np.int64] = np.count_nonzero(lists == np.arange(SIZE), axis=1)
    return counts


def even(genomes: NDArray[Any]) -> NDArray[np.int64]:
    """Score genomes in a way that says little about their lists: at most 3."""
    counts: NDArray[np.int64] = np.count_nonzero(genomes % 2 == 0, axis=1)
    return counts // 4


def reversed_list(_genome: NDArray[Any]) -> list[int]:
    return list(range(SIZE))[::-1]


def island(generations: int, lists: Lists | None) -> IslandState:
    algorithm = build_algorithm(SETTINGS if lists else replace(SETTINGS, polish="none"), seed=3, lists=lists)
    genomes = initial_genomes(SETTINGS.representation, SETTINGS.population, SIZE, Streams(3))
    state = evaluate(fresh_state(0, genomes, SETTINGS.mutation_ratio), even)
    for _ in range(generations):
        state = evolve(state, algorithm, even)
    return state


def test_a_list_becomes_fitter_than_anything_bred() -> None:
    """The record is the polished list's, and the population goes its own way."""
    polished, plain = island(5, Lists(reversed_list, in_place)), island(5, None)
    assert polished.is_polished
    assert polished.polished.tolist() == list(range(SIZE))
    assert polished.record == polished.polished_fitness == SIZE
    assert 1 <= polished.record_generation <= 5
    assert np.array_equal(polished.genomes, plain.genomes)
    assert plain.record == plain.best_fitness


def test_polishing_is_counted_among_the_evaluations() -> None:
    """Every list that is counted is one."""
    seen = []

    def counted(lists: NDArray[Any]) -> NDArray[np.int64]:
        seen.append(len(lists))
        return in_place(lists)

    assert island(3, Lists(reversed_list, counted)).evaluations == island(3, None).evaluations + sum(seen)


def test_a_fitter_genome_is_polished_from_then_on() -> None:
    """What the population breeds takes the list's place where it is fitter, and not where it is not."""
    algorithm = build_algorithm(SETTINGS, seed=3, lists=Lists(reversed_list, lambda lists: np.zeros(len(lists), int)))
    state = island(1, None)
    known = np.arange(SIZE, dtype=np.int32)
    fitter = replace(state, polished=known, polished_fitness=100, polished_generation=1)
    assert algorithm.polish(fitter, Streams(3)).polished.tolist() == known.tolist()
    less_fit = replace(state, polished=known, polished_fitness=0, polished_generation=1)
    taken = algorithm.polish(less_fit, Streams(3))
    assert taken.polished.tolist() == reversed_list(state.best_genome)
    assert taken.polished_fitness == state.best_fitness


def test_what_cannot_be_polished_is_refused() -> None:
    """Without lists nothing could be polished, and nothing is left undone in silence."""
    with pytest.raises(ValueError, match="swaps"):
        build_algorithm(SETTINGS, seed=3)


@pytest.mark.parametrize("seed", range(5))
def test_polishing_only_rearranges(seed: int) -> None:
    """The polished list holds what the bred one held."""
    algorithm = build_algorithm(SETTINGS, seed=seed, lists=Lists(reversed_list, in_place))
    state = algorithm.polish(island(1, None), Streams(seed))
    assert sorted(state.polished.tolist()) == list(range(SIZE))
