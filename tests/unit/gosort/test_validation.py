"""What may be counted, and how the rest is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from worstsort.gosort import (
    TARGETS,
    InvalidInput,
    UnknownTarget,
    antiquicksort,
    count_comparisons,
    count_plain,
    count_population,
    freeze,
    play_population,
)

REFUSED = [
    ([1, 2.0], "2.0 (float) at position 1"),
    ([None], "None (NoneType) at position 0"),
    ([1, [2]], "[2] (list) at position 1"),
    ([0, 2**63], "9223372036854775808 (int) at position 1"),
    ([-(2**63) - 1], "-9223372036854775809 (int) at position 0"),
    ([True], "True (bool) at position 0"),
    (["7"], "'7' (str) at position 0"),
    ("123", "'123' (str)"),
    (7, "7 (int)"),
    (None, "None (NoneType)"),
    ({1: 2}, "{1: 2} (dict)"),
    (np.array([1.5]), "float64"),
    (np.array([True]), "bool"),
    (np.array([[1, 2]]), "shape (1, 2)"),
    (np.array([1, 2**63], dtype=np.uint64), "9223372036854775808 at position 1"),
]


@pytest.mark.parametrize(("values", "named"), REFUSED)
def test_refused_by_name(values: Any, named: str) -> None:
    """What is no signed 64-bit integer is refused; the message names it, its place and what is allowed."""
    for count in (count_comparisons, lambda refused: count_plain(refused, "stable")):
        with pytest.raises(InvalidInput) as refusal:
            count(values)
        assert named in str(refusal.value)
        assert "signed 64-bit integers" in str(refusal.value)


@pytest.mark.parametrize(
    "values",
    [
        [],
        (),
        [5],
        range(3),
        np.array([]),
        np.array([3, 1], dtype=np.int8),
        np.array([3, 1], dtype=np.uint64),
        np.array([3, 1], dtype=object),
        [np.int16(3), 1],
        [-(2**63), 2**63 - 1],
    ],
)
@pytest.mark.parametrize("target", TARGETS)
def test_any_integer_sequence_is_counted(values: Any, target: str) -> None:
    """Lists, tuples, ranges and arrays of any integer type are counted, empty ones too."""
    assert count_comparisons(values, target) == count_plain(list(values), target) >= (len(values) > 1)


def test_the_caller_keeps_the_input() -> None:
    """Counting does not sort the caller's list or array."""
    values, array = [3, 1, 2], np.array([[3, 1, 2], [2, 3, 1]])
    count_comparisons(values)
    count_population(array)
    assert values == [3, 1, 2]
    assert array.tolist() == [[3, 1, 2], [2, 3, 1]]


@pytest.mark.parametrize("name", ["go1.11", "", None, 5])
def test_unknown_targets_are_refused(name: Any) -> None:
    """A target that does not exist is refused, and the message lists those that do."""
    for call in (lambda: count_comparisons([1], name), lambda: antiquicksort(3, name), lambda: freeze([0, 0], 3, name)):
        with pytest.raises(UnknownTarget) as refusal:
            call()
        assert repr(name) in str(refusal.value)
        assert all(target in str(refusal.value) for target in TARGETS)


@pytest.mark.parametrize(
    "population", [[1, 2], [[1, 2], [3]], np.zeros(3, int), np.zeros((2, 2)), [[1, None]], np.zeros((1, 1, 1), int)]
)
def test_a_population_must_be_two_dimensional(population: Any) -> None:
    """A population that is no rectangle of integers is refused."""
    with pytest.raises(InvalidInput):
        count_population(population)


@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (3, 0), (3, 1)])
@pytest.mark.parametrize("target", TARGETS)
def test_empty_populations_cost_nothing(shape: tuple[int, int], target: str) -> None:
    """No individuals give no counts; individuals of fewer than two items cost nothing."""
    assert count_population(np.zeros(shape, int), target).tolist() == [0] * shape[0]


@pytest.mark.parametrize("threads", [0, -1])
def test_threads_must_be_positive(threads: int) -> None:
    """A number of threads below 1 is refused."""
    with pytest.raises(InvalidInput, match="threads"):
        count_population(np.zeros((2, 2), int), threads=threads)


@pytest.mark.parametrize("threads", [1, 2, 3, 16, None])
def test_threads_do_not_change_counts(threads: int | None) -> None:
    """Any number of threads gives the same counts."""
    population = np.random.default_rng(1).integers(0, 99, (257, 50))
    assert np.array_equal(count_population(population, threads=threads), count_population(population, threads=1))


@pytest.mark.parametrize(
    ("choices", "size"), [([0, 0, 0], 3), ([4, 0], 3), ([-1, 0], 3), ([0.5, 0], 3), ([0], -1), ([0], True), ([0], 1.0)]
)
def test_wrong_choices_are_refused(choices: Any, size: Any) -> None:
    """Choices must be 0 to 3, one for each meeting that can be; a size must be 0 or more."""
    with pytest.raises(InvalidInput):
        freeze(choices, size, "go1.12")
    with pytest.raises(InvalidInput):
        play_population(np.array([choices]), size, "go1.12")


def test_every_target_names_its_source() -> None:
    """Each target says which releases it stands for, where they keep it, and what that rests on."""
    for name, target in TARGETS.items():
        assert target.name == name
        assert target.versions
        assert "src/sort/" in target.source
        assert "counts of" in target.evidence
