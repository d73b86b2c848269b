"""The fast form of Go 1.12's partition: no branch depends on the items, and comparisons are counted by formula."""

from __future__ import annotations

from worstsort.gosort.operations.blocks import Scratch, choose, count_around, get, put, scan_cost, short_cost, split
from worstsort.gosort.operations.compare import Data, Work, swap
from worstsort.gosort.sorts import quick_steps


def partition(data: Data, work: Work, scratch: Scratch, start: int, end: int) -> tuple[int, int]:
    """Do what `quick_steps.partition` does, with the same arrangement and the same number of comparisons."""
    cost = choose_pivot(data, start, end)
    pivot = get(data, start)
    smaller, equal = count_around(data, start + 1, end - 1, pivot)
    border = start + 1 + smaller + equal
    pairs = split(data, scratch, start + 1, border, pivot, True)
    cost += scan_cost(scratch, start + 1, end - 1, border, pairs)
    first_larger = int(get(scratch.left, 0)) if pairs > 0 else border
    if equal > 0 or get(data, end - 1) == pivot:
        work[0] += cost
        return finish_with_equals(data, work, start, end, border, first_larger)
    cost += int(first_larger < end - 1)
    if end - border < 5:
        cost += border - first_larger + int(first_larger < border)
    elif end - border < (end - start) // 4:
        cost += 3
    work[0] += cost
    put(data, start, get(data, border - 1))
    put(data, border - 1, pivot)
    return border - 1, border


def finish_with_equals(data: Data, work: Work, start: int, end: int, border: int, first_larger: int) -> tuple[int, int]:
    """End a partition among copies of the pivot, step by step as Go does."""
    pivot, first = get(data, start), start + 1
    while first < first_larger and get(data, first) < pivot:
        first += 1
    work[0] += int(first < end - 1)
    left, right, many_equal = quick_steps.probe_equals(data, work, None, start, end, border, border)
    if many_equal:
        left = quick_steps.gather_equals(data, work, None, start, first, left)
    swap(data, start, left - 1)
    return left - 1, right


def choose_pivot(data: Data, start: int, end: int) -> int:
    """Bring the pivot to position `start` as `quick_steps.choose_pivot` does; return the comparisons."""
    middle = (start + end) >> 1
    cost = 0
    if end - start > quick_steps.MAX_SINGLE_MEDIAN_ITEMS:
        step = (end - start) // 8
        cost += order_three(data, start, start + step, start + 2 * step)
        cost += order_three(data, middle, middle - step, middle + step)
        cost += order_three(data, end - 1, end - 1 - step, end - 1 - 2 * step)
    return cost + order_three(data, start, middle, end - 1)


def order_three(data: Data, one: int, zero: int, two: int) -> int:
    """Order three positions so that the median ends at position `one`; return the comparisons."""
    a, b, c = get(data, zero), get(data, one), get(data, two)
    less = b < a
    low, high = choose(less, b, a), choose(less, a, b)
    third = c < high
    middle = choose(third, c, high)
    put(data, two, choose(third, high, c))
    less = middle < low
    put(data, zero, choose(less, middle, low))
    put(data, one, choose(less, low, middle))
    return 2 + int(third)


def short_segment_cost(data: Data, start: int, end: int) -> int:
    """Count the comparisons of `quick_steps.shell_insertion`; the items are not moved, as nothing reads them again."""
    size = end - start
    if size < 2:
        return 0
    return max(size - 6, 0) + short_cost(data, start, size, True)
