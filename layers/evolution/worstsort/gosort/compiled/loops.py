"""The loops over a population that Numba compiles, one per sort and way to count.

Every thread that works on a population runs the same loop and takes rows until none are left. The comparisons of a row
are added at its own place in the counts, so it does not matter which thread counted it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from worstsort.gosort.compiled.threads import WorkQueue, claim
from worstsort.gosort.operations.blocks import fill
from worstsort.gosort.operations.compare import Game, start_game
from worstsort.gosort.operations.partial_order import Order, start_order
from worstsort.gosort.sorts import heap_fast

Sort = Callable[..., Any]
Loop = Callable[..., None]
Array = Any
"""Numba's types are narrower than numpy's annotations can say."""

TOO_WIDE = -1
"""Stands for the count of a row with numbers for which `data` has too few bits."""


def count_rows(sort: Sort) -> Loop:
    """Build the loop that sorts a copy of each row; its room is (data, work)."""
    return over_rows(sort, sort_copy, leave)


def count_rows_fast(sort: Sort) -> Loop:
    """Build the loop around the sort's fast form; its room is (data, work, scratch), data with a margin (`blocks`)."""
    return over_rows(sort, sort_copy_fast, empty_heaps)


def play_rows(sort: Sort) -> Loop:
    """Build the loop that sorts gas against each row of choices; its room is (data, work, values, state)."""
    return over_rows(sort, sort_gas, leave)


def play_answer_rows(sort: Sort) -> Loop:
    """Build the loop that sorts items against each row of answers; its room is (data, work, order)."""
    return over_rows(sort, sort_unknown, leave)


def over_rows(sort: Sort, count_row: Callable[..., int], finish: Callable[[Any], None]) -> Loop:
    """Build the loop that all of these are: it adds what each row costs to its count, 0 at first.

    Args:
        sort: The target's sort.
        count_row: Counts one row, given the sort, the row, its number, and the room to work in.
        finish: Called with the room when no rows are left.
    """

    def loop(rows: Array, queue: WorkQueue, counts: Array, room: Any) -> None:
        batch = claim(queue)
        while len(batch) > 0:
            for row in batch:
                comparisons = count_row(sort, rows[row], row, room)  # first: it may add to the count, too
                counts[row] += comparisons
            batch = claim(queue)
        finish(room)

    return loop


def sort_copy(sort: Sort, items: Array, _row: int, room: Any) -> int:
    """Count one row by sorting a copy of it."""
    data, work = room
    work[0] = 0
    if not fill(data, items):
        return TOO_WIDE
    sort(data, work, None, None)
    return work[0]  # type: ignore[no-any-return]


def sort_copy_fast(sort: Sort, items: Array, row: int, room: Any) -> int:
    """Count one row by the fast form of its sort, which adds the cost of emptying heaps to the count by itself."""
    data, work, scratch = room
    work[0], scratch.waiting[heap_fast.CURRENT_ROW] = 0, row
    if not fill(data, items):
        return TOO_WIDE
    sort(data, work, None, scratch)
    return work[0]  # type: ignore[no-any-return]


def sort_gas(sort: Sort, choices: Array, _row: int, room: Any) -> int:
    """Count the comparisons of gas items against one row of choices."""
    data, work, values, state = room
    game = Game(values, choices, state, len(data), False)
    start_game(data, game)
    work[0] = 0
    sort(data, work, game, None)
    return work[0]  # type: ignore[no-any-return]


def sort_unknown(sort: Sort, answers: Array, _row: int, room: Any) -> int:
    """Count the comparisons of items in an unknown order against one row of answers."""
    data, work, order = room
    game = Order(order.below, order.above, order.words, order.bits, answers, order.asked, order.values, order.noted)
    start_order(data, game)
    work[0] = 0
    sort(data, work, game, None)
    return work[0]  # type: ignore[no-any-return]


def leave(_room: Any) -> None:
    """Do nothing: every row has its count."""


def empty_heaps(room: Any) -> None:
    """Count the heaps that are still waiting."""
    heap_fast.empty_heaps(room[2])
