"""A bound on `sort.Sort` of Go 1.19 and newer: a dynamic program over the length and the limit that is left.

The lemmas P0 to P9 are proved in docs/bounds.md. Both shuffles (Go 1.19 and 1.24) have the same bound, since no lemma
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

CLOSED, OPEN = 0, 1
"""Whether a segment can hold copies of the item before it: a closed one cannot. Index of a `Pair`."""


class Pair(NamedTuple):
    """Bounds on closed and on open segments by their size; of distinct items all segments are closed."""

    closed: np.ndarray
    open: np.ndarray


class Tables(NamedTuple):
    """Bounds at one limit, by what became of the step before.

    Attributes:
        fresh: That step was balanced and moved nothing, or there was none: the segment may be mended.
        moved: It was balanced, but moved items.
        lopsided: It was lopsided: the next step shuffles, and uses up one of the limit.
        unmended: What is done next is a step without mending that splits, at this limit.
    """

    fresh: Pair
    moved: Pair
    lopsided: Pair
    unmended: Pair


def bound(size: int, *, distinct: bool) -> int:
    """Bound the comparisons on `size` items; with `distinct=False`, on inputs with equal items as well."""
    return int(bounds_by_size(table_size(size), distinct=distinct)[size])


@lru_cache(maxsize=64)
def bounds_by_size(longest: int, *, distinct: bool) -> np.ndarray:
    """Bound the comparisons on segments of 0 to `longest` items, with the limit that `longest` items begin with."""
    for tables in tables_by_limit(longest, distinct=distinct):
        last = tables
    return last.fresh.closed


def tables_by_limit(longest: int, *, distinct: bool) -> Iterator[Tables]:
    """Bound the comparisons on segments of 0 to `longest` items, for each limit up to the one that they begin with."""
    finish = finish_by_heapsort(longest)
    finished = Pair(finish, finish)
    tables = Tables(finished, finished, finished, _pair_of_copies(finish, distinct=distinct))
    for sizes in blocks(longest):
        fill_unmended(tables, sizes, distinct=distinct)
    yield tables
    for _ in range(bit_length(longest)):
        tables = allow_one_more(tables, finish, distinct=distinct)
        yield tables


def finish_by_heapsort(size: int) -> np.ndarray:
    """Bound a segment's cost once the limit is used up; insertion sort compares no pair twice (P1)."""
    table = heap.bounds_by_size(size)
    short = np.arange(min(MAX_INSERTION_ITEMS, size) + 1)
    table[short] = short * (short - 1) // 2
    return table


def allow_one_more(before: Tables, finish: np.ndarray, *, distinct: bool) -> Tables:
    """Bound the cost with one more lopsided partition than in `before`, used up by the step after it."""
    after = Tables(*(_pair_of_copies(finish, distinct=distinct) for _ in Tables._fields))
    fill_lopsided(after, before, distinct=distinct)
    for sizes in blocks(len(finish) - 1):
        fill_unmended(after, sizes, distinct=distinct)
        fill_moved(after, sizes, distinct=distinct)
        fill_fresh(after, sizes, distinct=distinct)
    return after


def _pair_of_copies(table: np.ndarray, *, distinct: bool) -> Pair:
    closed = table.copy()
    return Pair(closed, closed if distinct else table.copy())


