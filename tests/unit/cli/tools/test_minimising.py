"""Simplifying an input while it stays bad."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from worstsort.gosort import antiquicksort, count_plain
from worstsort_cli.tools.minimising import inversions, minimise, runs


@given(st.permutations(range(12)))
def test_inversions_are_counted_pair_by_pair(values: list[int]) -> None:
    """As the definition says."""
    pairs = sum(values[i] > values[j] for i in range(12) for j in range(i + 1, 12))
    assert inversions(np.array(values)) == pairs


@pytest.mark.parametrize(("values", "expected"), [([], 0), ([1], 1), ([1, 2, 3], 1), ([3, 2, 1], 3), ([1, 1, 0, 5], 2)])
def test_runs_are_maximal_ascending_stretches(values: list[int], expected: int) -> None:
    """Equal neighbours are in order."""
    assert runs(np.array(values, dtype=np.int64)) == expected


@pytest.mark.long
@pytest.mark.parametrize("measure", ["inversions", "runs"])
def test_the_result_is_simpler_and_still_as_bad_as_asked(measure: str) -> None:
    """A permutation of the ranks, by a recount of its own."""
    values = antiquicksort(60)
    floor = count_plain(values, "go1.12") * 9 // 10
    found = minimise(values, "go1.12", floor, measure, 3000)
    assert sorted(found.values) == sorted(values)
    assert found.comparisons == count_plain(found.values, "go1.12") >= floor
    assert found.after < found.before
    assert found.evaluations <= 3000 + 600


@pytest.mark.long
def test_the_same_question_has_the_same_answer() -> None:
    """Its random steps have a fixed seed."""
    values = antiquicksort(40)
    assert minimise(values, "go1.24", 200, "runs", 1000) == minimise(values, "go1.24", 200, "runs", 1000)


@pytest.mark.long
def test_what_costs_nothing_to_keep_is_sorted_altogether() -> None:
    """With a floor of zero nothing has to stay in disorder."""
    found = minimise([5, 1, 4, 2, 3], "stable", 0, "inversions", 1000)
    assert found.values == [0, 1, 2, 3, 4]
    assert found.after == 0
