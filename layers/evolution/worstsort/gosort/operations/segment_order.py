"""An adversary for a sort that splits segments: it keeps a partial order of the items of the present segment only.

It does what `partial_order` does, but is quick, as it never relates items of different segments: whatever a sort has
split off is smaller or larger altogether. All free comparisons get the same answer, which whoever leads the sort sets
from step to step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from worstsort.gosort.operations.partial_order import lowest_member

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from worstsort.gosort.operations.compare import Data
    from worstsort.gosort.operations.partial_order import Cells


class SegmentOrder(NamedTuple):
    """What is known of the order of the items of one segment.

    A bitset has `words` words. Those of single items may hold items of other segments, too, which nothing looks at.
    Each is a row of its own, not a stretch of one long row as in `partial_order.Order`: so a compiler sees that no
    number of a word is negative, and deals with several words at once.

    Attributes:
        below: For each item a bitset of the smaller items.
        above: For each item a bitset of the larger items.
        words: Words per bitset.
        bits: The binary logarithm of the items per word.
        members: A bitset of the items of the present segment.
        answer: One number: 1 if the first of two items is smaller in a free comparison, 0 if it is larger.
    """

    below: Sequence[Cells] | NDArray[Any]
    above: Sequence[Cells] | NDArray[Any]
    words: int
    bits: int
    members: Cells
    answer: Cells


def start_segment_order(data: Data, order: SegmentOrder) -> None:
    """Put every item at its own position and forget everything known."""
    for item in range(len(data)):
        below, above = order.below[item], order.above[item]
        for word in range(order.words):
            below[word] = 0
            above[word] = 0
        data[item] = item


def enter(data: Data, order: SegmentOrder, start: int, end: int) -> None:
    """Make positions start..end-1 the present segment."""
    for word in range(order.words):
        order.members[word] = 0
    for position in range(start, end):
        add(order, order.members, data[position])


def has_members_below(order: SegmentOrder, item: int) -> bool:
    """Return whether any item of the segment is known to be smaller than this one."""
    below, known = order.below[item], 0
    for word in range(order.words):
        known |= below[word] & order.members[word]
    return known != 0


def ask(order: SegmentOrder, first: int, second: int) -> bool:
    """Return whether the first item is smaller than the second, and record the consequences.

    The first item is one of the present segment. Where the second is not, it comes before the segment.
    """
    if holds(order, order.below[second], first):
        return True
    if holds(order, order.above[second], first) or not holds(order, order.members, second):
        return False
    if order.answer[0] != 0:
        relate(order, first, second)
        return True
    relate(order, second, first)
    return False


def holds(order: SegmentOrder, bitset: Cells, member: int) -> bool:
    """Return whether a bitset has this member."""
    return ((bitset[member >> order.bits] >> (member & ((1 << order.bits) - 1))) & 1) != 0


def add(order: SegmentOrder, bitset: Cells, member: int) -> None:
    """Add a member to a bitset."""
    bitset[member >> order.bits] |= 1 << (member & ((1 << order.bits) - 1))


def relate(order: SegmentOrder, low: int, high: int) -> None:
    """Record that low < high, for two unrelated items of the segment, and its consequences."""
    spread(order, order.below, order.above, low, high)
    spread(order, order.above, order.below, high, low)
    include(order, order.above, low, high)
    include(order, order.below, high, low)


def spread(order: SegmentOrder, here: Any, there: Any, near: int, far: int) -> None:
    """Let the members in `near`'s bitset in `here`, unless `far`'s has them, know in `there` all that lies beyond."""
    known, beyond, fresh_at_all = here[near], here[far], 0
    for word in range(order.words):
        fresh_at_all |= known[word] & ~beyond[word] & order.members[word]
    if fresh_at_all == 0:
        return
    for word in range(order.words):
        fresh = known[word] & ~beyond[word] & order.members[word]
        while fresh != 0:
            include(order, there, (word << order.bits) + lowest_member(fresh), far)
            fresh &= fresh - 1


def include(order: SegmentOrder, sets: Any, item: int, added: int) -> None:
    """Add an item and everything in its bitset to another item's bitset."""
    grown, more = sets[item], sets[added]
    for word in range(order.words):
        grown[word] |= more[word]
    add(order, grown, added)


def classify(data: Data, order: SegmentOrder, start: int, end: int, pivot: int, smaller: int) -> None:
    """Make the first `smaller` items of a segment smaller than the pivot and the others larger, as far as is free.

    What is known makes more of them smaller or larger. Only the pivot's bitsets learn of it: no other item of the
    segment meets the pivot again once it is split.
    """
    by = data[pivot]
    for number in range(end - start - 1):
        position = start + 1 + number
        item = data[start] if position == pivot else data[position]
        if holds(order, order.below[by], item) or holds(order, order.above[by], item):
            continue
        sets = order.below if number < smaller else order.above
        include(order, sets, by, item)
