"""The lemmas S1 to S4 of docs/bounds.md: the bound on `stable` is its exact maximum."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worstsort.gosort import count_plain, proven_maximum, upper_bound
from worstsort.gosort.bounds.stable import max_merge_cost, maximum, probes, worst_input
from worstsort.gosort.operations.compare import WORK_SIZE
from worstsort.gosort.sorts.stable import merge


def merge_cost(first: tuple[int, ...], total: int) -> int:
    """Count the comparisons of merging those of 0..total-1 that are named with the others."""
    data = [*first, *(value for value in range(total) if value not in first)]
    work = [0] * WORK_SIZE
    merge(data, work, None, 0, len(first), total)
    assert data == list(range(total))
    return work[0]


@given(st.lists(st.integers(0, 8), max_size=130))
def test_s1_ties_cost_what_their_order_of_arrival_costs(values: list[int]) -> None:
    """An input with ties costs what the permutation costs that ranks equal items as they came."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [order.index(place) for place in range(len(values))]
    assert count_plain(values, "stable") == count_plain(ranks, "stable")


@pytest.mark.parametrize("items", range(40))
def test_s2_binary_search(items: int) -> None:
    """Go's binary search takes as many probes as the table says, for each of its outcomes."""
    for outcome in range(items + 1):
        low, high, taken = 0, items, 0
        while low < high:
            probe, taken = (low + high) >> 1, taken + 1
            if probe < outcome:
                low = probe + 1
            else:
                high = probe
        assert probes(items)[outcome] == taken


@pytest.mark.parametrize("first", range(1, 8))
@pytest.mark.parametrize("second", range(1, 8))
def test_s3_costliest_merge(first: int, second: int) -> None:
    """The most that any interleaving of two neighbours costs is what the recursion over the cuts says."""
    total = first + second
    costs = (merge_cost(chosen, total) for chosen in itertools.combinations(range(total), first))
    assert max(costs) == max_merge_cost(first, second)


@pytest.mark.parametrize("size", [*range(130), 199, 200, 201, 640, 641, 1000, 1999])
def test_s4_worst_input_reaches_the_bound(size: int) -> None:
    """The input built by the recursion is a permutation and costs exactly the bound."""
    values = worst_input(size)
    assert sorted(values) == list(range(size))
    assert (
        count_plain(values, "stable") == maximum(size) == upper_bound(size, "stable") == proven_maximum(size, "stable")
    )
