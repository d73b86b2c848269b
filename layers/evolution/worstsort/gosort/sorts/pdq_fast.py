"""The fast form of pdqsort's steps: no branch depends on the items, and comparisons are counted by formula."""

from __future__ import annotations

from worstsort.gosort.operations.blocks import Scratch, choose, count_around, get, put, scan_cost, short_cost, split
from worstsort.gosort.operations.compare import Data, Work, swap
from worstsort.gosort.sorts import pdq_steps


def partition(data: Data, work: Work, scratch: Scratch, start: int, end: int, pivot: int) -> tuple[int, bool]:
    """Do what `pdq_steps.partition` does, with the same arrangement and the same number of comparisons."""
    value = get(data, pivot)
    smaller, _ = count_around(data, start, end, value)  # before the swap, for a block just written to is slow to read
    border = start + 1 + smaller
    put(data, pivot, get(data, start))
    pairs = split(data, scratch, start + 1, border, value, False)
    work[0] += scan_cost(scratch, start + 1, end, border, pairs)
    put(data, start, get(data, border - 1))
    put(data, border - 1, value)
    return border - 1, pairs == 0


def partition_equal(data: Data, work: Work, scratch: Scratch, start: int, end: int, pivot: int) -> int:
    """Do what `pdq_steps.partition_equal` does, with the same arrangement and the same number of comparisons."""
    value = get(data, pivot)
    smaller, equal = count_around(data, start, end, value)
    border = start + smaller + equal
    swap(data, start, pivot)
    pairs = split(data, scratch, start + 1, border, value, True)
    work[0] += scan_cost(scratch, start + 1, end, border, pairs)
    return border


def choose_pivot(data: Data, work: Work, start: int, end: int) -> tuple[int, int]:
    """Choose the pivot that `pdq_steps.choose_pivot` does, with the same hint and the same number of comparisons."""
    size = end - start
    i, j, k = start + size // 4, start + size // 4 * 2, start + size // 4 * 3
    swaps = 0
    if size >= pdq_steps.MIN_NINTHER_ITEMS:
        i, swaps = median(data, i - 1, i, i + 1, swaps)
        j, swaps = median(data, j - 1, j, j + 1, swaps)
        k, swaps = median(data, k - 1, k, k + 1, swaps)
        work[0] += 9
    work[0] += 3
    j, swaps = median(data, i, j, k, swaps)
    if swaps == 0:
        return j, pdq_steps.INCREASING
    if swaps == 12:
        return j, pdq_steps.DECREASING
    return j, pdq_steps.UNKNOWN


def median(data: Data, a: int, b: int, c: int, swaps: int) -> tuple[int, int]:
    """Find which of three positions holds the median, and add how many pairs were out of order."""
    first, second, third = get(data, a), get(data, b), get(data, c)
    one = second < first
    low, high = choose(one, second, first), choose(one, first, second)
    low_at, high_at = choose(one, b, a), choose(one, a, b)
    two = third < high
    middle, middle_at = choose(two, third, high), choose(two, c, high_at)
    three = middle < low
    return choose(three, low_at, middle_at), swaps + int(one) + int(two) + int(three)


def short_segment_cost(data: Data, start: int, end: int) -> int:
    """Count the comparisons of insertion sort; the items are not moved, as nothing reads them again."""
    if end - start < 2:
        return 0
    return short_cost(data, start, end - start, False)
