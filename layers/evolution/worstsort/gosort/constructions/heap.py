"""Builds inputs that cost heapsort nearly as much as any input can, by undoing its steps one by one.

Every removal lets an item sink to the bottom of a heap that is one item smaller. To undo it, that item is lifted out
again, and the largest item so far takes the root. The item to lift is the one whose descent cost most, and the smallest
of equals, since small items can be lifted from most places. This is a beam search: it keeps several heaps, those that
have cost most so far, and of equals those with the smallest items at the bottom. Nodes are numbered from 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

BEAM_HEAPS = 8
"""Heaps that the beam holds."""

MOVES_PER_HEAP = 4
"""Continuations that are tried for each."""

MAX_SEARCHED_SIZE = 2_000
"""For larger inputs the beam holds one heap, with one continuation."""

TIE_BREAK_ITEMS = 8
"""Items by which heaps of equal cost are compared."""


class _Heap(NamedTuple):
    """A heap that is being built; the node i holds items[i], and removing all of it costs `cost`."""

    cost: int
    items: np.ndarray


def nearly_worst_input(size: int) -> list[int]:
    """Return a permutation of 0..size-1 that costs at least 0.96 of the bound (`bounds.heap`).

    It takes 0.03 CPU seconds at 100 items, 0.4 at 1,000, and 0.5 at 10,000, where the beam holds only one heap.
    """
    searched = size <= MAX_SEARCHED_SIZE
    width, breadth = (BEAM_HEAPS, MOVES_PER_HEAP) if searched else (1, 1)
    items = np.full(size + 2, -1, np.int64)
    items[1] = 0
    beam = [_Heap(0, items)]
    for sorted_items in range(1, size):
        tried = [grown for heap in beam for grown in _undo_removal(heap, sorted_items, breadth)]
        beam = _best_heaps(tried, sorted_items + 1, width) if searched else tried
    items = beam[0].items
    for root in range(1, size // 2 + 1):
        items[root] = _lift(items, _costliest_leaf(root, size), root, int(items[root]))
    values: list[int] = items[1 : size + 1].tolist()
    return values


def _best_heaps(heaps: list[_Heap], size: int, width: int) -> list[_Heap]:
    """Keep the costliest heaps, each once; of equals, those whose bottom holds the smallest items."""
    bottom = slice((1 << (size.bit_length() - 1)) // 2, size + 1)

    def rank(heap: _Heap) -> tuple[int, int, int]:
        smallest = np.sort(heap.items[bottom])[:TIE_BREAK_ITEMS]
        return -heap.cost, int(smallest.sum()), int(heap.items[size])

    different = {heap.items.tobytes(): heap for heap in heaps}
    ranked = sorted(different.values(), key=rank)
    return ranked[:width]


def _undo_removal(heap: _Heap, size: int, breadth: int) -> list[_Heap]:
    """Grow a heap of the items 0..size-1 by one item, in the costliest few ways."""
    items = heap.items
    nodes = np.arange(max(size // 4, 1), size + 1)
    parent = (size + 1) // 2  # of the node that the lifted item came from
    limits = np.full(len(nodes), items[parent])
    limits[_is_at_or_below(nodes, parent)] = size if parent == 1 else items[parent // 2]
    nodes = nodes[items[nodes] <= limits]
    costs = _descent_costs(nodes, size)
    priorities = costs * (size + 1) - items[nodes]
    chosen = np.argsort(-priorities, kind="stable")[:breadth] if breadth > 1 else [priorities.argmax()]
    return [_Heap(heap.cost + int(costs[i]), _lifted(items, int(nodes[i]), size)) for i in chosen]


def _lifted(items: np.ndarray, node: int, size: int) -> np.ndarray:
    """Copy a heap of `size` items with the one at `node` moved after its end and the largest one at the root."""
    grown = items.copy()
    grown[size + 1] = _lift(grown, node, 1, size)
    return grown


def _descent_costs(nodes: np.ndarray, size: int) -> np.ndarray:
    """Return the cost of sinking from the root of `size` items to each of these nodes and stopping there."""
    below_only_child = (nodes == size) & (size % 2 == 0) & (nodes > 1)
    costs: np.ndarray = 2 * _levels(nodes) - below_only_child + np.clip(size + 1 - 2 * nodes, 0, 2)
    return costs


def _levels(nodes: np.ndarray) -> np.ndarray:
    """Count the levels above each node."""
    levels: np.ndarray = np.frexp(nodes)[1].astype(np.int64) - 1
    return levels


def _is_at_or_below(nodes: np.ndarray, ancestor: int) -> np.ndarray:
    """Return for each node whether it is the given one or below it."""
    depths = np.maximum(_levels(nodes) - (ancestor.bit_length() - 1), 0)
    below: np.ndarray = nodes >> depths == ancestor
    return below


def _costliest_leaf(root: int, size: int) -> int:
    """Find the first leaf of a subtree to which sinking costs most."""
    leaves, levels = range(root, root + 1), 0
    best, highest = root, -1
    while leaves.start <= size:
        for leaf in (max(leaves.start, size // 2 + 1), size):
            if leaf in leaves and leaf <= size:
                cost = 2 * levels - int(leaf == size and size % 2 == 0 and levels > 0)
                if cost > highest:
                    best, highest = leaf, cost
        leaves, levels = range(2 * leaves.start, 2 * leaves.stop), levels + 1
    return best


def _lift(heap: np.ndarray, node: int, root: int, value: int) -> int:
    """Move the items on the path from `root` to `node` down, put `value` at its top; return the item taken out."""
    taken = int(heap[node])
    while node > root:
        heap[node] = heap[node // 2]
        node //= 2
    heap[root] = value
    return taken
