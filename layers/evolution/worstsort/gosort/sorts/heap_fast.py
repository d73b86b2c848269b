"""The fast form of heapsort: counts on several heaps in turn, with hardly a branch that depends on the items.

Which child of an item is the larger is known only after two items have been read and compared, so that emptying a
single heap leaves a processor waiting most of the time. Heaps are therefore built at once, but emptied only when
HEAPS_TOGETHER of them are waiting, of any inputs.

Go's heap of `size` items, numbered from 1 here, is padded to a full tree with the smallest number that an item can be,
which is kept at place 0, so that every item sinks through the same number of levels. The cost of its descent follows
from where it would have stopped. These stops are recorded and counted for BLOCK_ITEMS descents at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.gosort.operations.blocks import BLOCK_ITEMS, HEAPS_TOGETHER, Scratch, choose, descents_cost, get, put

if TYPE_CHECKING:
    from worstsort.gosort.operations.compare import Data

SENTINEL_PLACE = 0
"""Where a heap keeps the smallest number."""

HEAPS_WAITING, CURRENT_ROW, SIZES, ROWS = 0, 1, 2, 2 + HEAPS_TOGETHER
"""Places in Scratch.waiting."""

WAITING_LIST_SIZE = 2 + 2 * HEAPS_TOGETHER


def heap_cost(data: Data, scratch: Scratch, start: int, end: int) -> int:
    """Count the comparisons of building a heap of positions start..end-1, which are not changed.

    The comparisons of emptying it are added to `scratch.counts` later, at the latest by `empty_heaps`.
    """
    waiting = scratch.waiting
    place = waiting[HEAPS_WAITING]
    waiting[SIZES + place], waiting[ROWS + place] = end - start, waiting[CURRENT_ROW]
    waiting[HEAPS_WAITING] += 1
    cost = build(scratch.heaps[place], scratch.stops[place], data, start, end - start)
    if waiting[HEAPS_WAITING] == HEAPS_TOGETHER:
        empty_heaps(scratch)
    return cost


def build(heap: Data, stops: Data, data: Data, start: int, size: int) -> int:
    """Make a heap of `size` items from position `start` on; return the number of comparisons."""
    levels = levels_below_root(size)
    for i in range(size):
        put(heap, i + 1, get(data, start + i))
    complete(heap, size, levels)
    for level in range(levels - 1, -1, -1):
        for node in range(min(size // 2, (2 << level) - 1), (1 << level) - 1, -1):
            put(stops, node, sink(heap, node, levels - level))
    return building_cost(stops, size)


def building_cost(stops: Data, size: int) -> int:
    """Count the comparisons of building a heap of `size` items from where each node's item stopped."""
    cost = 0
    for node in range(1, size // 2 + 1, BLOCK_ITEMS):
        cost += descents_cost(stops, node, size, False)
    return cost


def levels_below_root(size: int) -> int:
    """Return the number of levels below the root of a heap of `size` items."""
    levels = 0
    while (2 << levels) <= size:
        levels += 1
    return levels


def complete(heap: Data, size: int, levels: int) -> None:
    """Pad a heap of `size` items to a full tree with `levels` levels below its root."""
    for node in range(size + 1, 2 << levels):
        put(heap, node, get(heap, SENTINEL_PLACE))


def sink(heap: Data, node: int, levels: int) -> int:
    """Let the item at a node sink to the bottom of the full tree; return where it would have stopped in the heap."""
    item, depth = get(heap, node), 0
    for _ in range(levels):
        child = 2 * node
        left, right = get(heap, child), get(heap, child + 1)
        larger = choose(right > left, right, left)
        above = larger > item
        put(heap, node, choose(above, larger, item))
        item, depth = choose(above, item, larger), depth + int(above)
        node = child + int(right > left)
    put(heap, node, item)
    return node >> (levels - depth)


def empty_heaps(scratch: Scratch) -> None:
    """Empty all waiting heaps and add the comparisons to the counts of their inputs."""
    waiting, counts = scratch.waiting, scratch.counts
    heaps, longest = waiting[HEAPS_WAITING], 1
    for place in range(HEAPS_TOGETHER):
        if place >= heaps:
            waiting[SIZES + place] = 1
        longest = max(longest, waiting[SIZES + place])
    levels = levels_below_root(longest)
    for place in range(HEAPS_TOGETHER):
        complete(scratch.heaps[place], waiting[SIZES + place], levels)
    empty_in_turn(scratch, longest, levels)
    for place in range(heaps):  # a thread without heaps has no count to write to
        counts[waiting[ROWS + place]] += emptying_cost(scratch.stops[place], waiting[SIZES + place])
    waiting[HEAPS_WAITING] = 0


def empty_in_turn(scratch: Scratch, longest: int, levels: int) -> None:
    """Empty all heaps, of at most `longest` items, in turn; record where each item moved to the root stops.

    Each round moves the last item of every heap. A heap that is down to one item still takes part.
    """
    heaps, stops, waiting = scratch.heaps, scratch.stops, scratch.waiting
    a, b, c, d = heaps[0], heaps[1], heaps[2], heaps[3]
    a_stops, b_stops, c_stops, d_stops = stops[0], stops[1], stops[2], stops[3]
    for gone in range(longest - 2):  # two items left need no comparison
        if (1 << levels) >= longest - gone:
            levels -= 1
        a_last, b_last = max(waiting[SIZES] - gone, 1), max(waiting[SIZES + 1] - gone, 1)
        c_last, d_last = max(waiting[SIZES + 2] - gone, 1), max(waiting[SIZES + 3] - gone, 1)
        a_item, b_item, c_item, d_item = take(a, a_last), take(b, b_last), take(c, c_last), take(d, d_last)
        a_node = b_node = c_node = d_node = 1
        for _ in range(levels):
            a_node, b_node = move_up(a, a_node), move_up(b, b_node)
            c_node, d_node = move_up(c, c_node), move_up(d, d_node)
        put(a_stops, gone, settle(a, a_node, a_item))
        put(b_stops, gone, settle(b, b_node, b_item))
        put(c_stops, gone, settle(c, c_node, c_item))
        put(d_stops, gone, settle(d, d_node, d_item))


def emptying_cost(stops: Data, size: int) -> int:
    """Count the comparisons of emptying a heap of `size` items from where each item moved to the root stopped."""
    cost = 0
    for gone in range(0, size - 2, BLOCK_ITEMS):
        cost += descents_cost(stops, gone, size - 1 - gone, True)
    return cost


def take(heap: Data, last: int) -> int:
    """Remove a heap's last item and return it."""
    item = get(heap, last)
    put(heap, last, get(heap, SENTINEL_PLACE))
    return int(item)


def move_up(heap: Data, node: int) -> int:
    """Overwrite a node's item with its larger child; return the child's place."""
    child = 2 * node
    left, right = get(heap, child), get(heap, child + 1)
    put(heap, node, choose(right > left, right, left))
    return child + int(right > left)


def settle(heap: Data, node: int, item: int) -> int:
    """Put an item where it would have stopped on its way to a leaf; return that place.

    All items on its way have moved up. Those no larger than the item move down again: mostly none or one, which is
    decided without a branch.
    """
    above = get(heap, node >> 1)
    higher = above <= item
    put(heap, node, choose(higher, above, item))
    node >>= int(higher)
    while node > 1 and get(heap, node >> 1) <= item:
        put(heap, node, get(heap, node >> 1))
        node >>= 1
    put(heap, node, item)
    return node
