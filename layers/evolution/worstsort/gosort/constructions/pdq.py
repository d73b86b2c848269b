"""Builds inputs on which pdqsort mends nearly every segment in vain, the costliest thing that it can be made to do.

`partialInsertionSort` costs up to six comparisons per item and may be tried after every balanced partition that moved
nothing. So the samples for the pivot come in order, shifted items go all the way to an end of the segment, and the
partition finds its items on the right sides already. Every answer that does not follow from earlier ones serves that
aim.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from worstsort.gosort.adversaries.answers import linear_extension, plain_order
from worstsort.gosort.constructions.pdq_plan import AT_THE_MIDDLE, Splits, plan_splits
from worstsort.gosort.operations.compare import WORK_SIZE
from worstsort.gosort.operations.partial_order import Order, ask, start_order
from worstsort.gosort.sorts import pdq_steps
from worstsort.gosort.sorts.heap import heap_sort
from worstsort.gosort.sorts.insertion import insertion_sort
from worstsort.gosort.sorts.pdq import MAX_INSERTION_ITEMS, pdq_sort
from worstsort.gosort.sorts.pdq_steps import DECREASING, INCREASING

YES, NO = range(1, 1 << 62), range(0)
"""Endless answers: the first item is smaller, or it is not."""


VARIANTS = [(caution, shift) for caution in (1.0, 0.95) for shift in (0, 1, 3, 5)]
"""What is tried: the caution of `plan_splits`, and how many more items the smaller part of a mended segment gets."""

MAX_TRIED_SIZE = 1_000
"""Larger inputs are built once, with (0.95, 0): a variant takes 0.4 CPU seconds at 1,000 items, 3 at 3,000."""


def mended_in_vain(size: int, right: int, left: int) -> list[int]:
    """Return a permutation of 0..size-1 for the pdqsort whose xorshift has these two last shifts.

    It is the costliest of a few variants. Which one that is depends on how the places of the samples in smaller
    segments coincide with those in larger ones.
    """
    variants = VARIANTS if size <= MAX_TRIED_SIZE else [(0.95, 0)]
    inputs = [build(size, (right, left), caution, shift) for caution, shift in variants]
    return max(inputs, key=lambda values: _cost(values, right, left))


def build(size: int, shuffle: tuple[int, int], caution: float, shift: int) -> list[int]:
    """Answer all comparisons of one sort; return an input that agrees with the answers."""
    killer = _Killer(plain_order(size), plan_splits(size, caution), shift, shuffle, list(range(size)))
    start_order(killer.data, killer.order)
    killer.sort(0, size, pdq_steps.bit_length(size))
    return linear_extension(killer.order)


def _cost(values: list[int], right: int, left: int) -> int:
    work = [0] * WORK_SIZE
    pdq_sort(values.copy(), work, None, None, right, left)
    return work[0]


@dataclass(frozen=True)
class _Killer:
    """Pdqsort as in `sorts.pdq`, in which each step gets the answers that suit its purpose.

    Attributes:
        order: What the answers so far imply.
        plan: The split to aim at, by limit and size.
        shift: How many more items the smaller part of a mended segment gets.
        shuffle: The xorshift's last shifts, right and left.
        data: The items' numbers in their present places.
        work: The count and the stack of a sort.
    """

    order: Order
    plan: list[Splits]
    shift: int
    shuffle: tuple[int, int]
    data: list[int]
    work: list[int] = field(default_factory=lambda: [0] * WORK_SIZE)

    def always(self, answer: range) -> Order:
        """Return the order with this answer to every free comparison."""
        return self.order._replace(answers=answer)

    def sort(self, start: int, end: int, limit: int) -> None:
        """Sort a fresh segment (`pdqsort`)."""
        balanced = partitioned = True
        while end - start > MAX_INSERTION_ITEMS and limit > 0:
            if not balanced:
                pdq_steps.break_patterns(self.data, start, end, *self.shuffle)
                limit -= 1
            pivot, hint = self.choose_pivot(start, end)
            mend = balanced and partitioned and hint == INCREASING
            if mend and pdq_steps.partial_insertion_sort(self.data, self.work, self.always(YES), start, end):
                return
            middle, partitioned = self.split(start, end, pivot, self.smaller_items(end - start, limit, mended=mend))
            balanced = min(middle - start, end - middle) >= (end - start) // 8
            if middle - start < end - middle:
                self.sort(start, middle, limit)
                start = middle + 1
            else:
                self.sort(middle + 1, end, limit)
                end = middle
        finish = insertion_sort if end - start <= MAX_INSERTION_ITEMS else _heap_sort
        finish(self.data, self.work, self.always(YES), start, end)

    def choose_pivot(self, start: int, end: int) -> tuple[int, int]:
        """Choose the pivot, with the samples already in order."""
        pivot, hint = pdq_steps.choose_pivot(self.data, self.work, self.always(NO), start, end)
        if hint != DECREASING:
            return pivot, hint
        pdq_steps.reverse(self.data, start, end)
        return end - 1 - (pivot - start), INCREASING

    def smaller_items(self, size: int, limit: int, *, mended: bool) -> int:
        """Return how many items should be smaller than the pivot, so that the larger part lies left of it."""
        splits = self.plan[limit]
        if mended:
            return max(size - 1 - int(splits.mended[size]) - self.shift, size // 2)
        fewer = int(splits.unmended[size])
        return size // 4 * 2 if fewer == AT_THE_MIDDLE else size - 1 - fewer

    def split(self, start: int, end: int, pivot: int, smaller: int) -> tuple[int, bool]:
        """Make the first `smaller` items smaller than the pivot and the others larger; return what `partition` does."""
        data, by = self.data, self.data[pivot]
        others = [data[start] if place == pivot else data[place] for place in range(start + 1, end)]
        if start > 0:
            ask(self.always(YES), data[start - 1], by)
        for number, item in enumerate(others):
            ask(self.always(YES if number < smaller else NO), item, by)
        return pdq_steps.partition(data, self.work, self.order, start, end, pivot)


def _heap_sort(data: list[int], work: list[int], order: Order, start: int, end: int) -> None:
    heap_sort(data, work, order, None, start, end)
