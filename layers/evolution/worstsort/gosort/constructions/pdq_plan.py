"""Where to split the segments of pdqsort so that mending in vain costs most: a dynamic program over its own estimates.

The costs are those of a step in which the adversary is free (docs/bounds.md, lemmas P1 to P5). They ignore what earlier
answers forbid, so they only serve to compare splits.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from worstsort.gosort.bounds import heap
from worstsort.gosort.sorts.pdq import MAX_INSERTION_ITEMS
from worstsort.gosort.sorts.pdq_steps import MIN_NINTHER_ITEMS, bit_length
from worstsort.gosort.sorts.plan_genes import AT_THE_MIDDLE

MAX_LOPSIDED_PART = 14
"""The largest smaller part that is tried in a segment without mending."""


class Splits(NamedTuple):
    """How to split at one limit, by the size of the segment: how many items the smaller part gets.

    `mended` is for segments that were mended, `unmended` for others, whose items have been shuffled: those may be split
    AT_THE_MIDDLE, where the pivot stands anyway.
    """

    mended: np.ndarray
    unmended: np.ndarray


class _Costs(NamedTuple):
    """Estimates at one limit, by size: of a fresh segment, and of one left over by a lopsided partition."""

    fresh: np.ndarray
    lopsided: np.ndarray


def plan_splits(size: int, caution: float) -> list[Splits]:
    """Return the best splits for each limit from 0 to what `size` items begin with; arrays of shape (size + 1,).

    Lopsided splits of mended segments are credited with `caution` times their estimate: the shuffle that follows moves
    items to places where earlier answers stand in the way, which the estimates ignore.
    """
    base = heap.bounds_by_size(size)
    short = np.arange(min(MAX_INSERTION_ITEMS, size) + 1)
    base[short] = short * (short - 1) // 2
    unreachable = np.zeros(size + 1, np.int64)
    plans, rest = [Splits(unreachable, unreachable)], base - np.arange(size + 1)
    for _ in range(bit_length(size)):
        splits, rest = _allow_one_more(base, rest, caution)
        plans.append(splits)
    return plans


def _allow_one_more(base: np.ndarray, rest_before: np.ndarray, caution: float) -> tuple[Splits, np.ndarray]:
    """Plan for a limit one higher; `rest_before` is what unmended segments cost after their step at the lower limit."""
    splits = Splits(*(base * 0 for _ in range(2)))
    costs, rest = _Costs(base.copy(), base.copy()), base * 0
    for size in range(MAX_INSERTION_ITEMS + 1, len(base)):
        step = (12 if size >= MIN_NINTHER_ITEMS else 3) + 1 + size
        costs.lopsided[size] = step + rest_before[size]
        splits.mended[size], parts = _split_mended(costs, size, caution)
        splits.unmended[size], rest[size] = _split_unmended(costs, size)
        mending = 5 * size - 10 if size >= MIN_NINTHER_ITEMS else 1
        costs.fresh[size] = step + mending + parts
    return splits, rest


def _split_mended(costs: _Costs, size: int, caution: float) -> tuple[int, int]:
    """Choose among all splits, balanced or not; return the smaller part and what both parts cost."""
    least, eighth, half = _least(size), size // 8, (size - 1) // 2
    first = max(least, eighth - 1)
    fresh = costs.fresh
    balanced = fresh[first : half + 1] + fresh[size - 1 - half : size - first][::-1]
    smaller, cost = first + int(balanced.argmax()), int(balanced.max())
    if first > least:
        uneven = fresh[least:first] + costs.lopsided[size - first : size - least][::-1]
        if caution * uneven.max() > cost:
            return least + int(uneven.argmax()), int(caution * uneven.max())
    return smaller, cost


def _split_unmended(costs: _Costs, size: int) -> tuple[int, int]:
    """Choose between the middle and a few lopsided splits, the only choices that a shuffled segment leaves."""
    middle = size // 4 * 2
    smaller, cost = AT_THE_MIDDLE, int(costs.fresh[middle] + costs.fresh[size - 1 - middle])
    for tried in range(_least(size), min(size // 8 - 1, MAX_LOPSIDED_PART)):
        tried_cost = int(costs.fresh[tried] + costs.lopsided[size - 1 - tried])
        if tried_cost > cost:
            smaller, cost = tried, tried_cost
    return smaller, cost


def _least(size: int) -> int:
    """Return the least number of items on either side of the pivot."""
    return 3 if size >= MIN_NINTHER_ITEMS else 1
