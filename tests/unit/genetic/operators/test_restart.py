"""Restarts of populations that have converged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from worstsort.genetic import (
    PRESETS,
    IslandState,
    Streams,
    Tuning,
    build_algorithm,
    evolve,
    evolve_island,
    fresh_state,
    initial_genomes,
)
from worstsort.genetic.operators import restart

if TYPE_CHECKING:
    from worstsort.genetic.arrays import Fitnesses, Genomes

SETTINGS = replace(PRESETS["strong"], population=6, polish="none")
TUNING = Tuning(search_steps=2, restart_generations=3)


def score_alike(genomes: Genomes) -> Fitnesses:
    """Score everything alike, so that nothing ever improves."""
    return np.full(len(genomes), 7, dtype=np.int64)


def start() -> IslandState:
    return fresh_state(0, initial_genomes("decisions", 6, 20, Streams(1)), SETTINGS.mutation_ratio)


def test_each_fresh_population_gets_twice_the_time_of_the_one_before() -> None:
    """With a base of 10, stalls of 10, 30, 70 and 150 generations restart, and no others below 300."""
    check = restart.when_stalled(10)
    state = start()
    assert [stall for stall in range(300) if check(replace(state, stall=stall))] == [10, 30, 70, 150]


def test_a_restart_draws_a_fresh_population_and_keeps_the_best() -> None:
    """The generation after the stall holds new genomes; the best ever seen stays recorded."""
    algorithm = build_algorithm(SETTINGS, seed=1, tuning=TUNING)
    before, _ = evolve_island(start(), algorithm, score_alike, 3)
    after = evolve(before, algorithm, score_alike)
    assert before.stall == 3
    assert not (after.genomes[:, None] == before.genomes[None]).all(axis=2).any()
    assert np.array_equal(after.genomes, initial_genomes("decisions", 6, 20, Streams(1, 0, 4)))
    assert np.array_equal(after.best_genome, before.best_genome)
    assert after.best_fitness == 7
    assert after.evaluations == before.evaluations + 6


def test_a_run_that_restarts_can_be_split_anywhere() -> None:
    """Twenty generations with three restarts are the same in one piece and one by one."""
    algorithm = build_algorithm(SETTINGS, seed=1, tuning=TUNING)
    whole, _ = evolve_island(start(), algorithm, score_alike, 25)
    state = start()
    for _ in range(25):
        state, _ = evolve_island(state, algorithm, score_alike, 1)
    assert np.array_equal(whole.genomes, state.genomes)
    assert whole.evaluations == state.evaluations


def test_without_local_search_a_population_is_never_given_up() -> None:
    """Classic and permutation go on with what they have."""
    for name in ("classic", "permutation"):
        assert build_algorithm(PRESETS[name], seed=1).restart is restart.never
