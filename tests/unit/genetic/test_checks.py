"""What callers hand in: genomes and fitnesses of any kind are accepted or refused by name."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from worstsort.genetic import (
    PRESETS,
    InvalidFitness,
    InvalidGenomes,
    Lists,
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
from worstsort.genetic.checks import InvalidGenerations

SIZE = 8
SETTINGS = {name: replace(PRESETS[name], population=6, tournament_size=2, polish="none") for name in PRESETS}
TUNING = Tuning(search_steps=2)
MAX_INT64 = 2**63 - 1


def evolved(preset: str, fitness: Any, generations: int = 2) -> Any:
    """Evolve a small population with a fitness that somebody wrote."""
    settings = SETTINGS[preset]
    genomes = initial_genomes(settings.representation, settings.population, SIZE, Streams(1))
    state = fresh_state(0, genomes, settings.mutation_ratio)
    return evolve_island(state, build_algorithm(settings, 1, TUNING), fitness, generations)[0]


def first_gene(genomes: Any) -> Any:
    return genomes[:, 0].astype(np.int64)


@pytest.mark.parametrize(
    "returned",
    [
        None, 7, "7", [], [1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6, 7], [[1]] * 6, [[1], [2, 3]] * 3, [1, 2, 3, 4, 5, None],
        np.zeros(5, np.int64), np.zeros((6, 1), np.int64), np.zeros(6), np.full(6, np.nan), np.zeros(6, bool),
        np.full(6, -1), [1, 2, 3, 4, 5, -7], np.full(6, 2**63, np.uint64), [10**30] * 6, np.zeros(6, complex),
        np.array(["a"] * 6), np.zeros(6, "m8[s]"), {1: 2}, iter(range(6)),
    ],
    ids=lambda value: re.sub(r" at 0x\w+", "", repr(value)),  # addresses differ between the processes of pytest
)  # fmt: skip
@pytest.mark.parametrize("preset", PRESETS)
def test_a_fitness_that_returns_no_scores_is_refused(preset: str, returned: Any) -> None:
    """The message says what was returned and what is allowed, wherever in a generation it was."""
    with pytest.raises(InvalidFitness, match=f"fitness: returned .*, allowed: 6 integers from 0 to {MAX_INT64}"):
        evolved(preset, lambda _genomes: returned)
    calls: list[int] = []

    def later(genomes: Any) -> Any:
        calls.append(len(genomes))
        return first_gene(genomes) if len(calls) == 1 else returned

    with pytest.raises(InvalidFitness):
        evolved(preset, later)
    assert len(calls) == 2


SCORES = arrays.arrays(arrays.integer_dtypes() | arrays.unsigned_integer_dtypes(), st.just(6))


@given(SCORES | st.lists(st.integers(-3, 2**64), min_size=6, max_size=6))
def test_any_integers_that_are_not_negative_are_scores(scores: Any) -> None:
    """They are recorded as they are, whatever their width; all others are refused."""
    values = [int(score) for score in scores]
    if all(0 <= value <= MAX_INT64 for value in values):
        state = evolved("classic", lambda _genomes: scores, generations=0)
        assert state.fitnesses.tolist() == values
        assert state.best_fitness == max(values)
    else:
        with pytest.raises(InvalidFitness):
            evolved("classic", lambda _genomes: scores, generations=0)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_fitness_cannot_change_what_it_scores(preset: str) -> None:
    """Writing into the genomes raises the caller's own error, at once."""

    def sorting(genomes: Any) -> Any:
        genomes.sort(axis=1)
        return first_gene(genomes)

    with pytest.raises(ValueError, match="read-only"):
        evolved(preset, sorting)


def test_a_fitness_cannot_make_its_argument_writable() -> None:
    """It is a copy in memory that nothing can write to."""

    def stubborn(genomes: Any) -> Any:
        with pytest.raises(ValueError, match="WRITEABLE"):
            genomes.flags.writeable = True
        return first_gene(genomes)

    evolved("classic", stubborn)


def test_scores_behind_a_mask_are_refused() -> None:
    """What is masked is no score."""
    with pytest.raises(InvalidFitness, match="allowed: 6 integers"):
        evolved("classic", lambda genomes: np.ma.masked_array(first_gene(genomes), mask=True))


