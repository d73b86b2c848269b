"""An adversary that commits itself to nothing but its answers: what they imply is a partial order of the items.

Compare `compare`, whose adversary gives items values as soon as two of them meet. Here a comparison whose outcome
follows from the answers before is answered so, and any other is free; at the end any linear extension is an input on
which the sort makes the very same comparisons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import MutableSequence, Sequence

    from numpy.typing import NDArray

    Cells = MutableSequence[int] | NDArray[Any]

WORD_BITS = 6
"""Compiled code keeps 2**6 items to a machine word."""


class Order(NamedTuple):
    """What is known of the order of all items, and the answers to what is not.

    Attributes:
        below: a bitset for each item of the items that are smaller, `words` words each, one after the other.
        above: the same of the items that are larger.
        words: how many words a bitset has.
        bits: lg of how many items a word holds. Python's integers have room for all of them in one.
        answers: one number for each free comparison in the order in which the sort makes them: 1 if the first of the
            two items is the smaller one, 0 if it is the larger one. Past its end 0 is taken.
        asked: [how many free comparisons there have been].
        values: distinct values of the items; where given, they answer instead.
        noted: what they answered, as long as all free comparisons may be.
    """

    below: Cells
    above: Cells
    words: int
    bits: int
    answers: Cells | Sequence[int]
    asked: Cells
    values: Cells | Sequence[int]
    noted: Cells


def start_order(data: Cells, order: Order) -> None:
    """Put every item at its own position, and forget all that is known."""
    for cell in range(len(order.below)):
        order.below[cell] = 0
        order.above[cell] = 0
    for item in range(len(data)):
        data[item] = item
    order.asked[0] = 0


def ask(order: Order, one: int, other: int) -> bool:
    """Say whether one item is smaller than another one, and remember all that follows."""
    if holds(order, order.above, one, other):
        return True
    if holds(order, order.below, one, other):
        return False
    if free_answer(order, one, other):
        relate(order, one, other)
        return True
    relate(order, other, one)
    return False


def holds(order: Order, sets: Cells, item: int, member: int) -> bool:
    """Say whether a bitset of an item has this member."""
    word = sets[item * order.words + (member >> order.bits)]
    return ((word >> (member & ((1 << order.bits) - 1))) & 1) != 0


def free_answer(order: Order, one: int, other: int) -> bool:
    """Take the next answer, or write down what the values say."""
    asked = order.asked[0]
    order.asked[0] = asked + 1
    if len(order.values) > 0:
        smaller = order.values[one] < order.values[other]
        order.noted[asked] = int(smaller)
        return bool(smaller)
    return asked < len(order.answers) and order.answers[asked] != 0


def relate(order: Order, low: int, high: int) -> None:
    """Make one of two unrelated items the smaller one, with all that is no larger, of all that is no smaller.

    Only pairs that are not related yet are visited, so that one sort visits each pair once at most.
    """
    low_row, high_row = low * order.words, high * order.words
    for word in range(order.words):
        fresh = order.below[low_row + word] & ~order.below[high_row + word]
        while fresh != 0:
            item = (word << order.bits) + lowest_member(fresh)
            fresh &= fresh - 1
            include(order, order.above, item, high)
    for word in range(order.words):
        fresh = order.above[high_row + word] & ~order.above[low_row + word]
        while fresh != 0:
            item = (word << order.bits) + lowest_member(fresh)
            fresh &= fresh - 1
            include(order, order.below, item, low)
    include(order, order.above, low, high)
    include(order, order.below, high, low)


def include(order: Order, sets: Cells, item: int, added: int) -> None:
    """Add to one item's bitset another item and that one's bitset."""
    to, row = item * order.words, added * order.words
    for word in range(order.words):
        sets[to + word] |= sets[row + word]
    sets[to + (added >> order.bits)] |= 1 << (added & ((1 << order.bits) - 1))


def lowest_member(word: int) -> int:
    """Return the number of the lowest bit that is set, in a word that is not 0."""
    return (word & -word).bit_length() - 1
