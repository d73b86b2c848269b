"""`sort.Sort` of Go 1.19 and newer: pattern-defeating quicksort after O. Peters (arXiv:2106.05123)."""

# ruff: noqa: FBT001 - Numba compiles no keyword-only arguments

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from worstsort.gosort.go_calls import SORT
from worstsort.gosort.operations.compare import Adversary, Data, Work, less
from worstsort.gosort.sorts import pdq_fast, pdq_steps
from worstsort.gosort.sorts.heap import heap_sort
from worstsort.gosort.sorts.insertion import insertion_sort
from worstsort.gosort.sorts.pdq_steps import DECREASING, INCREASING
from worstsort.gosort.target import Target

if TYPE_CHECKING:
    from worstsort.gosort.operations.blocks import Scratch

MAX_INSERTION_ITEMS = 12
"""The longest segment that insertion sort finishes."""

XORSHIFT_GO119, XORSHIFT_GO124 = (17, 5), (7, 17)
"""The last two shifts, right and left, of the random numbers that break patterns (`xorshift.Next` in sort.go); the
first is 13, to the left, in both."""


def sort_go119(data: Data, work: Work, game: Adversary | None, scratch: Scratch | None) -> None:
    """Sort all of `data` as Go 1.19 to 1.23 do (zsortinterface.go)."""
    right, left = XORSHIFT_GO119
    pdq_sort(data, work, game, scratch, right, left)


def sort_go124(data: Data, work: Work, game: Adversary | None, scratch: Scratch | None) -> None:
    """Sort all of `data` as Go 1.24 and newer do (zsortinterface.go)."""
    right, left = XORSHIFT_GO124
    pdq_sort(data, work, game, scratch, right, left)


def pdq_sort(data: Data, work: Work, game: Adversary | None, scratch: Scratch | None, right: int, left: int) -> None:
    """Sort all of `data` (`pdqsort`; where it recurses into the smaller part, a stack holds the larger one here)."""
    start, end, limit = 0, len(data), pdq_steps.bit_length(len(data))
    balanced = partitioned = True
    top = 1
    while True:
        done = True
        if end - start <= MAX_INSERTION_ITEMS:
            if scratch is None:
                insertion_sort(data, work, game, start, end)
            else:
                work[0] += pdq_fast.short_segment_cost(data, start, end)
        elif limit == 0:
            heap_sort(data, work, game, scratch, start, end)
        else:
            if not balanced:
                pdq_steps.break_patterns(data, start, end, right, left)
                limit -= 1
            step = divide(data, work, game, scratch, start, end, balanced and partitioned)
            done, middle, rest = step.is_sorted, step.middle, step.rest
            if not done and middle == rest:
                start = rest
                continue
            partitioned = step.was_partitioned
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


class Step(NamedTuple):
    """What one step made of a segment.

    Attributes:
        is_sorted: Nothing is left to do.
        middle: The end of the left part.
        rest: The start of the right part. It equals `middle` where the segment began with copies of the item before it:
            then only the right part is left.
        was_partitioned: Nothing had to be moved.
    """

    is_sorted: bool
    middle: int
    rest: int
    was_partitioned: bool


def divide(
    data: Data, work: Work, game: Adversary | None, scratch: Scratch | None, start: int, end: int, well_so_far: bool
) -> Step:
    """Take one step on a long segment."""
    if scratch is None:
        pivot, hint = pdq_steps.choose_pivot(data, work, game, start, end)
    else:
        pivot, hint = pdq_fast.choose_pivot(data, work, start, end)
    if hint == DECREASING:
        pdq_steps.reverse(data, start, end)
        pivot = (end - 1) - (pivot - start)
        hint = INCREASING
    if well_so_far and hint == INCREASING and pdq_steps.partial_insertion_sort(data, work, game, start, end):
        return Step(True, 0, 0, True)
    if start > 0 and not less(data, work, game, start - 1, pivot):
        if scratch is None:
            rest = pdq_steps.partition_equal(data, work, game, start, end, pivot)
        else:
            rest = pdq_fast.partition_equal(data, work, scratch, start, end, pivot)
        return Step(False, rest, rest, True)
    if scratch is None:
        middle, partitioned = pdq_steps.partition(data, work, game, start, end, pivot)
    else:
        middle, partitioned = pdq_fast.partition(data, work, scratch, start, end, pivot)
    return Step(False, middle, middle + 1, partitioned)


TARGETS = (
    Target(
        name="go1.19",
        function=SORT,
        versions="Go 1.19 to 1.23",
        source="src/sort/zsortinterface.go, pdqsort; src/sort/sort.go, xorshift",
        evidence="counts of Go 1.19.8, equal to those of 1.21.13 and 1.23.9",
        sort=sort_go119,
        has_fast_form=True,
    ),
    Target(
        name="go1.24",
        function=SORT,
        versions="Go 1.24 and newer",
        source="src/sort/zsortinterface.go, pdqsort; src/sort/sort.go, xorshift",
        evidence="counts of Go 1.27.3, equal to those of 1.24.3",
        sort=sort_go124,
        has_fast_form=True,
    ),
)
