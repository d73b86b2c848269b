"""The best way to split a segment in two, for many sizes at once: the step that every bound on a quicksort repeats.

Where a table of bounds is nearly convex, the best splits are the lopsided ones. So the splits near both ends are looked
at one by one, and those between are bounded by the tables' greatest convex minorants: their sum is largest at the ends,
and a table exceeds its minorant by at most its largest excess.
"""

from __future__ import annotations

import numpy as np

WINDOW_SPLITS = 48
"""Splits that are looked at one by one, at each end."""

MIN_SEPARATE_SIZE = 2048
"""The smallest size with a table of its own; below, one table serves all sizes with the same number of bits."""


def best_splits(
    left: np.ndarray, right: np.ndarray, first: np.ndarray, last: np.ndarray, total: np.ndarray
) -> np.ndarray:
    """Bound max(left[k] + right[total - k] for first <= k <= last) from above, elementwise; int64.

    Exact where a range has at most 2 * WINDOW_SPLITS splits; -1 where it is empty. The tables hold no negative numbers.
    """
    best = np.full(total.shape, -1, dtype=np.int64)
    for step in range(WINDOW_SPLITS):
        some = slice(None) if (room := first + step <= last).all() else room
        if not room.any():
            break
        for k in (first[some] + step, last[some] - step):
            best[some] = np.maximum(best[some], left[k] + right[total[some] - k])
    wide = last - first >= 2 * WINDOW_SPLITS
    if wide.any():
        ends = (first[wide] + WINDOW_SPLITS, last[wide] - WINDOW_SPLITS)
        best[wide] = np.maximum(best[wide], _bound_between(left, right, *ends, total[wide]))
    return best


def table_size(size: int) -> int:
    """Return the largest size whose table of bounds holds for `size` as well.

    Go's limits follow from the number of bits of a size. A long table ends at the size that is asked for.
    """
    return size if size >= MIN_SEPARATE_SIZE else (1 << size.bit_length()) - 1


def convex_minorant(table: np.ndarray) -> np.ndarray:
    """Return the greatest convex function that is nowhere above the table, as float64."""
    values = table.tolist()
    corners: list[int] = []
    for k, value in enumerate(values):
        while len(corners) > 1 and _is_above_chord(corners[-2], corners[-1], k, values, value):
            corners.pop()
        corners.append(k)
    minorant: np.ndarray = np.interp(np.arange(len(values)), corners, table[corners])
    return minorant


def _is_above_chord(one: int, between: int, other: int, values: list[int], value: int) -> bool:
    rise = (values[between] - values[one]) * (other - one)
    return rise >= (value - values[one]) * (between - one)


def _bound_between(
    left: np.ndarray, right: np.ndarray, first: np.ndarray, last: np.ndarray, total: np.ndarray
) -> np.ndarray:
    low_left, low_right = convex_minorant(left), convex_minorant(right)
    excess = (left - low_left).max() + (right - low_right).max()
    ends = [low_left[k] + low_right[total - k] for k in (first, last)]
    bound: np.ndarray = np.floor(np.maximum(*ends) + excess + 1e-3).astype(np.int64)
    return bound
