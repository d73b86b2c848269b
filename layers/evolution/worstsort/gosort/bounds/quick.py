"""A bound on `sort.Sort` of Go 1.12 to 1.18: a dynamic program over the length and the depth that is left.

The lemmas Q1 to Q5 are proved in docs/bounds.md. In all arrays index m stands for a segment of m items.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from worstsort.gosort.bounds import heap
from worstsort.gosort.bounds.best_splits import best_splits, table_size
from worstsort.gosort.bounds.exact import PROVEN_MAXIMA
from worstsort.gosort.sorts.quick import MAX_INSERTION_ITEMS, depth_limit
from worstsort.gosort.sorts.quick_steps import MAX_SINGLE_MEDIAN_ITEMS

if TYPE_CHECKING:
    from collections.abc import Iterator


def bound(size: int, *, distinct: bool) -> int:
    """Bound the comparisons on `size` items; with `distinct=False`, on inputs with equal items as well."""
    return int(bounds_by_size(table_size(size), distinct=distinct)[size])


@lru_cache(maxsize=64)
def bounds_by_size(longest: int, *, distinct: bool) -> np.ndarray:
    """Bound the comparisons on segments of 0 to `longest` items, with the depth that `longest` items begin with."""
    for table in tables_by_depth(longest, distinct=distinct):
        last = table
    return last


def tables_by_depth(longest: int, *, distinct: bool) -> Iterator[np.ndarray]:
    """Bound the comparisons on segments of 0 to `longest` items, for each depth up to the one that they begin with."""
    table = finish_by_heapsort(longest, distinct=distinct)
    longer = np.arange(MAX_INSERTION_ITEMS + 1, longest + 1)
    yield table
    for _ in range(depth_limit(longest) if len(longer) else 0):
        below, table = table, table.copy()
        table[longer] = lopsided_splits(below, longer) if distinct else lopsided_splits_with_ties(below, longer)
        table[longer] = np.maximum(table[longer], other_splits(below, longer))
        if not distinct:
            table[longer] = np.maximum(table[longer], splits_that_gather(below, longer))
        table = np.maximum.accumulate(table)
        yield table


def finish_by_heapsort(size: int, *, distinct: bool) -> np.ndarray:
    """Bound a segment's cost once no depth is left (Q1)."""
    table = heap.maxima_by_size(size) if distinct else heap.bounds_by_size(size)
    short = PROVEN_MAXIMA["go1.12"][: size + 1]
    table[: len(short)] = short
    return table


def choice_of_pivot(sizes: np.ndarray) -> np.ndarray:
    """Return the most comparisons that choosing a pivot takes: three per median (Q2)."""
    return np.where(sizes > MAX_SINGLE_MEDIAN_ITEMS, 12, 3)


def fewest_beside(sizes: np.ndarray) -> np.ndarray:
    """Return the least number of other items not larger than the pivot, and of those not smaller (Q2)."""
    return np.where(sizes > MAX_SINGLE_MEDIAN_ITEMS, 3, 1)


def lopsided_splits(below: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Bound the splits with at most four items on the right, whose left part Go searches for copies (Q3)."""
    ninth, step = sizes > MAX_SINGLE_MEDIAN_ITEMS, sizes // 8
    costs = {
        1: np.where(ninth, -1, sizes - 2),
        2: np.where(ninth, -1, 2 * sizes - 3),
        3: np.where(ninth, 2 * sizes - 3 - 2 * step, 2 * sizes - 3),
        4: np.where(ninth, 2 * sizes - 5, 2 * sizes - 4),
    }
    split = [
        np.where(cost < 0, 0, choice_of_pivot(sizes) + cost + below[sizes - 1 - right] + below[right])
        for right, cost in costs.items()
    ]
    best: np.ndarray = np.maximum.reduce(split)
    return best


def lopsided_splits_with_ties(below: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Bound the splits of `lopsided_splits` where items may be equal: copies of the pivot leave the left part (Q4)."""
    ninth, step = sizes > MAX_SINGLE_MEDIAN_ITEMS, sizes // 8
    fewest = fewest_beside(sizes)
    cost = np.where(ninth, 2 * sizes - 1 - 2 * step, sizes - 2)
    best: np.ndarray = cost + below[sizes - 1 - fewest] + np.where(ninth, below[3], below[1])
    for right in (1, 2, 3, 4):
        left = sizes - 1 - np.maximum(right, fewest + 1)
        best = np.maximum(best, 2 * sizes - right + below[left] + below[right])
    best += choice_of_pivot(sizes)
    return best


def other_splits(below: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Bound the splits not searched for copies: three more comparisons if the right part is below a quarter (Q5).

    Of the others it does not matter which part is the smaller one.
    """
    probed = 3 + best_splits(below, below, np.full_like(sizes, 5), sizes // 4 - 1, sizes - 1)
    even = best_splits(below, below, fewest_beside(sizes), (sizes - 1) // 2, sizes - 1)
    best: np.ndarray = choice_of_pivot(sizes) + sizes + np.maximum(probed, even)
    return best


def splits_that_gather(below: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Bound the splits with a right part below a quarter where two probes find copies, which Go then gathers (Q4)."""
    spared = np.maximum.accumulate(below - np.arange(len(below)))  # the right part is not scanned again
    first, last = np.full_like(sizes, 5), sizes // 4 - 1
    right = best_splits(spared + len(below), below, first, last, sizes - 2)
    return np.where(right < 0, 0, choice_of_pivot(sizes) + 2 * sizes + 2 + right - len(below))
