"""The heapsort inside `sort.Sort`: what Go falls back to, and a target of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.gosort.operations.compare import Adversary, Data, Work, less, swap
from worstsort.gosort.sorts import heap_fast
from worstsort.gosort.target import Target

if TYPE_CHECKING:
    from worstsort.gosort.operations.blocks import Scratch


def heap_sort(data: Data, work: Work, game: Adversary | None, scratch: Scratch | None, start: int, end: int) -> None:
    """Sort positions start..end-1 (`heapSort`, equal in all versions of Go); given scratch, only count."""
    if scratch is not None:
        work[0] += heap_fast.heap_cost(data, scratch, start, end)
        return
    size = end - start
    for root in range((size - 1) // 2, -1, -1):
        sift_down(data, work, game, start, root, size)
    for last in range(size - 1, -1, -1):
        swap(data, start, start + last)
        sift_down(data, work, game, start, 0, last)


def sift_down(data: Data, work: Work, game: Adversary | None, start: int, root: int, size: int) -> None:
    """Let the item at `root` sink to its place in the heap of `size` items that begins at position `start`."""
    child = 2 * root + 1
    while child < size:
        if child + 1 < size:
            child += int(less(data, work, game, start + child, start + child + 1))
        if not less(data, work, game, start + root, start + child):
            return
        swap(data, start + root, start + child)
        root, child = child, 2 * child + 1


def sort(data: Data, work: Work, game: Adversary | None, scratch: Scratch | None) -> None:
    """Sort all of `data` by heapsort; given scratch, only count."""
    heap_sort(data, work, game, scratch, 0, len(data))


TARGETS = (
    Target(
        name="heapsort",
        function="the heapsort inside sort.Sort",
        versions="all",
        source="src/sort/zsortinterface.go, heapSort (sort.go before Go 1.19)",
        evidence="counts of Go 1.27.3, taken through linkname; Go 1.19.8 and gccgo-12 make the same",
        sort=sort,
        has_fast_form=True,
    ),
)
