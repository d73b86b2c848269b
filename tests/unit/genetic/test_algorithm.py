"""The algorithm as a whole, on a fitness that is cheap: how many genes are even."""

from __future__ import annotations

import threading
from dataclasses import fields, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from worstsort.genetic import (
    PRESETS,
    IslandState,
    Settings,
    Streams,
    build_algorithm,
    evaluate,
    evolve,
    evolve_island,
    fresh_state,
    initial_genomes,
)

if TYPE_CHECKING:
    from worstsort.genetic.arrays import Fitnesses, Genomes

SIZE = 24


def count_even(genomes: Genomes) -> Fitnesses:
    counts: Fitnesses = np.count_nonzero(genomes % 2 == 0, axis=1)
    return counts


def score_alike(genomes: Genomes) -> Fitnesses:
    """Score everything alike, so that nothing ever improves."""
    return np.zeros(len(genomes), dtype=np.int64)


def start(settings: Settings, seed: int = 1, island: int = 0) -> IslandState:
    streams = Streams(seed, island)
    genomes = initial_genomes(settings.representation, settings.population, SIZE, streams)
    return fresh_state(island, genomes, settings.mutation_ratio)


def small(preset: str) -> Settings:
    settings = PRESETS[preset]
    return replace(settings, population=min(settings.population, 40), polish="none")  # which has tests of its own


def assert_same(left: IslandState, right: IslandState) -> None:
    for field in fields(IslandState):
        assert np.array_equal(getattr(left, field.name), getattr(right, field.name)), field.name


@pytest.mark.parametrize("preset", PRESETS)
def test_a_split_run_is_the_same_run(preset: str) -> None:
    """Twelve generations at once and one by one, each resumed from a copy, give the same state and series."""
    settings = small(preset)
    algorithm = build_algorithm(settings, seed=5)
    whole, series = evolve_island(start(settings), algorithm, count_even, 12)
    state, parts = start(settings), []
    for _ in range(12):
        copy = replace(state, genomes=state.genomes.copy(), fitnesses=state.fitnesses.copy())
        state, part = evolve_island(copy, algorithm, count_even, 1)
        parts.append(part)
    assert_same(whole, state)
    assert np.array_equal(series.best, np.concatenate([part.best for part in parts]))
    assert np.array_equal(series.mean, np.concatenate([part.mean for part in parts]))
    assert np.array_equal(series.evaluations, np.concatenate([part.evaluations for part in parts]))
    assert [part.first_generation for part in parts] == [0, *range(2, 13)]


