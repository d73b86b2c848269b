"""The steps that the fast forms are made of: each handles a block of items at once.

Here they are plain Python, which defines what they do. In compiled code `vector` replaces each with a few vector
instructions without a branch. These read whole blocks, so an array must have MARGIN_ITEMS further items after its last
one; their values do not matter. Blocks that are known to be full have loops of their own, which need no mask.
"""

# ruff: noqa: FBT001 - Numba compiles no keyword-only arguments

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from worstsort.gosort.operations.compare import Data

BLOCK_ITEMS = 16
MARGIN_ITEMS = BLOCK_ITEMS
MAX_SHORT_ITEMS = 12
"""The longest segment that `short_cost` counts."""

MAX_FAST_SIZE = 65_535
"""The longest input of the fast forms, which keep places in 16 bits."""

HEAPS_TOGETHER = 4
"""Heaps that are emptied in turn."""


class Scratch(NamedTuple):
    """The work space of a fast form, for one thread and one size of input.

    Attributes:
        left: Places of misplaced items on the left, uint16, shape (size + MARGIN_ITEMS,).
        right: The same for the right.
        heaps: Heaps waiting to be emptied, of the data's dtype, shape (HEAPS_TOGETHER, 2 * size + MARGIN_ITEMS).
        stops: Where their items stopped, uint16, shape (HEAPS_TOGETHER, size + MARGIN_ITEMS).
        waiting: The sizes of the waiting heaps and the rows that they belong to (see `heap_fast`).
        counts: The comparisons of all rows of the population.
    """

    left: Data
    right: Data
    heaps: NDArray[Any]
    stops: NDArray[Any]
    waiting: Data
    counts: Data


def add(number: NDArray[Any], more: int) -> int:
    """Add to number[0] and return its former value; in compiled code this is atomic."""
    was = int(number[0])
    number[0] += more
    return was


def fill(data: Data, row: Data) -> bool:
    """Copy a row into data of possibly fewer bits; return whether every number fits."""
    fits = True
    for i in range(len(row)):
        put(data, i, row[i])
        fits &= bool(get(data, i) == row[i])
    return fits


def get(data: Data, i: int) -> Any:
    """Read data[i]; i must not be negative."""
    return data[i]


def put(data: Data, i: int, value: Any) -> None:
    """Write data[i]; i must not be negative."""
    data[i] = value


def choose(condition: bool, one: int, other: int) -> int:
    """Return one of two numbers, without a branch in compiled code."""
    return one if condition else other


def compare_block(data: Data, start: int, stop: int, pivot: int) -> tuple[int, int]:
    """Count the items smaller than the pivot and those equal to it among the first BLOCK_ITEMS of start..stop-1."""
    block = data[start : min(start + BLOCK_ITEMS, stop)]
    return sum(value < pivot for value in block), sum(value == pivot for value in block)


def collect_larger(places: Data, found: int, data: Data, start: int, stop: int, pivot: int, equal_too: bool) -> int:
    """Append the places of the items larger than the pivot among the first BLOCK_ITEMS of positions start..stop-1.

    `places` holds `found` places before; returns how many it holds after. With `equal_too` copies of the pivot count as
    larger.
    """
    for i, value in enumerate(data[start : min(start + BLOCK_ITEMS, stop)], start):
        if value > pivot or (equal_too and value == pivot):
            places[found] = i
            found += 1
    return found


def collect_smaller(places: Data, found: int, data: Data, start: int, stop: int, pivot: int, equal_too: bool) -> int:
    """Append the places of the items smaller than the pivot; see `collect_larger`."""
    for i, value in enumerate(data[start : min(start + BLOCK_ITEMS, stop)], start):
        if value < pivot or (equal_too and value == pivot):
            places[found] = i
            found += 1
    return found


def short_cost(data: Data, start: int, size: int, shell: bool) -> int:
    """Count the comparisons of insertion sort on at most MAX_SHORT_ITEMS items, which are not moved.

    An item costs one comparison for each larger item before it, and one more unless all before it are larger. With
    `shell`, items 6 apart are put in order first; those comparisons are not counted.
    """
    items = list(data[start : start + size])
    if shell:
        for i in range(6, size):
            items[i - 6], items[i] = min(items[i - 6], items[i]), max(items[i - 6], items[i])
    larger = sum(items[i] > items[j] for j in range(size) for i in range(j))
    return int(larger) + sum(int(min(items[:j]) <= items[j]) for j in range(1, size))


def descents_cost(stops: Data, node: int, size: int, emptying: bool) -> int:
    """Count the comparisons of BLOCK_ITEMS descents in a heap from where they stopped, `stops` from place `node` on.

    While a heap of `size` items is built, the descents begin at `node` and the nodes after it. While it is emptied, all
    begin at the root, and each finds one item fewer. Descents of leaves are not counted. There are two comparisons on
    each level that an item passes and two that stop it, one fewer at a node with a single child, and none at a leaf.
    """
    cost = 0
    for k in range(BLOCK_ITEMS):
        start, items = (1, size - k) if emptying else (node + k, size)
        if 2 * start <= items:
            stop = int(stops[node + k])
            single = items % 2 == 0 and stop in (items, items // 2)
            cost += 2 * (stop.bit_length() - start.bit_length()) + 2 * int(2 * stop <= items) - int(single)
    return cost


def exchange(data: Data, left: Data, right: Data, count: int) -> None:
    """Swap `count` pairs of items: the first place in `left` with the last in `right`, and so on."""
    for k in range(count):
        i, j = get(left, k), get(right, count - 1 - k)
        item = get(data, i)
        put(data, i, get(data, j))
        put(data, j, item)


def count_around(data: Data, start: int, end: int, pivot: int) -> tuple[int, int]:
    """Count the items smaller than the pivot and those equal to it at positions start..end-1."""
    smaller = equal = 0
    first = start
    while first + BLOCK_ITEMS < end:
        more_smaller, more_equal = compare_block(data, first, first + BLOCK_ITEMS, pivot)
        smaller += more_smaller
        equal += more_equal
        first += BLOCK_ITEMS
    more_smaller, more_equal = compare_block(data, first, end, pivot)
    return smaller + more_smaller, equal + more_equal


def split(data: Data, scratch: Scratch, start: int, border: int, pivot: int, equal_left: bool) -> int:
    """Arrange the items from `start` on as two scans do that meet and exchange the misplaced items that they find.

    Smaller items go left of `border`, which leaves just enough room for them, larger ones right of it; copies of the
    pivot go left with `equal_left`. Returns the number of swapped pairs. As many items are misplaced on the right as on
    the left, so the end of the right side does not need to be known.
    """
    pairs, first = 0, start
    while first + BLOCK_ITEMS < border:
        pairs = collect_larger(scratch.left, pairs, data, first, first + BLOCK_ITEMS, pivot, not equal_left)
        first += BLOCK_ITEMS
    pairs = collect_larger(scratch.left, pairs, data, first, border, pivot, not equal_left)
    found, first = 0, border
    while found < pairs:
        found = collect_smaller(scratch.right, found, data, first, first + BLOCK_ITEMS, pivot, equal_left)
        first += BLOCK_ITEMS
    exchange(data, scratch.left, scratch.right, pairs)
    return pairs


def scan_cost(scratch: Scratch, start: int, end: int, border: int, pairs: int) -> int:
    """Count the comparisons of the two scans: one per item, and one more where they end on the same item."""
    met = get(scratch.right, 0) if pairs > 0 else end
    return end - start + int(met != border)
