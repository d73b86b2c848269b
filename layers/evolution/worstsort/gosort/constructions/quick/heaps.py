"""Heaps whose removal costs as much as any, drawn at random from the many that there are.

They grow as `constructions.heap` lets them, and lose as little at each size, but the item that is lifted out may stand
elsewhere. Where that leads to a dead end, other heaps go on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.gosort.bounds.heap import costliest_descent
from worstsort.gosort.constructions.heap import SMALL_HEAPS, lift, next_leaf, worst_heap

if TYPE_CHECKING:
    from random import Random

FOLLOWED_HEAPS = 60
"""How many heaps grow at once."""

DRAWN_NODES = 3
"""From how many nodes, drawn at random, an item is lifted, besides the last two and the one that always works."""


def random_worst_heap(size: int, rng: Random) -> list[int]:
    """Return a heap of 0..size-1, numbered from 1, whose removal costs as much as any."""
    certain = worst_heap(min(size, len(SMALL_HEAPS) - 1))
    heaps = [certain]
    for count in range(len(certain) - 1, size):
        node = next_leaf(certain, count, size)
        lost = costliest_descent(count) - _descent(node, count)
        certain = _grown(certain, node)
        nodes = [other for other in range(1, count + 1) if costliest_descent(count) - _descent(other, count) <= lost]
        heaps = _draw_grown(heaps, {node, nodes[-1], nodes[-2]}, nodes, rng)
    return heaps[0] if heaps else certain


def _draw_grown(heaps: list[list[int]], fixed: set[int], nodes: list[int], rng: Random) -> list[list[int]]:
    """Let heaps grow by one item, and draw those that go on."""
    grown = {}
    for heap in heaps:
        for node in fixed | {nodes[int(rng.random() * len(nodes))] for _ in range(DRAWN_NODES)}:
            larger = _grown(heap, node)
            if larger[-1] < larger[(len(larger) - 1) // 2]:
                grown[tuple(larger)] = larger
    ranked = sorted((rng.random(), number) for number in range(len(grown)))
    found = list(grown.values())
    return [found[number] for _, number in ranked[:FOLLOWED_HEAPS]]


def _grown(heap: list[int], node: int) -> list[int]:
    """Undo a removal after which the item sank to this node."""
    larger = [*heap, 0]
    larger[-1] = lift(larger, node, 1, len(heap) - 1)
    return larger


def _descent(node: int, size: int) -> int:
    """Return what it costs an item of a heap to sink from the root to a node and to stay there."""
    cost = 0
    while node >= 1:
        cost += int(2 * node <= size) + int(2 * node < size)
        node //= 2
    return cost
