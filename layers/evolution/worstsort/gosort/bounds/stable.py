"""The exact maximum of `sort.Stable`, and an input that reaches it.

Lemmas S1 to S4 of docs/bounds.md: equal items cost what distinct items in their order of arrival cost; the blocks and
merges of one sort can all be worst at once, and so can the two halves of a merge.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from worstsort.gosort.sorts.stable import INSERTION_BLOCK_ITEMS

if TYPE_CHECKING:
    from collections.abc import Iterator


def maximum(size: int) -> int:
    """Return the largest number of comparisons over all inputs of `size` items."""
    blocks = sum(
        block * (block - 1) // 2
        for block in (min(INSERTION_BLOCK_ITEMS, size - start) for start in range(0, size, INSERTION_BLOCK_ITEMS))
    )
    return blocks + sum(max_merge_cost(middle - start, end - middle) for start, middle, end in merges(size))


def worst_input(size: int) -> list[int]:
    """Return a permutation of 0..size-1 on which `sort.Stable` makes `maximum(size)` comparisons."""
    values = list(range(size))
    for start, middle, end in reversed(list(merges(size))):
        segment = values[start:end]
        from_first = costliest_interleaving(middle - start, end - middle)
        values[start:middle] = [value for value, first in zip(segment, from_first, strict=True) if first]
        values[middle:end] = [value for value, first in zip(segment, from_first, strict=True) if not first]
    for start in range(0, size, INSERTION_BLOCK_ITEMS):
        values[start : start + INSERTION_BLOCK_ITEMS] = reversed(values[start : start + INSERTION_BLOCK_ITEMS])
    return values


def merges(size: int) -> Iterator[tuple[int, int, int]]:
    """List the merges of a sort in their order: (start, middle, end)."""
    block = INSERTION_BLOCK_ITEMS
    while block < size:
        for start in range(0, size - block, 2 * block):
            yield start, start + block, min(start + 2 * block, size)
        block *= 2


@cache
def max_merge_cost(first: int, second: int) -> int:
    """Return the most comparisons of SymMerge on two sorted neighbours of these sizes."""
    if min(first, second) <= 1:
        return max(first, second).bit_length() if min(first, second) == 1 else 0
    return int(costs_by_cut(first, second)[1].max())


def costliest_interleaving(first: int, second: int) -> list[bool]:
    """Return for each item of a costliest merge, from the smallest on, whether it comes from the first neighbour."""
    if min(first, second) == 0:
        return [True] * first + [False] * second
    if min(first, second) == 1:
        before = int(probes(max(first, second)).argmax())
        single, other = first == 1, first != 1
        return [other] * before + [single] + [other] * (max(first, second) - before)
    low, costs = costs_by_cut(first, second)
    cut, half = low + int(costs.argmax()), (first + second) // 2
    return costliest_interleaving(cut, half - cut) + costliest_interleaving(first - cut, second - half + cut)


def costs_by_cut(first: int, second: int) -> tuple[int, np.ndarray]:
    """Return the least number of items that a split cuts off the first neighbour, and the most that each cut costs.

    The costs begin with the least cut. Both neighbours have two items or more; the cut is found by a binary search
    over as many items as the smaller of them has.
    """
    half, choices = (first + second) // 2, min(first, second)
    low = half - second if first > half else 0
    lower = max_merge_costs(half)[low : low + choices + 1]
    upper = max_merge_costs(first + second - half)[first - low - choices : first - low + 1][::-1]
    return low, probes(choices) + lower + upper


@cache
def max_merge_costs(total: int) -> np.ndarray:
    """Return the most that merging k items with `total` - k costs, for each k; int64, shape (total + 1,)."""
    return np.array([max_merge_cost(k, total - k) for k in range(total + 1)], dtype=np.int64)


@lru_cache(maxsize=256)
def probes(items: int) -> np.ndarray:
    """Return the comparisons of Go's binary search over `items` items, for each of its `items` + 1 outcomes."""
    if items == 0:
        return np.zeros(1, np.int64)
    middle = items // 2
    return 1 + np.concatenate([probes(middle), probes(items - middle - 1)])
