"""Undoing a partition of Go 1.12's quicksort and the choice of its pivot, at full cost.

What is undone is not a list of values but an arrangement of labels. Label k is the k-th item of the base, of unknown
size, or, above the base, the k-th smallest item of all. So an undone step tells which items of the base must be in
order for it: in the group of three whose median is the smallest.
"""

from __future__ import annotations

from functools import cache
from itertools import permutations
from typing import TYPE_CHECKING, NamedTuple

from worstsort.gosort.sorts.insertion import insertion_sort
from worstsort.gosort.sorts.quick_steps import MAX_SINGLE_MEDIAN_ITEMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worstsort.gosort.constructions.quick.plan import Step

LOST_ORDERS = ((2, 1, 0), (1, 2, 0), (2, 0, 1), (0, 2, 1))
"""Orders of (zero, one, two) that cost `medianOfThree` three comparisons: the last of them is not the largest."""


class Arrangement(dict[int, int]):
    """The labels of a segment's items by place, from 0 on; those that are not given are one more than their place."""

    def __missing__(self, place: int) -> int:
        return place + 1

    def exchange(self, one: int, other: int) -> None:
        """Exchange the items at two places."""
        self[one], self[other] = self[other], self[one]


class Group(NamedTuple):
    """The places of a median of three, which Go's `medianOfThree` puts first; it orders them zero, one, two."""

    one: int
    zero: int
    two: int


def groups_of(size: int) -> tuple[Group, ...]:
    """Return the groups whose medians are found first, and at last the group of these medians."""
    step, middle, last = size // 8, size // 2, size - 1
    final = Group(0, middle, last)
    if size <= MAX_SINGLE_MEDIAN_ITEMS:
        return (final,)
    return (
        Group(0, step, 2 * step),
        Group(middle, middle - step, middle + step),
        Group(last, last - step, last - 2 * step),
        final,
    )


@cache
def smallest_groups(step: Step) -> tuple[Group, ...]:
    """Return the groups whose median may be the smallest one, as they are once this median stands in the middle.

    Where three items are larger than the pivot, the first group has one, or the partition costs less.
    """
    middle = step.size // 2
    groups = tuple(Group(middle, group.zero, group.two) for group in groups_of(step.size)[:3])
    return groups[1:] if step.right == 3 else groups


@cache
def partitions(step: Step) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Return the exchanges of all partitions of such a segment that cost what its plan says."""
    full_cost = 2 * step.size - {2: 3, 3: 3 + 2 * (step.size // 8), 4: 5}[step.right]
    runs = (partition(step.size, larger) for larger in _larger_places(step))
    return tuple(swaps for cost, swaps in runs if cost == full_cost)


def partition(size: int, larger: tuple[int, ...]) -> tuple[int, tuple[tuple[int, int], ...]]:
    """Run `doPivot` from the pivot's choice on, at most four items being larger; return its cost and exchanges.

    Args:
        size: Items of the segment.
        larger: The rising places of the items that are larger than the pivot, which stands at place 0.
    """
    inner, end = larger[:-1], size - 1
    begin = inner[0] if inner else end
    cost, place, exchanges = begin - 1 + int(begin < end), begin, []
    while place < end:
        found = min((other for other in inner if place <= other < end), default=end)
        cost, place = cost + found - place + int(found < end), found
        while place < end and end - 1 in inner:
            cost, end = cost + 1, end - 1
        if place < end:
            cost += 1
            exchanges.append((place, end - 1))
            place, end = place + 1, end - 1
    gathering = 1 + end - begin if begin < end else 0
    return cost + gathering, (*exchanges, (0, end - 1))


def _larger_places(step: Step) -> Iterator[tuple[int, ...]]:
    """List where items larger than the pivot may stand: at the end, and in two groups of three behind their medians."""
    size = step.size
    if size <= MAX_SINGLE_MEDIAN_ITEMS:
        yield 1, size - 1
        return
    first, middle, last = (group.two for group in groups_of(size)[:3])
    for pair in ((first, middle), (first, last), (middle, last)):
        if step.right == 3:
            yield (*sorted(pair), size - 1)
        else:
            yield from ((place, *sorted(pair), size - 1) for place in (1, 2))


@cache
def costliest_orders(size: int) -> tuple[tuple[int, ...], ...]:
    """Return the orders of a few items in which insertion sort compares each with each."""
    return tuple(order for order in permutations(range(size)) if _insertion_cost(order) == size * (size - 1) // 2)


def _insertion_cost(order: tuple[int, ...]) -> int:
    work = [0]
    insertion_sort(list(order), work, None, 0, len(order))
    return work[0]


def undo_partition(
    left: Arrangement, step: Step, exchanges: tuple[tuple[int, int], ...], right_order: tuple[int, ...]
) -> Arrangement:
    """Return the segment that such a partition makes into this left part, the pivot and a right part in this order."""
    before = Arrangement(left)
    for place, item in enumerate(right_order, step.left + 1):
        before[place] = step.left + 2 + item
    for one, other in reversed(exchanges):
        before.exchange(one, other)
    return before


def undo_median(arrangement: Arrangement, group: Group, order: tuple[int, ...]) -> None:
    """Put three items, ordered zero, one, two, into another order of theirs."""
    items = arrangement[group.zero], arrangement[group.one], arrangement[group.two]
    for place, rank in zip((group.zero, group.one, group.two), order, strict=True):
        arrangement[place] = items[rank]


def needed_order(arrangement: Arrangement, group: Group, base: int) -> list[tuple[int, int]] | None:
    """Return which labels of the base must be smaller than which for a group to be in order; None if it cannot be."""
    zero, one, two = arrangement[group.zero], arrangement[group.one], arrangement[group.two]
    pairs = (zero, one), (one, two)
    if any(larger <= base < smaller or base < larger < smaller for smaller, larger in pairs):
        return None
    return [(smaller, larger) for smaller, larger in pairs if larger <= base]
