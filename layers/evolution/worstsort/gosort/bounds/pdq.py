"""A bound on `sort.Sort` of Go 1.19 and newer: a dynamic program over the length and the limit that is left.

The lemmas P1 to P6 are proved in docs/bounds.md. Both shuffles (Go 1.19 and 1.24) have the same bound, since no lemma
depends on where the shuffled items go. In all arrays index m stands for a segment of m items.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from worstsort.gosort.bounds import heap
from worstsort.gosort.bounds.best_splits import best_splits, table_size
from worstsort.gosort.sorts.pdq import MAX_INSERTION_ITEMS
from worstsort.gosort.sorts.pdq_steps import MIN_NINTHER_ITEMS, bit_length

if TYPE_CHECKING:
    from collections.abc import Iterator


class Tables(NamedTuple):
    """Bounds at one limit, by the size of a segment.

    `fresh` holds for any segment, `lopsided` for one left over by a lopsided partition, which is not mended by
    shifting, and `parts` for the two parts that a segment is split into.
    """

    fresh: np.ndarray
    lopsided: np.ndarray
    parts: np.ndarray


def bound(size: int, *, distinct: bool) -> int:
    """Bound the comparisons on `size` items; with `distinct=False`, on inputs with equal items as well."""
    return int(bounds_by_size(table_size(size), distinct=distinct)[size])


@lru_cache(maxsize=64)
def bounds_by_size(longest: int, *, distinct: bool) -> np.ndarray:
    """Bound the comparisons on segments of 0 to `longest` items, with the limit that `longest` items begin with."""
    finish = finish_by_heapsort(longest)
    tables = Tables(finish, finish, np.zeros_like(finish))
    for start, end in blocks(longest):
        bound_parts(tables, start, end, distinct=distinct)
    for _ in range(bit_length(longest)):
        tables = allow_one_more(tables, finish, distinct=distinct)
    return tables.fresh


def finish_by_heapsort(size: int) -> np.ndarray:
    """Bound a segment's cost once the limit is used up; insertion sort compares no pair twice (P1)."""
    table = heap.bounds_by_size(size)
    short = np.arange(min(MAX_INSERTION_ITEMS, size) + 1)
    table[short] = short * (short - 1) // 2
    return table


def allow_one_more(before: Tables, finish: np.ndarray, *, distinct: bool) -> Tables:
    """Bound the cost with one more lopsided partition than in `before`, used up by the step after it (P6)."""
    longer = np.arange(MAX_INSERTION_ITEMS + 1, len(finish))
    after = Tables(finish.copy(), finish.copy(), np.zeros_like(finish))
    rest = before.parts[longer]
    if not distinct:
        rest = np.maximum(rest, before.lopsided[left_by_equals(longer)])
    after.lopsided[longer] = step_cost(longer) + rest
    np.maximum.accumulate(after.lopsided, out=after.lopsided)
    normal = finish.copy()
    for start, end in blocks(len(finish) - 1):
        sizes = np.arange(start, end)
        bound_parts(after, start, end, distinct=distinct)
        cost = step_cost(sizes) + mending_cost(sizes)
        normal[sizes] = cost + after.parts[sizes]
        np.maximum.accumulate(normal[start - 1 : end], out=normal[start - 1 : end])
        best = np.maximum(normal[sizes], after.lopsided[sizes])
        if not distinct:
            best = np.maximum(best, cost + normal[left_by_equals(sizes)])
        after.fresh[sizes] = best
        np.maximum.accumulate(after.fresh[start - 1 : end], out=after.fresh[start - 1 : end])
    return after


def blocks(size: int) -> Iterator[tuple[int, int]]:
    """Cut the sizes from 13 on into ranges that never hold a segment and a part of it after a balanced partition."""
    start = MAX_INSERTION_ITEMS + 1
    while start <= size:
        end = min(start + start // 8, size + 1)
        yield start, end
        start = end


def step_cost(sizes: np.ndarray) -> np.ndarray:
    """Bound one step without mending: choice of a pivot, comparison with the item before, either partition (P2, P4)."""
    cost: np.ndarray = np.where(sizes >= MIN_NINTHER_ITEMS, 12, 3) + 1 + sizes
    return cost


def mending_cost(sizes: np.ndarray) -> np.ndarray:
    """Bound `partialInsertionSort`: one scan, and in long segments five shifts both ways (P3)."""
    return np.where(sizes >= MIN_NINTHER_ITEMS, 6 * sizes - 2, sizes - 1)


def fewest_beside(sizes: np.ndarray) -> np.ndarray:
    """Return the least number of other items that are not larger than the pivot, and of those not smaller (P2)."""
    return np.where(sizes >= MIN_NINTHER_ITEMS, 3, 1)


def left_by_equals(sizes: np.ndarray) -> np.ndarray:
    """Return the most items that are left when the copies of a smallest pivot are put first."""
    left: np.ndarray = sizes - 1 - fewest_beside(sizes)
    return left


def bound_parts(tables: Tables, start: int, end: int, *, distinct: bool) -> None:
    """Fill in the most that the two parts of a segment of start..end-1 items cost (P5).

    The smaller part is always sorted as a fresh segment, and so is the larger one after a balanced partition.
    """
    sizes = np.arange(start, end)
    eighth, half = sizes // 8, (sizes - 1) // 2
    fewest = fewest_beside(sizes) if distinct else np.zeros_like(sizes)
    fresh, lopsided = tables.fresh[:start], tables.lopsided[:end]
    balanced = best_splits(fresh, fresh, np.maximum(eighth - 1, fewest), half, sizes - 1)
    uneven = best_splits(fresh, lopsided, fewest, eighth - 1, sizes - 1)
    tables.parts[sizes] = np.maximum(balanced, uneven)