def blocks(size: int) -> Iterator[np.ndarray]:
    """Cut the sizes from 13 on into ranges that never hold a segment and a part of it after a balanced partition."""
    start = MAX_INSERTION_ITEMS + 1
    while start <= size:
        end = min(start + start // 8, size + 1)
        yield np.arange(start, end)
        start = end


def fill_lopsided(after: Tables, before: Tables, *, distinct: bool) -> None:
    """Fill in what a step costs that uses up one of the limit (P6)."""
    longer = np.arange(MAX_INSERTION_ITEMS + 1, len(after.lopsided.closed))
    after.lopsided.closed[longer] = before.unmended.closed[longer]
    if not distinct:
        equal = step_cost(longer) + before.lopsided.closed[left_by_equals(longer, mended=False)]
        after.lopsided.open[longer] = np.maximum(before.unmended.open[longer], equal)
        _let_grow(after.lopsided.open, longer)


def fill_unmended(tables: Tables, sizes: np.ndarray, *, distinct: bool) -> None:
    """Fill in what a step without mending costs, with both parts that it leaves."""
    for segments in (CLOSED,) if distinct else (CLOSED, OPEN):
        parts = costliest_parts(tables, sizes, segments, mended=False, distinct=distinct)
        tables.unmended[segments][sizes] = step_cost(sizes) + parts
        _let_grow(tables.unmended[segments], sizes)


def fill_moved(tables: Tables, sizes: np.ndarray, *, distinct: bool) -> None:
    """Fill in what a segment costs that is neither mended nor shuffled; in an open one copies may go first (P7)."""
    tables.moved.closed[sizes] = tables.unmended.closed[sizes]
    if not distinct:
        equal = step_cost(sizes) + tables.moved.closed[left_by_equals(sizes, mended=False)]
        tables.moved.open[sizes] = np.maximum(tables.unmended.open[sizes], equal)
        _let_grow(tables.moved.open, sizes)


def fill_fresh(tables: Tables, sizes: np.ndarray, *, distinct: bool) -> None:
    """Fill in what a segment costs that may be mended."""
    for segments in (CLOSED,) if distinct else (CLOSED, OPEN):
        parts = costliest_parts(tables, sizes, segments, mended=True, distinct=distinct)
        mended = step_cost(sizes) + shifting_cost(sizes) + parts
        tables.fresh[segments][sizes] = np.maximum(mended, tables.moved[segments][sizes])
        _let_grow(tables.fresh[segments], sizes)
    if not distinct:
        equal = costliest_mended_equals(tables.fresh.closed, sizes)
        tables.fresh.open[sizes] = np.maximum(tables.fresh.open[sizes], equal)
        _let_grow(tables.fresh.open, sizes)


def _let_grow(table: np.ndarray, sizes: np.ndarray) -> None:
    """Let no size cost less than a smaller one."""
    grown = slice(int(sizes[0]) - 1, int(sizes[-1]) + 1) if len(sizes) else slice(0)
    np.maximum.accumulate(table[grown], out=table[grown])


def step_cost(sizes: np.ndarray) -> np.ndarray:
    """Bound one step without mending: choice of a pivot, comparison with the item before, either partition (P2, P4)."""
    cost: np.ndarray = np.where(sizes >= MIN_NINTHER_ITEMS, 12, 3) + 1 + sizes
    return cost


def shifting_cost(sizes: np.ndarray) -> np.ndarray:
    """Bound what `partialInsertionSort` costs beyond the place that its scan comes to: five shifts both ways (P3)."""
    return np.where(sizes >= MIN_NINTHER_ITEMS, 5 * sizes - 1, 0)


def places_of_pivot(sizes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and the last place where the pivot of a mended segment can stand, counted from 0 (P2)."""
    middle = sizes // 4 * 2
    return np.minimum(middle, sizes - 1 - middle), np.maximum(middle, sizes - 1 - middle)


def fewest_beside(sizes: np.ndarray) -> np.ndarray:
    """Return the least number of other items not larger than the pivot at its choice, and of those not smaller (P2)."""
    return np.where(sizes >= MIN_NINTHER_ITEMS, 3, 1)


def samples_stand(sizes: np.ndarray, *, mended: bool) -> np.ndarray:
    """Return whether the samples still stand in their places when a segment is split; mending moves them (P5)."""
    stand: np.ndarray = (sizes < MIN_NINTHER_ITEMS) | (not mended)
    return stand


def left_by_equals(sizes: np.ndarray, *, mended: bool) -> np.ndarray:
    """Return the most items that are left when the copies of a smallest pivot are put first (P7)."""
    left: np.ndarray = sizes - 1 - np.where(samples_stand(sizes, mended=mended), fewest_beside(sizes), 0)
    return left


def costliest_mended_equals(closed: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Bound the cost of a segment that is mended, loses the copies of the item before it, and may be mended again (P7).

    In a long segment the scan stops at the pivot's place at most, or all items up to it are copies.
    """
    first, last = places_of_pivot(sizes)
    few_copies = np.where(sizes >= MIN_NINTHER_ITEMS, last, sizes - 1) + closed[left_by_equals(sizes, mended=True)]
    many_copies = sizes - 1 + closed[sizes - 1 - first]
    cost: np.ndarray = step_cost(sizes) + shifting_cost(sizes) + np.maximum(few_copies, many_copies)
    return cost


def costliest_parts(tables: Tables, sizes: np.ndarray, segments: int, *, mended: bool, distinct: bool) -> np.ndarray:
    """Bound what the two parts of a segment cost, and the scan of its mending if there was one (P5, P8, P9).

    Equal items leave nothing certain of the left part: the samples that are not larger than the pivot may equal it, and
    copies of the pivot go to the right.
    """
    start, best = int(sizes[0]), np.zeros_like(sizes)
    for smaller_is_left, smaller_is_right in ((True, True),) if distinct else ((True, False), (False, True)):
        small, large = (OPEN, segments) if smaller_is_right else (segments, OPEN)
        known = smaller_is_right & samples_stand(sizes, mended=mended)
        fewest, quarter = np.where(known, fewest_beside(sizes), 0), np.where(known, sizes // 4, 0)
        uneven = sizes // 8 - 1 - (not smaller_is_left)  # the largest smaller part of a lopsided partition
        even = np.maximum(sizes // 8 - smaller_is_right, fewest)
        smaller, scan = tables.fresh[small][:start], np.zeros_like(sizes)
        if mended:
            smaller, scan = with_scan(smaller, sizes, is_known=smaller_is_right)
        for rest, first, last in (
            (tables.lopsided[large], fewest, uneven),
            (tables.moved[large][:start], even, quarter - 1),
            (tables.fresh[large][:start], np.maximum(even, quarter), (sizes - 1) // 2),
        ):
            best = np.maximum(best, scan + best_splits(smaller, rest, first, last, sizes - 1))
    return best


def with_scan(smaller: np.ndarray, sizes: np.ndarray, *, is_known: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the table of smaller parts and a number for each segment: together they include the scan (P9)."""
    if not is_known:
        return smaller, sizes - 1
    return smaller + np.arange(len(smaller)), places_of_pivot(sizes)[1] + 1
