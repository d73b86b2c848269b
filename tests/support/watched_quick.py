"""Quicksort of Go 1.12 that holds each segment against its bound, and each partition against the sizes of its parts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from worstsort.gosort.bounds import quick as bounds
from worstsort.gosort.sorts import quick_steps
from worstsort.gosort.sorts.heap import heap_sort
from worstsort.gosort.sorts.quick import MAX_INSERTION_ITEMS, depth_limit

if TYPE_CHECKING:
    import numpy as np

    from tests.support.watch import Watch

LONGEST_WATCHED = 255
"""The longest input whose segments are compared with the tables."""


@cache
def tables(*, distinct: bool) -> list[np.ndarray]:
    """Return the bounds for each depth."""
    return list(bounds.tables_by_depth(LONGEST_WATCHED, distinct=distinct))


def watch_whole(values: list[int], watch: Watch, *, distinct: bool, depth: int | None = None) -> int:
    """Sort a whole input, with less depth than Go allows it if `depth` says so; return its comparisons."""
    work = [0]
    depth = depth_limit(len(values)) if depth is None else depth
    _sort(values.copy(), work, watch, 0, len(values), depth, distinct=distinct)
    return work[0]


def _sort(data: list[int], work: list[int], watch: Watch, start: int, end: int, depth: int, *, distinct: bool) -> None:
    before, size = work[0], end - start
    if size <= MAX_INSERTION_ITEMS:
        quick_steps.shell_insertion(data, work, None, start, end)
    elif depth == 0:
        heap_sort(data, work, None, None, start, end)
        watch.at_most("heapsort", work[0] - before, tables(distinct=distinct)[0][size])
    else:
        left, right = quick_steps.partition(data, work, None, start, end)
        fewest = 3 if size > quick_steps.MAX_SINGLE_MEDIAN_ITEMS else 1
        if end - right >= max(5, size // 4):
            watch.at_least("left part", left - start, fewest)
        for begin, stop in ((start, left), (right, end)):
            _sort(data, work, watch, begin, stop, depth - 1, distinct=distinct)
        watch.at_most("table", work[0] - before, tables(distinct=distinct)[depth][size])
