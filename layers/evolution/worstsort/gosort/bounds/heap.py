"""A bound on Go's heapsort: every item sinks along the costliest path.

Lemmas H1 and H2 of docs/bounds.md. They depend only on the shape of the heap, so they hold for ties as well.
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


def costliest_descent(size: int) -> int:
    """Return the most comparisons of an item that sinks from the root of a heap of `size` items.

    Two for each level below the root, less one where the lowest level is a single item, an only child.
    """
    levels = size.bit_length() - 1
    return max(2 * levels - int(size == 1 << levels), 0)


def trailing_zeros(number: int) -> int:
    """Return the number of trailing zeros of a positive number in binary."""
    return (number & -number).bit_length() - 1
