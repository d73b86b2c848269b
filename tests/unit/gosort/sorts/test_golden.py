"""The counts of real Go, as the golden files hold them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from worstsort.gosort import (
    TARGETS,
    antiquicksort,
    count_comparisons,
    count_plain,
    count_population,
    freeze,
    play_population,
)

GOLDEN = Path(__file__).parents[3] / "data" / "golden"
COLUMNS = {
    "go1.12": "go1.12",
    "go1.19": "pdqsort_go1.19",
    "go1.24": "pdqsort",
    "stable": "stable",
    "heapsort": "heapsort",
}


def golden_arrays() -> list[tuple[np.ndarray, dict[str, int]]]:
    stored = np.load(GOLDEN / "golden_public.npz", allow_pickle=False)
    arrays = np.split(stored["data"], stored["offsets"][1:-1])
    columns = [str(name) for name in stored["targets"]]
    return [
        (a, dict(zip(columns, map(int, row), strict=True))) for a, row in zip(arrays, stored["counts"], strict=True)
    ]


def adversaries(target: str) -> list[dict[str, Any]]:
    with gzip.open(GOLDEN / "adversaries.json.gz") as file:
        return [record for record in json.load(file) if record["target"] == COLUMNS[target]]


@pytest.mark.parametrize(
    ("values", "comparisons"), [([1, 6, 3, 4, 5, 2], 12), ([6, 4, 3, 5, 2, 1], 14), ([6, 4, 3, 5, 10, 1], 11)]
)
def test_small_facts(values: list[int], comparisons: int) -> None:
    """Three inputs of six have the known counts of go1.12."""
    assert count_comparisons(values, "go1.12") == comparisons


@pytest.mark.long
@pytest.mark.parametrize("target", TARGETS)
def test_golden_counts_in_plain_python(target: str) -> None:
    """The plain form counts what real Go counted on every golden array."""
    for array, counts in golden_arrays():
        assert count_plain(array, target) == counts[COLUMNS[target]]


@pytest.mark.parametrize("target", TARGETS)
def test_golden_counts_compiled(target: str) -> None:
    """The compiled form counts what real Go counted on every golden array."""
    for array, counts in golden_arrays():
        assert count_population(array[None], target, threads=1).tolist() == [counts[COLUMNS[target]]]


@pytest.mark.long
@pytest.mark.parametrize("target", TARGETS)
def test_adversaries_are_frozen_and_counted(target: str) -> None:
    """Each of the three golden adversaries freezes real Go's array, live and replayed."""
    for record in adversaries(target):
        size = record["n"]
        if record["variant"] == "stdlib":
            frozen = antiquicksort(size, target)
        else:
            choices = np.zeros((1, size - 1), np.uint8)
            choices[0, 0] = record["variant"] == "flip1"
            frozen = freeze(choices[0], size, target)
            assert play_population(choices, size, target).tolist() == [record["live"]]
        assert frozen == record["array"]
        assert count_population(np.array([frozen]), target).tolist() == [record["replay"]]


@pytest.mark.parametrize(("size", "comparisons"), [(100, 1332), (500, 13989), (1000, 33454)])
def test_antiquicksort_of_go112(size: int, comparisons: int) -> None:
    """Go's own adversary reaches the known counts."""
    assert count_comparisons(antiquicksort(size, "go1.12"), "go1.12") == comparisons
