"""The two operations that a sort may use, and the two things that can answer them.

A sort is written once, over `less` and `swap`. Where `game` is None the data are the values and `less` compares them.
Where it is a `Game` the data are items without a value yet ("gas") and `less` gives them one only when it must, as
M. D. McIlroy's antiquicksort does ("A Killer Adversary for Quicksort", 1999). Numba drops the branch that is not asked for.
"""

from __future__ import annotations

from collections.abc import MutableSequence, Sequence
from typing import Any, NamedTuple, TypeAlias

Data: TypeAlias = MutableSequence[Any]  # a list, or a one-dimensional array
Work: TypeAlias = MutableSequence[int]  # [0] counts the comparisons; the sort keeps its stack behind it

WORK_SIZE = 1 + 64 * 5  # a stack entry has at most 5 numbers, and no stack is deeper than a 64-bit size halves
WHICH, SIDE = 1, 2  # bits of a choice: freeze the other item than McIlroy; freeze it to the largest free value
ASKED, CANDIDATE, LOW, HIGH, BY_POSITION = range(5)  # places in Game.state
STATE_SIZE = 5


class Game(NamedTuple):
    """An adversary's side of one sort: which values its items have been given, and how it is to choose.

    `values` maps an item to its frozen value, `gas` where it has none: frozen small values lie below `gas` and frozen large ones
    above it. `choices` holds one number 0..3 for each meeting of two gas items; past its end, 0 is taken.
    """

    values: MutableSequence[int]
    choices: Sequence[int]
    state: MutableSequence[int]
    gas: int


def less(data: Data, work: Work, game: Game | None, i: int, j: int) -> bool:
    """Count one comparison and say whether the item at position i is smaller than that at position j."""
    work[0] += 1
    if game is None:
        return bool(data[i] < data[j])
    x, y = data[i], data[j]
    return answer(game, x, y, i if game.state[BY_POSITION] else x, j if game.state[BY_POSITION] else y)


def swap(data: Data, i: int, j: int) -> None:
    """Exchange the items at two positions."""
    data[i], data[j] = data[j], data[i]


def answer(game: Game, x: int, y: int, x_mark: int, y_mark: int) -> bool:
    """Compare item x with item y and freeze one of them if both are gas; the marks are what the candidate is known by."""
    values, gas, state = game.values, game.gas, game.state
    if values[x] == gas and values[y] == gas:
        choice = game.choices[state[ASKED]] if state[ASKED] < len(game.choices) else 0
        state[ASKED] += 1
        freeze_first = (x_mark == state[CANDIDATE]) != ((choice & WHICH) != 0)
        frozen = x if freeze_first else y
        if choice & SIDE:
            values[frozen] = gas + 1 + state[HIGH]
            state[HIGH] -= 1
        else:
            values[frozen] = state[LOW]
            state[LOW] += 1
    if values[x] == gas:
        state[CANDIDATE] = x_mark
    elif values[y] == gas:
        state[CANDIDATE] = y_mark
    return values[x] < values[y]
