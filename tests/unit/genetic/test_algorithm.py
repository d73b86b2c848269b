"""The algorithm as a whole, on a fitness that is cheap: how many genes are even."""

from __future__ import annotations

import threading
from dataclasses import fields, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.frequencies import assert_frequencies
from worstsort.genetic import (
    PRESETS,
    IslandState,
    Settings,
    Streams,
    Tuning,
    build_algorithm,
    evaluate,
    evolve,
    evolve_island,
    fresh_state,
    initial_genomes,
    trusted,
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


@pytest.mark.parametrize("preset", PRESETS)
def test_a_trusted_fitness_is_not_asked_for_copies_of_parents(preset: str) -> None:
    """The states are the same as with any fitness, evaluations included, but fewer rows are evaluated."""
    rows = 0

    def counting(genomes: Genomes) -> Fitnesses:
        nonlocal rows
        rows += len(genomes)
        return count_even(genomes)

    settings = replace(small(preset), crossover="none", mutation_ratio=5, mutation_floor=5)
    algorithm = build_algorithm(settings, seed=2)
    whole, _ = evolve_island(start(settings), algorithm, count_even, 5)
    spared, _ = evolve_island(start(settings), algorithm, trusted(counting), 5)
    assert_same(whole, spared)
    assert 0 < rows < spared.evaluations


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


def zeros_and_ones(individuals: int) -> Genomes:
    """Return genomes that are all 0 or all 1 in turn, so that a child shows how many parents it has."""
    return np.repeat(np.arange(individuals)[:, None] % 2, SIZE, axis=1).astype(np.int32)


@pytest.mark.parametrize("rate", [0.0, 0.5, 1.0])
def test_the_crossover_rate_is_the_share_of_children_with_two_parents(rate: float) -> None:
    """An algorithm crosses as its tuning says, from never to always."""
    algorithm = build_algorithm(replace(small("classic"), crossover="uniform"), 1, Tuning(crossover_rate=rate))
    first = np.zeros(10_000, dtype=np.int64)
    children = algorithm.crossover(zeros_and_ones(2), first, first + 1, Streams(6))
    assert_frequencies((children.min(axis=1) != children.max(axis=1)).tolist(), {False: 1 - rate, True: rate})


@pytest.mark.parametrize("ratio", [1, 2, 10])
def test_one_in_ratio_children_is_mutated(ratio: int) -> None:
    """The state's ratio decides, and each child has a draw of its own."""
    settings = replace(small("classic"), population=20_000, breed_best=False)
    state = replace(evaluate(fresh_state(0, zeros_and_ones(2), ratio), count_even), mutation_ratio=ratio)
    bred: list[Genomes] = []

    def spying(genomes: Genomes) -> Fitnesses:
        bred.append(genomes.copy())
        return count_even(genomes)

    evolve(state, build_algorithm(settings, 1), spying)
    assert_frequencies((bred[0].max(axis=1) > 1).tolist(), {True: 1 / ratio, False: 1 - 1 / ratio})


def test_every_individual_in_turn_is_a_first_parent_where_each_child_faces_its_own() -> None:
    """With crowding, child i has parent i, and after the last one it starts again at the first."""
    settings = replace(PRESETS["strong"], population=10, crossover="none", local_search="none", polish="none")
    algorithm = replace(build_algorithm(settings, 1), offspring=14)
    genomes = np.arange(10, dtype=np.uint8)[:, None].repeat(SIZE, axis=1)
    state = evaluate(fresh_state(0, genomes, 1_000_000), score_alike)
    bred: list[Genomes] = []

    def spying(genomes: Genomes) -> Fitnesses:
        bred.append(genomes.copy())
        return score_alike(genomes)

    evolve(state, algorithm, spying)
    assert bred[0][:, 0].tolist() == [*range(10), *range(4)]


def test_an_equal_is_no_improvement() -> None:
    """The best keeps its genome and the generation in which it was found, and the island stalls."""
    state = evaluate(start(small("classic")), score_alike)
    after = evolve(state, build_algorithm(small("classic"), 1), score_alike)
    assert np.array_equal(after.best_genome, state.genomes[0])
    assert (after.best_generation, after.stall) == (0, 1)


@pytest.mark.parametrize("survival", ["plus", "crowding"])
def test_equals_replace_their_elders(survival: str) -> None:
    """A population drifts where nothing improves: the next generation is all children."""
    settings = replace(small("permutation"), survival=survival, population=10)
    state = evaluate(start(settings), score_alike)
    after = evolve(state, build_algorithm(settings, 1), score_alike)
    assert after.ages.tolist() == [0] * 10
    assert not np.array_equal(after.genomes, state.genomes)


@pytest.mark.parametrize("survival", ["plus", "generational", "age", "crowding"])
def test_the_fittest_stays(survival: str) -> None:
    """Whoever is the fittest of a generation is outlived by nobody less fit."""
    settings = replace(small("permutation"), survival=survival, population=10)
    algorithm = build_algorithm(settings, 1, Tuning(age_limit=2))

    def first_gene(genomes: Genomes) -> Fitnesses:
        scores: Fitnesses = genomes[:, 0].astype(np.int64)
        return scores

    state = evaluate(start(settings), first_gene)
    for _ in range(12):
        before, state = state, evolve(state, algorithm, first_gene)
        assert state.fitnesses.max() >= before.fitnesses.max()


def test_survivors_grow_older_and_children_are_new() -> None:
    """An age is the number of generations since birth."""
    settings = replace(small("permutation"), population=10)
    state = evaluate(start(settings), count_even)

    def worse(genomes: Genomes) -> Fitnesses:
        return np.zeros(len(genomes), dtype=np.int64)

    state = replace(state, fitnesses=np.arange(1, 11))
    algorithm = build_algorithm(settings, 1)
    for age in (1, 2, 3):
        state = evolve(state, algorithm, worse)
        assert state.ages.tolist() == [age] * 10


def test_a_stalled_population_is_given_up_after_ever_longer_times() -> None:
    """Restarts follow 2, 6, 14 and 30 stalled generations: each population gets twice as long as the one before."""
    settings = replace(small("strong"), population=6)
    algorithm = build_algorithm(settings, 1, Tuning(restart_generations=2, search_steps=1))
    state, restarts = evaluate(start(settings), score_alike), []
    for _ in range(40):
        before, state = state, evolve(state, algorithm, score_alike)
        if state.evaluations - before.evaluations == 6:  # a bred generation costs twice as many, as it is searched
            restarts.append(before.stall)
            assert state.mutation_ratio == settings.mutation_ratio
            assert state.ages.tolist() == [0] * 6
            assert np.array_equal(state.best_genome, before.best_genome)
    assert restarts == [2, 6, 14, 30]


def test_a_population_that_was_constructed_is_never_given_up() -> None:
    """A fresh one would be random, and far behind."""
    settings = replace(small("strong"), population=6, seeding="constructed")
    state = evaluate(start(settings), score_alike)
    algorithm = build_algorithm(settings, 1, Tuning(restart_generations=1, search_steps=1))
    for _ in range(5):
        before, state = state, evolve(state, algorithm, score_alike)
        assert state.evaluations - before.evaluations == 12


def test_a_series_says_the_best_of_population_and_polished_list_and_the_mean_of_the_population() -> None:
    """A polished list that is fitter counts for the best, and not for the mean."""
    settings = small("permutation")
    state = replace(evaluate(start(settings), count_even), polished_fitness=500)
    _, series = evolve_island(state, build_algorithm(settings, 1), score_alike, 1)
    assert series.best == (500,)
    assert series.mean == (12.0,)
    assert series.evaluations == (80,)
