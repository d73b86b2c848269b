"""Heaps that cost as much to take apart as any, drawn at random."""

from __future__ import annotations

from random import Random

import pytest

from worstsort.gosort.bounds.heap import maximum
from worstsort.gosort.constructions.quick.heaps import random_worst_heap


def removal_cost(heap: list[int]) -> int:
    """Count the comparisons of taking items out, the largest first, by a plain heap of its own; the heap is from 1."""
    items, cost = heap[1:], 0
    while len(items) > 1:
        items[0], size = items[-1], len(items) - 1
        items.pop()
        root = 0
        while (child := 2 * root + 1) < size:
            if child + 1 < size:
                cost += 1
                child += int(items[child] < items[child + 1])
            cost += 1
            if items[root] >= items[child]:
                break
            items[root], items[child] = items[child], items[root]
            root = child
    return cost


def most_removals(size: int) -> int:
    """Return what Suchenek's maximum leaves for the removals."""
    building = 2 * size - 2 * size.bit_count() - ((size & -size).bit_length() - 1)
    return maximum(size) - building


@pytest.mark.parametrize("size", [*range(4, 70), 100, 127, 128, 129])
def test_every_heap_costs_as_much_to_take_apart_as_any(size: int) -> None:
    """Whatever is drawn: a heap of all items whose removals cost the maximum."""
    for seed in range(3):
        heap = random_worst_heap(size, Random(seed))
        assert sorted(heap[1:]) == list(range(size))
        assert all(heap[node // 2] > heap[node] for node in range(2, size + 1))
        assert removal_cost(heap) == most_removals(size)


def test_the_heaps_are_many() -> None:
    """Different numbers draw different heaps, and the same numbers the same one."""
    drawn = {tuple(random_worst_heap(30, Random(seed))) for seed in range(20)}
    assert len(drawn) >= 15
    assert random_worst_heap(30, Random(1)) == random_worst_heap(30, Random(1))
