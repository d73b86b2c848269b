"""Migration between islands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from worstsort.genetic import TOPOLOGIES, Elites, IslandState, elites, evolve, fresh_state, immigrate, migrants, senders
from worstsort.genetic.assembly import build_algorithm
from worstsort.genetic.presets import PRESETS


def island(rows: list[list[int]], fitnesses: list[int]) -> IslandState:
    best = int(np.argmax(fitnesses))
    return replace(
        fresh_state(0, np.array(rows), 30),
        fitnesses=np.array(fitnesses),
        best_genome=np.array(rows[best]),
        best_fitness=fitnesses[best],
    )


def sent(rows: list[list[int]], fitnesses: list[int]) -> Elites:
    return Elites(np.array(rows), np.array(fitnesses))


def test_elites_are_the_fittest_without_doubles() -> None:
    """Best first, each genome once, the earlier row first among equals."""
    state = island([[1], [2], [2], [3], [4]], [5, 9, 9, 7, 7])
    found = elites(state, 3)
    assert found.genomes.tolist() == [[2], [3], [4]]
    assert found.fitnesses.tolist() == [9, 7, 7]
    assert len(elites(state, 99).fitnesses) == 4


def test_the_best_ever_seen_is_an_elite_even_if_it_was_lost() -> None:
    """A population that started afresh still sends its island's best."""
    state = replace(island([[1], [2]], [5, 9]), best_genome=np.array([7]), best_fitness=50)
    assert elites(state, 2).genomes.tolist() == [[7], [2]]
    assert elites(state, 2).fitnesses.tolist() == [50, 9]


@pytest.mark.parametrize("topology", TOPOLOGIES)
def test_nobody_sends_to_himself(topology: str) -> None:
    """Senders are other islands that exist, each once; a lone island has none."""
    for islands in range(1, 6):
        for number in range(islands):
            found = senders(topology, number, islands, seed=1, epoch=2)
            assert number not in found
            assert len(set(found)) == len(found)
            assert all(0 <= other < islands for other in found)
    assert senders(topology, 0, 1, seed=1, epoch=1) == ()


def test_topologies_are_what_they_are_called() -> None:
    """Ring: the one before; full: all others; none: nobody; random: changes with the epoch, repeats for the same."""
    assert [senders("ring", number, 4, 1, 1) for number in range(4)] == [(3,), (0,), (1,), (2,)]
    assert senders("full", 2, 4, 1, 1) == (0, 1, 3)
    assert senders("none", 2, 4, 1, 1) == ()
    drawn = [senders("random", 2, 9, 1, epoch) for epoch in range(1, 20)]
    assert len(set(drawn)) > 3
    assert drawn == [senders("random", 2, 9, 1, epoch) for epoch in range(1, 20)]


def test_migrants_do_not_depend_on_the_order_of_neighbours() -> None:
    """The best of all neighbours, each genome once, best first, whichever neighbour was read first."""
    one, two = sent([[1], [2]], [9, 4]), sent([[3], [1]], [9, 9])
    forth, back = migrants({1: one, 2: two}, 2), migrants({2: two, 1: one}, 2)
    assert forth is not None
    assert back is not None
    assert forth.genomes.tolist() == back.genomes.tolist() == [[1], [3]]
    assert forth.fitnesses.tolist() == [9, 9]


def test_no_neighbours_or_no_places_mean_no_migrants() -> None:
    """Nothing is sent, and a state takes in nothing."""
    assert migrants({}, 3) is None
    assert migrants({1: sent([[1]], [9])}, 0) is None
    state = island([[1]], [5])
    assert immigrate(state, None) is state


def test_migrants_take_the_places_of_the_least_fit() -> None:
    """Known genomes are turned away, and so are migrants no fitter than whom they would replace."""
    state = island([[1], [2], [3]], [5, 9, 7])
    settled = immigrate(state, sent([[2], [8], [9]], [9, 8, 6]))
    assert settled.genomes.tolist() == [[8], [2], [3]]
    assert settled.fitnesses.tolist() == [8, 9, 7]
    assert state.genomes.tolist() == [[1], [2], [3]]
    assert immigrate(state, sent([[8]], [5])) is state


def test_a_fitter_migrant_becomes_the_best_in_the_next_generation() -> None:
    """Its fitness is taken over without a recount."""
    state = replace(island([[1, 1], [2, 2], [3, 3]], [5, 9, 7]), best_fitness=9)
    settled = immigrate(state, sent([[7, 7]], [100]))
    calls: list[int] = []

    def score(genomes: np.ndarray) -> np.ndarray:
        calls.append(len(genomes))
        return np.zeros(len(genomes), dtype=np.int64)

    settings = replace(PRESETS["classic"], population=3, survival="plus")
    after = evolve(settled, build_algorithm(settings, seed=1), score)
    assert after.best_fitness == 100
    assert after.best_genome.tolist() == [7, 7]
    assert calls == [3]
