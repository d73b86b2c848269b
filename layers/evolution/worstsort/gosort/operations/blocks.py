"""The steps that the fast forms are made of: each looks at a block of items at once.

They stand here as plain Python, which says what they do. In compiled code `vector` replaces each by a few vector
instructions without a branch. There an array must have MARGIN further items behind its last one, because whole blocks
are read; what is there does not matter. Blocks that are known to be whole are treated in loops of their own: there
nothing has to be told apart from what lies behind the end.
"""

# ruff: noqa: FBT001 - Numba compiles no keyword-only arguments

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from worstsort.gosort.operations.compare import Data

BLOCK = 16
MARGIN = BLOCK
SHORT = 12  # the longest segment that `short_cost` takes
LARGEST_SIZE = 65_535  # places are kept in 16 bits
HEAPS = 4  # so many are emptied together


class Scratch(NamedTuple):
    """Room that a fast form works in, for one thread and one size, and the counts of all inputs that it works on.

    `left` and `right` hold places of misplaced items, size + MARGIN uint16; `heaps` the heaps that wait to be emptied,
    (HEAPS, 2 * size + MARGIN) of the data's own kind, `stops` where their items came to rest, (HEAPS, size + MARGIN)
    uint16, and `queue` their sizes and whose they are (see `heap_fast`).
    """

    left: Data
    right: Data
    heaps: NDArray[Any]
    stops: NDArray[Any]
    queue: Data
    counts: Data


def add(number: NDArray[Any], more: int) -> int:
    """Add to number[0] and return what it was; in compiled code no other thread can come between."""
    was = int(number[0])
    number[0] += more
    return was


def fill(data: Data, row: Data) -> bool:
    """Copy a row into data of perhaps fewer bits; say whether every number fits."""
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
    """Take one of two numbers, without a branch in compiled code."""
    return one if condition else other


def compare_block(data: Data, start: int, stop: int, pivot: int) -> tuple[int, int]:
    """Count what is smaller than the pivot and what equals it, in the first BLOCK of positions start..stop-1."""
    block = data[start : min(start + BLOCK, stop)]
    return sum(value < pivot for value in block), sum(value == pivot for value in block)


def collect_larger(places: Data, found: int, data: Data, start: int, stop: int, pivot: int, equal_too: bool) -> int:
    """Append the places of what is larger than the pivot, in the first BLOCK of positions start..stop-1.

    `found` places are known already; returns how many are then. Copies of the pivot count as larger if `equal_too`.
    """
    for i, value in enumerate(data[start : min(start + BLOCK, stop)], start):
        if value > pivot or (equal_too and value == pivot):
            places[found] = i
            found += 1
    return found


def collect_smaller(places: Data, found: int, data: Data, start: int, stop: int, pivot: int, equal_too: bool) -> int:
    """Append the places of what is smaller than the pivot, likewise."""
    for i, value in enumerate(data[start : min(start + BLOCK, stop)], start):
        if value < pivot or (equal_too and value == pivot):
            places[found] = i
            found += 1
    return found


def short_cost(data: Data, start: int, size: int, shell: bool) -> int:
    """Count the comparisons of insertion sort on at most SHORT items, which stay where they are.

    An item costs one comparison for each larger one before it, and one more unless all before it are larger. With
    `shell` items 6 apart are put in order first (those comparisons are not counted).
    """
    items = list(data[start : start + size])
    if shell:
        for i in range(6, size):
            items[i - 6], items[i] = min(items[i - 6], items[i]), max(items[i - 6], items[i])
    larger = sum(items[i] > items[j] for j in range(size) for i in range(j))
    return int(larger) + sum(int(min(items[:j]) <= items[j]) for j in range(1, size))


def descents_cost(stops: Data, node: int, size: int, emptying: bool) -> int:
    """Count the comparisons of BLOCK descents in a heap, of which `stops`, from place `node` on, says where they ended.

    While a heap of `size` items is built they begin at this node and the next ones; while one is emptied all begin at
    the root, and each finds one item less. Those that have nowhere to go are not counted. There are two comparisons on
    each level that an item passes and two that end it; one less where a node has a single child to compare with, and
    none at the end where it has no child.
    """
    cost = 0
    for k in range(BLOCK):
        start, items = (1, size - k) if emptying else (node + k, size)
        if 2 * start <= items:
            stop = int(stops[node + k])
            single = items % 2 == 0 and stop in (items, items // 2)
            cost += 2 * (stop.bit_length() - start.bit_length()) + 2 * int(2 * stop <= items) - int(single)
    return cost


def exchange(data: Data, left: Data, right: Data, count: int) -> None:
    """Swap the items at `count` pairs of places: the first on the left with the last on the right, and so on."""
    for k in range(count):
        i, j = get(left, k), get(right, count - 1 - k)
        item = get(data, i)
        put(data, i, get(data, j))
        put(data, j, item)


def count_around(data: Data, start: int, end: int, pivot: int) -> tuple[int, int]:
    """Count what is smaller than the pivot and what equals it, at positions start..end-1."""
    smaller = equal = 0
    first = start
    while first + BLOCK < end:
        more_smaller, more_equal = compare_block(data, first, first + BLOCK, pivot)
        smaller += more_smaller
        equal += more_equal
        first += BLOCK
    more_smaller, more_equal = compare_block(data, first, end, pivot)
    return smaller + more_smaller, equal + more_equal


def split(data: Data, scratch: Scratch, start: int, border: int, pivot: int, equal_left: bool) -> int:
    """Arrange positions from `start` on as two scans do that meet and exchange what each finds misplaced.

    Smaller items go left of `border`, which is where as many as there are fit, and larger ones right; copies of the
    pivot left if `equal_left`. Returns how many pairs were swapped. As many are misplaced on the right as on the left,
    so that nothing has to say where the right side ends.
    """
    pairs, first = 0, start
    while first + BLOCK < border:
        pairs = collect_larger(scratch.left, pairs, data, first, first + BLOCK, pivot, not equal_left)
        first += BLOCK
    pairs = collect_larger(scratch.left, pairs, data, first, border, pivot, not equal_left)
    found, first = 0, border
    while found < pairs:
        found = collect_smaller(scratch.right, found, data, first, first + BLOCK, pivot, equal_left)
        first += BLOCK
    exchange(data, scratch.left, scratch.right, pairs)
    return pairs


def scan_cost(scratch: Scratch, start: int, end: int, border: int, pairs: int) -> int:
    """Count those two scans' comparisons: one an item, one more where the right ends on the left's item."""
    met = get(scratch.right, 0) if pairs > 0 else end
    return end - start + int(met != border)
