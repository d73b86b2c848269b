"""Heapsort's comparisons, counted without a branch that depends on the items.

Go's heap of `size` items, numbered from 1 here, is completed to a full tree with the smallest number there is, so that
every item sinks through as many levels. What its descent cost follows from where it would have stopped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .blocks import Tools, choose, get, put

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .compare import Data

SMALLEST = -(2**63)


def fill_depths(depths: NDArray[Any]) -> None:
    """Write down, for each node of a heap numbered from 1, twice its distance from the root."""
    node, depth = 1, 0
    while node < len(depths):
        depths[node : 2 * node] = depth
        node, depth = 2 * node, depth + 2


def heap_cost(data: Data, tools: Tools, start: int, end: int) -> int:
    """Count the comparisons of heapsort on positions start..end-1, which stay as they are."""
    heap, size = tools.heap, end - start
    levels = 0
    while (2 << levels) <= size:
        levels += 1
    for i in range(size):
        put(heap, i + 1, get(data, start + i))
    for node in range(size + 1, (2 << levels) + 2):
        put(heap, node, SMALLEST)
    cost = 0
    for level in range(levels - 1, -1, -1):
        for node in range(min(size // 2, (2 << level) - 1), (1 << level) - 1, -1):
            stop = sink(heap, node, levels - level, get(heap, node))
            cost += descent_cost(tools.depths, stop, size) - 2 * level
    for last in range(size, 1, -1):
        item = get(heap, last)
        put(heap, last, SMALLEST)
        if (1 << levels) >= last:
            levels -= 1
        cost += descent_cost(tools.depths, sink(heap, 1, levels, item), last - 1)
    return cost


def descent_cost(depths: Data, stop: int, size: int) -> int:
    """Count the comparisons of an item's descent from the root to node `stop` of a heap.

    There are two on each level that it passes and two that end it; one less where a node has a single child to compare
    with, and none at the end where it has no child.
    """
    has_child = int(2 * stop <= size)
    single = int((size & 1) == 0) & (int(2 * stop == size) | int(stop == size))
    return int(get(depths, stop)) + 2 * has_child - single


def sink(heap: Data, node: int, levels: int, item: int) -> int:
    """Let `item` sink from a node through a full tree of so many levels below it; return the node where it stops.

    The larger children move up to it; below, nothing changes, though it is written again. Two levels are taken at a
    time, the lower one for both children, because a processor waits longest for the next address.
    """
    stop = node
    if levels & 1:
        child = 2 * node
        one, other = get(heap, child), get(heap, child + 1)
        right = other > one
        largest = choose(right, other, one)
        child += int(right)
        above = largest > item
        stop = choose(above, child, stop)
        put(heap, node, choose(above, largest, item))
        item = choose(above, item, largest)
        node = child
    for _ in range(levels >> 1):
        child, grandchild = 2 * node, 4 * node
        one, other = get(heap, child), get(heap, child + 1)
        a, b = get(heap, grandchild), get(heap, grandchild + 1)
        c, d = get(heap, grandchild + 2), get(heap, grandchild + 3)
        right, b_wins, d_wins = other > one, b > a, d > c
        largest = choose(right, other, one)
        child += int(right)
        above = largest > item
        stop = choose(above, child, stop)
        put(heap, node, choose(above, largest, item))
        item = choose(above, item, largest)
        below_one, below_other = choose(b_wins, b, a), choose(d_wins, d, c)
        largest = choose(right, below_other, below_one)
        next_one, next_other = grandchild + int(b_wins), grandchild + 2 + int(d_wins)
        node = choose(right, next_other, next_one)
        above = largest > item
        stop = choose(above, node, stop)
        put(heap, child, choose(above, largest, item))
        item = choose(above, item, largest)
    put(heap, node, item)
    return stop
