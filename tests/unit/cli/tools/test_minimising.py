"""Simplifying an input while it stays bad."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from worstsort.gosort import antiquicksort, count_plain
from worstsort_cli.tools.minimising import inversions, minimise, runs


@settings(deadline=None)
@given(st.lists(st.integers(0, 100), max_size=300))
@example([])
@example(list(range(300, 0, -1)))
def test_inversions_are_counted_pair_by_pair(values: list[int]) -> None:
    """As the definition says, in short inputs and in long ones."""
    pairs = sum(former > latter for position, former in enumerate(values) for latter in values[position + 1 :])
    assert inversions(np.array(values, dtype=np.int64)) == pairs


@pytest.mark.parametrize(("values", "expected"), [([], 0), ([1], 1), ([1, 2, 3], 1), ([3, 2, 1], 3), ([1, 1, 0, 5], 2)])
def test_runs_are_maximal_ascending_stretches(values: list[int], expected: int) -> None:
    """Equal neighbours are in order."""
    assert runs(np.array(values, dtype=np.int64)) == expected


@pytest.mark.long
@pytest.mark.parametrize("measure", ["inversions", "runs"])
def test_the_result_is_simpler_and_still_as_bad_as_asked(measure: str) -> None:
    """A permutation of the ranks, by a recount of its own."""
    values = antiquicksort(60, "go1.12")
    floor = count_plain(values, "go1.12") * 9 // 10
    found = minimise(values, "go1.12", floor, measure, 3000)
    assert sorted(found.values) == sorted(values)
    assert found.comparisons == count_plain(found.values, "go1.12") >= floor
    assert found.after < found.before
    assert found.evaluations <= 3000 + 600


@pytest.mark.long
def test_the_same_question_has_the_same_answer() -> None:
    """Its random steps have a fixed seed."""
    values = antiquicksort(40, "go1.12")
    assert minimise(values, "go1.24", 200, "runs", 1000) == minimise(values, "go1.24", 200, "runs", 1000)


@pytest.mark.long
def test_what_costs_nothing_to_keep_is_sorted_altogether() -> None:
    """With a floor of zero nothing has to stay in disorder."""
    found = minimise([5, 1, 4, 2, 3], "stable", 0, "inversions", 1000)
    assert found.values == [0, 1, 2, 3, 4]
    assert found.after == 0


@pytest.mark.long
def test_it_says_how_far_it_is() -> None:
    """Again and again, from the first batch of inputs to the last."""
    counted: list[int] = []
    found = minimise(antiquicksort(60), "go1.12", 300, "inversions", 2000, counted.append)
    assert counted == sorted(counted)
    assert counted[-1] == found.evaluations
    assert len(counted) > 2


@pytest.mark.long
def test_memory_is_bounded_however_long_the_input() -> None:
    """A batch of inputs has as many as fit, at least one."""
    tracemalloc.start()
    try:
        minimise(list(range(300_000, 0, -1)), "heapsort", 0, "runs", 1)
        assert tracemalloc.get_traced_memory()[1] < 2**30
    finally:
        tracemalloc.stop()
