"""A sort watched as it works: which items it compares, and what an adversary freezes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from worstsort.gosort.operations.compare import ITEM_BITS, LOW, STATE_SIZE, WORK_SIZE, Game, start_game
from worstsort.gosort.registry import find_target

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass
class Trace:
    """What a sort did with a list.

    Attributes:
        comparisons: The pairs of items that it compared, in order, each the item's place in the input.
        places: After each comparison, the item at each place.
    """

    comparisons: list[tuple[int, int]] = field(default_factory=list)
    places: list[tuple[int, ...]] = field(default_factory=list)


class _Item:
    """An item that reports each comparison."""

    def __init__(self, value: int, number: int, seen: list[tuple[int, int]]) -> None:
        self.value, self.number, self._seen = value, number, seen

    def __lt__(self, other: _Item) -> bool:
        self._seen.append((self.number, other.number))
        return self.value < other.value


class _Data(list[Any]):
    """A list that notes where its items are whenever one has been moved."""

    def __init__(self, items: Sequence[_Item], trace: Trace) -> None:
        super().__init__(items)
        self._trace = trace

    def __setitem__(self, place: Any, item: Any) -> None:
        super().__setitem__(place, item)
        now = tuple(one.number for one in self)
        if len(set(now)) == len(now):  # between the two halves of a swap an item is in two places
            missing = len(self._trace.comparisons) - len(self._trace.places)
            self._trace.places += [self._trace.places[-1] if self._trace.places else tuple(range(len(now)))] * missing
            self._trace.places[-1:] = [now]


def watch(values: Sequence[int], target: str) -> Trace:
    """Sort a list with a target, and return what it did."""
    trace = Trace()
    data = _Data([_Item(value, number, trace.comparisons) for number, value in enumerate(values)], trace)
    find_target(target).sort(data, [0] * WORK_SIZE, None, None)
    last = trace.places[-1] if trace.places else tuple(range(len(values)))
    trace.places += [last] * (len(trace.comparisons) - len(trace.places))
    return trace


def freezing(size: int, target: str) -> tuple[list[tuple[int | None, ...]], list[int]]:
    """Play McIlroy's adversary against a target.

    Returns:
        The value of each item, None while it is gas, after each comparison that froze one; and the input in the end.
    """
    game = Game([0] * size, (), [0] * STATE_SIZE, size, by_position=False)
    data: list[int] = [0] * size
    start_game(data, game)
    steps: list[tuple[int | None, ...]] = []

    class Watched(list[int]):
        """The sort's data, which notes the items' values whenever one is frozen."""

        def __setitem__(self, place: Any, value: Any) -> None:
            before = self[place]
            super().__setitem__(place, value)
            if value != before and value & _ITEM == before & _ITEM:
                values: list[int | None] = [None] * size
                for one in self:
                    if one >> ITEM_BITS != game.gas:
                        values[one & _ITEM] = one >> ITEM_BITS
                steps.append(tuple(values))

    find_target(target).sort(Watched(data), [0] * WORK_SIZE, game, None)
    last = list(steps[-1])
    return steps, [game.state[LOW] if value is None else value for value in last]


_ITEM = (1 << ITEM_BITS) - 1
