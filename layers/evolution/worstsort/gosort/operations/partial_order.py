"""An adversary that commits itself to nothing but its answers, which imply a partial order of the items.

The adversary in `compare` gives items values as soon as two of them meet. Here a comparison whose outcome follows from
earlier answers is answered accordingly, and any other is free. At the end, any linear extension is an input on which
the sort makes exactly the same comparisons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import MutableSequence, Sequence

    from numpy.typing import NDArray

    Cells = MutableSequence[int] | NDArray[Any]

WORD_BITS = 6
"""In compiled code a machine word holds 2**6 items."""


class Order(NamedTuple):
    """What is known of the order of all items, and the answers to everything else.

    Attributes:
        below: For each item a bitset of the smaller items, `words` words each, one after another.
        above: For each item a bitset of the larger items.
        words: Words per bitset.
        bits: The binary logarithm of the items per word. One of Python's integers holds all items.
        answers: A number for each free comparison, in order: 1 if the first of the two items is the smaller one, 0 if
            it is the larger one. After the last one, 0 is used.
        asked: One number: how many free comparisons there have been.
        values: Distinct values of the items, which answer instead; empty if there are none.
        noted: Receives what the values answered; long enough for all free comparisons.
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
    """Put every item at its own position and forget everything known."""
    for cell in range(len(order.below)):
        order.below[cell] = 0
        order.above[cell] = 0
    for item in range(len(data)):
        data[item] = item
    order.asked[0] = 0


def ask(order: Order, first: int, second: int) -> bool:
    """Return whether the first item is smaller than the second, and record the consequences."""
    if holds(order, order.above, first, second):
        return True
    if holds(order, order.below, first, second):
        return False
    if free_answer(order, first, second):
        relate(order, first, second)
        return True
    relate(order, second, first)
    return False


def holds(order: Order, sets: Cells, item: int, member: int) -> bool:
    """Return whether an item's bitset has this member."""
    word = sets[item * order.words + (member >> order.bits)]
    return ((word >> (member & ((1 << order.bits) - 1))) & 1) != 0


def free_answer(order: Order, first: int, second: int) -> bool:
    """Take the next answer, or record what the values say."""
    asked = order.asked[0]
    order.asked[0] = asked + 1
    if len(order.values) > 0:
        smaller = order.values[first] < order.values[second]
        order.noted[asked] = int(smaller)
        return bool(smaller)
    return asked < len(order.answers) and order.answers[asked] != 0


def relate(order: Order, low: int, high: int) -> None:
    """Record that low < high, for two unrelated items, and its consequences.

    Only pairs that are not related yet are visited, so one sort visits each pair at most once.
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
    """Add an item and everything in its bitset to another item's bitset."""
    to, row = item * order.words, added * order.words
    for word in range(order.words):
        sets[to + word] |= sets[row + word]
    sets[to + (added >> order.bits)] |= 1 << (added & ((1 << order.bits) - 1))


def lowest_member(word: int) -> int:
    """Return the number of the lowest bit that is set in a word other than 0."""
    return (word & -word).bit_length() - 1
