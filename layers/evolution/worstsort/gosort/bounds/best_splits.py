"""The best way to split a segment in two, for many sizes at once: the step that every bound on a quicksort repeats.

A larger segment never costs less, so the splits k from a to b cost at most what b items and the rest beside a cost. The
best splits are the lopsided ones. So those near both ends of a range are looked at one by one, and the further a split
is from the ends, the more neighbours it shares one bound with.
"""

from __future__ import annotations

from functools import cache

import numpy as np

EXACT_SHARE = 32
"""A group of splits holds at most this part of its distance from the end: twice as many are looked at one by one."""

MIN_SEPARATE_SIZE = 2048
"""The smallest size with a table of its own; below, one table serves all sizes with the same number of bits."""


def best_splits(
    left: np.ndarray, right: np.ndarray, first: np.ndarray, last: np.ndarray, total: np.ndarray
) -> np.ndarray:
    """Bound max(left[k] + right[total - k] for first <= k <= last) from above, elementwise; int64.

    Exact where a range has at most 4 * EXACT_SHARE splits; -1 where it is empty. The tables must not fall.
    """
    best = np.full(total.shape, -1, dtype=np.int64)
    some = first <= last
    if some.any():
        low, high, sums = first[some], last[some], total[some]
        middle = (low + high) // 2
        from_low = _best_from(left, right, low, middle, sums)
        from_high = _best_from(right, left, sums - high, sums - middle, sums)
        best[some] = np.maximum(from_low, from_high)
    return best


def table_size(size: int) -> int:
    """Return the largest size whose table of bounds holds for `size` as well.

    Go's limits follow from the number of bits of a size. A long table ends at the size that is asked for.
    """
    return size if size >= MIN_SEPARATE_SIZE else (1 << size.bit_length()) - 1


def _best_from(
    near: np.ndarray, other: np.ndarray, first: np.ndarray, last: np.ndarray, total: np.ndarray
) -> np.ndarray:
    """Bound the best split of each range, looking more closely at its beginning."""
    begins, ends = _groups(int((last - first).max()).bit_length(), EXACT_SHARE)
    begin = np.minimum(first[:, None] + begins, last[:, None])
    end = np.minimum(first[:, None] + ends, last[:, None])
    best: np.ndarray = (near[end] + other[total[:, None] - begin]).max(axis=1)
    return best


@cache
def _groups(bits: int, share: int) -> tuple[np.ndarray, np.ndarray]:
    """Return where groups of neighbours begin and end that cover all distances from 0 to 2**bits - 1."""
    begins = [0]
    while begins[-1] < 1 << bits:
        begins.append(begins[-1] + max(1, begins[-1] // share))
    return np.array(begins[:-1]), np.array(begins[1:]) - 1
