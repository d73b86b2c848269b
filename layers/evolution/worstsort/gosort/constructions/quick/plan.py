"""Which parts the partitions of Go 1.12's quicksort should leave: the best plans of a small dynamic program.

The costs are those of lemmas Q2 and Q3 of docs/bounds.md. Of all splits, the best plans use only three: two items right
of the pivot in segments with a single median, three or four in longer ones. Each uses up one of the depth.
"""

from __future__ import annotations

from functools import cache
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from worstsort.gosort.bounds import heap
from worstsort.gosort.bounds.exact import PROVEN_MAXIMA
from worstsort.gosort.sorts.quick import MAX_INSERTION_ITEMS, depth_limit
from worstsort.gosort.sorts.quick_steps import MAX_SINGLE_MEDIAN_ITEMS

if TYPE_CHECKING:
    from collections.abc import Iterator


class Step(NamedTuple):
    """A partition of `size` items that leaves `right` of them right of the pivot."""

    size: int
    right: int

    @property
    def left(self) -> int:
        """How many items it leaves left of the pivot."""
        return self.size - 1 - self.right


class Plan(NamedTuple):
    """What a sort should do.

    Attributes:
        comparisons: What it costs then.
        steps: The partitions, from the whole input on, each of the left part of the one before.
        base: How many items the last one leaves on its left, for heapsort or insertion sort.
    """

    comparisons: int
    steps: tuple[Step, ...]
    base: int


def plans(size: int) -> Iterator[Plan]:
    """Yield plans for `size` items, the costliest first."""
    depth = depth_limit(size)
    waiting: list[tuple[int, int, int, tuple[Step, ...]]] = [(-_most(size, depth), size, depth, ())]
    while waiting:
        cost, rest, left_depth, steps = heappop(waiting)
        if _is_base(rest, left_depth):
            yield Plan(-cost, steps, rest)
            continue
        for step in _choices(rest):
            lost = _most(rest, left_depth) - step_cost(step) - _most(step.left, left_depth - 1)
            heappush(waiting, (cost + lost, step.left, left_depth - 1, (*steps, step)))


def step_cost(step: Step) -> int:
    """Return what a partition costs with the choice of its pivot and the sorting of its right part."""
    size, right = step
    if size <= MAX_SINGLE_MEDIAN_ITEMS:
        choice, scan = 3, 2 * size - 3
    else:
        choice, scan = 12, 2 * size - 5 if right == 4 else 2 * size - 3 - 2 * (size // 8)
    return choice + scan + right * (right - 1) // 2


def _choices(size: int) -> list[Step]:
    return [Step(size, right) for right in ((2,) if size <= MAX_SINGLE_MEDIAN_ITEMS else (3, 4))]


def _is_base(size: int, depth: int) -> bool:
    return size <= MAX_INSERTION_ITEMS or depth == 0


@cache
def _most(size: int, depth: int) -> int:
    """Return what the best plan for a segment costs."""
    if size <= MAX_INSERTION_ITEMS:
        return PROVEN_MAXIMA["go1.12"][size]
    if depth == 0:
        return heap.maximum(size)
    return max(step_cost(step) + _most(step.left, depth - 1) for step in _choices(size))
