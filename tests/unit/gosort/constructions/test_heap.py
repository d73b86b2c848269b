"""Inputs that cost heapsort as much as any can."""

from __future__ import annotations

import numpy as np
import pytest

from worstsort.gosort import count_plain, count_population, proven_maximum, upper_bound
from worstsort.gosort.bounds.exact import TIED_HEAPSORT_SIZES
from worstsort.gosort.bounds.heap import bounds_by_size, maximum
from worstsort.gosort.constructions.heap import worst_input, worst_input_with_ties


def cost(values: list[int]) -> int:
    return int(count_population(np.array([values]), "heapsort", 1)[0])


@pytest.mark.parametrize("sizes", [range(200), range(200, 400), [1000, 1020, 1021, 1024, 1025, 2044, 2045, 4093]])
def test_the_worst_input_costs_the_maximum(sizes: range) -> None:
    """At every size, to the last comparison, and it is a permutation."""
    for size in sizes:
        values = worst_input(size)
        assert sorted(values) == list(range(size))
        assert cost(values) == maximum(size) == upper_bound(size, "heapsort", "distinct")


@pytest.mark.slow
def test_large_worst_inputs_cost_the_maximum() -> None:
    """To all sizes of 2,000, and to large ones about a full level and between."""
    for size in [*range(400, 2_001), 10_000, 65_532, 65_533, 65_536, 65_537, 100_000, 1_000_000]:
        assert cost(worst_input(size)) == maximum(size)


def test_equal_items_cost_one_more() -> None:
    """One above what any distinct items cost, and never above the bound for all inputs."""
    bounds = bounds_by_size(400)
    for size in range(400):
        values = worst_input_with_ties(size)
        if values is not None:
            assert len(values) == size
            assert len(set(values)) < size
            assert cost(values) == maximum(size) + 1 <= bounds[size]


def test_where_equal_items_are_known_to_cost_more() -> None:
    """From 13 items on, but for sizes in the last eighth of a level that are not its last four."""
    unknown = [size for size in range(13, 257) if worst_input_with_ties(size) is None]
    assert unknown == [59, 60, *range(113, 125), *range(225, 253)]
    assert all(worst_input_with_ties(size) is None for size in range(13))


def test_ties_reach_the_bound_up_to_28_items() -> None:
    """So the bound is the exact maximum there, ties included; and real counts agree with the compiled ones."""
    for size in TIED_HEAPSORT_SIZES:
        values = worst_input_with_ties(size)
        assert values is not None
        assert count_plain(values, "heapsort") == bounds_by_size(size)[size] == proven_maximum(size, "heapsort")
    assert maximum(29) + 1 < bounds_by_size(29)[29]
