"""Pdqsort played against an adversary that follows a plan: a way to build inputs that it mends again and again in vain.

`partialInsertionSort` costs up to six comparisons per item and may be tried after every balanced partition that moved
nothing. So the samples for the pivot come in order, shifted items go all the way to an end of the segment, and the
partition finds its items on the right sides already. Where the segments are split is up to the plan (`plan_genes`).

If the pivot equals the item before the segment, it alone is taken out, the limit stays, and what is left is mended in
vain once more: that is what ties are good for.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from worstsort.gosort.operations.compare import WORK_SIZE, Data, Work, swap
from worstsort.gosort.operations.segment_order import (
    SegmentOrder,
    classify,
    enter,
    has_members_below,
    start_segment_order,
)
from worstsort.gosort.sorts import pdq_steps
from worstsort.gosort.sorts.heap import heap_sort
from worstsort.gosort.sorts.insertion import insertion_sort
from worstsort.gosort.sorts.pdq import MAX_INSERTION_ITEMS
from worstsort.gosort.sorts.pdq_steps import DECREASING, INCREASING
from worstsort.gosort.sorts.plan_genes import Place, Plan, gene_at, larger_part, smaller_items, smaller_part

ENTRY_NUMBERS = 7
"""Numbers of a segment on the stack."""

PLAY_WORK_SIZE = 1 + (WORK_SIZE - 1) // 5 * ENTRY_NUMBERS
"""Numbers: the count and a stack as deep as that of a sort."""

YES, NO = 1, 0
"""Answers to free comparisons: the first item is smaller, or it is not."""


class Play(NamedTuple):
    """All that playing needs besides the data.

    Attributes:
        plan: Where segments are split.
        order: What the answers so far imply.
        tied: For each item whether it equals the item that the sorted order has before it.
        seen: For each block of the plan a bit for every gene that was looked at, never cleared here.
        right: The last shift to the right of the sort's xorshift.
        left: The last shift to the left.
    """

    plan: Plan
    order: SegmentOrder
    tied: Any
    seen: Any
    right: int
    left: int


class Segment(NamedTuple):
    """A segment that is still to be sorted; `balanced` and `partitioned` are what pdqsort knows of it."""

    start: int
    end: int
    limit: int
    balanced: int
    partitioned: int
    place: Place


def play(data: Data, work: Work, game: Play, _scratch: None) -> None:
    """Sort all of `data`, which becomes the items' numbers in the order that the answers imply."""
    start_segment_order(data, game.order)
    for item in range(len(data)):
        game.tied[item] = 0
    play_from(data, work, game, push(work, 1, whole(data)))


def whole(data: Data) -> Segment:
    """Return the segment that a sort begins with."""
    return Segment(0, len(data), pdq_steps.bit_length(len(data)), 1, 1, Place(0, 0))


def play_from(data: Data, work: Work, game: Play, top: int) -> None:
    """Sort all segments on the stack, and add what the sort will compare to the count."""
    while top > 1:
        top -= ENTRY_NUMBERS
        segment = stored(work, top)
        if is_short(segment):
            sort_short(data, work, game, segment)
        else:
            top = divide(data, work, game, segment, top)


def is_short(segment: Segment) -> bool:
    """Return whether a segment is not split any more."""
    return segment.end - segment.start <= MAX_INSERTION_ITEMS or segment.limit == 0


def sort_short(data: Data, work: Work, game: Play, segment: Segment) -> None:
    """Sort a segment that is not split, with answers that take long."""
    enter(data, game.order, segment.start, segment.end)
    game.order.answer[0] = YES
    if segment.end - segment.start <= MAX_INSERTION_ITEMS:
        insertion_sort(data, work, game.order, segment.start, segment.end)
    else:
        heap_sort(data, work, game.order, None, segment.start, segment.end)


