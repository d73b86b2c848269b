"""The lemmas H1 and H2 of docs/bounds.md, by enumeration."""

from __future__ import annotations

import itertools

import pytest

from worstsort.gosort import count_plain
from worstsort.gosort.heap import sift_down
from worstsort.gosort.heap_bound import dearest_descent, most_by_size
from worstsort.gosort.maxima import PROVEN_MAXIMA


def subtree_size(root: int, size: int) -> int:
    """How many of the items of a heap, numbered from 0, are `root` or below it."""
    if root >= size:
        return 0
    return 1 + subtree_size(2 * root + 1, size) + subtree_size(2 * root + 2, size)


@pytest.mark.parametrize("size", range(1, 9))
def test_h1_dearest_descent(size: int) -> None:
    """The most that one item costs as it sinks from the root of any array is the dearest descent."""
    most = 0
    for values in itertools.permutations(range(size)):
        work = [0]
        sift_down(list(values), work, None, 0, 0, size)
        most = max(most, work[0])
    assert most == dearest_descent(size)


@pytest.mark.parametrize("size", range(1, 200))
def test_h2_building_a_heap(size: int) -> None:
    """The formula for building is the sum of the dearest descents from all nodes."""
    descents = sum(dearest_descent(subtree_size(root, size)) for root in range(size))
    removals = sum(dearest_descent(items) for items in range(1, size))
    assert most_by_size(size)[size] == descents + removals


def test_bound_is_the_maximum_up_to_twelve_items() -> None:
    """For every size whose inputs have all been tried the bound is their maximum."""
    assert tuple(most_by_size(12)) == PROVEN_MAXIMA["heapsort"]


@pytest.mark.parametrize("size", range(1, 8))
def test_bound_is_reached(size: int) -> None:
    """Some permutation of few items costs as much as the bound says."""
    most = max(count_plain(values, "heapsort") for values in itertools.permutations(range(size)))
    assert most == most_by_size(size)[size]


def path(node: int, root: int = 1) -> list[int]:
    """The nodes from `node` up to `root`, numbered from 1."""
    return [node, *path(node // 2, root)] if node > root else [root]


def lift(heap: list[int], node: int, root: int, value: int) -> int:
    """Undo a descent: move the items on the path to `node` down, put `value` at its top; return the item taken out."""
    way = path(node, root)
    taken = heap[node]
    for lower, upper in itertools.pairwise(way):
        heap[lower] = heap[upper]
    heap[root] = value
    return taken


def descent_cost(node: int, root: int, size: int) -> int:
    """What it costs to sink from `root` to `node` and to stop there."""
    levels = len(path(node, root)) - 1
    return 2 * levels - int(node == size and size % 2 == 0 and levels > 0) + min(max(size + 1 - 2 * node, 0), 2)


def add_largest(heap: list[int], size: int) -> None:
    """Undo a removal: of the dearest descents that may have been, the one of the smallest item."""
    for node in sorted(range(max(size // 4, 1), size + 1), key=lambda node: (-descent_cost(node, 1, size), heap[node])):
        tried = heap.copy()
        tried.append(lift(tried, node, 1, size))
        if tried[size + 1] <= tried[(size + 1) // 2]:
            heap[:] = tried
            return


def nearly_worst_input(size: int) -> list[int]:
    """A permutation of 0..size-1 that costs heapsort nearly as much as the bound says: its steps, undone one by one."""
    heap = [-1, 0]
    for items in range(1, size):
        add_largest(heap, items)
    for root in range(1, size // 2 + 1):
        below = [node for node in range(root, size + 1) if root in path(node) and 2 * node > size]
        leaf = max(below, key=lambda node: descent_cost(node, root, size))
        heap[root] = lift(heap, leaf, root, heap[root])
    return heap[1:]


@pytest.mark.parametrize(("size", "comparisons"), [(13, 65), (100, 1119), (1000, 17881)])
def test_bound_is_nearly_reached(size: int, comparisons: int) -> None:
    """Inputs built backwards cost all but one or two in a hundred of the comparisons that the bound allows."""
    values = nearly_worst_input(size)
    assert sorted(values) == list(range(size))
    assert count_plain(values, "heapsort") == comparisons
    assert 0.96 * most_by_size(size)[size] < comparisons <= most_by_size(size)[size]
