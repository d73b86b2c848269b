"""Builds inputs that cost heapsort nearly as much as any input can, by undoing its steps one by one.

Every removal lets an item sink to the bottom of a heap that is one smaller. Undone, that item is lifted out again, and
the largest item so far takes the root. Which one is lifted is chosen so that its descent was as dear as can be; of
equals the smallest, which leaves most to be chosen later. Nodes are numbered from 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


def nearly_worst_input(size: int) -> list[int]:
    """Return a permutation of 0..size-1 that costs at least 0.96 of the bound (`heap_bound`); none may cost less.

    Takes 0.1 CPU seconds at 1,000 items, 1.5 at 10,000.
    """
    import numpy as np  # noqa: PLC0415

    heap = np.full(size + 2, -1, np.int64)
    heap[1] = 0
    for items in range(1, size):
        _undo_removal(heap, items)
    for root in range(1, size // 2 + 1):
        heap[root] = _lift(heap, _dearest_leaf(root, size), root, int(heap[root]))
    values: list[int] = heap[1 : size + 1].tolist()
    return values


def _undo_removal(heap: np.ndarray, size: int) -> None:
    """Make a heap of `size` items, 0..size-1, one of size + 1."""
    import numpy as np  # noqa: PLC0415

    nodes = np.arange(max(size // 4, 1), size + 1)
    parent = (size + 1) // 2  # of the node that the lifted item came from
    limits = np.full(len(nodes), heap[parent])
    limits[_is_at_or_below(nodes, parent)] = size if parent == 1 else heap[parent // 2]
    dearness = np.where(heap[nodes] <= limits, _descent_costs(nodes, size) * (size + 1) - heap[nodes], -1)
    heap[size + 1] = _lift(heap, int(nodes[dearness.argmax()]), 1, size)


def _descent_costs(nodes: np.ndarray, size: int) -> np.ndarray:
    """Say what it costs to sink from the root of `size` items to each of these nodes and to stop there."""
    import numpy as np  # noqa: PLC0415

    below_only_child = (nodes == size) & (size % 2 == 0) & (nodes > 1)
    costs: np.ndarray = 2 * _levels(nodes) - below_only_child + np.clip(size + 1 - 2 * nodes, 0, 2)
    return costs


def _levels(nodes: np.ndarray) -> np.ndarray:
    """Count the levels above each node."""
    import numpy as np  # noqa: PLC0415

    levels: np.ndarray = np.frexp(nodes)[1].astype(np.int64) - 1
    return levels


def _is_at_or_below(nodes: np.ndarray, ancestor: int) -> np.ndarray:
    """Say of each node whether it is the given one or below it."""
    import numpy as np  # noqa: PLC0415

    depths = np.maximum(_levels(nodes) - (ancestor.bit_length() - 1), 0)
    below: np.ndarray = nodes >> depths == ancestor
    return below


def _dearest_leaf(root: int, size: int) -> int:
    """Find the first leaf of a subtree of those to which it costs most to sink."""
    leaves, levels = range(root, root + 1), 0
    best, dearest = root, -1
    while leaves.start <= size:
        for leaf in (max(leaves.start, size // 2 + 1), size):
            if leaf in leaves and leaf <= size:
                cost = 2 * levels - int(leaf == size and size % 2 == 0 and levels > 0)
                if cost > dearest:
                    best, dearest = leaf, cost
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
