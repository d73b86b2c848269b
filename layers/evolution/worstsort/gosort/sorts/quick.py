"""`sort.Sort` of Go 1.12 to 1.18: quicksort after Bentley and McIlroy, with heapsort as a fallback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.gosort.go_calls import SORT
from worstsort.gosort.operations.blocks import get, put
from worstsort.gosort.sorts import quick_fast, quick_steps
from worstsort.gosort.sorts.heap import heap_sort
from worstsort.gosort.target import Target

if TYPE_CHECKING:
    from worstsort.gosort.operations.blocks import Scratch
    from worstsort.gosort.operations.compare import Adversary, Data, Work

MAX_INSERTION_ITEMS = 12
"""The longest segment that a shell pass and insertion sort finish."""


def sort(data: Data, work: Work, game: Adversary | None, scratch: Scratch | None) -> None:
    """Sort all of `data` (`quickSort` in sort.go; where it recurses, a stack holds the larger part here).

    Given scratch, it only counts, and leaves short segments as they are.
    """
    start, end, depth = 0, len(data), depth_limit(len(data))
    top = 1
    while True:
        if end - start > MAX_INSERTION_ITEMS and depth > 0:
            depth -= 1
            if scratch is None:
                left, right = quick_steps.partition(data, work, game, start, end)
            else:
                left, right = quick_fast.partition(data, work, scratch, start, end)
            if left - start < end - right:
                larger_start, larger_end, end = right, end, left
            else:
                larger_start, larger_end, start = start, left, right
            put(work, top, larger_start)
            put(work, top + 1, larger_end)
            put(work, top + 2, depth)
            top += 3
            continue
        if end - start > MAX_INSERTION_ITEMS:
            heap_sort(data, work, game, scratch, start, end)
        elif scratch is None:
            quick_steps.shell_insertion(data, work, game, start, end)
        else:
            work[0] += quick_fast.short_segment_cost(data, start, end)
        if top == 1:
            return
        top -= 3
        start, end, depth = get(work, top), get(work, top + 1), get(work, top + 2)


def depth_limit(size: int) -> int:
    """Return the depth at which heapsort takes over: 2 * ceil(lg(size + 1)) (`maxDepth`)."""
    depth = 0
    while size > 0:
        depth += 2
        size >>= 1
    return depth


TARGETS = (
    Target(
        name="go1.12",
        function=SORT,
        versions="Go 1.12 to 1.18",
        source="src/sort/sort.go, quickSort",
        evidence="counts of gccgo-12 12.2.0, whose library is Go 1.18's; quickSort is the same from 1.12 on",
        sort=sort,
        has_fast_form=True,
    ),
)
