"""Heapsort's comparisons, counted on several heaps in turn and almost without a branch that depends on the items.

Where the larger child of an item lies is known only when two items have been read and compared, so that emptying one
heap leaves a processor waiting most of the time. Heaps are therefore built at once, but wait until there are as many as
can be emptied together, of whatever inputs they are.

Go's heap of `size` items, numbered from 1 here, is completed to a full tree with the smallest number that an item can
be, kept at place 0, so that every item sinks through as many levels. What its descent cost follows from where it
would have stopped, which is noted down, and counted for BLOCK descents at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.gosort.operations.blocks import BLOCK, HEAPS, Scratch, choose, descents_cost, get, put

if TYPE_CHECKING:
    from worstsort.gosort.operations.compare import Data

SMALLEST = 0  # where a heap keeps that number
WAITING, ROW, SIZES, ROWS = 0, 1, 2, 2 + HEAPS  # places in Scratch.queue
QUEUE_SIZE = 2 + 2 * HEAPS


def heap_cost(data: Data, scratch: Scratch, start: int, end: int) -> int:
    """Count the comparisons of building a heap of positions start..end-1, which stay as they are.

    Those of emptying it are added to `scratch.counts` later, at the latest by `empty_heaps`.
    """
    queue = scratch.queue
    place = queue[WAITING]
    queue[SIZES + place], queue[ROWS + place] = end - start, queue[ROW]
    queue[WAITING] += 1
    cost = build(scratch.heaps[place], scratch.stops[place], data, start, end - start)
    if queue[WAITING] == HEAPS:
        empty_heaps(scratch)
    return cost


def build(heap: Data, stops: Data, data: Data, start: int, size: int) -> int:
    """Make a heap of the items from position `start` on; return the comparisons."""
    levels = levels_below_root(size)
    for i in range(size):
        put(heap, i + 1, get(data, start + i))
    complete(heap, size, levels)
    for level in range(levels - 1, -1, -1):
        for node in range(min(size // 2, (2 << level) - 1), (1 << level) - 1, -1):
            put(stops, node, sink(heap, node, levels - level))
    return building_cost(stops, size)


def building_cost(stops: Data, size: int) -> int:
    """Count the comparisons of building a heap of `size` items from where each node's item ended."""
    cost = 0
    for node in range(1, size // 2 + 1, BLOCK):
        cost += descents_cost(stops, node, size, False)
    return cost


def levels_below_root(size: int) -> int:
    """Count the levels that a heap of so many items has below its root."""
    levels = 0
    while (2 << levels) <= size:
        levels += 1
    return levels


def complete(heap: Data, size: int, levels: int) -> None:
    """Complete a heap to a full tree with so many levels below its root."""
    for node in range(size + 1, 2 << levels):
        put(heap, node, get(heap, SMALLEST))


def sink(heap: Data, node: int, levels: int) -> int:
    """Let the item at a node sink into the full tree below it; return where it would have stopped in the heap."""
    item, depth = get(heap, node), 0
    for _ in range(levels):
        child = 2 * node
        one, other = get(heap, child), get(heap, child + 1)
        larger = choose(other > one, other, one)
        above = larger > item
        put(heap, node, choose(above, larger, item))
        item, depth = choose(above, item, larger), depth + int(above)
        node = child + int(other > one)
    put(heap, node, item)
    return node >> (levels - depth)


def empty_heaps(scratch: Scratch) -> None:
    """Take the largest item from each waiting heap, again and again; add the comparisons to the inputs' counts."""
    queue, counts = scratch.queue, scratch.counts
    waiting, longest = queue[WAITING], 1
    for place in range(HEAPS):
        if place >= waiting:
            queue[SIZES + place] = 1
        longest = max(longest, queue[SIZES + place])
    levels = levels_below_root(longest)
    for place in range(HEAPS):
        complete(scratch.heaps[place], queue[SIZES + place], levels)
    empty_in_turn(scratch, longest, levels)
    for place in range(waiting):  # and no other: without any, a thread has no count to write to
        counts[queue[ROWS + place]] += emptying_cost(scratch.stops[place], queue[SIZES + place])
    queue[WAITING] = 0


def empty_in_turn(scratch: Scratch, longest: int, levels: int) -> None:
    """Empty all heaps in turn, of at most `longest` items; note where each item that is moved to the root ends.

    Each round moves the last item of every heap. A heap that is down to one item goes on; nobody asks for its notes.
    """
    heaps, stops, queue = scratch.heaps, scratch.stops, scratch.queue
    a, b, c, d = heaps[0], heaps[1], heaps[2], heaps[3]
    a_stops, b_stops, c_stops, d_stops = stops[0], stops[1], stops[2], stops[3]
    for gone in range(longest - 2):  # two items left need no comparison
        if (1 << levels) >= longest - gone:
            levels -= 1
        a_last, b_last = max(queue[SIZES] - gone, 1), max(queue[SIZES + 1] - gone, 1)
        c_last, d_last = max(queue[SIZES + 2] - gone, 1), max(queue[SIZES + 3] - gone, 1)
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
    """Count the comparisons of emptying a heap of `size` items from where each that was moved to the root ended."""
    cost = 0
    for gone in range(0, size - 2, BLOCK):
        cost += descents_cost(stops, gone, size - 1 - gone, True)
    return cost


def take(heap: Data, last: int) -> int:
    """Take a heap's last item away."""
    item = get(heap, last)
    put(heap, last, get(heap, SMALLEST))
    return int(item)


def move_up(heap: Data, node: int) -> int:
    """Overwrite a node's item with its larger child; return where that was."""
    child = 2 * node
    one, other = get(heap, child), get(heap, child + 1)
    put(heap, node, choose(other > one, other, one))
    return child + int(other > one)


def settle(heap: Data, node: int, item: int) -> int:
    """Put an item where it would have stopped on its way to a leaf; return where that is.

    All on the way have moved up: those no larger than the item come down again. That is mostly none or one, which is
    told without a branch.
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
