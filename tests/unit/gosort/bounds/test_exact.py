"""The exact worst cases of small sizes, by enumeration."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from worstsort.gosort import TARGETS, count_plain, count_population

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


def weak_orderings(size: int) -> np.ndarray:
    """All arrays over 1..k that use each of 1..k, for every k up to size."""
    rows = np.array(list(itertools.product(range(1, size + 1), repeat=size)), dtype=np.int64)
    used = np.zeros((len(rows), size + 2), dtype=bool)
    used[np.arange(len(rows))[:, None], rows] = True
    complete: np.ndarray = rows[used.sum(axis=1) == rows.max(axis=1)]
    return complete


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
    counts = count_population(weak_orderings(size), target)
    assert counts.max() == expected["max"]
    assert (counts == expected["max"]).sum() == expected["reached_by"]


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
