"""`sort.Stable`: insertion-sorted blocks, merged in place by SymMerge (P.-S. Kim and A. Kutzner, ESA 2004)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.gosort.go_calls import STABLE
from worstsort.gosort.operations.compare import Adversary, Data, Work, less, swap
from worstsort.gosort.sorts.insertion import insertion_sort
from worstsort.gosort.target import Target

if TYPE_CHECKING:
    from worstsort.gosort.operations.blocks import Scratch

INSERTION_BLOCK_ITEMS = 20


def sort(data: Data, work: Work, game: Adversary | None, _scratch: Scratch | None) -> None:
    """Sort all of `data`, equal items in their original order (`stable` in Go's sort package, all versions)."""
    size = len(data)
    for start in range(0, size, INSERTION_BLOCK_ITEMS):
        insertion_sort(data, work, game, start, min(start + INSERTION_BLOCK_ITEMS, size))
    block = INSERTION_BLOCK_ITEMS
    while block < size:
        for start in range(0, size - block, 2 * block):
            merge(data, work, game, start, start + block, min(start + 2 * block, size))
        block *= 2


def merge(data: Data, work: Work, game: Adversary | None, start: int, middle: int, end: int) -> None:
    """Merge two sorted neighbours (`symMerge`; the second of its two recursive calls waits on a stack)."""
    top = 1
    while True:
        if middle - start == 1:
            insert_first(data, work, game, start, middle, end)
        elif end - middle == 1:
            insert_last(data, work, game, start, middle)
        else:
            half = (start + end) >> 1
            cut, cut_end = split(data, work, game, start, middle, end)
            if cut < middle < cut_end:
                rotate(data, cut, middle, cut_end)
            if half < cut_end < end:
                work[top], work[top + 1], work[top + 2] = half, cut_end, end
                top += 3
            if start < cut < half:
                middle, end = cut, half
                continue
        if top == 1:
            return
        top -= 3
        start, middle, end = work[top], work[top + 1], work[top + 2]


def insert_first(data: Data, work: Work, game: Adversary | None, start: int, middle: int, end: int) -> None:
    """Insert the single item at `start` into the sorted items after it, before its equals."""
    low, high = middle, end
    while low < high:
        probe = (low + high) >> 1
        if less(data, work, game, probe, start):
            low = probe + 1
        else:
            high = probe
    for k in range(start, low - 1):
        swap(data, k, k + 1)


def insert_last(data: Data, work: Work, game: Adversary | None, start: int, middle: int) -> None:
    """Insert the single item at `middle` into the sorted items before it, after its equals."""
    low, high = start, middle
    while low < high:
        probe = (low + high) >> 1
        if not less(data, work, game, middle, probe):
            low = probe + 1
        else:
            high = probe
    for k in range(middle, low, -1):
        swap(data, k, k - 1)


def split(data: Data, work: Work, game: Adversary | None, start: int, middle: int, end: int) -> tuple[int, int]:
    """Find the symmetric cut of two sorted neighbours: the positions between which they are rotated."""
    half = (start + end) >> 1
    total = half + middle
    if middle > half:
        low, high = total - end, half
    else:
        low, high = start, middle
    while low < high:
        probe = (low + high) >> 1
        if not less(data, work, game, total - 1 - probe, probe):
            low = probe + 1
        else:
            high = probe
    return low, total - low


def rotate(data: Data, start: int, middle: int, end: int) -> None:
    """Exchange the blocks start..middle-1 and middle..end-1."""
    i, j = middle - start, end - middle
    while i != j:
        if i > j:
            swap_range(data, middle - i, middle, j)
            i -= j
        else:
            swap_range(data, middle - i, middle + j - i, i)
            j -= i
    swap_range(data, middle - i, middle, i)


def swap_range(data: Data, a: int, b: int, count: int) -> None:
    """Exchange two ranges of `count` items that do not overlap."""
    for k in range(count):
        swap(data, a + k, b + k)


TARGETS = (
    Target(
        name="stable",
        function=STABLE,
        versions="all",
        source="src/sort/zsortinterface.go, stable (sort.go before Go 1.19)",
        evidence="counts of Go 1.27.3; Go 1.19.8 and gccgo-12 make the same",
        sort=sort,
    ),
)
