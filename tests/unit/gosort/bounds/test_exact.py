"""The exact worst cases of small sizes, by enumeration."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from worstsort.gosort import TARGETS, count_plain, count_population, upper_bound

if TYPE_CHECKING:
    from collections.abc import Iterator

GOLDEN = Path(__file__).parents[3] / "data" / "golden" / "exact_maxima.json"
COLUMNS = {
    "go1.12": "go1.12",
    "go1.19": "pdqsort_go1.19",
    "go1.24": "pdqsort",
    "stable": "stable",
    "heapsort": "heapsort",
}


def exact(target: str) -> dict[int, dict[str, Any]]:
    return {int(size): entry for size, entry in json.loads(GOLDEN.read_text())["maxima"][COLUMNS[target]].items()}


def permutations(size: int) -> np.ndarray:
    """All permutations of 1..size, shape (size!, size), without a Python loop over them."""
    rows = np.ones((1, 1), dtype=np.int64)
    for largest in range(2, size + 1):
        placed = [np.insert(rows, place, largest, axis=1) for place in range(largest)]
        rows = np.concatenate(placed)
    return rows


def weak_orderings(size: int) -> Iterator[np.ndarray]:
    """All arrays over 1..k that use each of 1..k, for every k up to size, some of them at a time."""
    if size == 1:
        yield np.ones((1, 1), dtype=np.int64)
        return
    for rows in weak_orderings(size - 1):
        levels = int(rows[0].max())
        for last in range(1, levels + 1):
            yield np.insert(rows, size - 1, last, axis=1)
        for last in range(1, levels + 2):
            yield np.insert(rows + (rows >= last), size - 1, last, axis=1)


def check_permutations(target: str, size: int) -> None:
    expected = exact(target)[size]["permutations"]
    counts = count_population(permutations(size), target)
    assert counts.max() == expected["max"]
    assert (counts == expected["max"]).sum() == expected["reached_by"]
    assert len(counts) == expected["inputs"]
    assert counts.sum() == expected["sum"]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("size", range(1, 9))
def test_maxima_over_permutations(target: str, size: int) -> None:
    """The most comparisons over all permutations, how many reach it, and the sum are real Go's."""
    check_permutations(target, size)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("size", range(1, 7))
def test_maxima_with_ties(target: str, size: int) -> None:
    """The most comparisons over all arrays with ties, and how many reach it, are real Go's."""
    expected = exact(target)[size]["weak_orderings"]
    counts = np.concatenate([count_population(rows, target) for rows in weak_orderings(size)])
    assert len(counts) == expected["inputs"]
    assert counts.max() == expected["max"]
    assert (counts == expected["max"]).sum() == expected["reached_by"]


@pytest.mark.parametrize(
    ("target", "values", "comparisons"),
    [
        ("go1.24", [7, 11, 11, 0, 10, 9, 0, 6, 5, 4, 2, 1, 0], 85),
        ("go1.19", [7, 11, 11, 0, 10, 9, 0, 6, 5, 4, 2, 1, 0], 85),
        ("heapsort", [11, 11, 10, 12, 9, 10, 9, 12, 12, 10, 12, 10, 11], 67),
    ],
)
def test_thirteen_items_with_ties_cost_more_than_any_distinct_ones(
    target: str, values: list[int], comparisons: int
) -> None:
    """From 13 items on ties count: these inputs exceed what is proven of 13 distinct items, and nothing else."""
    assert count_plain(values, target) == comparisons
    assert (upper_bound(13, target, "distinct") or 0) < comparisons <= (upper_bound(13, target, "any") or 0)


@pytest.mark.parametrize("target", TARGETS)
def test_examples_reach_the_maxima(target: str) -> None:
    """The golden example of every size costs the golden maximum."""
    for size, entry in exact(target).items():
        assert count_plain(entry["permutations"]["example"], target) == entry["permutations"]["max"], size


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("size", [9, 10])
def test_maxima_over_millions_of_permutations(target: str, size: int) -> None:
    """No permutation of 9 or 10 items costs more than the maximum, and one reaches it."""
    if size in exact(target):
        check_permutations(target, size)
