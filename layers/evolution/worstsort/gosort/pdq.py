"""`sort.Sort` of Go 1.19 and newer: pattern-defeating quicksort after O. Peters (arXiv:2106.05123)."""

from __future__ import annotations

from .compare import Data, Game, Work, less, swap
from .heap import heap_sort
from .insertion import insertion_sort
from .target import Target

SHORT = 12  # segments of at most so many items are finished by insertion sort
NINTHER = 50  # segments of at least so many take the median of three medians, and may be mended by shifting
UNKNOWN, INCREASING, DECREASING = 0, 1, 2  # what the choice of the pivot says about the order


def sort_go119(data: Data, work: Work, game: Game | None) -> None:
    """Sort all of `data` as Go 1.19 to 1.23 do (zsortinterface.go; xorshift 13, 17, 5 in sort.go)."""
    pdq_sort(data, work, game, 17, 5)


def sort_go124(data: Data, work: Work, game: Game | None) -> None:
    """Sort all of `data` as Go 1.24 and newer do (zsortinterface.go; xorshift 13, 7, 17 in sort.go)."""
    pdq_sort(data, work, game, 7, 17)


def bit_length(number: int) -> int:
    """Count the bits of a number that is not negative (`bits.Len`)."""
    bits = 0
    while number > 0:
        bits += 1
        number >>= 1
    return bits


def pdq_sort(data: Data, work: Work, game: Game | None, right: int, left: int) -> None:
    """Sort all of `data` (`pdqsort`; its recursion into the smaller part is a stack of the larger ones here)."""
    start, end, limit = 0, len(data), bit_length(len(data))
    balanced = partitioned = True
    top = 1
    while True:
        done = True
        if end - start <= SHORT:
            insertion_sort(data, work, game, start, end)
        elif limit == 0:
            heap_sort(data, work, game, start, end)
        else:
            if not balanced:
                break_patterns(data, start, end, right, left)
                limit -= 1
            done, middle, rest, in_order = divide(data, work, game, start, end, balanced and partitioned)
            if not done and middle == rest:
                start = rest
                continue
            partitioned = in_order
        if done:
            if top == 1:
                return
            top -= 5
            start, end, limit = work[top], work[top + 1], work[top + 2]
            balanced, partitioned = work[top + 3] != 0, work[top + 4] != 0
            continue
        balanced = min(middle - start, end - middle) >= (end - start) // 8
        if middle - start < end - middle:
            larger_start, larger_end, end = rest, end, middle
        else:
            larger_start, larger_end, start = start, middle, rest
        work[top], work[top + 1], work[top + 2] = larger_start, larger_end, limit
        work[top + 3], work[top + 4] = int(balanced), int(partitioned)
        top += 5
        balanced = partitioned = True


def divide(
    data: Data, work: Work, game: Game | None, start: int, end: int, well_so_far: bool
) -> tuple[bool, int, int, bool]:
    """Take one step on a long segment: (sorted?, end of the left part, start of the right part, was it partitioned before?).

    The two parts meet where the segment was found to begin with copies of the item before it: only the right one is left then.
    """
    pivot, hint = choose_pivot(data, work, game, start, end)
    if hint == DECREASING:
        reverse(data, start, end)
        pivot = (end - 1) - (pivot - start)
        hint = INCREASING
    if well_so_far and hint == INCREASING and mend_by_shifting(data, work, game, start, end):
        return True, 0, 0, True
    if start > 0 and not less(data, work, game, start - 1, pivot):
        rest = partition_equal(data, work, game, start, end, pivot)
        return False, rest, rest, True
    middle, partitioned = partition(data, work, game, start, end, pivot)
    return False, middle, middle + 1, partitioned


def partition(data: Data, work: Work, game: Game | None, start: int, end: int, pivot: int) -> tuple[int, bool]:
    """Move what is smaller than the pivot before it, the rest behind; return its place and whether nothing had to move."""
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


def partition_equal(data: Data, work: Work, game: Game | None, start: int, end: int, pivot: int) -> int:
    """Move the copies of the pivot to the front, where nothing is smaller than it; return where the larger items begin."""
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


def mend_by_shifting(data: Data, work: Work, game: Game | None, start: int, end: int) -> bool:
    """Put at most five misplaced neighbours right (`partialInsertionSort`); return whether the segment is sorted then.

    Shifting to the left stops at position 1 of the whole data, not of the segment: that is how Go does it.
    """
    i = start + 1
    for _ in range(5):
        while i < end and not less(data, work, game, i, i - 1):
            i += 1
        if i == end:
            return True
        if end - start < NINTHER:
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
    """Swap three items from the middle of a segment to places that a xorshift with these two last shifts names."""
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


def choose_pivot(data: Data, work: Work, game: Game | None, start: int, end: int) -> tuple[int, int]:
    """Choose a pivot: the median of three, or of nine in a long segment; and say what order the swaps for it hint at."""
    size = end - start
    i, j, k = start + size // 4, start + size // 4 * 2, start + size // 4 * 3
    swaps = 0
    if size >= NINTHER:
        i, swaps = median(data, work, game, i - 1, i, i + 1, swaps)
        j, swaps = median(data, work, game, j - 1, j, j + 1, swaps)
        k, swaps = median(data, work, game, k - 1, k, k + 1, swaps)
    j, swaps = median(data, work, game, i, j, k, swaps)
    if swaps == 0:
        return j, INCREASING
    if swaps == 12:
        return j, DECREASING
    return j, UNKNOWN


def median(data: Data, work: Work, game: Game | None, a: int, b: int, c: int, swaps: int) -> tuple[int, int]:
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
    """Turn a segment around."""
    i, j = start, end - 1
    while i < j:
        swap(data, i, j)
        i += 1
        j -= 1


TARGETS = (
    Target(
        name="go1.19",
        versions="Go 1.19 to 1.23",
        source="src/sort/zsortinterface.go, pdqsort; src/sort/sort.go, xorshift",
        evidence="counts of Go 1.19.8, equal to those of 1.21.13 and 1.23.9",
        sort=sort_go119,
    ),
    Target(
        name="pdqsort",
        versions="Go 1.24 and newer",
        source="src/sort/zsortinterface.go, pdqsort; src/sort/sort.go, xorshift",
        evidence="counts of Go 1.27.3, equal to those of 1.24.3",
        sort=sort_go124,
    ),
)
