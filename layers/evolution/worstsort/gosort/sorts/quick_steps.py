"""The steps of Go 1.12's quicksort, one comparison at a time."""

from __future__ import annotations

from worstsort.gosort.operations.compare import Adversary, Data, Work, less, swap
from worstsort.gosort.sorts.insertion import insertion_sort

MAX_SINGLE_MEDIAN_ITEMS = 40
"""The longest segment whose pivot is a single median of three; longer ones take the median of three medians."""


def shell_insertion(data: Data, work: Work, game: Adversary | None, start: int, end: int) -> None:
    """Finish a short segment: one shell pass with gap 6, then insertion sort."""
    if end - start < 2:
        return
    for i in range(start + 6, end):
        if less(data, work, game, i, i - 6):
            swap(data, i, i - 6)
    insertion_sort(data, work, game, start, end)


def median_to_first(data: Data, work: Work, game: Adversary | None, one: int, zero: int, two: int) -> None:
    """Order three positions so that the median ends at position `one` (`medianOfThree`)."""
    if less(data, work, game, one, zero):
        swap(data, one, zero)
    if less(data, work, game, two, one):
        swap(data, two, one)
        if less(data, work, game, one, zero):
            swap(data, one, zero)


def choose_pivot(data: Data, work: Work, game: Adversary | None, start: int, end: int) -> None:
    """Bring the pivot to position `start`: a median of three, or of nine in a long segment."""
    middle = (start + end) >> 1
    if end - start > MAX_SINGLE_MEDIAN_ITEMS:
        step = (end - start) // 8
        median_to_first(data, work, game, start, start + step, start + 2 * step)
        median_to_first(data, work, game, middle, middle - step, middle + step)
        median_to_first(data, work, game, end - 1, end - 1 - step, end - 1 - 2 * step)
    median_to_first(data, work, game, start, middle, end - 1)


def partition(data: Data, work: Work, game: Adversary | None, start: int, end: int) -> tuple[int, int]:
    """Partition start..end-1 around a pivot; everything between the two returned positions equals it (`doPivot`)."""
    choose_pivot(data, work, game, start, end)
    a, c = start + 1, end - 1
    while a < c and less(data, work, game, a, start):
        a += 1
    b = a
    while True:
        while b < c and not less(data, work, game, start, b):
            b += 1
        while b < c and less(data, work, game, start, c - 1):
            c -= 1
        if b >= c:
            break
        swap(data, b, c - 1)
        b += 1
        c -= 1
    b, c, many_equal = probe_equals(data, work, game, start, end, b, c)
    if many_equal:
        b = gather_equals(data, work, game, start, a, b)
    swap(data, start, b - 1)
    return b - 1, c


def probe_equals(
    data: Data, work: Work, game: Adversary | None, start: int, end: int, b: int, c: int
) -> tuple[int, int, bool]:
    """Probe three items for copies of the pivot if the split is lopsided; return whether many are to be expected."""
    if end - c < 5:
        return b, c, True
    if end - c >= (end - start) // 4:
        return b, c, False
    equal = 0
    if not less(data, work, game, start, end - 1):
        swap(data, c, end - 1)
        c += 1
        equal += 1
    if not less(data, work, game, b - 1, start):
        b -= 1
        equal += 1
    middle = (start + end) >> 1
    if not less(data, work, game, middle, start):
        swap(data, middle, b - 1)
        b -= 1
        equal += 1
    return b, c, equal > 1


def gather_equals(data: Data, work: Work, game: Adversary | None, start: int, a: int, b: int) -> int:
    """Move the copies of the pivot among positions a..b-1 to their end; return where they begin."""
    while True:
        while a < b and not less(data, work, game, b - 1, start):
            b -= 1
        while a < b and less(data, work, game, a, start):
            a += 1
        if a >= b:
            return b
        swap(data, a, b - 1)
        a += 1
        b -= 1