@pytest.mark.parametrize("preset", PRESETS)
def test_a_fitness_may_use_its_array_again(preset: str) -> None:
    """Scores are copied, so that a buffer of the fitness may be overwritten by its next call."""
    buffer = np.zeros(6, dtype=np.int64)

    def reusing(genomes: Any) -> Any:
        buffer[:] = first_gene(genomes)
        return buffer

    assert np.array_equal(evolved(preset, reusing).fitnesses, evolved(preset, first_gene).fitnesses)
    assert not np.shares_memory(evolved(preset, reusing).fitnesses, buffer)


@pytest.mark.parametrize(
    "call", [evaluate, lambda state, fitness: evolve(state, build_algorithm(SETTINGS["classic"], 1), fitness)]
)
def test_every_way_to_evolve_checks_the_fitness(call: Any) -> None:
    """One generation by itself, and the evaluation by itself, like a stretch of them."""
    with pytest.raises(InvalidFitness):
        call(evolved("classic", first_gene), lambda genomes: np.zeros(len(genomes)))


def test_the_scores_of_polished_lists_are_checked() -> None:
    """They come from the same caller."""
    lists = Lists(lambda _genome: list(range(SIZE)), lambda lists: np.full(len(lists), np.nan))
    algorithm = build_algorithm(replace(SETTINGS["strong"], polish="swaps"), 1, TUNING, lists)
    with pytest.raises(InvalidFitness, match="float64 of shape"):
        algorithm.polish(evolved("strong", first_gene), Streams(1))


def test_a_trusted_fitness_is_given_writable_genomes_and_is_checked_too() -> None:
    """Compiled code is spared read-only arrays, not the check."""
    seen: list[bool] = []

    def looking(genomes: Any) -> Any:
        seen.append(genomes.flags.writeable)
        return first_gene(genomes)

    evolved("classic", trusted(looking))
    assert set(seen) == {True}
    with pytest.raises(InvalidFitness):
        evolved("classic", trusted(lambda genomes: genomes))


@pytest.mark.parametrize(
    "genomes",
    [
        None, [[0, 1], [1, 0]], np.zeros((0, 5), int), np.zeros((5, 0), int), np.zeros(5, int),
        np.zeros((2, 2, 2), int), np.zeros((2, 2)), np.zeros((2, 2), bool), np.array([["a"]]), np.array([[None]]),
    ],
    ids=repr,
)  # fmt: skip
def test_genomes_of_another_shape_or_kind_are_refused(genomes: Any) -> None:
    """Before anything is evolved."""
    with pytest.raises(InvalidGenomes, match=r"allowed: integers in an array \(individuals, genes\)"):
        fresh_state(0, genomes, 30)


@given(arrays.arrays(np.int64, (6, SIZE), elements=st.integers(-2, SIZE + 1)))
def test_genomes_that_are_not_permutations_are_refused(genomes: Any) -> None:
    """Their operators would leave the list of genes, or lose some."""
    state = fresh_state(0, genomes, 1)
    algorithm = build_algorithm(SETTINGS["permutation"], 1)
    if (np.sort(genomes, axis=1) == np.arange(SIZE)).all():
        evolve_island(state, algorithm, first_gene, 1)
    else:
        with pytest.raises(InvalidGenomes, match="allowed for permutation: each of 0 to 7 once per row"):
            evolve_island(state, algorithm, first_gene, 1)


def test_permutations_of_any_integer_type_are_accepted() -> None:
    """Only their values matter."""
    for kind in (np.int8, np.uint16, np.int64):
        genomes = np.tile(np.arange(SIZE, dtype=kind), (6, 1))
        state, _ = evolve_island(fresh_state(0, genomes, 1), build_algorithm(SETTINGS["permutation"], 1), first_gene, 3)
        assert (np.sort(state.genomes, axis=1) == np.arange(SIZE)).all()


@pytest.mark.parametrize("generations", [-1, 1.0, True, None, "3", np.int64(-2), np.timedelta64(3), [1]])
def test_a_number_of_generations_that_is_none_is_refused_before_anything_is_evaluated(generations: Any) -> None:
    """With the field, what was given and what is allowed."""

    def never(_genomes: Any) -> Any:
        pytest.fail("evaluated")

    with pytest.raises(InvalidGenerations, match=r"^generations: given .*, allowed: an integer of at least 0$"):
        evolved("classic", never, generations)


@pytest.mark.parametrize("generations", [0, 2, np.int8(2), np.uint64(1)])
def test_any_integer_is_a_number_of_generations(generations: Any) -> None:
    """Of Python or of numpy; 0 evaluates the first population."""
    assert evolved("classic", first_gene, generations).generation == generations
