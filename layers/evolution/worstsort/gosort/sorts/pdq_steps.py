"""The steps of Go's pattern-defeating quicksort, one comparison at a time."""

from __future__ import annotations

from worstsort.gosort.operations.compare import Adversary, Data, Work, less, swap

MIN_NINTHER_ITEMS = 50
"""The shortest segment that takes the median of three medians, and that `partial_insertion_sort` may shift items in."""

UNKNOWN, INCREASING, DECREASING = 0, 1, 2
"""What the choice of the pivot hints at: the order of the segment."""


def bit_length(number: int) -> int:
    """Return the number of bits of a non-negative number (`bits.Len`)."""
    bits = 0
    while number > 0:
        bits += 1
        number >>= 1
    return bits


def partition(data: Data, work: Work, game: Adversary | None, start: int, end: int, pivot: int) -> tuple[int, bool]:
    """Move smaller items before the pivot; return its place and whether nothing had to move."""
    swap(data, start, pivot)
    i, j = start + 1, end - 1
    moved = False
    while True:
        while i <= j and less(data, work, game, i, start):
            i += 1
        while i <= j and not less(data, work, game, j, start):
            j -= 1
        if i > j:
            break
        swap(data, i, j)
        moved = True
        i += 1
        j -= 1
    swap(data, j, start)
    return j, not moved


def partition_equal(data: Data, work: Work, game: Adversary | None, start: int, end: int, pivot: int) -> int:
    """Move the copies of the smallest item, the pivot, to the front; return where the larger items begin."""
    swap(data, start, pivot)
    i, j = start + 1, end - 1
    while True:
        while i <= j and not less(data, work, game, start, i):
            i += 1
        while i <= j and less(data, work, game, start, j):
            j -= 1
        if i > j:
            return i
        swap(data, i, j)
        i += 1
        j -= 1


def partial_insertion_sort(data: Data, work: Work, game: Adversary | None, start: int, end: int) -> bool:
    """Mend at most five pairs that are out of order (`partialInsertionSort`); return whether the segment is sorted.

    Shifting to the left stops at position 1 of the whole data, not of the segment, as it does in Go.
    """
    i = start + 1
    for _ in range(5):
        while i < end and not less(data, work, game, i, i - 1):
            i += 1
        if i == end:
            return True
        if end - start < MIN_NINTHER_ITEMS:
            return False
        swap(data, i, i - 1)
        if i - start >= 2:
            j = i - 1
            while j >= 1 and less(data, work, game, j, j - 1):
                swap(data, j, j - 1)
                j -= 1
        if end - i >= 2:
            j = i + 1
            while j < end and less(data, work, game, j, j - 1):
                swap(data, j, j - 1)
                j += 1
    return False


def break_patterns(data: Data, start: int, end: int, right: int, left: int) -> None:
    """Swap three items from the middle of a segment to places drawn by an xorshift with these two last shifts."""
    size = end - start
    random = size
    mask = (1 << bit_length(size)) - 1
    first = start + (size // 4) * 2 - 1
    for position in range(first, first + 3):
        random = xorshift(random, right, left)
        other = random & mask
        if other >= size:
            other -= size
        swap(data, position, start + other)


def xorshift(number: int, right: int, left: int) -> int:
    """Step a 64-bit xorshift; the masks make Python's long integers and Numba's signed ones agree on the bits."""
    number ^= (number & ((1 << 51) - 1)) << 13
    number ^= (number >> right) & ((1 << (64 - right)) - 1)
    number ^= (number & ((1 << (64 - left)) - 1)) << left
    return number


def choose_pivot(data: Data, work: Work, game: Adversary | None, start: int, end: int) -> tuple[int, int]:
    """Choose a pivot, the median of three or of nine, and return what order the swaps hint at."""
    size = end - start
    i, j, k = start + size // 4, start + size // 4 * 2, start + size // 4 * 3
    swaps = 0
    if size >= MIN_NINTHER_ITEMS:
        i, swaps = median(data, work, game, i - 1, i, i + 1, swaps)
        j, swaps = median(data, work, game, j - 1, j, j + 1, swaps)
        k, swaps = median(data, work, game, k - 1, k, k + 1, swaps)
    j, swaps = median(data, work, game, i, j, k, swaps)
    if swaps == 0:
        return j, INCREASING
    if swaps == 12:
        return j, DECREASING
    return j, UNKNOWN


def median(data: Data, work: Work, game: Adversary | None, a: int, b: int, c: int, swaps: int) -> tuple[int, int]:
    """Find which of three positions holds the median, and add how many pairs were out of order."""
    if less(data, work, game, b, a):
        a, b = b, a
        swaps += 1
    if less(data, work, game, c, b):
        b, c = c, b
        swaps += 1
    if less(data, work, game, b, a):
        a, b = b, a
        swaps += 1
    return b, swaps


def reverse(data: Data, start: int, end: int) -> None:
    """Reverse a segment."""
    i, j = start, end - 1
    while i < j:
        swap(data, i, j)
        i += 1
        j -= 1
