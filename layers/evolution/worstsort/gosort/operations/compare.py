"""The two operations that a sort may use, `less` and `swap`, and the three ways to answer a comparison.

A sort is written once, over these two. If `game` is None, the data are values and `less` compares them. If it is a
`Game`, the data are items without a value ("gas"), and `less` gives them one only when it has to, as M. D. McIlroy's
antiquicksort does ("A Killer Adversary for Quicksort", 1999). If it is an `Order`, the items never get a value, and
what is known of their order decides. Compiled code contains only the branch for the type that it is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from worstsort.gosort.operations import partial_order, segment_order
from worstsort.gosort.operations.partial_order import Order
from worstsort.gosort.operations.segment_order import SegmentOrder

if TYPE_CHECKING:
    from collections.abc import MutableSequence, Sequence

    from numpy.typing import NDArray

Data: TypeAlias = "MutableSequence[Any] | NDArray[Any]"
"""What is sorted, of one dimension."""

Work: TypeAlias = "MutableSequence[int] | NDArray[Any]"
"""Place 0 counts the comparisons; the places after it are the sort's stack."""

WORK_SIZE = 1 + 64 * 5
"""Numbers: the count and a stack of at most 64 entries, as each halves a 64-bit size, of at most 5 numbers."""

FREEZE_OTHER, FREEZE_LARGEST = 1, 2
"""Bits of a choice: freeze the item that McIlroy's rule keeps; give it the largest free value, not the smallest."""

ASKED, CANDIDATE, LOW, HIGH = range(4)
"""Places in Game.state."""

STATE_SIZE = 4

ITEM_BITS = 32
"""The data of a game hold an item's number in these bits, and above them the value that it has so far."""


class Game(NamedTuple):
    """An adversary's side of one sort: which values its items have been given, and how it chooses.

    Attributes:
        values: The rank of each item, written when the item is frozen.
        choices: A number 0 to 3 for each comparison of two gas items; after the last one, 0 is used.
        state: Four numbers: ASKED, CANDIDATE, LOW, HIGH.
        gas: The value that gas has in the data: small frozen ranks lie below it, large ones are raised above it.
        by_position: Whether the candidate is a position, as in Go's TestAdversary, or an item, as McIlroy has it.
    """

    values: Data
    choices: Sequence[int] | NDArray[Any]
    state: Data
    gas: int
    by_position: bool


Adversary: TypeAlias = Game | Order | SegmentOrder
"""What answers where the items have no values."""


def start_game(data: Data, game: Game) -> None:
    """Make all items gas and the first the candidate."""
    state, size = game.state, len(data)
    for item in range(size):
        data[item] = (game.gas << ITEM_BITS) + item
        game.values[item] = -1
    state[ASKED], state[LOW], state[HIGH] = 0, 0, size - 1
    state[CANDIDATE] = 0 if game.by_position else game.gas << ITEM_BITS


def less(data: Data, work: Work, game: Adversary | None, i: int, j: int) -> bool:
    """Count one comparison; return whether the item at position i is smaller than the one at position j."""
    work[0] += 1
    if game is None:
        return bool(data[i] < data[j])
    return answer(data, game, i, j)


def answer(data: Data, game: Adversary, i: int, j: int) -> bool:
    """Return what an adversary answers; compiled code knows from the type of `game` which of them it is."""
    if isinstance(game, Order):
        return answer_by_order(data, game, i, j)
    if isinstance(game, SegmentOrder):
        return answer_within_segment(data, game, i, j)
    return answer_by_value(data, game, i, j)


def answer_by_order(data: Data, order: Order, i: int, j: int) -> bool:
    """Compare two items by what is known of their order."""
    return partial_order.ask(order, data[i], data[j])


def answer_within_segment(data: Data, order: SegmentOrder, i: int, j: int) -> bool:
    """Compare two items by what is known of the order of their segment."""
    return segment_order.ask(order, data[i], data[j])


def answer_by_value(data: Data, game: Game, i: int, j: int) -> bool:
    """Compare two items by their values; of two that have none, one is given one first."""
    decide(data, game, i, j)
    return bool(data[i] < data[j])


def swap(data: Data, i: int, j: int) -> None:
    """Exchange the items at two positions."""
    data[i], data[j] = data[j], data[i]


def decide(data: Data, game: Game, i: int, j: int) -> None:
    """Freeze one of two gas items, and make the one that stays gas the candidate."""
    gas, a, b = game.gas, data[i], data[j]
    if a >> ITEM_BITS == gas:
        if b >> ITEM_BITS == gas and choose_first(game, i if game.by_position else a):
            freeze_item(data, game, i)
            game.state[CANDIDATE] = j if game.by_position else b
            return
        if b >> ITEM_BITS == gas:
            freeze_item(data, game, j)
        game.state[CANDIDATE] = i if game.by_position else a
    elif b >> ITEM_BITS == gas:
        game.state[CANDIDATE] = j if game.by_position else b


def next_choice(game: Game) -> int:
    """Return the choice for the present comparison of two gas items."""
    asked = game.state[ASKED]
    return int(game.choices[asked]) if asked < len(game.choices) else 0


def choose_first(game: Game, mark: int) -> bool:
    """Return whether the first of two gas items is the one to freeze; `mark` is its position, or the item."""
    return bool((mark == game.state[CANDIDATE]) != ((next_choice(game) & FREEZE_OTHER) != 0))


def freeze_item(data: Data, game: Game, position: int) -> None:
    """Give the gas item at a position the next smallest or the next largest free value."""
    state, item = game.state, data[position] & ((1 << ITEM_BITS) - 1)
    if next_choice(game) & FREEZE_LARGEST:
        rank = state[HIGH]
        state[HIGH] -= 1
        data[position] = ((game.gas + 1 + rank) << ITEM_BITS) + item
    else:
        rank = state[LOW]
        state[LOW] += 1
        data[position] = (rank << ITEM_BITS) + item
    state[ASKED] += 1
    game.values[item] = rank
