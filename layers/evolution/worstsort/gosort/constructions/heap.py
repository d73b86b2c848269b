"""Builds the inputs that cost heapsort most, by undoing its steps one by one.

Every removal lets an item sink to the bottom of a heap that is one item smaller. To undo it, that item is lifted out
again and put behind the end, and the largest item so far takes the root. Which leaf to lift from is known beforehand:
the two smallest items stay in the last pair of leaves and are lifted in turn, so that each sinks as deep as it can.
One comparison is lost at a new level. In the end the building of the heap is undone: each root gets back the item that
sank to its costliest leaf. Nodes are numbered from 1.

The result is the exact worst case of distinct items that M. A. Suchenek proves (`bounds.heap.maximum`). Equal items can
cost one comparison more: such an input grows in the same way from a heap in which an item ties with others.
"""

from __future__ import annotations

SMALL_HEAPS = ((), (0,), (1, 0), (2, 0, 1), (3, 2, 1, 0), (4, 3, 1, 0, 2), (5, 4, 1, 3, 2, 0), (6, 5, 2, 3, 4, 0, 1))
"""Heaps of few distinct items, by their number, whose removal costs as much as possible; the last one can grow."""

_TIED_HEAPS = (
    (10, 10, 5, 7, 9, 2, 0, 4, 6, 3, 8, 1, 2),
    (8, 6, 7, 4, 5, 4, 2, 4, 3, 3, 5, 1, 2, 0),
    (9, 7, 9, 6, 7, 8, 2, 3, 5, 3, 7, 4, 2, 1, 0),
    (9, 7, 9, 6, 7, 9, 2, 3, 5, 7, 3, 8, 4, 1, 2, 0),
)
"""Heaps of 13 to 16 items with ties, whose removal costs as much as one of any items can; the last one can grow.

All heaps with ties that cost as much were enumerated backwards, from one item on.
"""

_TIED_HEAP_OF_32 = (
    24, 15, 23, 11, 14, 20, 22, 8, 10, 12, 13, 16, 19, 21, 1, 2, 7, 4, 9, 5, 6, 6, 4, 3, 8, 18, 17,
    7, 1, 1, 0, 0,
)  # fmt: skip
"""A heap with ties that has lost one comparison, at 24 items: with that it can grow to 58 and lose no more."""

_FROM_THE_HEAP_OF_32 = (57, 58)
"""Sizes that only this heap is known to reach."""

_TIED_SIZE = 13
"""The smallest size at which equal items cost more than distinct ones."""


def worst_input(size: int) -> list[int]:
    """Return a permutation of 0..size-1 that costs heapsort as much as any: `bounds.heap.maximum(size)`.

    It takes 0.0005 seconds of CPU time for 1,000 items, 0.1 for 100,000 and 1.1 for 1,000,000.
    """
    return _unbuilt(worst_heap(size), size)


def worst_heap(size: int) -> list[int]:
    """Return a heap of 0..size-1 whose removal costs as much as any; its nodes are numbered from 1, entry 0 is none."""
    return _grown(SMALL_HEAPS[min(size, len(SMALL_HEAPS) - 1)], size)


def worst_input_with_ties(size: int) -> list[int] | None:
    """Return items of which some are equal that cost one comparison more than any distinct ones; None if unknown.

    None is known below 13 items, where there is none, and from 59 on in the last quarter of each level but for its end:
    more than 14/16 of a full level, and at most 4 less than a full one.
    """
    if size in _FROM_THE_HEAP_OF_32:
        return _unbuilt(_grown(_TIED_HEAP_OF_32, size), size)
    if size < _TIED_SIZE or (size > 28 and 14 << (size.bit_length() - 4) < size <= (1 << size.bit_length()) - 4):
        return None
    start = _TIED_HEAPS[min(size - _TIED_SIZE, len(_TIED_HEAPS) - 1)]
    return _unbuilt(_grown(start, size), size)


def _grown(start: tuple[int, ...], size: int) -> list[int]:
    """Undo removals until a heap has `size` items; node i holds entry i of what is returned, and entry 0 nothing."""
    heap = [-1, *start, *[-1] * (size - len(start))]
    largest = max(start, default=-1)
    for count in range(len(start), size):
        largest += 1
        heap[count + 1] = lift(heap, next_leaf(heap, count, size), 1, largest)
    return heap


def next_leaf(heap: list[int], count: int, size: int) -> int:
    """Return the leaf of a heap of `count` items, from which the item after its end is lifted."""
    is_full, begins_a_level = not count & (count + 1), not count & (count - 1)
    if is_full:
        return count - 1 if size <= 2 * (count + 1) - 4 else count
    if begins_a_level:
        # On the last level nothing is lost, unless it is nearly full: the item at the leftmost leaf is small enough.
        # On another level a leaf one level up is taken, which costs one comparison less.
        return count if size <= 2 * count - 4 else count - 2
    is_only_child_taken = count % 2 == 1 and heap[count - 1] > heap[(count + 1) // 2]
    return count if is_only_child_taken else count - 1


def _unbuilt(heap: list[int], size: int) -> list[int]:
    """Undo the building of a heap, every item of which sank as far as it could."""
    for root in range(1, size // 2 + 1):
        leaf = root
        while 2 * leaf <= size:
            leaf *= 2
        heap[root] = lift(heap, leaf, root, heap[root])
    return heap[1:]


def lift(heap: list[int], node: int, root: int, value: int) -> int:
    """Move the items on the path from `root` to `node` down, put `value` at its top; return the item taken out."""
    taken = heap[node]
    while node > root:
        heap[node] = heap[node // 2]
        node //= 2
    heap[root] = value
    return taken