def push(work: Work, top: int, segment: Segment) -> int:
    """Put a segment on the stack; return its new top."""
    work[top], work[top + 1], work[top + 2] = segment.start, segment.end, segment.limit
    work[top + 3], work[top + 4] = segment.balanced, segment.partitioned
    work[top + 5], work[top + 6] = segment.place.block, segment.place.gene
    return top + ENTRY_NUMBERS


def stored(work: Work, top: int) -> Segment:
    """Return the segment that the stack holds from `top` on."""
    place = Place(work[top + 5], work[top + 6])
    return Segment(work[top], work[top + 1], work[top + 2], work[top + 3], work[top + 4], place)


def divide(data: Data, work: Work, game: Play, segment: Segment, top: int) -> int:
    """Take one step on a long segment and push what it leaves; return the new top of the stack."""
    start, end, limit, place = segment.start, segment.end, segment.limit, segment.place
    enter(data, game.order, start, end)
    if segment.balanced == 0:
        pdq_steps.break_patterns(data, start, end, game.right, game.left)
        limit -= 1
    pivot, hint = choose_pivot(data, work, game.order, start, end)
    mends = hint == INCREASING and segment.balanced != 0 and segment.partitioned != 0
    game.order.answer[0] = YES
    if mends and pdq_steps.partial_insertion_sort(data, work, game.order, start, end):
        return top
    game.seen[min(place.block, len(game.seen) - 1)] |= 1 << place.gene
    gene = gene_at(game.plan, place)
    if start > 0:
        work[0] += 1  # the item before is compared with the pivot
    if mends and can_tie(data, game, gene, start, pivot):
        work[0] += end - start  # all others are compared with it, the first twice
        swap(data, start, pivot)
        game.tied[data[start]] = 1
        return push(work, top, Segment(start + 1, end, limit, 1, 1, place))
    smaller = smaller_items(game.plan, gene, end - start, limit, mends)
    classify(data, game.order, start, end, pivot, smaller)
    middle, was_partitioned = pdq_steps.partition(data, work, game.order, start, end, pivot)
    return push_parts(work, top, Segment(start, end, limit, 1, int(was_partitioned), place), middle)


def choose_pivot(data: Data, work: Work, order: SegmentOrder, start: int, end: int) -> tuple[int, int]:
    """Choose the pivot as pdqsort does, with the samples in order as far as they can be, and reverse a segment."""
    order.answer[0] = NO
    pivot, hint = pdq_steps.choose_pivot(data, work, order, start, end)
    if hint != DECREASING:
        return pivot, hint
    pdq_steps.reverse(data, start, end)
    return (end - 1) - (pivot - start), INCREASING


def can_tie(data: Data, game: Play, gene: int, start: int, pivot: int) -> bool:
    """Return whether the pivot can equal the item before the segment, which no other item does yet."""
    if not game.plan.ties or gene & 1 or start == 0 or game.tied[data[start - 1]] != 0:
        return False
    return not has_members_below(game.order, data[pivot])


def push_parts(work: Work, top: int, split: Segment, middle: int) -> int:
    """Push both parts of a segment, the smaller one last, as it is sorted first."""
    start, end, limit, place = split.start, split.end, split.limit, split.place
    balanced = int(min(middle - start, end - middle) >= (end - start) // 8)
    if middle - start < end - middle:
        larger_start, larger_end, smaller_start, smaller_end = middle + 1, end, start, middle
    else:
        larger_start, larger_end, smaller_start, smaller_end = start, middle, middle + 1, end
    top = push(work, top, Segment(larger_start, larger_end, limit, balanced, split.partitioned, larger_part(place)))
    return push(work, top, Segment(smaller_start, smaller_end, limit, 1, 1, smaller_part(place)))


def write_ranks(data: Data, tied: Any, ranks: Any) -> None:
    """Write each item's rank, from 0, given the items in order; a tied one has the rank of the one before it."""
    rank = -1
    for item in data:
        rank += 1 - tied[item]
        ranks[item] = rank