@pytest.mark.parametrize("preset", PRESETS)
def test_threads_inside_the_fitness_change_nothing(preset: str) -> None:
    """A fitness that scores its halves in two threads, in any order, gives the same state."""

    def threaded(genomes: Genomes) -> Fitnesses:
        scores = np.empty(len(genomes), dtype=np.int64)
        half = len(genomes) // 2

        def score(part: slice) -> None:
            scores[part] = count_even(genomes[part])

        threads = [threading.Thread(target=score, args=(part,)) for part in (slice(half, None), slice(0, half))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return scores

    settings = small(preset)
    algorithm = build_algorithm(settings, seed=5)
    plain, _ = evolve_island(start(settings), algorithm, count_even, 6)
    parallel, _ = evolve_island(start(settings), algorithm, threaded, 6)
    assert_same(plain, parallel)


@pytest.mark.parametrize("preset", PRESETS)
def test_evolving_changes_no_earlier_state(preset: str) -> None:
    """A state's arrays are what they were after the state has been evolved on."""
    settings = small(preset)
    algorithm = build_algorithm(settings, seed=5)
    before, _ = evolve_island(start(settings), algorithm, count_even, 1)
    genomes, fitnesses = before.genomes.copy(), before.fitnesses.copy()
    evolve(before, algorithm, count_even)
    assert np.array_equal(before.genomes, genomes)
    assert np.array_equal(before.fitnesses, fitnesses)
    assert not before.genomes.flags.writeable


@pytest.mark.parametrize("preset", PRESETS)
def test_fitnesses_belong_to_their_genomes(preset: str) -> None:
    """After some generations every recorded fitness, the best one too, is what the fitness function says."""
    settings = small(preset)
    state, _ = evolve_island(start(settings), build_algorithm(settings, seed=2), count_even, 8)
    assert np.array_equal(state.fitnesses, count_even(state.genomes))
    assert state.best_fitness == count_even(state.best_genome[None])[0]
    assert state.best_fitness >= state.fitnesses.max()


@pytest.mark.parametrize("preset", PRESETS)
def test_evaluations_are_counted_exactly(preset: str) -> None:
    """The state's evaluations are the rows that the fitness function was given."""
    rows = 0

    def counting(genomes: Genomes) -> Fitnesses:
        nonlocal rows
        rows += len(genomes)
        return count_even(genomes)

    settings = small(preset)
    state, series = evolve_island(start(settings), build_algorithm(settings, seed=2), counting, 5)
    assert state.evaluations == rows == series.evaluations[-1]


def test_other_seeds_and_islands_go_other_ways() -> None:
    """Seed and island number both change what evolves."""
    settings = small("classic")

    def run(seed: int, island: int) -> bytes:
        state, _ = evolve_island(start(settings, seed, island), build_algorithm(settings, seed), count_even, 3)
        return state.genomes.tobytes()

    assert len({run(1, 0), run(1, 1), run(2, 0)}) == 3


def test_the_fitness_may_be_any_callable_of_genomes() -> None:
    """Evolution improves a fitness it knows nothing of."""
    settings = small("classic")
    state, series = evolve_island(start(settings), build_algorithm(settings, seed=1), count_even, 60)
    assert state.best_fitness > series.best[0] + 4


def test_classic_keeps_its_bookkeeping() -> None:
    """The ratio falls by one a stalled generation from 30 down to 1; after 50 stalled generations the island stops."""
    settings = replace(small("classic"), population=20)
    seen: list[IslandState] = []
    algorithm, state = build_algorithm(settings, seed=1), evaluate(start(settings), score_alike)
    while algorithm.termination(state) is None:
        state = evolve(state, algorithm, score_alike)
        seen.append(state)
    assert [state.mutation_ratio for state in seen] == [max(1, 30 - stall) for stall in range(1, 51)]
    assert [state.stall for state in seen] == list(range(1, 51))
    assert state.generation == 50
    assert len(evolve_island(start(settings), algorithm, score_alike, 80)[1].best) == 51


def test_classic_resets_its_ratio_on_improvement() -> None:
    """Whenever the best improves, the stall count is 0 and the ratio is back at 30."""
    settings = small("classic")
    algorithm, seen = build_algorithm(settings, seed=1), [evaluate(start(settings), count_even)]
    for _ in range(40):
        seen.append(evolve(seen[-1], algorithm, count_even))
    pairs = list(pairwise(seen))
    improved = [after for before, after in pairs if after.best_fitness > before.best_fitness]
    assert improved
    assert all(state.stall == 0 and state.mutation_ratio == 30 for state in improved)
    assert all(state.best_generation == state.generation for state in improved)


def test_classic_mutates_the_best_as_its_last_child() -> None:
    """With the ratio at 1, the last child differs from the population's best in at most one gene."""
    settings = replace(small("classic"), mutation_ratio=1)
    state, _ = evolve_island(start(settings), build_algorithm(settings, seed=1), count_even, 3)
    batches: list[Genomes] = []

    def spying(genomes: Genomes) -> Fitnesses:
        batches.append(genomes.copy())
        return count_even(genomes)

    evolve(state, build_algorithm(settings, seed=1), spying)
    best = state.genomes[state.fitnesses.argmax()]
    assert (batches[0][-1] != best).sum() <= 1


def test_classic_never_recounts_survivors() -> None:
    """A generation asks for the children's fitnesses and for nothing else."""
    settings = small("classic")
    calls: list[int] = []

    def spying(genomes: Genomes) -> Fitnesses:
        calls.append(len(genomes))
        return count_even(genomes)

    evolve_island(start(settings), build_algorithm(settings, seed=1), spying, 3)
    assert calls == [40] * 4
