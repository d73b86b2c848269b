"""What Go's heapsort costs at most: a bound for all inputs, and the exact maximum of distinct items.

The bound, by lemmas H1 and H2 of docs/bounds.md, lets every item sink along the costliest path. It depends only on the
shape of the heap, so it holds for ties as well. The maximum is a theorem of M. A. Suchenek's.
"""

from __future__ import annotations

import numpy as np


def bounds_by_size(size: int) -> np.ndarray:
    """Bound heapsort's comparisons for each size from 0 to `size`; int64, shape (size + 1,)."""
    building, removing = np.zeros(size + 1, np.int64), np.zeros(size + 1, np.int64)
    for items in range(2, size + 1):
        building[items] = 2 * items - 2 * items.bit_count() - trailing_zeros(items)
        removing[items] = removing[items - 1] + costliest_descent(items - 1)
    return building + removing


def maximum(size: int) -> int:
    """Return the most comparisons that heapsort makes on `size` distinct items.

    M. A. Suchenek, A Complete Worst-Case Analysis of Heapsort, 2015, arXiv:1504.01459. He takes the sum of all descents
    and what no order of distinct items can reach of it: one comparison per level but two, and one near a full level.
    """
    if size < 2:
        return 0
    building = 2 * size - 2 * size.bit_count() - trailing_zeros(size)
    levels = (size - 1).bit_length() - 1
    # Descents from the root of 1 to size - 1 items: two per level, and one less for each new level below the first.
    removing = 2 * sum(level << level for level in range(levels)) + 2 * levels * (size - (1 << levels)) - levels
    nearly_full = size <= (1 << (size - 1).bit_length()) - 4
    return building + removing - (levels - min(levels, 2) - nearly_full)


def maxima_by_size(size: int) -> np.ndarray:
    """Return heapsort's maximum on distinct items for each size from 0 to `size`; int64, shape (size + 1,)."""
    return np.array([maximum(items) for items in range(size + 1)], np.int64)


def costliest_descent(size: int) -> int:
    """Return the most comparisons of an item that sinks from the root of a heap of `size` items.

    Two for each level below the root, less one where the lowest level is a single item, an only child.
    """
    levels = size.bit_length() - 1
    return max(2 * levels - int(size == 1 << levels), 0)


def trailing_zeros(number: int) -> int:
    """Return the number of trailing zeros of a positive number in binary."""
    return (number & -number).bit_length() - 1
