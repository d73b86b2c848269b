"""The segments that the partitions leave, in orders that cost heapsort or insertion sort as much as any.

There are many such orders. Heapsort's follow from each other: the building of a small heap within the heap is done, and
undone in another way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.gosort.constructions.heap import lift, worst_heap
from worstsort.gosort.constructions.quick.heaps import random_worst_heap
from worstsort.gosort.sorts.quick import MAX_INSERTION_ITEMS

if TYPE_CHECKING:
    from random import Random

SHORT = (
    (0, 6, 5, 4, 3, 2, 1),
    (2, 0, 7, 6, 5, 4, 3, 1),
    (4, 2, 0, 8, 7, 6, 5, 3, 1),
    (6, 4, 2, 0, 9, 8, 7, 5, 3, 1),
    (8, 6, 4, 2, 1, 10, 9, 7, 5, 3, 0),
    (10, 8, 6, 4, 2, 0, 11, 9, 7, 5, 3, 1),
)
"""Orders of 7 to 12 items that cost the shell pass and insertion sort as much as any; fewer items fall."""


MAX_VARIED_ITEMS = 70
"""The largest heap that is drawn from many; above, one heap, whose building is undone in many ways, always served."""


class Base:
    """An order of the items of a segment that is changed by and by, and always costs as much as any.

    Attributes:
        values: A permutation of 0..size-1 behind an entry of no meaning: places are numbered from 1, as in a heap.
    """

    def __init__(self, size: int, rng: Random) -> None:
        """Begin with any order."""
        self._size, self._rng = size, rng
        self.values = self._sorted_last(size)
        self._unbuild(range(1, self._last_root + 1))

    def _sorted_last(self, size: int) -> list[int]:
        if size <= MAX_INSERTION_ITEMS:
            return [-1, *short_order(size)]
        return random_worst_heap(size, self._rng) if size <= MAX_VARIED_ITEMS else worst_heap(size)

    def __len__(self) -> int:
        """Return the number of items."""
        return self._size

    def rank(self, label: int) -> int:
        """Return the rank of an item of the base by its place, and of a larger item by the number after these."""
        return self.values[label] if label <= self._size else label - 1

    @property
    def _last_root(self) -> int:
        """The last item of the heap with a child; 0 where there is no heap."""
        return self._size // 2 if self._size > MAX_INSERTION_ITEMS else 0

    def change_near(self, place: int) -> dict[int, int]:
        """Change the order of a few items about a place; return what stood at the places that may have changed."""
        root = min(place, place // 2 if 2 * place > self._size else place) >> int(self._rng.random() * 5)
        if not 1 <= root <= self._last_root:
            return {}
        nodes = _nodes_below(root, self._size)
        before = {node: self.values[node] for node in nodes}
        roots = [node for node in nodes if node <= self._last_root]
        for node in reversed(roots):
            self._sink(node)
        self._unbuild(roots)
        return before

    def restore(self, before: dict[int, int]) -> None:
        """Take a change back."""
        for place, value in before.items():
            self.values[place] = value

    def _sink(self, root: int) -> None:
        """Let an item sink below larger ones, as the building of a heap does."""
        values, size = self.values, self._size
        sinking, node = values[root], root
        while 2 * node <= size:
            child = 2 * node + int(2 * node < size and values[2 * node] < values[2 * node + 1])
            if sinking >= values[child]:
                break
            values[node], node = values[child], child
        values[node] = sinking

    def _unbuild(self, roots: range | list[int]) -> None:
        """Undo the building of a heap: an item that sank at full cost returns to each root."""
        values = self.values
        for root in roots:
            values[root] = lift(values, self._full_descent(root), root, values[root])

    def _full_descent(self, root: int) -> int:
        """Return where an item may have come to rest that sank from a root at the largest possible cost.

        That is a leaf of the lowest level or the parent of two of them: to stay there takes the same comparisons.
        """
        first, last = root, root
        while 2 * first <= self._size:
            first, last = 2 * first, 2 * last + 1
        last = min(last, self._size)
        if first == last:  # an only child
            return first if self._rng.random() < 0.5 else first // 2
        leaves = (last - first + 1) // 2 * 2
        chosen = int(self._rng.random() * (leaves + leaves // 2))
        return first + chosen if chosen < leaves else first // 2 + chosen - leaves


def short_order(size: int) -> tuple[int, ...]:
    """Return an order of at most 12 items that costs the shell pass and insertion sort as much as any."""
    return SHORT[size - 7] if size >= 7 else tuple(range(size))[::-1]


def _nodes_below(root: int, size: int) -> list[int]:
    """Return a node of a heap and all below it, from the first to the last."""
    nodes: list[int] = []
    first = last = root
    while first <= size:
        nodes += range(first, min(last, size) + 1)
        first, last = 2 * first, 2 * last + 1
    return nodes
