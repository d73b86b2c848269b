"""The lemmas H1 and H2 of docs/bounds.md, by enumeration."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest

from worstsort.gosort import count_plain
from worstsort.gosort.bounds.exact import PROVEN_MAXIMA
from worstsort.gosort.bounds.heap import bounds_by_size, costliest_descent, maximum, trailing_zeros
from worstsort.gosort.sorts.heap import sift_down

if TYPE_CHECKING:
    from collections.abc import Iterator


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


@pytest.mark.parametrize("size", [13, 28, 29, 100, 1000, 10_000])
def test_the_maximum_of_distinct_items_is_below_the_bound_by_what_suchenek_says(size: int) -> None:
    """One comparison per level but two, and one less where the last level is not nearly full."""
    levels = int(np.log2(size - 1))
    nearly_full = size <= 2 ** int(np.ceil(np.log2(size))) - 4
    assert bounds_by_size(size)[size] - maximum(size) == levels - min(levels, 2) - nearly_full


def test_distinct_items_and_ties_have_the_same_maximum_up_to_twelve() -> None:
    """There the bound is reached without ties."""
    assert tuple(maximum(size) for size in range(13)) == PROVEN_MAXIMA["heapsort"]


def kept_after_removal(heap: list[int]) -> tuple[int, list[int]]:
    """Remove the root of a heap numbered from 0: what it costs, and the heap that is left."""
    last, work = len(heap) - 1, [0]
    rest = [heap[last], *heap[1:last]]
    if rest:
        sift_down(rest, work, None, 0, 0, last)
    return work[0], rest[:last]


@pytest.mark.long
def test_no_heap_of_few_distinct_items_costs_more_to_remove_than_the_maximum_says() -> None:
    """All heaps of 2 to 10 distinct items, and what building costs at most."""
    for size in range(2, 11):
        building = 2 * size - 2 * size.bit_count() - trailing_zeros(size)
        most = 0
        for heap in heaps(size):
            spent, rest = 0, heap
            while rest:
                cost, rest = kept_after_removal(rest)
                spent += cost
            most = max(most, spent)
        assert building + most == maximum(size)


def heaps(size: int) -> Iterator[list[int]]:
    """Return all heaps of 0..size-1, numbered from 0."""

    def fill(heap: list[int | None], item: int) -> Iterator[list[int]]:
        if item < 0:
            yield [int(value) for value in heap if value is not None]
            return
        for place in range(size):
            if heap[place] is None and (place == 0 or heap[(place - 1) // 2] is not None):
                heap[place] = item
                yield from fill(heap, item - 1)
                heap[place] = None

    return fill([None] * size, size - 1)
