"""The loops over a population that Numba compiles, one for each sort.

Every thread that works on a population runs the same loop, and takes rows until none are left. What a row costs is
written down in its place, so that it does not matter which thread counted it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from worstsort.gosort.compiled.threads import WorkQueue, claim
from worstsort.gosort.operations.blocks import Scratch, fill
from worstsort.gosort.operations.compare import Game, start_game
from worstsort.gosort.operations.partial_order import Order, start_order
from worstsort.gosort.sorts.heap_fast import CURRENT_ROW, empty_heaps

Sort = Callable[..., Any]
Array = Any  # Numba's types are narrower than numpy's annotations can say
TOO_WIDE = -1
"""Stands for the count of a row that has numbers for which `data` has too few bits."""


def count_rows(sort: Sort) -> Callable[..., None]:
    """Build the loop that sorts a copy of each row and writes down its comparisons, in the counts in `scratch`."""

    def loop(rows: Array, queue: WorkQueue, data: Array, work: Array, scratch: Scratch) -> None:
        batch = claim(queue)
        while len(batch) > 0:
            for row in batch:
                work[0] = 0
                if fill(data, rows[row]):
                    sort(data, work, None, None)
                    scratch.counts[row] = work[0]
                else:
                    scratch.counts[row] = TOO_WIDE
            batch = claim(queue)

    return loop


def count_rows_fast(sort: Sort) -> Callable[..., None]:
    """Build the same loop around the sort's fast form, which adds to the counts, zeros at first, by itself, too.

    `data` lies in an array with a margin (see `blocks`).
    """

    def loop(rows: Array, queue: WorkQueue, data: Array, work: Array, scratch: Scratch) -> None:
        batch = claim(queue)
        while len(batch) > 0:
            for row in batch:
                work[0], scratch.waiting[CURRENT_ROW] = 0, row
                if fill(data, rows[row]):
                    sort(data, work, None, scratch)
                    scratch.counts[row] += work[0]
                else:
                    scratch.counts[row] = TOO_WIDE
            batch = claim(queue)
        empty_heaps(scratch)

    return loop


def play_rows(sort: Sort) -> Callable[..., None]:
    """Build the loop that sorts gas against each row of choices and writes down its comparisons."""

    def loop(
        rows: Array, queue: WorkQueue, counts: Array, data: Array, work: Array, values: Array, state: Array
    ) -> None:
        batch = claim(queue)
        while len(batch) > 0:
            for row in batch:
                game = Game(values, rows[row], state, len(data), False)
                start_game(data, game)
                work[0] = 0
                sort(data, work, game, None)
                counts[row] = work[0]
            batch = claim(queue)

    return loop


def play_answer_rows(sort: Sort) -> Callable[..., None]:
    """Build the loop that sorts items against each row of answers and writes down its comparisons."""

    def loop(rows: Array, queue: WorkQueue, counts: Array, data: Array, work: Array, order: Order) -> None:
        batch = claim(queue)
        while len(batch) > 0:
            for row in batch:
                game = Order(
                    order.below, order.above, order.words, order.bits, rows[row], order.asked, order.values, order.noted
                )
                start_order(data, game)
                work[0] = 0
                sort(data, work, game, None)
                counts[row] = work[0]
            batch = claim(queue)

    return loop
