"""The lemmas H1 and H2 of docs/bounds.md, by enumeration."""

from __future__ import annotations

import itertools

import pytest

from worstsort.gosort import count_plain
from worstsort.gosort.bounds.exact import PROVEN_MAXIMA
from worstsort.gosort.bounds.heap import bounds_by_size, costliest_descent
from worstsort.gosort.constructions.heap import nearly_worst_input
from worstsort.gosort.sorts.heap import sift_down


def subtree_size(root: int, size: int) -> int:
    """How many of the items of a heap, numbered from 0, are `root` or below it."""
    if root >= size:
        return 0
    return 1 + subtree_size(2 * root + 1, size) + subtree_size(2 * root + 2, size)


@pytest.mark.parametrize("size", range(1, 9))
def test_h1_costliest_descent(size: int) -> None:
    """The most that one item costs as it sinks from the root of any array is the costliest descent."""
    most = 0
    for values in itertools.permutations(range(size)):
        work = [0]
        sift_down(list(values), work, None, 0, 0, size)
        most = max(most, work[0])
    assert most == costliest_descent(size)


@pytest.mark.parametrize("size", range(1, 200))
def test_h2_building_a_heap(size: int) -> None:
    """The formula for building is the sum of the costliest descents from all nodes."""
    descents = sum(costliest_descent(subtree_size(root, size)) for root in range(size))
    removals = sum(costliest_descent(items) for items in range(1, size))
    assert bounds_by_size(size)[size] == descents + removals


def test_bound_is_the_maximum_up_to_twelve_items() -> None:
    """For every size whose inputs have all been tried the bound is their maximum."""
    assert tuple(bounds_by_size(12)) == PROVEN_MAXIMA["heapsort"]


@pytest.mark.parametrize("size", range(1, 8))
def test_bound_is_reached(size: int) -> None:
    """Some permutation of few items costs as much as the bound says."""
    most = max(count_plain(values, "heapsort") for values in itertools.permutations(range(size)))
    assert most == bounds_by_size(size)[size]


@pytest.mark.parametrize(("size", "comparisons"), [(13, 66), (100, 1121), (1000, 17882)])
def test_bound_is_nearly_reached(size: int, comparisons: int) -> None:
    """Inputs built backwards cost all but one or two in a hundred of the comparisons that the bound allows."""
    values = nearly_worst_input(size)
    assert sorted(values) == list(range(size))
    assert count_plain(values, "heapsort") == comparisons
    assert 0.96 * bounds_by_size(size)[size] < comparisons <= bounds_by_size(size)[size]
