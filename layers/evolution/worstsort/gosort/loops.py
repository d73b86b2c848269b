"""The loops over a population that Numba compiles, one for each sort."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .blocks import Tools, put
from .compare import ASKED, BY_POSITION, CANDIDATE, HIGH, LOW, Game

Sort = Callable[..., Any]
Array = Any  # Numba's types are narrower than numpy's annotations can say


def count_rows(sort: Sort) -> Callable[..., None]:
    """Build the loop that sorts a copy of each row and writes down its comparisons."""

    def loop(rows: Array, counts: Array, data: Array, work: Array) -> None:
        for row in range(len(rows)):
            for i in range(len(data)):
                put(data, i, rows[row, i])
            work[0] = 0
            sort(data, work, None, None)
            counts[row] = work[0]

    return loop


def count_rows_fast(sort: Sort) -> Callable[..., None]:
    """Build the same loop around the sort's fast form; `data` lies in an array with a margin (see `blocks`)."""

    def loop(rows: Array, counts: Array, data: Array, work: Array, tools: Tools) -> None:
        for row in range(len(rows)):
            for i in range(len(data)):
                put(data, i, rows[row, i])
            work[0] = 0
            sort(data, work, None, tools)
            counts[row] = work[0]

    return loop


def play_rows(sort: Sort) -> Callable[..., None]:
    """Build the loop that sorts gas against each row of choices and writes down its comparisons."""

    def loop(rows: Array, counts: Array, data: Array, work: Array, values: Array, state: Array) -> None:
        size = len(data)
        for row in range(len(rows)):
            for item in range(size):
                data[item] = item
                values[item] = size
            work[0] = 0
            state[ASKED], state[CANDIDATE], state[LOW], state[HIGH], state[BY_POSITION] = 0, 0, 0, size - 1, 0
            sort(data, work, Game(values, rows[row], state, size), None)
            counts[row] = work[0]

    return loop
