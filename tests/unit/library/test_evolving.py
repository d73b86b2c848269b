"""Evolution in one call, against a sort or against a fitness of the caller's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import worstsort
from tests.support import foreign_sorts
from tests.support.foreign_sorts import needs_cc
from worstsort.foreign.targets import open_target

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def inversions(lists: NDArray[Any]) -> NDArray[np.int64]:
    """Count the pairs that stand in the wrong order, for every row."""
    wrong = [(lists[:, [place]] > lists[:, place + 1 :]).sum(axis=1) for place in range(lists.shape[1])]
    return np.asarray(np.sum(wrong, axis=0), dtype=np.int64)


def test_a_target_is_evolved_against_and_the_result_can_be_recounted() -> None:
    """The fitness is the target's count of the values."""
    evolved = worstsort.evolve(target="go1.12", size=20, generations=3)
    assert len(evolved.values) == 20
    assert worstsort.count(evolved.values, target="go1.12") == evolved.fitness
    assert evolved.fitness > worstsort.count(worstsort.antiquicksort(20, target="go1.12"), target="go1.12")


def test_an_alias_of_a_target_evolves_the_same() -> None:
    """Names of targets are read alike everywhere."""
    first, second = (worstsort.evolve(target=name, size=14, generations=1) for name in ("pdqsort", "go1.24"))
    assert first.values == second.values


@needs_cc
def test_the_address_of_a_sort_names_a_target(tmp_path: Path) -> None:
    """A function in a library is evolved against as Go's sorts are, and keeps its recorded name afterwards."""
    address = f"{foreign_sorts.build('sorts', tmp_path)}:go_heapsort"
    found = worstsort.evolve(target=address, size=20, generations=2)
    name = open_target(address).name
    assert worstsort.count(found.values, target=name) == found.fitness
    assert worstsort.evolve(target=name, size=20, generations=2) == found


def test_distinct_values_are_kept_distinct() -> None:
    """Where equal ones cost more, they are found unless they are ruled out."""
    found = {
        values: worstsort.evolve(target="go1.24", size=500, generations=1, values=values).values
        for values in ("any", "distinct")
    }
    assert len(set(found["any"])) < 500
    assert sorted(found["distinct"]) == list(range(500))


def test_a_fitness_of_the_callers_own_is_maximised() -> None:
    """The permutation with most inversions is the reversed one."""
    evolved = worstsort.evolve(inversions, size=10, generations=150)
    assert evolved.values == list(range(9, -1, -1))
    assert evolved.fitness == 45


def test_the_history_has_an_entry_for_every_generation() -> None:
    """Generation 0 is the random beginning; the last entries are the result's."""
    evolved = worstsort.evolve(inversions, size=10, generations=7)
    assert evolved.generations == 7
    assert len(evolved.history.best) == 8
    assert evolved.history.best[-1] == evolved.fitness
    assert evolved.history.evaluations[-1] == evolved.evaluations


def test_the_same_arguments_give_the_same_result() -> None:
    """And another seed gives another one."""
    results = [worstsort.evolve(inversions, size=30, generations=5, seed=seed).values for seed in (3, 3, 4)]
    assert results[0] == results[1] != results[2]


def test_settings_override_the_preset() -> None:
    """Those of operators, too."""
    evolved = worstsort.evolve(inversions, size=10, generations=2, population=12, survival="generational", elites=3)
    assert evolved.evaluations == 3 * 12


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "either a fitness or a target"),
        ({"fitness": inversions, "target": "stable"}, "either a fitness or a target"),
        ({"fitness": inversions, "islands": 4}, "no setting 'islands'"),
    ],
)
def test_a_call_that_makes_no_sense_is_a_type_error(arguments: dict[str, Any], message: str) -> None:
    """It says what is expected."""
    with pytest.raises(TypeError, match=message):
        worstsort.evolve(size=10, **arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"population": 1}, "population: given 1"),
        ({"elites": -1}, "elites: given -1"),
        (
            {"representation": "answers", "crossover": "one_point", "mutation": "index"},
            "representation: given 'answers'",
        ),
        ({"crossover": "one_point"}, "crossover: given 'one_point'"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(arguments: dict[str, Any], message: str) -> None:
    """By its name, with what is allowed."""
    with pytest.raises(worstsort.InputRefused, match=message):
        worstsort.evolve(inversions, size=10, **arguments)


@pytest.mark.parametrize("generations", [-1, 1.5, True, "3", None, float("nan"), np.timedelta64(3)])
def test_generations_that_are_no_number_are_refused(generations: Any) -> None:
    """As every other argument is, before anything is evolved."""
    with pytest.raises(worstsort.InputRefused, match=r"generations: given .*, allowed: an integer of at least 0"):
        worstsort.evolve(target="go1.12", size=5, generations=generations)


def test_numbers_of_numpy_are_taken_for_what_they_are() -> None:
    """Sizes and seeds often come out of arrays."""
    numbers: dict[str, Any] = {"size": np.int64(6), "seed": np.int32(3), "generations": np.int64(2)}
    numbers |= {"population": np.uint8(8), "crossover_rate": np.float64(0.5)}
    plain: dict[str, Any] = {name: value.item() for name, value in numbers.items()}
    assert worstsort.evolve(target="go1.12", **numbers) == worstsort.evolve(target="go1.12", **plain)


@pytest.mark.parametrize("fitness", ["go1.12", 7, [1]])
def test_a_target_given_as_the_fitness_is_explained(fitness: Any) -> None:
    """The likeliest slip of all."""
    with pytest.raises(TypeError, match="a sort is named by target="):
        worstsort.evolve(fitness, size=5)
