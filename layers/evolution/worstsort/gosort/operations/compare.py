"""The two operations that a sort may use, and the three things that can answer them.

A sort is written once, over `less` and `swap`. Where `game` is None the data are the values and `less` compares them.
Where it is a `Game` the data are items without a value yet ("gas") and `less` gives them one only when it must, as M.
D. McIlroy's antiquicksort does ("A Killer Adversary for Quicksort", 1999). Where it is an `Order` they are items that
never get one, and what is known of their order answers. Compiled code has no more than the branch that is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from worstsort.gosort.operations import partial_order
from worstsort.gosort.operations.partial_order import Order

if TYPE_CHECKING:
    from collections.abc import MutableSequence, Sequence

    from numpy.typing import NDArray

Data: TypeAlias = "MutableSequence[Any] | NDArray[Any]"  # one-dimensional
Work: TypeAlias = "MutableSequence[int] | NDArray[Any]"  # [0] counts the comparisons; behind it is the sort's stack

WORK_SIZE = 1 + 64 * 5
"""A stack entry has at most 5 numbers, and no stack is deeper than a 64-bit size halves."""

FREEZE_OTHER, FREEZE_LARGEST = 1, 2
"""Bits of a choice: freeze the other item than McIlroy; freeze it to the largest free value."""

ASKED, CANDIDATE, LOW, HIGH = range(4)
"""Places in Game.state."""

STATE_SIZE = 4
ITEM_BITS = 32
"""Data of a game: an item's number, and above these bits the value that it has so far."""


class Game(NamedTuple):
    """An adversary's side of one sort: which values its items have been given, and how it is to choose.

    `values` receives an item's rank when it is frozen. In the data gas counts as the value `gas`, frozen small ranks
    lie below it and frozen large ones are raised above it. `choices` holds one number 0..3 for each meeting of two gas
    items; past its end, 0 is taken. The candidate is known by its position, as in Go's TestAdversary, or else as the
    item it is, as McIlroy has it.
    """

    values: Data
    choices: Sequence[int] | NDArray[Any]
    state: Data
    gas: int
    by_position: bool


Adversary: TypeAlias = Game | Order  # what answers where the items have no values


def start_game(data: Data, game: Game) -> None:
    """Make all items gas and the first the candidate."""
    state, size = game.state, len(data)
    for item in range(size):
        data[item] = (game.gas << ITEM_BITS) + item
        game.values[item] = -1
    state[ASKED], state[LOW], state[HIGH] = 0, 0, size - 1
    state[CANDIDATE] = 0 if game.by_position else game.gas << ITEM_BITS


def less(data: Data, work: Work, game: Adversary | None, i: int, j: int) -> bool:
    """Count one comparison and say whether the item at position i is smaller than that at position j."""
    work[0] += 1
    if game is None:
        return bool(data[i] < data[j])
    return answer(data, game, i, j)


def answer(data: Data, game: Adversary, i: int, j: int) -> bool:
    """Say what an adversary answers; compiled code knows by the type of `game` which of the two it is."""
    if isinstance(game, Order):
        return answer_by_order(data, game, i, j)
    return answer_by_value(data, game, i, j)


def answer_by_order(data: Data, order: Order, i: int, j: int) -> bool:
    """Compare two items by what is known of their order."""
    return partial_order.ask(order, data[i], data[j])


def answer_by_value(data: Data, game: Game, i: int, j: int) -> bool:
    """Compare two items by the values that they have, after one of two that have none was given one."""
    decide(data, game, i, j)
    return bool(data[i] < data[j])


def swap(data: Data, i: int, j: int) -> None:
    """Exchange the items at two positions."""
    data[i], data[j] = data[j], data[i]


def decide(data: Data, game: Game, i: int, j: int) -> None:
    """Freeze one of two gas items, and make the one that is gas now the candidate."""
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
    """Look at the choice for the meeting at hand."""
    asked = game.state[ASKED]
    return int(game.choices[asked]) if asked < len(game.choices) else 0


def choose_first(game: Game, mark: int) -> bool:
    """Say whether the first of two gas items, known by this mark, is the one to freeze."""
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
